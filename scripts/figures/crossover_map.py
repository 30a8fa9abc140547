"""Who wins where, over two parameters, and how sure is that?"""

import math
from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from kvreport.cells import Cell, Scenario
from kvreport.parameters import axis_title, axis_value
from kvreport.registry import DoesNotApply, figure
from kvreport.report import Report
from kvreport.results import Comparison
from kvreport.sheet import Sheet
from kvreport.style import BAND, FAINT, INK, PAPER, looks_of
from kvreport.units import SHORT, count_text, interval_text, ratio_text
from kvreport.words import tally


@figure("crossover-map")
def crossover_map(report: Report) -> Iterator[Sheet]:
    found = False
    for scenario in report.scenarios:
        keys = scenario.numeric_keys()
        if len(keys) != 2 or len(scenario.swept) != 2:
            continue
        metric = report.main_metric(scenario.cells[0])
        pairs = dict.fromkeys((of.first, of.second) for cell in scenario.cells for of in report.comparisons_of(cell, metric))
        for first, second in pairs:
            found = True
            name = scenario.id if len(pairs) == 1 else f"{scenario.id}-{first}-{second}"
            comparisons = {
                cell: of
                for cell in scenario.cells
                for of in report.comparisons_of(cell, metric)
                if (of.first, of.second) == (first, second)
            }
            yield draw(report, scenario, (keys[0], keys[1]), comparisons, name)
    if not found:
        raise DoesNotApply("no scenario with two contenders sweeps two numbers")


def draw(report: Report, scenario: Scenario, keys: tuple[str, str], comparisons: dict[Cell, Comparison], name: str) -> Sheet:
    any_of = next(iter(comparisons.values()))
    metric = SHORT[any_of.metric]
    xs, ys = (sorted({cell.number(key) or 0.0 for cell in scenario.cells}) for key in keys)
    blocks = sorted({of.n for of in comparisons.values()})
    sheet = Sheet(
        report,
        name,
        f"{scenario.id}: {tally(comparisons.values())}",
        f"{metric} of {any_of.second} over {any_of.first} in each cell with its 95 % interval (n = {blocks[0]}"
        + (f" to {blocks[-1]}" if blocks[-1] > blocks[0] else "")
        + " blocks). Full colour: a win, significant over the whole map; hatched: undecided.",
        width=max(6.4, 1.5 + 1.45 * len(xs)),
        height=1.3 + 0.8 * len(ys),
        scenario=scenario.id,
    )
    axes = sheet.axes
    for cell, comparison in comparisons.items():
        draw_cell(sheet, axes, report, comparison, (xs.index(cell.number(keys[0]) or 0.0), ys.index(cell.number(keys[1]) or 0.0)))
    axes.set(xlim=(-0.5, len(xs) - 0.5), ylim=(-0.5, len(ys) - 0.5))
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xticks(range(len(xs)), [tick(keys[0], x) for x in xs])
    axes.set_yticks(range(len(ys)), [tick(keys[1], y) for y in ys])
    axes.set_xlabel(axis_title(keys[0]))
    axes.set_ylabel(axis_title(keys[1]))
    looks = looks_of(report.contenders)
    handles: list[Patch | Line2D] = [
        Patch(facecolor=looks[of].colour, label=f"{of} wins", alpha=0.85)
        for of in (any_of.first, any_of.second)
        if any(cell.winner == of for cell in comparisons.values())
    ]
    handles += [
        Patch(facecolor=BAND, edgecolor=BAND, label="equivalent"),
        Patch(facecolor="none", edgecolor=FAINT, hatch="////", label="undecided"),
    ]
    border = theory_border(report, scenario, keys, xs, ys, (any_of.first, any_of.second, any_of.metric))
    for places, values in border:
        (line,) = axes.plot(places, values, color=INK, linewidth=2.2, linestyle=(0, (3, 1.5)), zorder=5)
        sheet.mark(line, "theory: beyond this border the models part", scenario=scenario.id)
    if border:
        handles.append(Line2D([], [], color=INK, linewidth=2.2, linestyle=(0, (3, 1.5)), label="theory's border"))
    sheet.legend(handles)
    return sheet


def tick(key: str, value: float) -> str:
    shown = axis_value(key, value)
    return count_text(shown) if shown >= 1 and shown == int(shown) else f"{shown:g}"


def draw_cell(sheet: Sheet, axes: Axes, report: Report, comparison: Comparison, place: tuple[int, int]) -> None:
    looks = looks_of(report.contenders)
    x, y = place
    box = Rectangle((x - 0.48, y - 0.47), 0.96, 0.94, linewidth=0, facecolor="none")
    ink = INK
    if comparison.winner:
        box.set_facecolor(looks[comparison.winner].colour)
        box.set_alpha(0.85)
        ink = PAPER
    elif comparison.verdict == "equivalent":
        box.set_facecolor(BAND)
    else:
        box.set(hatch="////", edgecolor=BAND, linewidth=0)
    axes.add_patch(box)
    sheet.mark(
        box,
        comparison.sentence(),
        scenario=comparison.cell.scenario,
        cell=comparison.cell.label,
        contender=comparison.winner,
        verdict=comparison.verdict,
        ratio=comparison.ratio_second_over_first,
        lower95=comparison.lower95,
        upper95=comparison.upper95,
        n=comparison.n,
    )
    word = comparison.winner or ("=" if comparison.verdict == "equivalent" else "?")
    ratio = comparison.ratio_second_over_first
    axes.text(
        x, y + 0.21, word, ha="center", va="center", fontsize=9.5, color=ink, fontweight="bold" if comparison.winner else "normal"
    )
    axes.text(
        x,
        y - 0.03,
        f"{ratio_text(ratio)}x",
        ha="center",
        va="center",
        fontsize=12,
        color=ink,
        fontweight="bold" if comparison.winner else "normal",
    )
    axes.text(
        x, y - 0.27, interval_text(comparison.lower95, comparison.upper95), ha="center", va="center", fontsize=8.5, color=ink
    )


def theory_border(
    report: Report, scenario: Scenario, keys: tuple[str, str], xs: list[float], ys: list[float], pair: tuple[str, str, str]
) -> list[tuple[list[float], list[float]]]:
    """Between neighbours of which theory calls one a tie and the other not: the staircase around all ties."""
    first, second, metric = pair
    ties: dict[tuple[int, int], bool] = {}
    for cell in scenario.cells:
        expected = [report.expectation(cell, contender, metric) for contender in (first, second)]
        if expected[0] is None or expected[1] is None:
            return []
        place = (xs.index(cell.number(keys[0]) or 0.0), ys.index(cell.number(keys[1]) or 0.0))
        ties[place] = abs(math.log(expected[1].expected / expected[0].expected)) < math.log(1.03)
    lines = []
    for (x, y), is_tie in ties.items():
        if ties.get((x + 1, y), is_tie) != is_tie:
            lines.append(([x + 0.5, x + 0.5], [y - 0.5, y + 0.5]))
        if ties.get((x, y + 1), is_tie) != is_tie:
            lines.append(([x - 0.5, x + 0.5], [y + 0.5, y + 0.5]))
    return lines
