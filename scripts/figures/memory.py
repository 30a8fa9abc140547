"""How much memory does a connection cost?"""

from collections.abc import Iterator, Sequence

from kvreport.axis import linear_axis
from kvreport.cells import Cell, Scenario
from kvreport.registry import DoesNotApply, figure
from kvreport.report import Report
from kvreport.sheet import Sheet, handle
from kvreport.style import looks_of
from kvreport.units import KIB, MIB, figure_text
from kvreport.words import blocks_of

METRIC = "rss_max_bytes"


@figure("memory")
def memory(report: Report) -> Iterator[Sheet]:
    found = False
    for scenario in report.scenarios:
        cells = [cell for cell in scenario.cells if any(report.row(cell, of, METRIC) for of in report.contender_ids)]
        cells.sort(key=lambda cell: cell.connections_held)
        held = all(
            of["kind"] == "idle" for cell in cells for of in cell.parameters["background"]
        )  # others cost more than being there
        if (
            held
            and set(scenario.swept) in ({"connections"}, {"background"})
            and len({cell.connections_held for cell in cells}) > 1
        ):
            found = True
            yield draw(report, scenario, cells)
    if not found:
        raise DoesNotApply("no scenario varies the connections alone")


def slope(report: Report, cells: Sequence[Cell], contender: str) -> float | None:
    """KiB a connection, between the fewest and the most."""
    rows = [(cell.connections_held, row.median) for cell in cells if (row := report.row(cell, contender, METRIC)) and row.median]
    if len(rows) < 2 or rows[-1][0] == rows[0][0]:
        return None
    return (rows[-1][1] - rows[0][1]) / (rows[-1][0] - rows[0][0]) / KIB


def draw(report: Report, scenario: Scenario, cells: Sequence[Cell]) -> Sheet:
    looks = looks_of(report.contenders)
    slopes = {of: value for of in report.contender_ids if (value := slope(report, cells, of)) is not None}
    claim = ", ".join(f"{of} {figure_text(value)} KiB" for of, value in slopes.items())
    sheet = Sheet(
        report,
        scenario.id,
        f"{scenario.id}: a connection costs {claim}",
        f"Largest resident set over all connections held, idle ones included; medians with their 95 % interval "
        f"({blocks_of(report, METRIC, cells)}). "
        "KiB a connection: from the fewest connections to the most. Less is better.",
        height=3.9,
        scenario=scenario.id,
    )
    axes = sheet.axes
    for contender in report.contender_ids:
        look = looks[contender]
        rows = [(cell.connections_held, row) for cell in cells if (row := report.row(cell, contender, METRIC))]
        (line,) = axes.plot(
            [x for x, _ in rows], [(row.median or 0) / MIB for _, row in rows], color=look.colour, linestyle=look.line, zorder=2
        )
        sheet.mark(
            line,
            f"{contender}: {figure_text(slopes.get(contender))} KiB a connection",
            contender=contender,
            kib_per_connection=slopes.get(contender),
        )
        for x, row in rows:
            sheet.summary_point(axes, look, row, (x, (row.median or 0) / MIB), along="y")
    axes.set_ylim(bottom=0)
    linear_axis(axes.xaxis, "connections held")
    linear_axis(axes.yaxis, "largest resident set, MiB")
    sheet.legend([handle(looks[of], of, line=True) for of in report.contender_ids])
    return sheet
