"""Did anything drift or stall while the run went on?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from kvreport.axis import linear_axis, log_axis
from kvreport.cells import Cell, Scenario
from kvreport.registry import DoesNotApply, figure
from kvreport.report import Report
from kvreport.sheet import Mark, Sheet, handle
from kvreport.style import INK, Look, looks_of
from kvreport.trials import Interval, Trial
from kvreport.units import Unit, figure_text

COLUMNS = 4
TITLES = {"rate_per_s": "answers a second", "p50_us": "P50 us", "p99_us": "P99 us"}
SERIES = (("answers a second", "rate_per_s"), ("P50, us", "p50_us"), ("P99, us", "p99_us"))


@figure("time-series")
def time_series(report: Report) -> Iterator[Sheet]:
    found = False
    for scenario in report.scenarios:
        cells = [
            cell
            for cell in scenario.cells
            if any(trial.intervals and trial.window_s is not None for trial in report.trials_of(cell))
        ]
        for first in range(0, len(cells), COLUMNS):
            found = True
            some = cells[first : first + COLUMNS]
            yield draw(report, scenario, some, scenario.id if len(cells) <= COLUMNS else f"{scenario.id}-{first // COLUMNS + 1}")
    if not found:
        raise DoesNotApply("no trial reached its window")


def draw(report: Report, scenario: Scenario, cells: Sequence[Cell], name: str) -> Sheet:
    looks = looks_of(report.contenders)
    trials = [trial for cell in cells for trial in report.trials_of(cell) if trial.intervals and trial.window_s is not None]
    start = min(trial.started_at for trial in trials)
    end = max(begin_s(trial) + (trial.started_at - start).total_seconds() + trial.duration_s * trial.stretch for trial in trials)
    unit = Unit("min", 60.0) if end > 180 else Unit("s", 1.0)
    stalls = sum(interval.completed == 0 for trial in trials for interval in trial.intervals)
    lost = sum(not trial.is_valid for trial in trials)
    is_sliced = any(cell.is_sliced for cell in cells)
    claim = f"{len(trials)} trials over {figure_text(unit.of(end))} {unit.name}, {lost} invalid" + (
        f", {stalls} intervals without an answer" if stalls else ""
    )
    sheet = Sheet(
        report,
        name,
        f"{scenario.id}: {claim}",
        "Every second of every trial by the time it was measured, the intervals of a trial joined; hollow: of an invalid trial. "
        "A level line is a quiet machine; steps and slopes in all contenders at once are the machine's, not theirs."
        + (" Answers that were errors count in the first row." if any(has_errors(of) for of in trials) else "")
        + (" Contenders took turns: the seconds of each are spread evenly over the time of all." if is_sliced else ""),
        width=8.0,
        height=5.4,
        scenario=scenario.id,
        panels=(len(SERIES), len(cells)),
        share_x=True,
    )
    for column, cell in enumerate(cells):
        for row, (title, series) in enumerate(SERIES):
            axes = sheet.grid[row][column]
            for contender in report.contender_ids:
                own = [of for of in report.trials_of(cell, contender) if of.intervals and of.window_s is not None]
                draw_contender(sheet, axes, own, series, looks[contender], Clock(start, unit))
            log_axis(axes.yaxis, title if column == 0 else "")
            if row == 0:
                axes.set_title(cell.label)
            if row == len(SERIES) - 1:
                linear_axis(axes.xaxis, f"time, {unit.name}")
    handles: list[Artist] = [handle(looks[of], of) for of in report.contender_ids]
    if lost:
        handles.append(Line2D([], [], color=INK, marker="o", markerfacecolor="none", linestyle="none", label="invalid"))
    if stalls:
        handles.append(Line2D([], [], color=INK, marker="v", linestyle="none", label="no answer at all"))
    sheet.legend(handles)
    return sheet


def has_errors(trial: Trial) -> bool:
    return any(interval.errors for interval in trial.intervals)


def begin_s(trial: Trial) -> float:
    return trial.window_s or 0.0


@dataclass(frozen=True)
class Clock:
    """The time since the first trial, in a unit."""

    start: datetime
    unit: Unit

    def at(self, trial: Trial, interval: Interval) -> float:
        began = (trial.started_at - self.start).total_seconds() + begin_s(trial)
        return self.unit.of(began + (interval.start_s + interval.duration_s / 2) * trial.stretch)


def draw_contender(sheet: Sheet, axes: Axes, trials: Sequence[Trial], series: str, look: Look, clock: Clock) -> None:
    lines: list[list[tuple[float, float]]] = []
    for is_valid in (True, False):
        places: list[tuple[float, float]] = []
        marks: list[Mark] = []
        for trial in trials:
            if trial.is_valid != is_valid:
                continue
            drawn = [(clock.at(trial, of), value) for of in trial.intervals if (value := getattr(of, series))]
            if len(drawn) > 1:
                lines.append(drawn)
            places += drawn
            marks += [mark_of(trial, series, value) for _, value in drawn]
        sheet.dots(axes, look, places, marks, not is_valid, size=26)
    if lines:
        joined = LineCollection(lines, colors=look.colour, linewidths=1.0, zorder=2)
        axes.add_collection(joined)
        sheet.own(joined, trials[0].contender)
    if series == "rate_per_s":
        for trial in trials:
            for interval in trial.intervals:
                if interval.completed == 0:
                    draw_stall(sheet, axes, trial, interval, look, clock)


def mark_of(trial: Trial, series: str, value: float) -> Mark:
    text = f"{trial.cell.name}, {trial.contender}, block {trial.block}: {TITLES[series]} {figure_text(value)}"
    return Mark(
        text + ("" if trial.is_valid else f", invalid: {trial.codes}"),
        {
            "scenario": trial.cell.scenario,
            "cell": trial.cell.label,
            "contender": trial.contender,
            "verdict": trial.verdict,
            "series": series,
            "block": trial.block,
            "repetition": trial.repetition,
            "value": value,
        },
    )


def draw_stall(sheet: Sheet, axes: Axes, trial: Trial, interval: Interval, look: Look, clock: Clock) -> None:
    (stall,) = axes.plot(
        [clock.at(trial, interval)],
        [0.03],
        marker="v",
        color=look.colour,
        transform=axes.get_xaxis_transform(),
        zorder=4,
    )
    sheet.mark(
        stall,
        f"{trial.cell.name}, {trial.contender}, block {trial.block}: not one answer in {figure_text(interval.duration_s)} s",
        scenario=trial.cell.scenario,
        contender=trial.contender,
        block=trial.block,
        value=0,
    )
