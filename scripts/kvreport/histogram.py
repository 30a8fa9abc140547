"""Histograms of a report, decoded and merged by the package hdrhistogram; values are in ns, figures here in us.

The packages are imported where they are used: kvreport itself must be importable before bootstrap.py has found them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

LOWEST_NS, HIGHEST_NS, DIGITS = 1, 3_600_000_000_000, 3
# A percentile is carried by samples if this many lie beyond it on average: the rule of the report, where P99 needs 662.
LEAST_BEYOND = 6.63


@dataclass(frozen=True)
class Histogram:
    """Upper edges of the buckets that hold anything, in us, and how many values lie at or below each."""

    edges_us: "np.ndarray[tuple[int], np.dtype[np.float64]]"
    running: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    unsent: int = 0  # of the values: ages of requests that were never sent, no latencies

    @property
    def count(self) -> int:
        return int(self.running[-1]) if len(self.running) else 0

    def at(self, q: float) -> float:
        """Upper edge of the first bucket whose running count reaches ceil(q * count), as kvduel has it."""
        rank = min(self.count, max(1, ceil(round(q * self.count, 6))))
        return float(self.edges_us[int(self.running.searchsorted(rank))])

    @property
    def highest_carried(self) -> float:
        """The last quantile that has samples enough, and does not lie among what was never sent."""
        return max(0.0, 1 - max(LEAST_BEYOND, self.unsent) / self.count) if self.count else 0.0


def merge(texts: Iterable[str], unsent: int = 0) -> Histogram:
    """One histogram of all that is in the encoded ones, `unsent` of it never sent."""
    import numpy as np
    from hdrh.histogram import HdrHistogram

    merged = HdrHistogram(LOWEST_NS, HIGHEST_NS, DIGITS)
    for text in texts:
        merged.decode_and_add(text)
    counts = np.asarray(merged.counts, dtype=np.int64)
    filled = np.flatnonzero(counts)
    return Histogram(bucket_edges_ns()[filled] / 1e3, np.cumsum(counts[filled]), unsent)


@cache
def bucket_edges_ns() -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """The upper edge of every bucket, by the package."""
    import numpy as np
    from hdrh.histogram import HdrHistogram

    layout = HdrHistogram(LOWEST_NS, HIGHEST_NS, DIGITS)
    edges = [layout.get_highest_equivalent_value(layout.get_value_from_index(index)) for index in range(layout.counts_len)]
    return np.asarray(edges, dtype=np.float64)
