"""Sentences over figures: who won how often, of how many blocks a figure is."""

from collections import Counter
from collections.abc import Iterable

from kvreport.cells import Cell
from kvreport.report import Report
from kvreport.results import Comparison
from kvreport.units import ratio_text


def plural(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def blocks_of(report: Report, metric: str, cells: Iterable[Cell]) -> str:
    """Of the medians that a figure of these cells draws: "n = 8 blocks", or "n = 3 to 8 blocks" where trials were lost."""
    rows = [report.row(cell, contender, metric) for cell in cells for contender in report.contender_ids]
    counts = {row.n for row in rows if row is not None}
    if not counts:
        return "no valid trial"
    least, most = min(counts), max(counts)
    return f"n = {plural(most, 'block')}" if least == most else f"n = {least} to {most} blocks"


def count_words(comparisons: Iterable[Comparison]) -> Counter[str]:
    return Counter(comparison.word for comparison in comparisons)


def scoreboard(report: Report, cells: Iterable[Cell], metric: str) -> str:
    """ "async wins 2, threads wins 0, equivalent 2, undecided 17" in as few words, or the one verdict there is."""
    comparisons = [of for cell in cells for of in report.comparisons_of(cell, metric)]
    if not comparisons:
        return f"{report.contender_ids[0]} alone" if len(report.contenders) == 1 else "nothing is compared"
    if len(comparisons) == 1:
        (only,) = comparisons
        return f"{only.word} ({only.second} over {only.first} {only.ratio})"
    return tally(comparisons)


def tally(comparisons: Iterable[Comparison]) -> str:
    """Wins first, then what is shown to be the same, then what nobody knows yet."""
    words = count_words(comparisons)
    wins = sorted((word for word in words if word.endswith(" wins")), key=lambda word: -words[word])
    parts = [f"{word} {words[word]}" for word in wins]
    parts += [f"{words[word]} {word}" for word in ("equivalent", "undecided") if words[word]]
    return ", ".join(parts)


def margin_text(margin: float) -> str:
    return f"{100 * margin:g} %"


def best(comparisons: Iterable[Comparison]) -> Comparison | None:
    """The win by the largest factor."""
    wins = [of for of in comparisons if of.winner and of.ratio_second_over_first]
    return max(wins, key=lambda of: max(of.ratio_second_over_first or 1, 1 / (of.ratio_second_over_first or 1)), default=None)


def factor_text(comparison: Comparison) -> str:
    """ "4.02x": how many times the winner's the other's is, or the other way round, as the report has the ratio."""
    return f"{ratio_text(comparison.ratio_second_over_first)}x"
