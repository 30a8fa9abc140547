"""What do P50, P90 and P99 look like beside each other, cell by cell?"""

from collections.abc import Iterator, Sequence

from kvreport.axis import log_axis
from kvreport.cells import Cell
from kvreport.registry import DoesNotApply, figure
from kvreport.report import Report
from kvreport.rows import Layout, chunks, draw_rows, numbered, write_verdicts
from kvreport.sheet import Sheet, handle
from kvreport.style import looks_of
from kvreport.words import blocks_of, scoreboard

RUNGS = ("latency_p50_us", "latency_p90_us", "latency_p99_us")
SIZES = (4.5, 6.0, 8.0)


@figure("latency-ladder")
def latency_ladder(report: Report) -> Iterator[Sheet]:
    cells = [cell for cell in report.cells if any(report.row(cell, of, RUNGS[0]) for of in report.contender_ids)]
    if not cells:
        raise DoesNotApply("no valid trial has a latency")
    for is_open in (False, True):
        sheets = chunks([cell for cell in cells if cell.is_open == is_open])
        for number, some in enumerate(sheets):
            loop = "open" if is_open else "closed"
            end = numbered(number, len(sheets))
            yield draw(report, Layout(some, len(report.contenders)), loop, f"{loop}-{end}" if end else loop)


def carried(report: Report, cells: Sequence[Cell]) -> str:
    """The highest percentile that any cell has samples for."""
    return next(
        (of for of in reversed(RUNGS) if any(report.row(cell, one, of) for cell in cells for one in report.contender_ids)),
        RUNGS[0],
    )


def draw(report: Report, layout: Layout, loop: str, name: str) -> Sheet:
    looks = looks_of(report.contenders)
    since = "from the due time" if loop == "open" else "from the send, as patient clients see it"
    sheet = Sheet(
        report,
        name,
        f"P99 latency, {loop} loops: {scoreboard(report, layout.cells, 'latency_p99_us')}",
        f"Each ladder: P50, P90 and P99 from left to right, growing marks, {since}; medians over the valid trials with their "
        f"95 % interval ({blocks_of(report, carried(report, layout.cells), layout.cells)}); further left is better.",
        height=layout.inches,
    )
    axes = sheet.axes
    draw_rows(axes, layout)
    for cell in layout.cells:
        for lane, contender in enumerate(report.contender_ids):
            y, look = layout.lane(cell, lane), looks[contender]
            rungs = [
                (row, size) for metric, size in zip(RUNGS, SIZES, strict=True) if (row := report.row(cell, contender, metric))
            ]
            medians = [row.median for row, _ in rungs if row.median]
            if medians:
                (line,) = axes.plot(medians, [y] * len(medians), color=look.colour, linewidth=1.0, linestyle=look.line, zorder=2)
                sheet.own(line, contender, cell.scenario)
            for row, size in rungs:
                if row.median:
                    sheet.summary_point(axes, look, row, (row.median, y), along="x", size=size)
    write_verdicts(sheet, axes, report, layout, "latency_p99_us", "P99 of ")
    log_axis(axes.xaxis, "latency, us")
    sheet.legend([handle(looks[of], of) for of in report.contender_ids])
    return sheet
