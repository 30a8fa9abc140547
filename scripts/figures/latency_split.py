"""Where does the mean latency go: before the send, into the queue, into the handler, or elsewhere?"""

from collections.abc import Iterator
from dataclasses import fields
from statistics import fmean

from matplotlib.patches import Patch

from kvreport.cells import Cell
from kvreport.registry import DoesNotApply, figure
from kvreport.report import Report
from kvreport.rows import Layout, chunks, draw_rows, numbered
from kvreport.sheet import Sheet
from kvreport.style import FAINT, INK, ORANGE, PAPER, SKY, looks_of
from kvreport.trials import Split
from kvreport.units import figure_text
from kvreport.words import plural

PARTS = {
    "before_send": ("before the send", PAPER, "...."),
    "queue_wait": ("queue", ORANGE, ""),
    "handler": ("handler", SKY, "////"),
    "rest": ("rest: kernel, network, parsing", FAINT, ""),
}


@figure("latency-split")
def latency_split(report: Report) -> Iterator[Sheet]:
    cells = [cell for cell in report.cells if any(mean_split(report, cell, of) for of in report.contender_ids)]
    if not cells:
        raise DoesNotApply("no server told its queue wait and handler time")
    sheets = chunks(cells)
    for number, some in enumerate(sheets):
        yield draw(report, Layout(some, len(report.contenders)), numbered(number, len(sheets)))


def splits_of(report: Report, cell: Cell, contender: str) -> list[Split]:
    return [trial.latency_split_us for trial in report.standing(cell, contender) if trial.latency_split_us]


def mean_split(report: Report, cell: Cell, contender: str) -> Split | None:
    """Means over the valid trials: parts that add up still do."""
    splits = splits_of(report, cell, contender)
    if not splits:
        return None
    return Split(**{part.name: fmean(getattr(split, part.name) for split in splits) for part in fields(Split)})


def draw(report: Report, layout: Layout, name: str) -> Sheet:
    looks = looks_of(report.contenders)
    counts = [len(of) for cell in layout.cells for one in report.contender_ids if (of := splits_of(report, cell, one))]
    least, most = min(counts), max(counts)
    blocks = plural(most, "block") if least == most else f"{least} to {most} blocks"
    sheet = Sheet(
        report,
        name,
        "Where the mean latency goes",
        f"Shares of the mean latency, means over the valid trials (n = {blocks}); the "
        f"mean itself at the right, in us. "
        "Only means add up; there is no such split of a percentile.",
        height=layout.inches,
    )
    axes = sheet.axes
    draw_rows(axes, layout)
    for cell in layout.cells:
        for lane, contender in enumerate(report.contender_ids):
            split = mean_split(report, cell, contender)
            if split is None:
                continue
            y, left, look = layout.lane(cell, lane), 0.0, looks[contender]
            total = sum(getattr(split, part) for part in PARTS)
            for part, (words, colour, hatch) in PARTS.items():
                value = getattr(split, part)
                if total <= 0 or value <= 0:
                    continue
                (bar,) = axes.barh(
                    [y],
                    [100 * value / total],
                    left=left,
                    height=0.68 / layout.lanes,
                    color=colour,
                    hatch=hatch,
                    edgecolor=PAPER if colour != PAPER else FAINT,
                    linewidth=0,
                )
                sheet.mark(
                    bar,
                    f"{cell.name}, {contender}: {words} {figure_text(value)} of {figure_text(total)} us",
                    scenario=cell.scenario,
                    cell=cell.label,
                    contender=contender,
                    part=part,
                    value=value,
                    total=total,
                )
                left += 100 * value / total
            axes.plot([101.8], [y], marker=look.marker, color=look.colour, markersize=5.5, clip_on=False)
            axes.text(104, y, f"{contender}  {figure_text(total)}", va="center", fontsize=8.5, color=INK)
    axes.set_xlim(0, 100)
    axes.set_xlabel("share of the mean latency, %")
    sheet.legend(
        [
            Patch(facecolor=colour, hatch=hatch, edgecolor=PAPER if colour != PAPER else FAINT, linewidth=0, label=words)
            for words, colour, hatch in PARTS.values()
        ]
    )
    return sheet
