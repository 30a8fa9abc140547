"""What the gates of a proof prove: bounds of the error rates, the size of each plant, and what linking anew moves."""

import math
import statistics

from proof_plans import LINKS, PLANS, as_row, is_false


def upper_bound(errors, runs):
    """Clopper and Pearson's one-sided 95 % bound of a share: the p at which `errors` or fewer of `runs` have a chance of 5 %."""
    if runs == 0 or errors >= runs:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        p = (low + high) / 2
        chance = sum(math.comb(runs, k) * p**k * (1 - p) ** (runs - k) for k in range(errors + 1))
        low, high = (p, high) if chance > 0.05 else (low, p)
    return high


def table(lines):
    """What the gates said, how often falsely and rightly, and the bounds that so many gates prove."""
    rows = [
        f"{'plan':<10}{'gates':>6}{'pass':>6}{'regr.':>7}{'inconcl.':>10}{'none':>6}{'false':>7}{'at most':>9}   right, at least"
    ]
    for name, plan in PLANS.items():
        own = [line for line in lines if line["plan"] == name]
        if not own:
            continue
        count = {verdict: sum(line["verdict"] == verdict for line in own) for verdict in ("pass", "regression", "inconclusive")}
        held = sum(count.values())
        false = sum(map(is_false, own))
        right = sum(line["verdict"] == plan.right and not is_false(line) for line in own)
        rows.append(
            f"{name:<10}{len(own):>6}{count['pass']:>6}{count['regression']:>7}{count['inconclusive']:>10}{len(own) - held:>6}"
            f"{false:>7}{upper_bound(false, held):>9.1%}   "
            + (f"{right} of {held}, {1 - upper_bound(held - right, held):.1%}" if plan.right else "either word")
        )
    return "\n".join(rows)


def effects(lines):
    """What each plan moved: per metric the endpoint whose median ratio over the gates is the largest, and that median."""
    rows = []
    for name in PLANS:
        ratios = {}
        for line in lines:
            for row in map(as_row, line.get("endpoints", ()) if line["plan"] == name else ()):
                if row["ratio_head_over_base"] is not None:
                    ratios.setdefault(row["metric"], {}).setdefault((row["scenario"], row["server"]), []).append(
                        row["ratio_head_over_base"]
                    )
        for metric, cells in ratios.items():
            medians = {cell: statistics.median(values) for cell, values in cells.items()}
            # Throughput is worse when it falls; the others when they rise.
            cell = min(medians, key=medians.get) if metric == "throughput_rps" else max(medians, key=medians.get)
            rows.append(
                f"{name:<10}{metric:<20}{medians[cell]:>7.3f}   {cell[0]}, {cell[1]}; all {min(medians.values()):.3f} to "
                f"{max(medians.values()):.3f}"
            )
    return "\n".join([f"{'plan':<10}{'metric':<20}{'ratio':>7}   most moved, median of its gates", *rows])


def by_link(lines):
    """Of each endpoint: the ln(head / base) that each pair of links had over the A/A gates."""
    met = {}
    for line in lines:
        if line["plan"] != "aa" or line.get("links") != LINKS:
            continue
        for row, blocks in zip(map(as_row, line["endpoints"]), line.get("by_block", ()), strict=False):
            pairs = met.setdefault((row["scenario"], row["server"], row["metric"]), [[] for _ in range(LINKS)])
            for block, value in enumerate(blocks):
                if value is not None:
                    pairs[block % LINKS].append(value)
    return met


def components(groups):
    """(sd between groups, sd within, F) of a random effect: one-way analysis of variance, by moments, balanced or not."""
    total, count = sum(map(sum, groups)), sum(map(len, groups))
    means = [statistics.mean(group) for group in groups]
    between = sum(len(g) * (m - total / count) ** 2 for g, m in zip(groups, means, strict=True)) / (len(groups) - 1)
    within = sum((v - m) ** 2 for g, m in zip(groups, means, strict=True) for v in g) / (count - len(groups))
    usual = (count - sum(len(g) ** 2 for g in groups) / count) / (len(groups) - 1)
    return math.sqrt(max(0.0, (between - within) / usual)), math.sqrt(within), between / within if within else math.inf


def layout(lines):
    """What linking anew moves: of the same objects, link b and link b + 8 meet in block b of every A/A gate."""
    rows = []
    for (scenario, server, metric), groups in by_link(lines).items():
        if min(map(len, groups)) < 2:
            continue
        link, block, f = components(groups)
        rows.append(f"{scenario:<18}{server:<10}{metric:<22}{100 * link:>8.2f}{100 * block:>8.2f}{f:>8.2f}")
    return (
        "\n".join([f"{'scenario':<18}{'server':<10}{'metric':<22}{'link':>8}{'block':>8}{'F':>8}   sd, %", *rows]) if rows else ""
    )
