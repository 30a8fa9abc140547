#!/usr/bin/env python3
"""Runs gates whose answer is known and bounds the gate's error rates by them; see scripts/prove_gate.sh."""

import argparse
import datetime
import json
import math
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Plant:
    """What one side's servers do besides, and which words would be errors."""

    flags: tuple
    wrong: tuple  # verdicts that claim what is not so
    right: str  # the verdict that is wanted


# The sizes are those that the tolerances promise to see in some endpoint of the suite ci: 1 us of CPU is over 7 % of a request that
# costs 5 to 7, and 2 ms for 2 % of requests is all of a P99 of a millisecond.
PLANTS = {
    "aa": Plant((), ("regression",), "pass"),
    "cpu": Plant(("--head-args", "--work-cpu-us 1"), ("pass",), "regression"),
    "cpu-half": Plant(("--head-args", "--work-cpu-us 1@50%"), (), "regression"),
    "wait": Plant(("--head-args", "--work-wait-us 2000@2%"), ("pass",), "regression"),
    "faster": Plant(("--base-args", "--work-cpu-us 2"), ("regression",), "pass"),
}
USUAL_PLAN = "aa=59,cpu=29,wait=29,cpu-half=10,faster=10"


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
    for part in filter(None, text.split(",")):
        name, _, count = part.partition("=")
        if name not in PLANTS or not count.isdigit():
            raise SystemExit(f"prove_gate: {part!r} is not NAME=COUNT with a name of {', '.join(PLANTS)}")
        plan[name] = int(count)
    return plan


def run_gate(build, name, seed, extra):
    """One gate; its line for the file."""
    plant = PLANTS[name]
    with tempfile.TemporaryDirectory() as folder:
        command = [
            str(build / "bin/kvduel"), "gate", "--aa", "--base-build", str(build), "--head-build", str(build), "--seed", str(seed),
            "--out", folder, "--no-progress", *plant.flags, *extra]
        began = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        line = {"plan": name, "seed": seed, "exit_code": done.returncode, "wall_s": round(time.monotonic() - began, 1)}
        kept = Path(folder) / "gate.json"
        if not kept.exists():
            return line | {"verdict": "none", "stderr": done.stderr.strip()[-300:]}
        gate = json.loads(kept.read_text())
    worst = sorted(
        (row for row in gate["endpoints"] if row["ratio_head_over_base"]), key=lambda row: row["p"] if row["p"] is not None else 1)[:3]
    return line | {
        "verdict": gate["verdict"],
        "reasons": gate["reasons"],
        "blocks": gate["looks"][-1]["blocks"] if gate["looks"] else 0,
        "links": gate["links"],
        "fingerprint": gate["fingerprint"],
        "git_sha": (gate["builds"][0]["build"] or {}).get("git_sha"),
        "steal_median": gate["steal_median"],
        "pairs": gate["pairs"],
        "lowest_p": [
            {key: row[key] for key in ("scenario", "server", "metric", "ratio_head_over_base", "lower95", "upper95", "p", "verdict")}
            for row in worst],
    }


def table(lines):
    rows = [f"{'plan':<10}{'gates':>6}{'pass':>6}{'regr.':>7}{'inconcl.':>10}{'other':>7}{'wrong':>7}   at most, 95 %   found"]
    for name, plant in PLANTS.items():
        own = [line for line in lines if line["plan"] == name]
        if not own:
            continue
        count = {verdict: sum(line["verdict"] == verdict for line in own) for verdict in ("pass", "regression", "inconclusive")}
        held = sum(count.values())
        wrong = sum(line["verdict"] in plant.wrong for line in own)
        found = f"{count[plant.right]} of {held}: at least {1 - upper_bound(held - count[plant.right], held):.1%}" if held else "-"
        rows.append(
            f"{name:<10}{len(own):>6}{count['pass']:>6}{count['regression']:>7}{count['inconclusive']:>10}{len(own) - held:>7}"
            f"{wrong:>7}   {upper_bound(wrong, held):>13.1%}   {found}")
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plan", default=USUAL_PLAN)
    parser.add_argument("gate_flags", nargs="*", help="further flags of kvduel gate, after --")
    arguments = parser.parse_args()
    out = arguments.out or Path("results/gate-proof") / f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}.jsonl"
    out.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.loads(line) for line in out.read_text().splitlines()] if out.exists() else []
    plan = parse_plan(arguments.plan)
    # In turns, so that an end before the end has something of each.
    for turn in range(1, max(plan.values(), default=0) + 1):
        for name, count in plan.items():
            if turn > count or any(line["plan"] == name and line["seed"] == turn for line in lines):
                continue
            line = run_gate(arguments.build, name, turn, arguments.gate_flags)
            lines.append(line)
            with out.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
            print(f"{name} {turn}/{count}: {line['verdict']}, {line['wall_s']:.0f} s", file=sys.stderr)
    print(table(lines))


if __name__ == "__main__":
    main()
