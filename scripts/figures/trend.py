"""Do the ratios of earlier runs still hold, machine by machine?"""

from collections.abc import Iterator, Sequence

from matplotlib.artist import Artist
from matplotlib.lines import Line2D

from kvreport.axis import log_axis
from kvreport.cells import Cell
from kvreport.registry import DoesNotApply, figure
from kvreport.report import Report
from kvreport.results import Comparison
from kvreport.sheet import Sheet
from kvreport.style import FAINT, INK, Look, looks_of
from kvreport.trials import parse_time
from kvreport.units import SHORT

COLUMNS, MOST_PANELS = 3, 9
METRICS = ("throughput_rps", "cpu_us_per_request", "latency_p99_us")
MACHINES = ("o", "s", "^", "D", "v", "P")


@figure("trend", takes="reports")
def trend(reports: Sequence[Report]) -> Iterator[Sheet]:
    ordered = sorted(reports, key=lambda of: parse_time(of.run.started_at))
    found = False
    for metric in METRICS:
        lines: dict[tuple[str, str, str, str], list[tuple[int, Comparison]]] = {}
        for place, report in enumerate(ordered):
            for comparison in report.comparisons:
                if (
                    comparison.metric == metric
                    and comparison.ratio_second_over_first
                    and report.main_metric(comparison.cell) in (metric, "throughput_rps")
                ):
                    key = (comparison.cell.scenario, comparison.cell.asked_for, comparison.first, comparison.second)
                    lines.setdefault(key, []).append((place, comparison))
        kept = [points for points in lines.values() if len({place for place, _ in points}) > 1]
        for first in range(0, len(kept), MOST_PANELS):
            found = True
            end = f"-{first // MOST_PANELS + 1}" if len(kept) > MOST_PANELS else ""
            yield draw(ordered, metric, kept[first : first + MOST_PANELS], SHORT[metric].lower() + end)
    if not found:
        raise DoesNotApply("it needs two reports or more that have a comparison in common")


def blocks_drawn(lines: Sequence[list[tuple[int, Comparison]]]) -> str:
    counts = {comparison.n for line in lines for _, comparison in line}
    return f"n = {min(counts)}" if len(counts) == 1 else f"n = {min(counts)} to {max(counts)}"


def draw(reports: Sequence[Report], metric: str, lines: Sequence[list[tuple[int, Comparison]]], name: str) -> Sheet:
    columns = min(COLUMNS, len(lines))
    rows = -(-len(lines) // columns)
    has_pairs = len({(of.first, of.second) for points in lines for _, of in points}) > 1
    winners = dict.fromkeys(of.winner for points in lines for _, of in points if of.winner)
    machines = list(dict.fromkeys(report.environment.fingerprint for report in reports))
    sheet = Sheet(
        reports[-1],
        name,
        f"{SHORT[metric]} ratios over {len(reports)} runs",
        f"Each point: the ratio within the blocks of one run ({blocks_drawn(lines)}) with its 95 % interval; coloured where it "
        "was a win, on the side that the key names. Only ratios are set side by side, never absolute figures, and only points "
        "of one machine are joined. The footer is the last run's.",
        height=2.4 * rows + 0.5,
        panels=(rows, columns),
        share_x=True,
    )
    for place in range(rows * columns):
        axes = sheet.grid[place // columns][place % columns]
        if place >= len(lines):
            axes.set_visible(False)
            continue
        points = lines[place]
        cell, first, second = points[0][1].cell, points[0][1].first, points[0][1].second
        axes.axhline(1, color=FAINT, linewidth=1.0, zorder=1)
        for number, machine in enumerate(machines):
            own = [(at, of) for at, of in points if reports[at].environment.fingerprint == machine]
            (line,) = axes.plot(
                [at + 1 for at, _ in own],
                [of.ratio_second_over_first or 1 for _, of in own],
                color=FAINT,
                linewidth=1.2,
                zorder=2,
            )
            sheet.own(line, "")
            for at, of in own:
                draw_point(sheet, place, columns, reports[at], at, of, MACHINES[number % len(MACHINES)])
        axes.set_title(title(cell, f"{second} over {first}" if has_pairs else ""), fontsize=9.5)
        axes.set_xticks(range(1, len(reports) + 1))
        axes.set_xlim(0.5, len(reports) + 0.5)
        y_title = "ratio" if has_pairs else f"{second} over {first}"
        log_axis(axes.yaxis, y_title if place % columns == 0 else "")
        if place // columns == rows - 1:
            axes.set_xlabel("run, by its start")
    handles: list[Artist] = [
        Line2D([], [], color=INK, marker=MACHINES[number % len(MACHINES)], linestyle="none", label=f"machine {machine}")
        for number, machine in enumerate(machines)
    ]
    looks = looks_of(reports[-1].contenders)
    handles += [
        Line2D([], [], color=looks[of].colour if of in looks else INK, marker="o", linestyle="none", label=f"{of} wins: {side}")
        for of in winners
        for side in [side_of(of, lines)]
    ]
    sheet.legend(handles)
    return sheet


def side_of(winner: str, lines: Sequence[list[tuple[int, Comparison]]]) -> str:
    """Where its wins lie, so that nobody needs the colour."""
    ratios = {(of.ratio_second_over_first or 1) > 1 for points in lines for _, of in points if of.winner == winner}
    return " and ".join({True: "above 1", False: "below 1"}[is_above] for is_above in sorted(ratios))


def title(cell: Cell, pair: str) -> str:
    return "\n".join(filter(None, (cell.scenario, cell.label, pair)))


def draw_point(sheet: Sheet, place: int, columns: int, report: Report, at: int, of: Comparison, marker: str) -> None:
    winner = of.winner
    look = Look(looks_of(report.contenders)[winner].colour if winner else INK, marker, "-")
    sheet.point(
        sheet.grid[place // columns][place % columns],
        look,
        (at + 1, of.ratio_second_over_first or 1),
        f"{report.run.id}: {of.sentence()}",
        {
            "scenario": of.cell.scenario,
            "cell": of.cell.label,
            "metric": of.metric,
            "run": report.run.id,
            "ratio": of.ratio_second_over_first,
            "lower95": of.lower95,
            "upper95": of.upper95,
            "n": of.n,
            "verdict": of.verdict,
        },
        y_interval=(of.lower95, of.upper95) if of.lower95 and of.upper95 else None,
        size=6.5,
    )
