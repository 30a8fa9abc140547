"""scripts/fidelity.py: the shapes of models and references side by side, and their CPU over the floor, as Markdown."""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from command_parser import Parser
from kvreport.command_line import guarded
from kvreport.errors import ReportError
from kvreport.load import load_report
from kvreport.report import Report
from kvreport.shapes import SHAPES, Place, Shape, Spread, divided, figures_at, median_of, shape_of, verdict_of
from kvreport.units import interval_text, ratio_text

FLOOR = "null"
# Who stands for whom.
PAIRS = (
    ("threads", "go-worker-pool"),
    ("threads", "go-net-http"),
    ("async", "rust-tokio"),
    ("async", "rust-actix"),
)


def main(arguments: Sequence[str]) -> int:
    parser = Parser(prog="fidelity", description="Tables of models beside references.")
    parser.add_argument("reports", nargs="+", type=Path, metavar="REPORT", help="of the suites fidelity and floor")
    return guarded("fidelity", lambda: show(parser.parse_args(arguments)))


def show(options: argparse.Namespace) -> int:
    tables = [table_of(load_report(path), path) for path in options.reports]
    print("\n\n".join(tables))
    return 0


def table_of(report: Report, path: Path) -> str:
    if FLOOR in report.contender_ids:
        tables = [costs(report)]
    elif any(set(pair) <= set(report.contender_ids) for pair in PAIRS):
        tables = [shapes(report), verdicts(report)]
    else:
        raise ReportError(f"{path}: has neither the floor nor a model beside its reference; run the suite fidelity")
    return "\n\n".join([conditions(report), *tables])


def conditions(report: Report) -> str:
    where = report.environment
    return (
        f"`{report.suite}`, {report.repetitions} blocks, seed {report.run.seed}, {report.run.started_at[:10]}, "
        f"commit {report.tool.commit}, {where.cpu_model} x {where.cpus}, "
        f"server on CPU {listed(where.server_cpus)}, load on {listed(where.load_cpus)}; "
        f"{len(report.invalid())} of {len(report.trials)} trials invalid."
    )


def listed(cpus: Iterable[int]) -> str:
    return ",".join(map(str, cpus)) or "any"


def row_of(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join([row_of(head), row_of(["---"] * len(head)), *map(row_of, rows)])


def spread_text(spread: Spread | None) -> str:
    return "-" if spread is None else f"{ratio_text(spread.median)} {interval_text(spread.lower, spread.upper)}"


def shapes(report: Report) -> str:
    """Each server's own shape: median over the blocks and its 95 % interval."""
    ids = report.contender_ids
    rows = [
        [shape.name, *(spread_text(median_of(shape_of(report, shape, contender).values())) for contender in ids)]
        for shape in SHAPES
    ]
    return table(["shape", *ids], rows)


def verdicts(report: Report) -> str:
    """Each model's shape over its reference's, in the same block."""
    pairs = [pair for pair in PAIRS if set(pair) <= set(report.contender_ids)]
    head = ["model's shape over the reference's", *(f"{model} / {reference}" for model, reference in pairs)]

    def cell(shape: Shape, model: str, reference: str) -> str:
        ratio = median_of(divided(shape_of(report, shape, model), shape_of(report, shape, reference)).values())
        return f"{verdict_of(ratio)} {spread_text(ratio)}"

    return table(head, [[shape.name, *(cell(shape, *pair) for pair in pairs)] for shape in SHAPES])


def costs(report: Report) -> str:
    """Server CPU of a request, and over the floor's in the same block."""
    place = Place(report.scenarios[0].id, "cpu_us_per_request")
    floor = figures_at(report, place, FLOOR)
    rows = []
    for contender in report.contenders:
        own = figures_at(report, place, contender.id)
        middle = median_of(own.values())
        rows.append(
            [
                f"`{contender.id}`",
                contender.title,
                "-" if middle is None else f"{middle.median:.2f}",
                spread_text(median_of(divided(own, floor).values())),
            ]
        )
    return table(["contender", "what", "CPU us a request", "over the floor"], rows)
