"""scripts/plot.py: which figures, of which reports, into which files."""

import argparse
import io
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from command_parser import Parser
from exit_codes import USAGE
from kvreport import svg
from kvreport.command_line import guarded, write_whole
from kvreport.errors import ReportError
from kvreport.gate import Gate
from kvreport.load import load_any
from kvreport.parallel import map_forked
from kvreport.registry import DoesNotApply, Registered, all_figures, figure_named
from kvreport.report import Report
from kvreport.sheet import Sheet
from kvreport.style import RC

FORMATS = ("png", "svg")
DOTS_AN_INCH = 150
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


@dataclass(frozen=True)
class Job:
    """A figure of a source; without one, the figure takes what was not given."""

    figure: Registered
    source: Source | None

    def sheets(self) -> list[Sheet]:
        """Raises DoesNotApply."""
        if self.source is None:
            raise DoesNotApply(lacks(self.figure))
        return self.figure.sheets(self.source)


@dataclass(frozen=True)
class Drawn:
    """The files of a job by name, or why there are none."""

    files: list[tuple[str, bytes]]
    reason: str


def jobs_of(figures: Sequence[Registered], loaded: Sequence[Report | Gate]) -> list[Job]:
    jobs: list[Job] = []
    for figure in figures:
        sources = sources_of(figure, loaded)
        jobs += [Job(figure, source) for source in sources] if sources else [Job(figure, None)]
    return jobs


def draw(job: Job, kinds: Sequence[str]) -> Drawn:
    try:
        sheets = job.sheets()
    except DoesNotApply as reason:
        return Drawn([], str(reason))
    files = []
    for sheet in sheets:
        name = f"{job.figure.name}-{slug(sheet.name)}" if sheet.name else job.figure.name
        files += [(f"{name}.{kind}", render(sheet, kind, name)) for kind in kinds]
    return Drawn(files, "")


def render(sheet: Sheet, kind: str, name: str) -> bytes:
    return svg.render(sheet, name).encode() if kind == "svg" else png(sheet)


def png(sheet: Sheet) -> bytes:
    """With a palette, which shows flat colours as they are and takes a third of the bytes."""
    sheet.settle()
    with matplotlib.rc_context(RC):
        sheet.figure.set_dpi(DOTS_AN_INCH)
        canvas = FigureCanvasAgg(sheet.figure)
        canvas.draw()  # type: ignore[no-untyped-call]
        drawn = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    picture = io.BytesIO()
    drawn.convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(picture, "PNG")
    return picture.getvalue()


def show_list(figures: Sequence[Registered], loaded: Sequence[Report | Gate]) -> int:
    width = max(len(figure.name) for figure in figures)
    if not loaded:
        for figure in figures:
            print(f"{figure.name:{width}}  {figure.question}")
        return 0
    for job in jobs_of(figures, loaded):
        try:
            files = len(job.sheets())
            state = f"applies, {files} file{'s' if files > 1 else ''} of each format"
        except DoesNotApply as reason:
            state = f"does not apply: {reason}"
        print(f"{job.figure.name:{width}}  {state}")
    return 0


def write_figures(options: argparse.Namespace, figures: Sequence[Registered], loaded: Sequence[Report | Gate]) -> int:
    jobs = jobs_of(figures, loaded)
    written = 0
    for job, drawn in zip(jobs, map_forked(lambda number: draw(jobs[number], options.format), len(jobs)), strict=True):
        for name, content in drawn.files:
            assert job.source is not None
            path = folder_of(job.source, loaded, options.out) / name
            write_whole(path, content)
            print(path)
            written += 1
        if drawn.reason and (options.figure or job.source is not None):
            print(f"plot: {job.figure.name} does not apply: {drawn.reason}", file=sys.stderr)
    if not written:
        raise ReportError("nothing to draw: what was asked for does not apply" if options.figure else "nothing to draw")
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
