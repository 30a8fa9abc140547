"""What does a request cost the server in CPU and context switches?"""

from collections.abc import Iterator

from kvreport.axis import linear_axis, log_axis
from kvreport.registry import DoesNotApply, figure
from kvreport.report import Report
from kvreport.rows import Layout, chunks, draw_rows, numbered, write_verdicts
from kvreport.sheet import Sheet, handle
from kvreport.style import looks_of
from kvreport.words import blocks_of, scoreboard

CPU, SWITCHES = "cpu_us_per_request", "context_switches_per_request"


@figure("cost")
def cost(report: Report) -> Iterator[Sheet]:
    cells = [cell for cell in report.cells if any(report.row(cell, of, CPU) for of in report.contender_ids)]
    if not cells:
        raise DoesNotApply("no valid trial knows the CPU time of its server")
    sheets = chunks(cells)
    for number, some in enumerate(sheets):
        yield draw(report, Layout(some, len(report.contenders)), numbered(number, len(sheets)))


def draw(report: Report, layout: Layout, name: str) -> Sheet:
    looks = looks_of(report.contenders)
    sheet = Sheet(
        report,
        name,
        f"Server CPU a request: {scoreboard(report, layout.cells, CPU)}",
        f"Medians of the valid trials with their 95 % interval ({blocks_of(report, CPU, layout.cells)}); left: CPU time, right: "
        "context switches of all threads of the server; less is better.",
        width=9.2,
        height=layout.inches,
        panels=(1, 2),
    )
    left, right = sheet.grid[0]
    for axes, metric in ((left, CPU), (right, SWITCHES)):
        draw_rows(axes, layout, has_labels=axes is left)
        for cell in layout.cells:
            for lane, contender in enumerate(report.contender_ids):
                row = report.row(cell, contender, metric)
                if row is not None and row.median is not None and (row.median > 0 or metric == SWITCHES):
                    sheet.summary_point(axes, looks[contender], row, (row.median, layout.lane(cell, lane)), along="x")
    write_verdicts(sheet, right, report, layout, CPU, "CPU of ")
    log_axis(left.xaxis, "CPU a request, us")
    right.set_xlim(left=-0.05)
    linear_axis(right.xaxis, "switches a request")
    sheet.legend([handle(looks[of], of) for of in report.contender_ids])
    return sheet
