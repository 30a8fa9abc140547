"""How long do requests take, from the middle to five nines?"""

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes

from kvreport import histogram
from kvreport.axis import PERCENTILES, log_axis, percentile_axis
from kvreport.cells import Cell, Scenario
from kvreport.histogram import Histogram
from kvreport.registry import DoesNotApply, figure
from kvreport.report import Report
from kvreport.sheet import Sheet, handle
from kvreport.style import Look, looks_of
from kvreport.trials import Trial
from kvreport.units import Unit, count_text, figure_text, time_unit

COLUMNS = 4
POINTS, TRIAL_POINTS, MOST_TRIALS = 140, 30, 12
FIVE_NINES = 0.99999


@figure("latency-distribution")
def latency_distribution(report: Report) -> Iterator[Sheet]:
    drawn = [scenario for scenario in report.scenarios if any(standing_any(report, cell) for cell in scenario.cells)]
    if not drawn:
        raise DoesNotApply("no valid trial has a latency")
    for scenario in drawn:
        cells = [cell for cell in scenario.cells if standing_any(report, cell)]
        for first in range(0, len(cells), 2 * COLUMNS):
            name = scenario.id if len(cells) <= 2 * COLUMNS else f"{scenario.id}-{first // (2 * COLUMNS) + 1}"
            yield draw(report, scenario, cells[first : first + 2 * COLUMNS], name)


def standing_any(report: Report, cell: Cell) -> bool:
    return any(trial.latency_us.count for contender in report.contender_ids for trial in report.standing(cell, contender))


def draw(report: Report, scenario: Scenario, cells: Sequence[Cell], name: str) -> Sheet:
    looks = looks_of(report.contenders)
    merged = {
        (cell, contender): merged_of(trials)
        for cell in cells
        for contender in report.contender_ids
        if (trials := with_latency(report, cell, contender))
    }
    columns = min(COLUMNS, len(cells))
    rows = -(-len(cells) // columns)
    counts = sorted(len(with_latency(report, *of)) for of in merged)
    blocks = f"{counts[0]} to {counts[-1]}" if counts[0] < counts[-1] else f"{counts[0]}"
    unit = time_unit(of.at(0.9) for of in merged.values())
    sheet = Sheet(
        report,
        name,
        f"{scenario.id}: the whole distribution of the latency",
        f"Thick: all valid trials of a contender merged (n = {blocks}), as far as samples carry the percentile, to 99.999 at "
        "most, not into what was never sent. Faint: each trial alone (a dozen at most), which shows how much the tail differs "
        "from block to block. Less is better.",
        width=8.0 if columns > 1 else 6.4,
        height=3.6 if rows == 1 else 2.5 * rows + 0.6,
        scenario=scenario.id,
        panels=(rows, columns),
        share_y=True,
    )
    highest = max(min(of.highest_carried, FIVE_NINES) for of in merged.values())
    for place in range(rows * columns):
        axes = sheet.grid[place // columns][place % columns]
        if place >= len(cells):
            axes.set_visible(False)
            continue
        cell = cells[place]
        for contender in report.contender_ids:
            if (cell, contender) not in merged:
                continue
            whole, trials, look = merged[cell, contender], with_latency(report, cell, contender), looks[contender]
            for trial in trials[:: -(-len(trials) // MOST_TRIALS)] if len(trials) > 1 else []:
                x, y = curve(merged_of([trial]), unit, TRIAL_POINTS)
                axes.plot(x, y, color=look.colour, alpha=0.16, linewidth=0.8, zorder=1)
                sheet.own(axes.lines[-1], contender)
            x, y = curve(whole, unit, POINTS)
            (line,) = axes.plot(x, y, color=look.colour, linestyle=look.line, linewidth=2.0, zorder=3)
            sheet.own(line, contender)
            mark_percentiles(sheet, axes, look, (cell, contender), whole, unit)
        if cell.label:
            axes.set_title(cell.label)
        log_axis(axes.yaxis, f"latency, {unit.name}" if place % columns == 0 else "")
        percentile_axis(axes.xaxis, highest)
        if columns > 1:
            axes.tick_params(axis="x", labelrotation=60, labelsize=9)
            axes.set_xlabel("percentile")
    sheet.legend([handle(looks[of], of, line=True) for of in report.contender_ids])
    return sheet


def merged_of(trials: Sequence[Trial]) -> Histogram:
    return histogram.merge((trial.latency_us.hdr for trial in trials), sum(trial.unsent for trial in trials))


def with_latency(report: Report, cell: Cell, contender: str) -> list[Trial]:
    return [trial for trial in report.standing(cell, contender) if trial.latency_us.count]


def curve(of: Histogram, unit: Unit, points: int) -> tuple[list[float], list[float]]:
    """The latency over 1 / (1 - q), evenly along that axis."""
    end = 1 / (1 - min(of.highest_carried, FIVE_NINES))
    xs = np.geomspace(1, max(end, 1.0001), points)
    return [float(x) for x in xs], [unit.of(of.at(1 - 1 / float(x))) for x in xs]


def mark_percentiles(sheet: Sheet, axes: Axes, look: Look, of: tuple[Cell, str], whole: Histogram, unit: Unit) -> None:
    """A point at each named percentile that samples carry, with its exact figure."""
    cell, contender = of
    for q, name in PERCENTILES.items():
        if q == 0 or q > whole.highest_carried:
            continue
        value = whole.at(q)
        sheet.point(
            axes,
            look,
            (1 / (1 - q), unit.of(value)),
            f"{cell.name}, {contender}: P{name} {figure_text(unit.of(value))} {unit.name} of {count_text(whole.count)} requests",
            {
                "scenario": cell.scenario,
                "cell": cell.label,
                "contender": contender,
                "percentile": name,
                "value_us": value,
                "count": whole.count,
            },
            size=5.5,
        )
