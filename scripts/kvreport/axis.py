"""Axes whose ticks are plain numbers: 1, 2, 5, 10 and percentiles, never powers in superscript."""

import math

from matplotlib.axis import Axis
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator

# The wider the span in decades, the fewer ticks in each.
STEPS = ((3.0, (1.0,)), (1.7, (1.0, 3.0)), (0.7, (1.0, 2.0, 5.0)), (0.0, (1.0, 2.0, 3.0, 5.0, 7.0)))
PERCENTILES = {0.0: "0", 0.5: "50", 0.9: "90", 0.99: "99", 0.999: "99.9", 0.9999: "99.99", 0.99999: "99.999"}


def plain(value: float, _position: int = 0) -> str:
    """12.5, 40, 1,600, 20k, 1.5M: as short as it stays exact."""
    for size, suffix in ((1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e6 if suffix == 'M' else 1e3):g}{suffix}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def log_axis(axis: Axis, title: str) -> None:
    """Logarithmic with ticks that suit its span; padded, so that no mark lies on the edge."""
    axes = axis.axes
    is_x = axis is axes.xaxis
    (axes.set_xscale if is_x else axes.set_yscale)("log")
    group = axes.get_shared_x_axes() if is_x else axes.get_shared_y_axes()
    spans = [of.dataLim.intervalx if is_x else of.dataLim.intervaly for of in group.get_siblings(axes)]
    ends = [float(end) for span in spans for end in span if math.isfinite(end)]  # of axes without data they are infinite
    low, high = min(ends, default=0.0), max(ends, default=0.0)
    if not (math.isfinite(low) and math.isfinite(high) and 0 < low <= high):
        low, high = 1.0, 10.0
    pad = max((high / low) ** 0.04, 1.06)
    low, high = low / pad, high * pad
    (axes.set_xlim if is_x else axes.set_ylim)(low, high)
    decades = math.log10(high / low)
    steps = next(of for least, of in STEPS if decades > least)
    if decades < 0.25:
        axis.set_major_locator(FixedLocator(nice_ticks(low, high)))
    else:
        axis.set_major_locator(LogLocator(base=10, subs=steps, numticks=20))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(plain))
    axis.set_minor_formatter(NullFormatter())
    axis.set_label_text(title)


def nice_ticks(low: float, high: float) -> list[float]:
    """Four or so round numbers within a span of less than a decade."""
    step = 10 ** math.floor(math.log10((high - low) / 3))
    step = next((step * of for of in (1, 2, 5, 10) if (high - low) / (step * of) <= 5), step * 10)
    first = math.ceil(low / step)
    return [step * number for number in range(first, int(high / step) + 1)]


def value_axis(axis: Axis, values: list[float], title: str) -> None:
    """Logarithmic with a tick at each of the swept values, which are mostly powers of something."""
    log_axis(axis, title)
    kept: list[float] = []
    for value in sorted(set(values)):  # labels of neighbours must not overlap
        if not kept or math.log(value / kept[-1]) > 0.09 * math.log(max(values) / min(values) + 1e-9):
            kept.append(value)
    axis.set_major_locator(FixedLocator(kept))


def linear_axis(axis: Axis, title: str) -> None:
    axis.set_major_formatter(FuncFormatter(plain))
    axis.set_label_text(title)


def percentile_axis(axis: Axis, highest: float) -> None:
    """HdrHistogram's axis: 1 / (1 - q), logarithmic, so that each nine has the same width."""
    axis.axes.set_xscale("log")
    axis.axes.set_xlim(1, 1.15 / (1 - min(highest, 0.99999)))
    axis.set_major_locator(FixedLocator([1 / (1 - q) for q in PERCENTILES]))
    axis.set_minor_locator(NullLocator())
    names = {round(1 / (1 - q), 6): name for q, name in PERCENTILES.items()}
    axis.set_major_formatter(FuncFormatter(lambda value, _: names.get(round(value, 6), "")))
    axis.set_label_text("percentile of the requests")
