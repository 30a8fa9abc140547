"""Numbers for people: three figures that count, one unit a column, the unit always said."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

KIB, MIB = 1024.0, 1024.0 * 1024.0


def count_text(value: float) -> str:
    """185,529; whole, with separators."""
    return f"{value:,.0f}"


def figure_text(value: float | None) -> str:
    """Three digits that count, as the terminal's tables have them: 185,529, 33.8, 5.32, 0.04; a dash for what is not there. What
    the terminal has as 0.00 keeps two digits here."""
    if value is None or not math.isfinite(value):
        return "-"
    size = abs(value)
    if size >= 99.95 or size == 0:
        return f"{value:,.0f}"
    if size >= 9.995:
        return f"{value:.1f}"
    if size >= 0.01:
        return f"{value:.2f}"
    return f"{value:.2g}"


def ratio_text(value: float | None) -> str:
    if value is None:
        return "-"
    if value < 0.1:
        return f"{value:.2g}"  # 0.004 is not 0
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def interval_text(lower: float | None, upper: float | None) -> str:
    if lower is None or upper is None:
        return "[no interval]"
    return f"[{ratio_text(lower)}, {ratio_text(upper)}]"


def bytes_text(value: float) -> str:
    for size, unit in ((MIB, "MiB"), (KIB, "KiB")):
        if value >= size:
            return f"{value / size:,.4g} {unit}"
    return f"{value:.0f} B"


def us_text(value_us: float) -> str:
    """A single time where no column sets the unit: 250 us, 5 ms, 1.2 s."""
    for size, unit in ((1e6, "s"), (1e3, "ms")):
        if value_us >= size:
            return f"{value_us / size:.3g} {unit}"
    return f"{value_us:.3g} us"


@dataclass(frozen=True)
class Unit:
    """A unit that a whole axis or column keeps: `value / size` of it."""

    name: str
    size: float

    def of(self, value: float) -> float:
        return value / self.size


US, MS, S = Unit("us", 1.0), Unit("ms", 1e3), Unit("s", 1e6)
PLAIN = Unit("", 1.0)


def time_unit(values_us: Iterable[float]) -> Unit:
    """The one in which the median of the values lies between 1 and 1,000."""
    ordered = sorted(value for value in values_us if value > 0)
    middle = ordered[len(ordered) // 2] if ordered else 1.0
    return S if middle >= 1e6 else MS if middle >= 1e3 else US


@dataclass(frozen=True)
class Metric:
    """A metric of the report: how it is called on an axis, in which unit it is drawn, and which direction is better."""

    name: str
    title: str
    unit: str
    size: float = 1.0
    is_higher_better: bool = False

    def of(self, value: float) -> float:
        return value / self.size

    @property
    def axis(self) -> str:
        return f"{self.title}, {self.unit}" if self.unit else self.title


METRICS = {
    metric.name: metric
    for metric in (
        Metric("throughput_rps", "requests a second", "", is_higher_better=True),
        Metric("offered_rps", "requests sent a second", "", is_higher_better=True),
        Metric("latency_mean_us", "mean latency", "us"),
        Metric("latency_p50_us", "P50 latency", "us"),
        Metric("latency_p90_us", "P90 latency", "us"),
        Metric("latency_p99_us", "P99 latency", "us"),
        Metric("service_time_p99_us", "P99 service time", "us"),
        Metric("cpu_us_per_request", "server CPU a request", "us"),
        Metric("context_switches_per_request", "context switches a request", ""),
        Metric("rss_max_bytes", "largest resident set", "MiB", MIB),
    )
}
SHORT = {
    "throughput_rps": "RPS",
    "cpu_us_per_request": "CPU",
    "latency_p50_us": "P50",
    "latency_p99_us": "P99",
    "rss_max_bytes": "RSS",
    "latency_p90_us": "P90",
    "latency_mean_us": "mean",
}


def metric_of(name: str) -> Metric:
    return METRICS.get(name, Metric(name, name.replace("_", " "), ""))
