#!/usr/bin/env python3
"""Appends a gate to a trend file and prints the newest of it as Markdown: what creeps below the tolerances shows here alone.

scripts/gate_trend.py GATE.json TREND.jsonl      a line a gate; a gate that is there already is not appended again

Exit codes: 0, 64 for a mistake in the command, 65 for a file that is neither (nothing is written then),
73 for a trend that cannot be written.
"""

import argparse
import json
import statistics
import sys
from pathlib import Path

from command_parser import Parser
from exit_codes import BAD_INPUT, CANNOT_WRITE

SCHEMA, NEWEST = "kvduel.gate/1", 30
METRICS = {
    "throughput_rps": "RPS",
    "cpu_us_per_request": "CPU",
    "latency_p90_us": "P90",
    "latency_p99_us": "P99",
    "rss_max_bytes": "memory",
}


def line_of(gate):
    """Run, verdict and the ratio of every endpoint. A gate that measured nothing has neither id nor date, but its commits."""
    run = gate.get("run", {})
    shas = {build["side"]: (build.get("build") or {}).get("git_sha") for build in gate.get("builds", [])}
    return {
        "id": run.get("id"),
        "started_at": run.get("started_at"),
        "commits": [shas.get(side, gate.get(side)) for side in ("base", "head")],
        "fingerprint": gate.get("fingerprint"),
        "verdict": gate["verdict"],
        "ratios": [[row["scenario"], row["server"], row["metric"], row["ratio_head_over_base"]] for row in gate["endpoints"]],
    }


def appended(trend, line):
    return trend if line["id"] and line["id"] in [old["id"] for old in trend] else [*trend, line]


def cell(line, metric):
    """The middle and the worst of a metric's ratios: throughput is worse when it falls."""
    ratios = [ratio for _, _, name, ratio in line["ratios"] if name == metric and ratio is not None]
    if not ratios:
        return "-"
    return f"{statistics.median(ratios):.3f} ({(min if metric == 'throughput_rps' else max)(ratios):.3f})"


def table(trend):
    rows = [
        [(line["started_at"] or "-")[:10], " .. ".join((sha or "?")[:7] for sha in line["commits"]), line["verdict"]]
        + [cell(line, metric) for metric in METRICS]
        for line in trend[-NEWEST:]
    ]
    head = ["night", "base .. head", "verdict", *METRICS.values()]
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(["Head over base, the median over the endpoints, in brackets the worst:", "", *lines])


def append(path, line):
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    except OSError as error:
        print(f"gate_trend: {path}: {error.strerror}", file=sys.stderr)
        raise SystemExit(CANNOT_WRITE) from None


def main():
    parser = Parser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gate", type=Path)
    parser.add_argument("trend", type=Path)
    paths = parser.parse_args()
    at = paths.gate
    try:
        gate = json.loads(at.read_text(encoding="utf-8"))
        if gate.get("schema") != SCHEMA:
            raise ValueError(f"its schema is {gate.get('schema')!r}, not {SCHEMA!r}")
        line = line_of(gate)
        at = paths.trend
        old = [json.loads(text) for text in at.read_text(encoding="utf-8").splitlines()] if at.exists() else []
        trend = appended(old, line)
        shown = table(trend)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        print(
            f"gate_trend: {at}: {error or type(error).__name__}; give a gate.json of kvduel gate and a trend of this script",
            file=sys.stderr,
        )
        raise SystemExit(BAD_INPUT) from None
    if len(trend) > len(old):
        append(paths.trend, line)
    print(shown)


if __name__ == "__main__":
    main()
