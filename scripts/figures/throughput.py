"""How many requests a second does each contender serve, and who wins where?"""

from collections.abc import Iterator

from kvreport.axis import log_axis
from kvreport.registry import DoesNotApply, figure
from kvreport.report import Report
from kvreport.rows import Layout, chunks, draw_rows, numbered, tip, write_verdicts
from kvreport.sheet import Mark, Sheet, handle, trial_handles
from kvreport.style import looks_of
from kvreport.units import figure_text
from kvreport.words import blocks_of, scoreboard

METRIC = "throughput_rps"


@figure("throughput")
def throughput(report: Report) -> Iterator[Sheet]:
    cells = [cell for cell in report.cells if not cell.is_open and report.trials_of(cell)]
    if not cells:
        raise DoesNotApply("no closed loop was measured, and an open one is served what it asks for")
    sheets = chunks(cells)
    for number, some in enumerate(sheets):
        yield draw(report, Layout(some, len(report.contenders)), numbered(number, len(sheets)))


def draw(report: Report, layout: Layout, name: str) -> Sheet:
    looks = looks_of(report.contenders)
    has_invalid = any(report.invalid(cell) for cell in layout.cells)
    sheet = Sheet(
        report,
        name,
        f"Requests a second, closed loops: {scoreboard(report, layout.cells, METRIC)}",
        "Large marks: medians of the valid trials with their 95 % interval "
        f"({blocks_of(report, METRIC, layout.cells)}); more is better. A win is significant over the whole run and larger than "
        "the margin.",
        height=layout.inches,
    )
    axes = sheet.axes
    draw_rows(axes, layout)
    for cell in layout.cells:
        for lane, contender in enumerate(report.contender_ids):
            y, look = layout.lane(cell, lane), looks[contender]
            for is_valid in (True, False):
                trials = report.standing(cell, contender) if is_valid else report.invalid(cell, contender)
                drawn = [(trial, trial.throughput_rps) for trial in trials if trial.throughput_rps]
                sheet.dots(
                    axes,
                    look,
                    [(value, y + layout.beside) for _, value in drawn],
                    [
                        Mark(
                            tip(
                                cell,
                                contender,
                                METRIC,
                                f"{figure_text(value)}, block {trial.block}" + ("" if is_valid else f", invalid: {trial.codes}"),
                            ),
                            {
                                "scenario": cell.scenario,
                                "cell": cell.label,
                                "contender": contender,
                                "block": trial.block,
                                "value": value,
                                "verdict": trial.verdict,
                            },
                        )
                        for trial, value in drawn
                    ],
                    not is_valid,
                )
            row = report.row(cell, contender, METRIC)
            if row and row.median:
                sheet.summary_point(axes, look, row, (row.median, y), along="x")
    write_verdicts(sheet, axes, report, layout, METRIC)
    log_axis(axes.xaxis, "requests a second")
    sheet.legend([handle(looks[of], of) for of in report.contender_ids] + trial_handles(has_invalid))
    return sheet
