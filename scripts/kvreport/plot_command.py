"""scripts/plot.py: which figures, of which reports, into which files."""

import argparse
import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import matplotlib

from kvreport import svg
from kvreport.command_line import Parser, guarded, write_whole
from kvreport.errors import USAGE, ReportError
from kvreport.gate import Gate
from kvreport.load import load_any
from kvreport.registry import DoesNotApply, Registered, all_figures, figure_named
from kvreport.report import Report
from kvreport.sheet import Sheet
from kvreport.style import RC

FORMATS = ("png", "svg")
Source = Report | Gate | Sequence[Report]


def formats_of(text: str) -> list[str]:
    chosen = text.split(",")
    if unknown := [name for name in chosen if name not in FORMATS]:
        raise argparse.ArgumentTypeError(f"no such format: {', '.join(unknown)}; allowed: {', '.join(FORMATS)}")
    return list(dict.fromkeys(chosen))


def parse_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = Parser(prog="plot", description="Plots kvduel's reports: each figure that applies, as PNG and SVG.")
    parser.add_argument("reports", nargs="*", metavar="REPORT", help="a report (.json, .json.gz), or a gate.json")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the figures go")
    parser.add_argument("--figure", action="append", metavar="NAME", help="this one alone; repeatable")
    parser.add_argument("--format", type=formats_of, default=list(FORMATS), metavar="png,svg")
    parser.add_argument("--list", action="store_true", help="the figures there are; with a report, which of them apply")
    options = parser.parse_args(arguments)
    if not options.list and not options.reports:
        parser.error("no REPORT given; kvduel run names the one it wrote")
    if not options.list and options.out is None:
        parser.error("--out DIR is missing: where shall the figures go?")
    return options


def slug(text: str) -> str:
    """A run's id as the name of a folder, whatever it holds."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-")[:80] or "report"


def sources_of(figure: Registered, loaded: Sequence[Report | Gate]) -> list[Source]:
    """What the figure is drawn from: each report, each gate, or all reports at once."""
    reports = [of for of in loaded if isinstance(of, Report)]
    if figure.takes == "reports":
        return [reports] if reports else []
    return list(reports) if figure.takes == "report" else [of for of in loaded if isinstance(of, Gate)]


def folder_of(source: Source, loaded: Sequence[Report | Gate], out: Path) -> Path:
    if len(loaded) == 1 or not isinstance(source, (Report, Gate)):
        return out
    name = slug(source.run.id if isinstance(source, Report) else source.run_id)
    same = [of for of in loaded if slug(of.run.id if isinstance(of, Report) else of.run_id) == name]
    # Two files of one run, such as a copy of a report: told apart by their place on the command line.
    place = next(number for number, of in enumerate(same) if of is source)
    return out / (name if place == 0 else f"{name}-{place + 1}")


def lacks(figure: Registered) -> str:
    return {"report": "needs a report", "reports": "needs reports", "gate": "needs a gate.json"}[figure.takes]


def draw_all(
    figures: Sequence[Registered], loaded: Sequence[Report | Gate]
) -> Iterator[tuple[Registered, Source | None, list[Sheet], str]]:
    """Figure by figure and source by source: its sheets, or why there are none."""
    for figure in figures:
        sources = sources_of(figure, loaded)
        if not sources:
            yield figure, None, [], lacks(figure)
        for source in sources:
            try:
                yield figure, source, figure.sheets(source), ""
            except DoesNotApply as reason:
                yield figure, source, [], str(reason)


def render(sheet: Sheet, kind: str, name: str) -> bytes:
    if kind == "svg":
        return svg.render(sheet, name).encode()
    sheet.settle()
    picture = io.BytesIO()
    with matplotlib.rc_context(RC):
        sheet.figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def show_list(figures: Sequence[Registered], loaded: Sequence[Report | Gate]) -> int:
    width = max(len(figure.name) for figure in figures)
    if not loaded:
        for figure in figures:
            print(f"{figure.name:{width}}  {figure.question}")
        return 0
    for figure, _, sheets, reason in draw_all(figures, loaded):
        print(
            f"{figure.name:{width}}  "
            + (f"{len(sheets)} file{'s' if len(sheets) > 1 else ''} of each format" if sheets else f"does not apply: {reason}")
        )
    return 0


def write_figures(options: argparse.Namespace, figures: Sequence[Registered], loaded: Sequence[Report | Gate]) -> int:
    written = 0
    for figure, source, sheets, reason in draw_all(figures, loaded):
        for sheet in sheets:
            assert source is not None
            name = f"{figure.name}-{slug(sheet.name)}" if sheet.name else figure.name
            for kind in options.format:
                path = folder_of(source, loaded, options.out) / f"{name}.{kind}"
                write_whole(path, render(sheet, kind, name))
                print(path)
                written += 1
        if reason and (options.figure or source is not None):
            print(f"plot: {figure.name} does not apply: {reason}", file=sys.stderr)
    if not written:
        raise ReportError(
            "nothing to draw: " + ("no figure applies" if not options.figure else "what was asked for does not apply")
        )
    return 0


def work(arguments: Sequence[str]) -> int:
    options = parse_arguments(arguments)
    figures = [figure_named(name) for name in dict.fromkeys(options.figure)] if options.figure else all_figures()
    if options.out is not None and options.out.exists() and not options.out.is_dir():
        raise ReportError(f"--out {options.out}: is a file, not a folder", USAGE)
    loaded = [load_any(name) for name in options.reports]
    return show_list(figures, loaded) if options.list else write_figures(options, figures, loaded)


def main(arguments: Sequence[str]) -> int:
    return guarded("plot", lambda: work(arguments))
