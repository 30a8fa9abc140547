"""The page's tables as values: what a cell shows, what it sorts by, and its exact figures."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kvreport.cells import Scenario
from kvreport.report import Report
from kvreport.results import Comparison, SummaryRow
from kvreport.style import Look, looks_of
from kvreport.units import SHORT, figure_text, metric_of, ratio_text

JUDGED = ("throughput_rps", "cpu_us_per_request", "latency_p50_us", "latency_p99_us", "rss_max_bytes")
COLUMNS = {
    "throughput_rps": "RPS",
    "latency_p50_us": "P50 us",
    "latency_p90_us": "P90 us",
    "latency_p99_us": "P99 us",
    "cpu_us_per_request": "CPU us/req",
    "context_switches_per_request": "switches/req",
    "rss_max_bytes": "RSS MiB",
}
GLYPHS = {
    "o": "●",
    "s": "■",
    "^": "▲",
    "D": "◆",
    "x": "✕",
    "v": "▼",
    "P": "✚",
    "<": "◀",
    ">": "▶",
    "X": "✖",
    "h": "⬢",
    "d": "◊",
    "p": "⬟",
}
MOST_INVALID = 300


@dataclass(frozen=True)
class Value:
    """A cell of a table. `sort` is None where its text sorts it, and empty where there is no figure."""

    text: str
    sort: float | str | None = None
    small: str = ""
    title: str = ""
    is_number: bool = False


def glyph(look: Look) -> str:
    return GLYPHS.get(look.marker, "●")


def number(row: SummaryRow | None) -> Value:
    if row is None or row.median is None:
        return Value("-", "", is_number=True)
    metric = metric_of(row.metric)
    small = ""
    if row.lower95 is not None and row.upper95 is not None:
        small = f"[{figure_text(metric.of(row.lower95))}, {figure_text(metric.of(row.upper95))}]"
    return Value(
        figure_text(metric.of(row.median)), row.median, small, f"{row.metric} {row.median!r} {row.unit}, n = {row.n}", True
    )


def summary_rows(report: Report, scenario: Scenario) -> list[dict[str, Any]]:
    rows = []
    for cell in scenario.cells:
        for contender in report.contender_ids:
            trials = report.trials_of(cell, contender)
            if not trials:
                continue
            valid = len(report.standing(cell, contender))
            lost = len(report.invalid(cell, contender))
            values = [Value(cell.label or "-"), Value(contender)]
            values += [number(report.row(cell, contender, metric)) for metric in COLUMNS]
            values.append(Value(f"{valid} blocks", valid, f"{lost} invalid" if lost else "", is_number=True))
            rows.append({"contender": contender, "shown": values})
    return rows


def verdict_value(comparison: Comparison, looks: dict[str, Look]) -> dict[str, Any]:
    winner = comparison.winner
    text = ratio_text(comparison.ratio_second_over_first)
    text = "no pair left" if text == "-" else f"{text}x"
    if comparison.lower95 is not None and comparison.upper95 is not None:
        text += f" [{ratio_text(comparison.lower95)}, {ratio_text(comparison.upper95)}]"
    if comparison.verdict == "undecided" and comparison.blocks_needed:
        text += f" ({comparison.blocks_needed:,})"
    return {
        "kind": "win" if winner else comparison.verdict,
        "word": winner or comparison.verdict,
        "text": text,
        "metric": comparison.metric,
        "ratio": "" if comparison.ratio_second_over_first is None else comparison.ratio_second_over_first,
        "sentence": comparison.sentence(),
        "swatch": glyph(looks[winner]) if winner in looks else "",
    }


def verdict_table(report: Report) -> dict[str, Any] | None:
    if not report.comparisons:
        return None
    looks = looks_of(report.contenders)
    pairs = list(dict.fromkeys((of.first, of.second) for of in report.comparisons))
    found = {(of.cell, of.first, of.second, of.metric): of for of in report.comparisons}
    rows = []
    for cell in report.cells:
        for first, second in pairs:
            comparisons = [found.get((cell, first, second, metric)) for metric in JUDGED]
            if any(comparisons):
                rows.append(
                    {
                        "scenario": cell.scenario,
                        "name": cell.name,
                        "first": first,
                        "second": second,
                        "shown": [verdict_value(of, looks) if of else None for of in comparisons],
                    }
                )
    has_pairs = len(pairs) > 1
    return {
        "caption": "Who wins, by metric" if has_pairs else f"Who wins, by metric; ratios are {pairs[0][1]} over {pairs[0][0]}",
        "columns": ["cell", *(["ratio"] if has_pairs else []), *(SHORT[metric] for metric in JUDGED)],
        "has_pairs": has_pairs,
        "rows": rows,
    }


def reasons(comparisons: Sequence[Comparison]) -> list[dict[str, Any]]:
    """Decided ones first; of the undecided those by the main metric, for their reason is mostly noise."""
    return [
        {"word": of.word, "sentence": of.sentence(), "texts": (*of.reasons, *of.warnings)}
        for of in sorted(comparisons, key=lambda of: of.winner is None)
    ]


def theory_rows(report: Report, scenario: Scenario) -> list[dict[str, Any]]:
    rows = []
    for of in report.expectations:
        if of.cell.scenario != scenario.id:
            continue
        measured = report.row(of.cell, of.contender, of.metric)
        apart = (measured.median / of.expected - 1) if measured and measured.median and of.expected else None
        rows.append(
            {
                "cell": of.cell.label or "-",
                "contender": of.contender,
                "metric": metric_of(of.metric).axis,
                "expected": of.expected,
                "expected_text": figure_text(of.expected),
                "measured": measured.median if measured else "",
                "measured_text": figure_text(measured.median if measured else None),
                "apart": "" if apart is None else apart,
                "apart_text": "-" if apart is None else f"{100 * apart:+.1f} %",
                "formula": of.formula,
            }
        )
    return rows


def code_rows(report: Report) -> list[dict[str, Any]]:
    trials: Counter[str] = Counter()
    invalid: Counter[str] = Counter()
    messages: dict[str, str] = {}
    for trial in report.trials:
        for code in {warning.code for warning in trial.warnings}:
            trials[code] += 1
            invalid[code] += not trial.is_valid
        for warning in trial.warnings:
            messages.setdefault(warning.code, warning.message)
    return [
        {"code": code, "trials": count, "invalid": invalid[code], "message": messages[code]}
        for code, count in trials.most_common()
    ]


def invalid_rows(report: Report) -> list[dict[str, Any]]:
    return [
        {
            "scenario": of.cell.scenario,
            "cell": of.cell.label or "-",
            "contender": of.contender,
            "block": of.block,
            "repetition": of.repetition,
            "rps": of.throughput_rps if of.throughput_rps is not None else "",
            "rps_text": figure_text(of.throughput_rps),
            "p99": p99 if (p99 := of.value("latency_p99_us")) is not None else "",
            "p99_text": figure_text(p99),
            "codes": of.codes,
            "message": "; ".join(warning.message for warning in of.warnings) or of.first_error or "-",
        }
        for of in report.invalid()[:MOST_INVALID]
    ]
