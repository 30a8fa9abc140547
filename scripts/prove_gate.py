#!/usr/bin/env python3
"""Runs gates whose answer is known and bounds the gate's error rates by them; see scripts/prove_gate.sh."""

import datetime
import json
import math
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from command_parser import Parser
from exit_codes import BUSY, USAGE
from proof_file import append_line, missing, read_lines, refuse_others
from proof_patience import when_quiet
from proof_plans import ENDPOINT, LINKS, PLANS, flags_of, parse_plan
from proof_sizes import kept_or_measured, rendered, sizes_in, this_machine
from proof_tables import effects, layout, table
from signals import end_by_exception

PLANTS = Path(__file__).resolve().parent / "plants"
HELD = (0, 1, 2, 3)  # the exit codes of a gate that was held; any other is a mistake that more gates would repeat


def folders_of(builds, name):
    """Base and head."""
    base = builds / "base/build"
    return base / "first", builds / name / "build/release" if PLANS[name].patch else base / "second"


def share_links(builds):
    """Base's links as two builds of LINKS each; those of the plants stay where they were made."""
    build = builds / "base/build"
    for place, name in enumerate(("first", "second")):
        for number in range(1, LINKS + 1):
            link = build / name / "links" / str(number)
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.is_symlink():
                link.symlink_to(build.resolve() / "release/links" / str(place * LINKS + number))


def patch_of(name):
    """What is planted, as it stands in scripts/plants; empty where flags alone are the plant."""
    patch = PLANS[name].patch
    return (PLANTS / f"{patch}.patch").read_text() if patch else ""


def commit_of(builds):
    """The commit that base was built from; None without such a tree."""
    tree = str(builds / "base") if builds else "."
    done = subprocess.run(["git", "-C", tree, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() if builds and done.returncode == 0 else None


def run_gate(builds, name, seed, extra, sizes):
    """One gate; its line for the file."""
    base, head = folders_of(builds, name)
    asked = flags_of(name, sizes, extra)
    with tempfile.TemporaryDirectory() as folder:
        sides = ["--base-build", str(base), "--head-build", str(head)]
        how = ["--seed", str(seed), "--out", folder, "--no-progress", *asked]
        command = [str(builds / "base/build/release/bin/kvduel"), "gate", *sides, *how]
        began = time.monotonic()
        started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        line = {
            "plan": name,
            "seed": seed,
            "flags": asked,
            "sizes": sizes_in(patch_of(name), sizes, PLANS[name].share),
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


def held_gate(builds, name, seed, extra, sizes):
    """Its line; None from a busy machine, which holds no gate and so leaves no line. Nor does a mistake, which ends the work."""
    line = run_gate(builds, name, seed, extra, sizes)
    if line["verdict"] == "none" and line["exit_code"] != BUSY:
        print(f"prove_gate: {name} {seed}: exit code {line['exit_code']}: {line['stderr']}", file=sys.stderr)
        raise SystemExit(line["exit_code"])
    return None if line["verdict"] == "none" else line


def of_block(block):
    """ln(head / base); None where no pair is valid."""
    return block and round(math.log(block["ratio_head_over_base"]), 5)


def rounded(value):
    return float(f"{value:.4g}") if isinstance(value, float) else value


def main():
    parser = Parser(description=__doc__)
    parser.add_argument("--builds", type=Path, help="the trees that prove_gate.sh made")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plan", default="usual")
    parser.add_argument("--list-patched", action="store_true", help="name the plans whose head is a patch, and leave")
    parser.add_argument("--measure-sizes", action="store_true", help="of the plants on this machine, and leave")
    parser.add_argument("--render", metavar="PLAN", help="print its patch, as large as it must be here, and leave")
    parser.add_argument("gate_flags", nargs="*", help="further flags of kvduel gate, after --")
    arguments = parser.parse_args()
    end_by_exception()
    plan = parse_plan(arguments.plan)
    if arguments.list_patched:
        print(" ".join(name for name in plan if PLANS[name].patch))
        return
    commit = commit_of(arguments.builds)
    of = f"{commit} on {this_machine()}"
    if arguments.measure_sizes:
        print(f"sizes of the plants: {kept_or_measured(arguments.builds, of)}", file=sys.stderr)
        return
    if arguments.render:
        sizes = kept_or_measured(arguments.builds, of)
        print(rendered(patch_of(arguments.render), sizes, PLANS[arguments.render].share), end="")
        return
    if not arguments.out and not commit:
        print("prove_gate: no build of a commit here; name the file: --out FILE", file=sys.stderr)
        raise SystemExit(USAGE)
    out = arguments.out or Path("results/gate-proof") / f"{commit[:12]}.jsonl"
    out.parent.mkdir(parents=True, exist_ok=True)
    lines = read_lines(out)
    gates = missing(plan, lines)
    if gates:
        refuse_others(lines, commit, arguments.gate_flags, out)
        share_links(arguments.builds)
        sizes = kept_or_measured(arguments.builds, of)
    for name, seed in gates:
        attempt = partial(held_gate, arguments.builds, name, seed, arguments.gate_flags, sizes)
        line = when_quiet(f"{name} {seed}", attempt)
        lines.append(line)
        append_line(out, line)
        print(f"{name} {seed}/{plan[name]}: {line['verdict']}, {line['wall_s']:.0f} s", file=sys.stderr)
    print("\n\n".join(filter(None, (table(lines), effects(lines), layout(lines)))))


if __name__ == "__main__":
    main()
