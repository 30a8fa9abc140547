"""What does a swept parameter do to each contender, and what did theory expect?"""

import math
from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from kvreport.axis import log_axis, value_axis
from kvreport.cells import Cell, Scenario
from kvreport.parameters import axis_title, axis_value, value_text
from kvreport.registry import DoesNotApply, figure
from kvreport.report import Report
from kvreport.sheet import Sheet, handle
from kvreport.style import FAINT, INK, Look, looks_of
from kvreport.units import figure_text, metric_of
from kvreport.words import blocks_of

COLUMNS = 2


@figure("sweep")
def sweep(report: Report) -> Iterator[Sheet]:
    found = False
    for scenario in report.scenarios:
        for metric in metrics_of(report, scenario):
            for axis in scenario.numeric_keys()[:1]:
                if any(report.row(cell, of, metric) for cell in scenario.cells for of in report.contender_ids):
                    found = True
                    name = scenario.id if metric == metrics_of(report, scenario)[0] else f"{scenario.id}-{metric}"
                    yield draw(report, scenario, axis, metric, name)
    if not found:
        raise DoesNotApply("no scenario sweeps a number over valid trials")


def metrics_of(report: Report, scenario: Scenario) -> list[str]:
    """Throughput where the load does not set it, and what a theory speaks of besides."""
    mains = [report.main_metric(cell) for cell in scenario.cells]
    # Beyond the capacity it is the goodput, whatever it is below.
    metrics = ["throughput_rps" if "throughput_rps" in mains else mains[0]]
    if metrics[0] != "throughput_rps" and "load_fraction" in scenario.swept:
        metrics = []  # p99-vs-rate draws that
    theory = {of.metric for of in report.expectations if of.cell.scenario == scenario.id}
    if "throughput_rps" not in theory:
        metrics += sorted(theory - set(metrics))
    return metrics


def draw(report: Report, scenario: Scenario, axis: str, metric: str, name: str) -> Sheet:
    looks = looks_of(report.contenders)
    others = [key for key in scenario.swept if key != axis]
    groups: dict[tuple[str, ...], list[Cell]] = {}
    for cell in scenario.cells:
        groups.setdefault(tuple(value_text(key, cell.flat.get(key)) for key in others), []).append(cell)
    columns = min(COLUMNS, len(groups))
    rows = -(-len(groups) // columns)
    has_theory = any(of.metric == metric for of in report.expectations if of.cell.scenario == scenario.id)
    asked = metric == "throughput_rps" and all(cell.is_open for cell in scenario.cells)
    shown = metric_of(metric)
    title = "goodput a second" if asked else shown.title
    sheet = Sheet(
        report,
        name,
        f"{scenario.id}: {title} {claim(report, scenario, axis, metric)}",
        f"Marks: medians of the valid trials with their 95 % interval ({blocks_of(report, metric, scenario.cells)})."
        + (" Thin dashes without marks: what theory expects of each contender, computed, not fitted." if has_theory else "")
        + (" Thin dashes: what was asked." if asked else "")
        + f" {'More' if shown.is_higher_better else 'Less'} is better.",
        height=3.7 if rows == 1 else 2.75 * rows,
        scenario=scenario.id,
        panels=(rows, columns),
        share_x=columns > 1,
        share_y=columns > 1,
    )
    for place, (values, cells) in enumerate(groups.items()):
        axes = sheet.grid[place // columns][place % columns]
        for contender in report.contender_ids:
            draw_contender(sheet, axes, report, (cells, axis, metric, contender), looks[contender])
        if asked:
            axes.plot(
                [place_of(cell, axis) or 0 for cell in cells],
                [cell.rate_per_s or 0 for cell in cells],
                color=FAINT,
                linestyle="--",
                linewidth=1.2,
                zorder=1,
            )
        numbers = [number for cell in cells if (number := place_of(cell, axis)) is not None]
        if min(numbers) > 0:
            value_axis(axes.xaxis, numbers, axis_title(axis) if place // columns == rows - 1 else "")
        else:
            axes.set_xlabel(axis_title(axis))
        log_axis(axes.yaxis, (title if asked else shown.axis) if place % columns == 0 else "")
        if values:
            axes.set_title(", ".join(values))
    for place in range(len(groups), rows * columns):
        sheet.grid[place // columns][place % columns].set_visible(False)
    handles = [handle(looks[of], of, line=True) for of in report.contender_ids]
    if has_theory or asked:
        handles.append(
            Line2D([], [], color=FAINT if asked else INK, linestyle="--", linewidth=1.2, label="asked" if asked else "theory")
        )
    sheet.legend(handles)
    return sheet


def place_of(cell: Cell, axis: str) -> float | None:
    number = cell.number(axis)
    return None if number is None else axis_value(axis, number)


def draw_contender(sheet: Sheet, axes: Axes, report: Report, what: tuple[Sequence[Cell], str, str, str], look: Look) -> None:
    cells, axis, metric, contender = what
    shown = metric_of(metric)
    rows = [(place_of(cell, axis) or 0.0, row) for cell in cells if (row := report.row(cell, contender, metric))]
    (line,) = axes.plot(
        [x for x, _ in rows], [shown.of(row.median or 0) for _, row in rows], color=look.colour, linestyle=look.line, zorder=2
    )
    sheet.own(line, contender)
    for x, row in rows:
        sheet.summary_point(axes, look, row, (x, shown.of(row.median or math.nan)), along="y")
    theory = [(place_of(cell, axis) or 0.0, of) for cell in cells if (of := report.expectation(cell, contender, metric))]
    if theory:
        (line,) = axes.plot(
            [x for x, _ in theory],
            [shown.of(of.expected) for _, of in theory],
            color=look.colour,
            linestyle=(0, (4, 2)),
            linewidth=1.1,
            alpha=0.9,
            zorder=1,
        )
        sheet.own(line, contender)
        for x, of in theory:
            (point,) = axes.plot(
                [x], [shown.of(of.expected)], marker="_", markersize=11, color=look.colour, markeredgewidth=1.1, zorder=1
            )
            sheet.mark(
                point,
                f"{of.cell.name}, {contender}: theory {figure_text(shown.of(of.expected))} {shown.unit}".rstrip()
                + f" = {of.formula}",
                scenario=of.cell.scenario,
                cell=of.cell.label,
                contender=contender,
                metric=metric,
                expected=of.expected,
            )


def claim(report: Report, scenario: Scenario, axis: str, metric: str) -> str:
    """Where the verdict changes, if the report found that; else over what."""
    crossings = [of for of in report.crossings if of.cell.scenario == scenario.id and of.axis == axis and of.metric == metric]
    if len(crossings) == 1 and len(scenario.swept) == 1:
        return "- " + crossings[0].sentence()
    return f"over {axis_title(axis)}"
