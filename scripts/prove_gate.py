#!/usr/bin/env python3
"""Runs gates whose answer is known and bounds the gate's error rates by them; see scripts/prove_gate.sh."""

import argparse
import datetime
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

USAGE, DATA, BUSY = 64, 65, 75
HELD = (0, 1, 2, 3)  # the exit codes of a gate that was held; any other is a mistake that more gates would repeat
BUSY_WAIT_S, BUSY_TRIES = 30, 40  # a machine that stays busy for twenty minutes ends the work


@dataclass(frozen=True)
class Plan:
    """Gates of one kind: what head, or base, does besides, and what would be an error."""

    right: str  # the verdict that is wanted
    wrong: tuple  # verdicts that claim what is not so
    moves: tuple = ()  # metrics that the plant makes worse: a regression that names any other is a false alarm
    flags: tuple = ()  # of kvduel gate
    patch: str = ""  # head is base with this plant of scripts/plants


SLOWER = ("throughput_rps", "cpu_us_per_request", "latency_p99_us")
# Of each server, by prove_gate.sh. Two commits never share a layout, so a build that meets itself does so by as many further
# links of the same objects: base is the first eight, head the next.
LINKS = 8
# Sizes are those that the tolerances promise to see (docs/ci.md has what each one measured): a fifth of the requests burn 1 us
# and a little, some 7 % of the 5 to 7 us of a request; 0.3 ms of waiting for 2 % of the requests makes P99 half as long again;
# 16 KiB copied, or every lock held for 0.4 us more, are 7 % again; 1 MiB is a sixth of the memory of a server. Half a plant is
# under the tolerance and over nothing: regression and pass are both right there, and only a metric named that it does not move
# is wrong.
PLANS = {
    "aa": Plan("pass", ("regression",)),
    "cpu": Plan("regression", ("pass",), SLOWER, ("--head-args", "--work-cpu-us 1@20%")),
    "wait": Plan("regression", ("pass",), SLOWER, ("--head-args", "--work-wait-us 300@2%")),
    # Each thread that copies has 32 KiB for it: with 16 workers that is a tenth of the memory, too.
    "copy": Plan("regression", ("pass",), (*SLOWER, "rss_max_bytes"), patch="copy"),
    "lock": Plan("regression", ("pass",), SLOWER, patch="lock"),
    "memory": Plan("regression", ("pass",), ("rss_max_bytes",), patch="memory"),
    "cpu-half": Plan("regression", (), SLOWER, ("--head-args", "--work-cpu-us 1@10%")),
    "wait-half": Plan("regression", (), SLOWER, ("--head-args", "--work-wait-us 150@2%")),
    "faster": Plan("pass", ("regression",), (), ("--base-args", "--work-cpu-us 2")),
}
USUAL_PLAN = "aa=59,cpu=29,wait=29,copy=10,lock=10,memory=10,cpu-half=10,wait-half=10,faster=10"
ENDPOINT = ("scenario", "server", "metric", "ratio_head_over_base", "lower95", "upper95", "p", "verdict")


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


def parse_plan(text):
    plan = {}
    for part in filter(None, (USUAL_PLAN if text == "usual" else text).split(",")):
        name, _, count = part.partition("=")
        if name not in PLANS or not count.isdigit():
            print(f"prove_gate: {part!r} is not NAME=COUNT with a name of {', '.join(PLANS)}", file=sys.stderr)
            raise SystemExit(USAGE)
        plan[name] = int(count)
    return plan


def is_false(line):
    """Whether the gate claimed what is not so: the wrong word, or the right one for a metric that nobody touched."""
    plan = PLANS[line["plan"]]
    if line["verdict"] in plan.wrong:
        return True
    named = {row["metric"] for row in map(as_row, line.get("endpoints", ())) if row["verdict"] == "regression"}
    return line["verdict"] == "regression" and not named <= set(plan.moves)


def as_row(values):
    return dict(zip(ENDPOINT, values, strict=True))


def folders_of(builds, name):
    """Base and head."""
    base, patch = builds / "base/build", PLANS[name].patch
    return base / "first", builds / patch / "build/release" if patch else base / "second"


def share_links(builds):
    """Base's links as two builds of LINKS each; those of the plants stay where they were made."""
    build = builds / "base/build"
    for place, name in enumerate(("first", "second")):
        for number in range(1, LINKS + 1):
            link = build / name / "links" / str(number)
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.is_symlink():
                link.symlink_to(build.resolve() / "release/links" / str(place * LINKS + number))


def commit_of(builds):
    """The commit that base was built from; None without such a tree."""
    tree = str(builds / "base") if builds else "."
    done = subprocess.run(["git", "-C", tree, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() if builds and done.returncode == 0 else None


def run_gate(builds, name, seed, extra):
    """One gate; its line for the file."""
    base, head = folders_of(builds, name)
    with tempfile.TemporaryDirectory() as folder:
        sides = ["--base-build", str(base), "--head-build", str(head)]
        how = ["--seed", str(seed), "--out", folder, "--no-progress", *PLANS[name].flags, *extra]
        command = [str(builds / "base/build/release/bin/kvduel"), "gate", *sides, *how]
        began = time.monotonic()
        started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        line = {
            "plan": name,
            "seed": seed,
            "started_at": started,
            "exit_code": done.returncode,
            "wall_s": round(time.monotonic() - began, 1),
        }
        kept = Path(folder) / "gate.json"
        if not kept.exists() or done.returncode not in HELD:
            return line | {"verdict": "none", "stderr": done.stderr.strip()[-300:]}
        gate = json.loads(kept.read_text())
    return line | {
        "verdict": gate["verdict"],
        "reasons": gate["reasons"],
        "blocks": gate["looks"][-1]["blocks"] if gate["looks"] else 0,
        "links": gate["links"],
        "fingerprint": gate["fingerprint"],
        "git_sha": [(build["build"] or {}).get("git_sha") for build in gate["builds"]],
        "steal_median": gate["steal_median"],
        "pairs": gate["pairs"],
        "endpoints": [[rounded(row[key]) for key in ENDPOINT] for row in gate["endpoints"]],
        "by_block": [[of_block(block) for block in row["by_block"]] for row in gate["endpoints"]],
    }


def run_when_quiet(builds, name, seed, extra):
    """A busy machine holds no gate, so it leaves no line; nor does a mistake, which ends the work."""
    for _ in range(BUSY_TRIES):
        line = run_gate(builds, name, seed, extra)
        if line["verdict"] != "none":
            return line
        if line["exit_code"] != BUSY:
            print(f"prove_gate: {name} {seed}: exit code {line['exit_code']}: {line['stderr']}", file=sys.stderr)
            raise SystemExit(line["exit_code"])
        print(f"{name} {seed}: the machine is busy; again in {BUSY_WAIT_S} s", file=sys.stderr)
        time.sleep(BUSY_WAIT_S)
    raise SystemExit(BUSY)


def of_block(block):
    """ln(head / base); None where no pair is valid."""
    return block and round(math.log(block["ratio_head_over_base"]), 5)


def rounded(value):
    return float(f"{value:.4g}") if isinstance(value, float) else value


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
            f"{false:>7}{upper_bound(false, held):>9.1%}   {right} of {held}, {1 - upper_bound(held - right, held):.1%}"
        )
    return "\n".join(rows)


def sizes(lines):
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


def missing(plan, lines):
    """(name, seed) of the gates to be run, in turns: an end before the end has something of each."""
    done = {(line["plan"], line["seed"]) for line in lines}
    turns = max(plan.values(), default=0)
    return [
        (name, turn) for turn in range(1, turns + 1) for name, count in plan.items() if turn <= count and (name, turn) not in done
    ]


def refuse_another_commit(lines, commit, out):
    """A bound is of one commit's gates."""
    of_others = {line["git_sha"][0] for line in lines if line.get("git_sha")} - {commit}
    if of_others:
        print(
            f"prove_gate: {out} holds gates of {', '.join(sorted(of_others))}, not of {commit}; give another --out",
            file=sys.stderr,
        )
        raise SystemExit(DATA)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--builds", type=Path, help="the trees that prove_gate.sh made")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plan", default="usual")
    parser.add_argument("--list-patches", action="store_true", help="name the patches that the plan needs, and leave")
    parser.add_argument("gate_flags", nargs="*", help="further flags of kvduel gate, after --")
    arguments = parser.parse_args()
    plan = parse_plan(arguments.plan)
    if arguments.list_patches:
        print(" ".join(PLANS[name].patch for name in plan if PLANS[name].patch))
        return
    commit = commit_of(arguments.builds)
    if not arguments.out and not commit:
        print("prove_gate: no build of a commit here; name the file: --out FILE", file=sys.stderr)
        raise SystemExit(USAGE)
    out = arguments.out or Path("results/gate-proof") / f"{commit[:12]}.jsonl"
    out.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []
    gates = missing(plan, lines)
    if gates:
        refuse_another_commit(lines, commit, out)
        share_links(arguments.builds)
    for name, seed in gates:
        line = run_when_quiet(arguments.builds, name, seed, arguments.gate_flags)
        lines.append(line)
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        print(f"{name} {seed}/{plan[name]}: {line['verdict']}, {line['wall_s']:.0f} s", file=sys.stderr)
    print("\n\n".join(filter(None, (table(lines), sizes(lines), layout(lines)))))


if __name__ == "__main__":
    main()
