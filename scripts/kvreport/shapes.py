"""How a server's figures change from one cell to another: its shape, which a faithful model shares with what it stands for.

Absolute figures are of a language and a library; where the curve bends, and how far, is of the concurrency model.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median

from kvreport.cells import Cell
from kvreport.report import Report
from kvreport.trials import Trial

# Shapes are alike if their ratio lies within these: a curve that bends elsewhere is off by a factor, not by a fifth.
ALIKE = 1.25


@dataclass(frozen=True)
class Place:
    """The cell of a scenario in which a parameter has a value; without a parameter, its only cell."""

    scenario: str
    metric: str
    parameter: str = ""
    value: float = 0

    def cell_of(self, report: Report) -> Cell | None:
        cells = [cell for cell in report.cells if cell.scenario == self.scenario]
        if self.parameter == "connections_held":
            cells = [cell for cell in cells if cell.connections_held == self.value]
        elif self.parameter:
            cells = [cell for cell in cells if cell.number(self.parameter) == self.value]
        return cells[0] if len(cells) == 1 else None


@dataclass(frozen=True)
class Shape:
    """A figure at one place over a figure at another, in the same block."""

    name: str
    above: Place
    below: Place


@dataclass(frozen=True)
class Spread:
    """The middle of some blocks' values and the 95 % interval of the median by order statistics, if so few have one."""

    median: float
    lower: float | None
    upper: float | None
    n: int


SHAPES = (
    Shape(
        "RPS, 512 connections over 1",
        Place("connection-sweep", "throughput_rps", "connections", 512),
        Place("connection-sweep", "throughput_rps", "connections", 1),
    ),
    Shape(
        "CPU a request, 512 connections over 64",
        Place("connection-sweep", "cpu_us_per_request", "connections", 512),
        Place("connection-sweep", "cpu_us_per_request", "connections", 64),
    ),
    Shape(
        "512 connections: P99 over P50",
        Place("connection-sweep", "latency_p99_us", "connections", 512),
        Place("connection-sweep", "latency_p50_us", "connections", 512),
    ),
    Shape(
        "waiting handler, 16 workers: RPS, 16 connections over 8",
        Place("downstream-wait", "throughput_rps", "connections", 16),
        Place("downstream-wait", "throughput_rps", "connections", 8),
    ),
    Shape(
        "waiting handler, 16 workers: RPS, 256 connections over 16",
        Place("downstream-wait", "throughput_rps", "connections", 256),
        Place("downstream-wait", "throughput_rps", "connections", 16),
    ),
    Shape(
        "all compute: P99 over P50",
        Place("cpu-bound", "latency_p99_us"),
        Place("cpu-bound", "latency_p50_us"),
    ),
    Shape(
        "1 % compute for 10 ms, 16 workers: P90 over P50",
        Place("bimodal", "latency_p90_us", "server.workers", 16),
        Place("bimodal", "latency_p50_us", "server.workers", 16),
    ),
    Shape(
        "1 % compute for 10 ms: P90, 16 workers over 1",
        Place("bimodal", "latency_p90_us", "server.workers", 16),
        Place("bimodal", "latency_p90_us", "server.workers", 1),
    ),
    Shape(
        "16 workers: P90, 0.2 % compute for 50 ms over 1 % for 10 ms",
        Place("long-bursts", "latency_p90_us"),
        Place("bimodal", "latency_p90_us", "server.workers", 16),
    ),
    Shape(
        "RPS beside 10,000 idle connections over alone",
        Place("idle-connections", "throughput_rps", "connections_held", 10_064),
        Place("idle-connections", "throughput_rps", "connections_held", 64),
    ),
    Shape(
        "memory beside 10,000 idle connections over alone",
        Place("idle-connections", "rss_max_bytes", "connections_held", 10_064),
        Place("idle-connections", "rss_max_bytes", "connections_held", 64),
    ),
    Shape(
        "CPU of a request and its connection over that of a request",
        Place("churn", "cpu_us_per_request"),
        Place("churn-kept", "cpu_us_per_request"),
    ),
    Shape(
        "goodput, twice the capacity offered, over a closed loop's",
        Place("overload", "throughput_rps"),
        Place("overload-closed", "throughput_rps"),
    ),
)


def median_of(values: Collection[float]) -> Spread | None:
    """The interval leaves out as many values at each end as a fair coin seldom (2.5 %) exceeds; six values have one."""
    if not values:
        return None
    ordered = sorted(values)
    n = len(ordered)
    left_out, chance = 0, 0.5**n  # of no more than left_out heads
    while chance + math.comb(n, left_out + 1) * 0.5**n <= 0.025:
        left_out += 1
        chance += math.comb(n, left_out) * 0.5**n
    if chance > 0.025:
        return Spread(median(ordered), None, None, n)
    return Spread(median(ordered), ordered[left_out], ordered[n - 1 - left_out], n)


def figures_at(report: Report, place: Place, contender: str) -> dict[int, float]:
    """Block -> the figure of the trial that stands."""
    cell = place.cell_of(report)
    trials: Sequence[Trial] = report.standing(cell, contender) if cell else ()
    return {trial.block: value for trial in trials if (value := trial.value(place.metric))}


def divided(above: dict[int, float], below: dict[int, float]) -> dict[int, float]:
    """Within the blocks that have both."""
    return {block: above[block] / below[block] for block in above if block in below}


def shape_of(report: Report, shape: Shape, contender: str) -> dict[int, float]:
    return divided(figures_at(report, shape.above, contender), figures_at(report, shape.below, contender))


def verdict_of(ratio: Spread | None) -> str:
    """ "agrees": shown to be alike; "differs": shown not to be; else "open"."""
    if ratio is None or ratio.lower is None or ratio.upper is None:
        return "open"
    if ratio.lower >= 1 / ALIKE and ratio.upper <= ALIKE:
        return "agrees"
    return "differs" if ratio.upper < 1 / ALIKE or ratio.lower > ALIKE else "open"
