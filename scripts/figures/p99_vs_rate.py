"""How does the tail grow with the offered rate, and where does it break?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kvreport.axis import linear_axis, log_axis
from kvreport.cells import Cell, Scenario
from kvreport.parameters import value_text
from kvreport.registry import DoesNotApply, figure
from kvreport.report import Report
from kvreport.results import Search
from kvreport.sheet import Mark, Sheet, handle, trial_handles
from kvreport.style import FAINT, INK, Look, looks_of
from kvreport.units import count_text, figure_text
from kvreport.words import blocks_of

METRIC = "latency_p99_us"
RATE_KEYS = frozenset({"rate_per_s", "load_fraction"})


@dataclass(frozen=True)
class Group:
    """Cells of a scenario that differ in their rate alone, and the searches at theirs."""

    scenario: Scenario
    values: tuple[str, ...]
    cells: tuple[Cell, ...]
    searches: tuple[Search, ...]

    @property
    def title(self) -> str:
        return f"{self.scenario.id} ({', '.join(self.values)})" if self.values else self.scenario.id

    def has_rates(self) -> bool:
        return len({cell.rate_per_s for cell in self.cells}) > 1 or bool(self.searches)


@figure("p99-vs-rate")
def p99_vs_rate(report: Report) -> Iterator[Sheet]:
    found = False
    for scenario in report.scenarios:
        for number, group in enumerate((of for of in groups_of(report, scenario) if of.has_rates()), 1):
            found = True
            yield draw(report, group, scenario.id if number == 1 else f"{scenario.id}-{number}")
    if not found:
        raise DoesNotApply("no scenario offers more than one rate, and none searches its capacity")


def groups_of(report: Report, scenario: Scenario) -> list[Group]:
    """By what is swept besides the rate: a line through cells that differ in more would show both at once."""
    others = [key for key in scenario.swept if key not in RATE_KEYS]

    def values(cell: Cell) -> tuple[str, ...]:
        return tuple(value_text(key, cell.flat.get(key)) for key in others)

    cells = sorted(
        (cell for cell in scenario.cells if cell.is_open and cell.rate_per_s and report.trials_of(cell)),
        key=lambda cell: cell.rate_per_s or 0,
    )
    searches = [search for search in report.searches if search.cell.scenario == scenario.id and search.steps]
    return [
        Group(
            scenario,
            of,
            tuple(cell for cell in cells if values(cell) == of),
            tuple(search for search in searches if values(search.cell) == of),
        )
        for of in dict.fromkeys(values(of) for of in [*cells, *(search.cell for search in searches)])
    ]


def draw(report: Report, group: Group, name: str) -> Sheet:
    cells, searches = group.cells, group.searches
    looks = looks_of(report.contenders)
    sheet = Sheet(
        report,
        name,
        f"{group.title}: {claim(report, cells, searches)}",
        note(report, cells, searches),
        height=4.3,
        scenario=group.scenario.id,
    )
    axes = sheet.axes
    handles: list[Artist] = [handle(looks[of], of, line=bool(cells)) for of in report.contender_ids]
    for place, contender in enumerate(report.contender_ids):
        draw_rates(sheet, axes, report, cells, contender, place - (len(report.contenders) - 1) / 2)
    for search in searches:
        draw_search(sheet, axes, search, looks[search.contender])
    if searches:
        slo = searches[0].target_p99_us
        axes.axhline(slo, color=INK, linewidth=1.2, linestyle=(0, (5, 2)), zorder=1)
        sheet.mark(axes.lines[-1], f"target: P99 of {figure_text(slo)} us", value_us=slo)
        handles += [
            Line2D([], [], color=INK, linestyle=(0, (5, 2)), linewidth=1.2, label="target"),
            Patch(color=FAINT, alpha=0.3, label="capacity lies in here"),
        ]
    capacities = [of for of in report.capacities if of.median_rps and any(of.is_of(cell) for cell in cells if is_share(cell))]
    for capacity in capacities:
        look = looks[capacity.contender]
        axes.axvline(capacity.median_rps or 0, color=look.colour, linewidth=1.2, linestyle=":", zorder=1)
        sheet.mark(
            axes.lines[-1],
            f"capacity of {capacity.contender}, closed loop: {count_text(capacity.median_rps or 0)} requests a second",
            contender=capacity.contender,
            capacity_rps=capacity.median_rps,
        )
    if capacities:
        handles.append(Line2D([], [], color=FAINT, linestyle=":", label="capacity, closed loop"))
    handles += trial_handles(
        any(report.invalid(cell) for cell in cells) or any(not step.valid for of in searches for step in of.steps)
    )
    log_axis(axes.yaxis, "P99 latency, us")
    if searches or spans_decades(cells):
        log_axis(axes.xaxis, "offered rate, requests a second")
    else:
        axes.set_xlim(left=0)
        linear_axis(axes.xaxis, "offered rate, requests a second")
    sheet.legend(handles)
    return sheet


def is_share(cell: Cell) -> bool:
    return cell.parameters.get("load_fraction") is not None


def spans_decades(cells: Sequence[Cell]) -> bool:
    rates = [cell.rate_per_s for cell in cells if cell.rate_per_s]
    return bool(rates) and max(rates) > 10 * min(rates)


def claim(report: Report, cells: Sequence[Cell], searches: Sequence[Search]) -> str:
    held = [
        f"{of.contender} {count_text(of.lower_rps)} to {count_text(of.upper_rps)}/s"
        for of in searches
        if of.lower_rps and of.upper_rps
    ]
    if held:
        return f"P99 under {figure_text(searches[0].target_p99_us)} us up to " + ", ".join(held)
    medians = {cell: medians_of(report, cell) for cell in cells}
    drawn = {contender for of_cell in medians.values() for contender in of_cell}
    both_ends = [cell for cell in cells if set(medians[cell]) == drawn]  # a rate at which one has no valid trial is no end
    if drawn and len(both_ends) > 1:
        first, last = both_ends[0], both_ends[-1]
        growths = [f"{of} {medians[last][of] / medians[first][of]:.1f}x" for of in report.contender_ids if of in drawn]
        return f"P99 from {count_text(first.rate_per_s or 0)} to {count_text(last.rate_per_s or 0)}/s grows: {', '.join(growths)}"
    return "P99 over the offered rate"


def medians_of(report: Report, cell: Cell) -> dict[str, float]:
    rows = {of: report.row(cell, of, METRIC) for of in report.contender_ids}
    return {of: row.median for of, row in rows.items() if row is not None and row.median}


def note(report: Report, cells: Sequence[Cell], searches: Sequence[Search]) -> str:
    parts = []
    if cells:
        parts.append(
            f"Lines: medians of the valid trials with their 95 % interval ({blocks_of(report, METRIC, cells)}), "
            "from the due time; contenders stand a little beside their rate."
        )
    if searches:
        parts.append(
            f"Small marks: trials of the search for the capacity (n = {sum(len(of.steps) for of in searches)}); shaded: from the "
            "highest rate confirmed to hold the target to the lowest confirmed not to."
        )
    return " ".join(parts) + " Lower is better."


def draw_rates(sheet: Sheet, axes: Axes, report: Report, cells: Sequence[Cell], contender: str, lane: float) -> None:
    """Contenders stand beside each other, for at one rate their intervals would hide each other, by a share of the distance to
    the next rate: never at or beyond what is halfway to it."""
    look = looks_of(report.contenders)[contender]
    aside = lane * lane_width(cells, len(report.contenders))
    rows = [(cell, row) for cell in cells if (row := report.row(cell, contender, METRIC))]
    xs = [(cell.rate_per_s or 0) * (1 + aside) for cell, _ in rows]
    if rows:
        (line,) = axes.plot(xs, [row.median or 0 for _, row in rows], color=look.colour, linestyle=look.line, zorder=2)
        sheet.own(line, contender)
    for x, (_, row) in zip(xs, rows, strict=True):
        sheet.summary_point(axes, look, row, (x, row.median or 0), along="y")
    for cell in cells:
        for is_valid, trials in ((True, report.standing(cell, contender)), (False, report.invalid(cell, contender))):
            drawn = [(trial, p99) for trial in trials if (p99 := trial.value(METRIC))]
            sheet.dots(
                axes,
                look,
                [((cell.rate_per_s or 0) * (1 + 2.2 * aside), p99) for _, p99 in drawn],
                [
                    Mark(
                        f"{cell.name}, {contender}: P99 {figure_text(p99)} us, block {trial.block}"
                        + ("" if is_valid else f", invalid: {trial.codes}"),
                        {
                            "scenario": cell.scenario,
                            "contender": contender,
                            "rate": cell.rate_per_s,
                            "value": p99,
                            "verdict": trial.verdict,
                        },
                    )
                    for trial, p99 in drawn
                ],
                not is_valid,
            )


def lane_width(cells: Sequence[Cell], contenders: int) -> float:
    """Of a rate: 1.2 %, less where many contenders would reach their neighbours' rates."""
    rates = sorted({cell.rate_per_s for cell in cells if cell.rate_per_s})
    nearest = min((b / a - 1 for a, b in pairwise(rates)), default=1.0)
    return min(0.012, 0.45 * nearest / (2.2 * max(contenders, 1)))


def draw_search(sheet: Sheet, axes: Axes, search: Search, look: Look) -> None:
    if search.lower_rps and search.upper_rps:
        band = axes.axvspan(search.lower_rps, search.upper_rps, color=look.colour, alpha=0.22, linewidth=0, zorder=0)
        sheet.mark(
            band,
            f"{search.contender} holds its target up to {count_text(search.lower_rps)}, not from "
            f"{count_text(search.upper_rps)}/s on",
            scenario=search.cell.scenario,
            contender=search.contender,
            lower_rps=search.lower_rps,
            upper_rps=search.upper_rps,
        )
    for is_valid in (True, False):
        steps = [(step, step.p99_us) for step in search.steps if step.valid == is_valid and step.p99_us]
        sheet.dots(
            axes,
            look,
            [(step.rate_per_s, p99) for step, p99 in steps],
            [
                Mark(
                    f"{search.contender} at {count_text(step.rate_per_s)}/s: P99 {figure_text(p99)} us, "
                    + ("passed" if step.passed else "failed")
                    + ("" if is_valid else ", invalid"),
                    {"scenario": search.cell.scenario, "contender": search.contender, "rate": step.rate_per_s, "value": p99},
                )
                for step, p99 in steps
            ],
            not is_valid,
            size=22,
        )
