"""A trial: one measured run of one contender in one cell."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kvreport.cells import Cell
from kvreport.tree import Tree, take


@dataclass(frozen=True)
class Warning:
    code: str
    message: str


@dataclass(frozen=True)
class Times:
    """Figures of a histogram, in us; a percentile that has too few samples is None, and `absent` says why."""

    count: int
    min: float | None
    mean: float | None
    p50: float | None
    p90: float | None
    p99: float | None
    p99_9: float | None
    max: float | None
    absent: dict[str, str]
    hdr: str


@dataclass(frozen=True)
class Interval:
    """A slice of the window, by the time answers ended."""

    start_s: float
    duration_s: float
    completed: int
    errors: int
    p50_us: float | None
    p99_us: float | None

    @property
    def rate_per_s(self) -> float:
        return self.completed / self.duration_s if self.duration_s > 0 else 0.0


@dataclass(frozen=True)
class Split:
    """Parts of the mean latency, in us; they add up to it."""

    before_send: float
    queue_wait: float
    handler: float
    rest: float


@dataclass(frozen=True)
class Server:
    cpu_us_per_request: float | None
    context_switches_per_request: float | None
    rss_max_bytes: int | None
    threads_max: int | None


@dataclass(frozen=True)
class Trial:
    cell: Cell
    contender: str
    block: int
    repetition: int
    order_in_block: int
    verdict: str
    warnings: tuple[Warning, ...]
    started_at: datetime
    window_s: float | None
    drain_s: float | None
    duration_s: float
    requests: dict[str, Any]
    offered_rps: float | None
    throughput_rps: float | None
    latency_us: Times
    service_time_us: Times
    latency_split_us: Split | None
    intervals: tuple[Interval, ...]
    server: Server
    first_error: str | None

    @property
    def is_valid(self) -> bool:
        return self.verdict == "valid"

    @property
    def stretch(self) -> float:
        """Seconds on the wall for each second of the window: over 1 where contenders took turns (`slice_s`)."""
        if not self.cell.is_sliced or self.window_s is None or self.drain_s is None or self.duration_s <= 0:
            return 1.0
        return max((self.drain_s - self.window_s) / self.duration_s, 1.0)

    @property
    def codes(self) -> str:
        return ", ".join(dict.fromkeys(warning.code for warning in self.warnings))

    def hides(self, quantile: float) -> bool:
        """Does it lie among requests that were never sent? They stand in the latency at their age when the window ended: a bound
        that grows with the window, and no figure of the server (docs/how-it-measures.md)."""
        return self.unsent > (1 - quantile) * self.latency_us.count

    @property
    def unsent(self) -> int:
        return int(self.requests["unsent"])

    def percentile(self, quantile: float, value: float | None) -> float | None:
        return None if self.hides(quantile) else value

    def value(self, metric: str) -> float | None:
        """A metric of the summary, of this trial."""
        match metric:
            case "throughput_rps":
                return self.throughput_rps
            case "offered_rps":
                return self.offered_rps
            case "latency_mean_us":
                return self.percentile(0.99, self.latency_us.mean)
            case "latency_p50_us":
                return self.percentile(0.5, self.latency_us.p50)
            case "latency_p90_us":
                return self.percentile(0.9, self.latency_us.p90)
            case "latency_p99_us":
                return self.percentile(0.99, self.latency_us.p99)
            case "service_time_p99_us":
                return self.service_time_us.p99
            case "cpu_us_per_request":
                return self.server.cpu_us_per_request
            case "context_switches_per_request":
                return self.server.context_switches_per_request
            case "rss_max_bytes":
                return None if self.server.rss_max_bytes is None else float(self.server.rss_max_bytes)
        return None

    def row(self) -> dict[str, Any]:
        """Flat, units in the names: for a data frame."""
        return {
            "scenario": self.cell.scenario,
            "cell": self.cell.label,
            "contender": self.contender,
            "block": self.block,
            "repetition": self.repetition,
            "order_in_block": self.order_in_block,
            "verdict": self.verdict,
            "codes": self.codes,
            "started_at": self.started_at,
            "duration_s": self.duration_s,
            "connections": self.cell.parameters["connections"],
            "loop": self.cell.parameters["loop"],
            "rate_per_s": self.cell.rate_per_s,
            "offered_rps": self.offered_rps,
            "throughput_rps": self.throughput_rps,
            "latency_mean_us": self.value("latency_mean_us"),
            "latency_p50_us": self.value("latency_p50_us"),
            "latency_p90_us": self.value("latency_p90_us"),
            "latency_p99_us": self.value("latency_p99_us"),
            "latency_p99_9_us": self.percentile(0.999, self.latency_us.p99_9),
            "latency_max_us": self.latency_us.max,
            "service_time_p99_us": self.service_time_us.p99,
            "cpu_us_per_request": self.server.cpu_us_per_request,
            "context_switches_per_request": self.server.context_switches_per_request,
            "rss_max_bytes": self.server.rss_max_bytes,
        }


def parse_time(text: str) -> datetime:
    """RFC 3339 with up to nine digits of a second, of which datetime keeps six."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{(fraction or '0')[:6].ljust(6, '0')}+00:00")


def make_trial(tree: Tree, cell: Cell) -> Trial:
    split = tree["latency_split_us"]
    return take(
        Trial,
        tree,
        cell=cell,
        warnings=tuple(take(Warning, of) for of in tree["warnings"]),
        started_at=parse_time(tree["started_at"]),
        window_s=tree["phases"]["window_s"],
        drain_s=tree["phases"]["drain_s"],
        latency_us=take(Times, tree["latency_us"]),
        service_time_us=take(Times, tree["service_time_us"]),
        latency_split_us=take(Split, split) if split else None,
        intervals=tuple(take(Interval, of) for of in tree["intervals"]),
        server=take(Server, tree["server"]),
    )
