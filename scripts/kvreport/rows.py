"""Charts whose rows are cells: scenarios one below the other, names on the left, a word about each row on the right."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from kvreport.cells import Cell
from kvreport.report import Report
from kvreport.results import Comparison
from kvreport.sheet import Sheet
from kvreport.style import BAND, FAINT, INK, PAPER, Look, looks_of
from kvreport.units import SHORT, metric_of

INCHES_A_ROW = 0.42
INCHES_A_LANE = 0.21
MOST_ROWS = 26


@dataclass(frozen=True)
class Layout:
    """Where each cell lies: y grows downwards, a row is 1 high, a heading 0.8."""

    cells: tuple[Cell, ...]
    lanes: int

    @property
    def places(self) -> list[tuple[Cell | str, float]]:
        """Cells, and the headings (a scenario's id) above those that have a label."""
        found: list[tuple[Cell | str, float]] = []
        y, scenario = 0.0, ""
        for cell in self.cells:
            if cell.scenario != scenario and cell.label:
                found.append((cell.scenario, y + 0.05))
                y += 0.8
            scenario = cell.scenario
            found.append((cell, y))
            y += 1.0
        return found

    @property
    def end(self) -> float:
        return self.places[-1][1] + 0.5

    @property
    def inches(self) -> float:
        return 0.75 + (self.end + 0.5) * max(INCHES_A_ROW, INCHES_A_LANE * self.lanes)

    @property
    def beside(self) -> float:
        """How far below its lane's figure the dots of single trials lie, or it would hide them."""
        return 0.3 / self.lanes if self.lanes < 3 else 0.0

    def y_of(self, cell: Cell) -> float:
        return next(y for of, y in self.places if of is cell or of == cell)

    def lane(self, cell: Cell, number: int) -> float:
        """The y of one of the lanes of a row."""
        step = 0.8 / self.lanes
        return self.y_of(cell) + (number - (self.lanes - 1) / 2) * step


def chunks(cells: Sequence[Cell]) -> list[tuple[Cell, ...]]:
    """Sheets that stay readable: whole scenarios while they fit."""
    sheets: list[list[Cell]] = [[]]
    for scenario in dict.fromkeys(cell.scenario for cell in cells):
        own = [cell for cell in cells if cell.scenario == scenario]
        if sheets[-1] and len(sheets[-1]) + len(own) > MOST_ROWS:
            sheets.append([])
        while len(own) > MOST_ROWS:
            sheets[-1] += own[:MOST_ROWS]
            own = own[MOST_ROWS:]
            sheets.append([])
        sheets[-1] += own
    return [tuple(sheet) for sheet in sheets if sheet]


def numbered(sheet: int, sheets: int) -> str:
    """The name of one of several sheets."""
    return str(sheet + 1) if sheets > 1 else ""


def draw_rows(axes: Axes, layout: Layout, has_labels: bool = True) -> None:
    axes.set_ylim(layout.end, -0.55)
    axes.grid(axis="y", visible=False)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([y for _, y in layout.places], [textwrap.fill(name_of(of), 26) for of, _ in layout.places])
    axes.tick_params(axis="y", length=0, labelleft=has_labels)
    for label, (of, _) in zip(axes.get_yticklabels() if has_labels else [], layout.places, strict=has_labels):
        if isinstance(of, str) or not of.label:
            label.set_fontweight("bold")
    scenario = layout.cells[0].scenario
    for of, y in layout.places:
        name = of if isinstance(of, str) else of.scenario
        if name != scenario:
            axes.axhline(y - 0.5, color=BAND, linewidth=1.0, zorder=0)
        scenario = name


def name_of(of: Cell | str) -> str:
    return of if isinstance(of, str) else of.label or of.scenario


def write_right(axes: Axes, y: float, text: str, look: Look | None = None, colour: str = INK) -> None:
    """A word right of the axes, with the marker of whoever it names."""
    transform = axes.get_yaxis_transform()
    if look is not None:
        axes.plot(
            [1.025],
            [y],
            marker=look.marker,
            color=look.colour,
            markersize=7.5,
            clip_on=False,
            transform=transform,
            markeredgecolor=look.colour if look.marker == "x" else PAPER,
        )
    axes.text(
        1.05, y, text, transform=transform, va="center", fontsize=9.5, fontweight="bold" if look else "normal", color=colour
    )


def write_verdicts(sheet: Sheet, axes: Axes, report: Report, layout: Layout, metric: str, what: str = "") -> None:
    """The words on all rows at their right: of the one pair there is, or of each contender over the first."""
    looks = looks_of(report.contenders)
    is_duel = len(report.contenders) == 2
    for cell in layout.cells:
        comparisons = report.comparisons_of(cell, metric)
        met = {of.first for of in comparisons}
        first_met = next((of for of in report.contender_ids if of in met), None)  # one may be left out of a cell
        for comparison in (of for of in comparisons if of.first == first_met):
            y = layout.y_of(cell) if is_duel else layout.lane(cell, report.contender_ids.index(comparison.second))
            write_verdict(sheet, axes, y, comparison, looks, "" if is_duel else f"{comparison.second}: ")
    if len(report.contenders) > 1:
        first, second = report.contender_ids[0], report.contender_ids[1] if is_duel else "each"
        axes.text(
            1.05,
            1.0,
            f"who wins, {what}{second} over {first}\n[95 % interval]",
            transform=axes.transAxes,
            va="bottom",
            fontsize=9.0,
        )


def write_verdict(sheet: Sheet, axes: Axes, y: float, comparison: Comparison, looks: dict[str, Look], naming: str) -> None:
    winner = comparison.winner
    word = winner or comparison.verdict
    write_right(axes, y, f"{naming}{word}  {comparison.ratio}", looks.get(winner) if winner else None, INK if winner else FAINT)
    sheet.mark(
        axes.texts[-1],
        comparison.sentence(),
        scenario=comparison.cell.scenario,
        cell=comparison.cell.label,
        metric=comparison.metric,
        first=comparison.first,
        second=comparison.second,
        verdict=comparison.verdict,
        ratio=comparison.ratio_second_over_first,
        lower95=comparison.lower95,
        upper95=comparison.upper95,
        n=comparison.n,
    )


def tip(cell: Cell, contender: str, metric: str, text: str) -> str:
    return f"{cell.name}, {contender}: {SHORT.get(metric, metric_of(metric).title)} {text}"
