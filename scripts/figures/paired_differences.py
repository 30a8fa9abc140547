"""Is the difference there in every block, whoever ran first?"""

from collections.abc import Iterator

from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kvreport.axis import log_axis
from kvreport.registry import DoesNotApply, figure
from kvreport.report import Report
from kvreport.results import Comparison
from kvreport.rows import Layout, chunks, draw_rows, write_right
from kvreport.sheet import Mark, Sheet
from kvreport.style import BAND, FAINT, INK, Look, looks_of
from kvreport.units import SHORT, ratio_text
from kvreport.words import tally

ORDERS = {True: Look(INK, ">", "-"), False: Look(INK, "<", "-")}


@figure("paired-differences")
def paired_differences(report: Report) -> Iterator[Sheet]:
    pairs = dict.fromkeys((of.first, of.second) for of in report.comparisons)
    found = False
    for first, second in pairs:
        for metric in ("throughput_rps", "latency_p99_us"):
            own = [
                of
                for of in report.comparisons
                if (of.first, of.second) == (first, second)
                and of.metric == metric
                and report.main_metric(of.cell) == metric
                and of.n
            ]
            by_cell = {of.cell: of for of in own}
            cells = [cell for cell in report.cells if cell in by_cell]
            sheets = chunks(cells)
            for number, some in enumerate(sheets):
                found = True
                name = (
                    SHORT[metric].lower()
                    + (f"-{first}-{second}" if len(pairs) > 1 else "")
                    + (f"-{number + 1}" if len(sheets) > 1 else "")
                )
                yield draw(report, Layout(some, 1), [by_cell[cell] for cell in some], name)
    if not found:
        raise DoesNotApply("no two contenders were compared in a valid pair")


def draw(report: Report, layout: Layout, comparisons: list[Comparison], name: str) -> Sheet:
    one = comparisons[0]
    metric = SHORT[one.metric]
    better = "right" if one.metric == "throughput_rps" else "left"
    sheet = Sheet(
        report,
        name,
        f"{metric} of {one.second} over {one.first}, block by block: {tally(comparisons)}",
        f"Triangles: the ratio within a block, pointing right where {one.first} ran first and left where {one.second} did. "
        f"Diamonds: Hodges-Lehmann "
        f"estimate with its 95 % interval, n at the right. Shaded: differences too small to matter. {better.capitalize()} of "
        f"1 {one.second} is better.",
        height=layout.inches,
    )
    axes = sheet.axes
    draw_rows(axes, layout)
    axes.axvspan(1 / (1 + one.margin), 1 + one.margin, color=BAND, linewidth=0, zorder=0)
    axes.axvline(1, color=FAINT, linewidth=1.0, zorder=1)
    looks = looks_of(report.contenders)
    for comparison in comparisons:
        draw_row(sheet, report, layout, comparison, looks)
    log_axis(axes.xaxis, f"{metric}, {one.second} over {one.first}")
    sheet.legend(
        [
            Line2D([], [], color=INK, marker=">", alpha=0.5, linestyle="none", label=f"a block, {one.first} first"),
            Line2D([], [], color=INK, marker="<", alpha=0.5, linestyle="none", label=f"a block, {one.second} first"),
            Line2D([], [], color=INK, marker="D", linewidth=2.2, label="estimate, 95 %"),
            Patch(color=BAND, label="margin"),
        ]
    )
    return sheet


def draw_row(sheet: Sheet, report: Report, layout: Layout, comparison: Comparison, looks: dict[str, Look]) -> None:
    axes, cell, y = sheet.axes, comparison.cell, layout.y_of(comparison.cell)
    for is_first_first, look in ORDERS.items():
        leader = comparison.first if is_first_first else comparison.second
        places, marks = [], []
        for first, second in report.pairs(comparison):
            values = first.value(comparison.metric), second.value(comparison.metric)
            if values[0] and values[1] and (first.order_in_block < second.order_in_block) == is_first_first:
                within = values[1] / values[0]
                places.append((within, y + 0.24))
                marks.append(
                    Mark(
                        f"{cell.name}, block {first.block}: {ratio_text(within)}x, {leader} first",
                        {
                            "scenario": cell.scenario,
                            "cell": cell.label,
                            "block": first.block,
                            "ratio": within,
                            "order": "AB" if is_first_first else "BA",
                        },
                    )
                )
        sheet.dots(axes, look, places, marks, False, size=20)
    ratio = comparison.ratio_second_over_first
    if ratio:
        winner = comparison.winner
        colour = looks[winner].colour if winner else INK
        interval = (comparison.lower95, comparison.upper95)
        sheet.point(
            axes,
            Look(colour, "D", "-"),
            (ratio, y - 0.08),
            comparison.sentence(),
            {
                "scenario": cell.scenario,
                "cell": cell.label,
                "metric": comparison.metric,
                "ratio": ratio,
                "lower95": interval[0],
                "upper95": interval[1],
                "n": comparison.n,
                "verdict": comparison.verdict,
            },
            x_interval=(interval[0], interval[1]) if interval[0] and interval[1] else None,
        )
    lost = f", {comparison.pairs_lost} lost" if comparison.pairs_lost else ""
    write_right(
        axes,
        y,
        f"{comparison.winner or comparison.verdict}  {ratio_text(ratio)}x, n = {comparison.n}{lost}",
        looks[comparison.winner] if comparison.winner else None,
        INK if comparison.winner else FAINT,
    )
