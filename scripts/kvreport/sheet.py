"""A sheet: one file of a figure, with its title, what n and the intervals are, and where the numbers come from.

Whatever shows a number is drawn by `point` or `dots`, or registered by `mark`: its exact figures travel with it into the SVG,
as a title to hover over and data-* attributes to read.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.lines import Line2D

from kvreport.gate import Gate
from kvreport.report import Report
from kvreport.results import SummaryRow
from kvreport.style import FAINT, INK, PAPER, Look
from kvreport.units import figure_text, metric_of

Data = Mapping[str, str | float | int | None]
TITLE_HEIGHT, LINE_HEIGHT, LEGEND_HEIGHT, FOOT_HEIGHT = 0.25, 0.185, 0.26, 0.13  # inches
CROWD = 1500  # trials; beyond, nobody hovers over a single one, and the page must stay small


@dataclass(frozen=True)
class Mark:
    """What hovering shows, and the figures behind it; without text it only belongs to somebody."""

    text: str
    data: Data


@dataclass
class Sheet:
    """`name` tells the sheets of a figure apart, empty if there is one; `scenario` if it shows one alone."""

    source: Report | Gate
    name: str
    title: str
    note: str
    width: float = 8.0
    height: float = 4.5
    scenario: str | None = None
    alt: str = ""
    panels: tuple[int, int] = (1, 1)
    share_x: bool = False
    share_y: bool = False
    figure: Figure = field(init=False)
    grid: list[list[Axes]] = field(init=False)
    marks: dict[str, list[Mark]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        title = textwrap.wrap(self.title, int(self.width * 9.2))[:3]
        note = textwrap.wrap(self.note, int(self.width * 13.6))[:4]
        foot = textwrap.wrap(footer(self.source), int(self.width * 15.5))[:3]
        self._head = 0.14 + TITLE_HEIGHT * len(title) + LINE_HEIGHT * len(note)
        self._foot = 0.1 + FOOT_HEIGHT * len(foot)
        self.height += self._head + LEGEND_HEIGHT + self._foot
        self.alt = self.alt or f"{self.title}. {self.note}"
        self.figure = Figure(figsize=(self.width, self.height), layout="constrained")
        self._leave_room(self._head)
        self.grid = [
            list(row) for row in self.figure.subplots(*self.panels, squeeze=False, sharex=self.share_x, sharey=self.share_y)
        ]
        y = self.height - 0.08
        for line in title:
            self._write(0.12, y, line, fontsize=12.5, fontweight="bold", va="top")
            y -= TITLE_HEIGHT
        for line in note:
            self._write(0.12, y, line, fontsize=9.5, va="top")
            y -= LINE_HEIGHT
        self._write(0.12, 0.06, "\n".join(foot), fontsize=7, color=FAINT, va="bottom")

    def _leave_room(self, head: float) -> None:
        """The axes have what lies between `head` inches and the footer."""
        engine = self.figure.get_layout_engine()
        assert isinstance(engine, ConstrainedLayoutEngine)
        engine.set(rect=(0.008, self._foot / self.height, 0.984, 1 - (head + self._foot) / self.height), h_pad=0.06, w_pad=0.06)

    def _write(self, x: float, y: float, text: str, **how: Any) -> None:
        placed = self.figure.text(x / self.width, y / self.height, text, **how)
        placed.set_in_layout(False)

    @property
    def axes(self) -> Axes:
        return self.grid[0][0]

    def mark(self, artist: Artist, text: str, **data: str | float | int | None) -> None:
        self._register(artist, [Mark(text, data)])

    def own(self, artist: Artist, contender: str, scenario: str | None = None) -> None:
        """The artist has no number of its own, such as a line between points, but goes with a contender's."""
        self._register(artist, [Mark("", {"contender": contender, "scenario": scenario})])

    def _register(self, artist: Artist, marks: list[Mark]) -> None:
        gid = f"mark-{len(self.marks)}"
        artist.set_gid(gid)
        self.marks[gid] = marks

    def point(
        self,
        axes: Axes,
        look: Look,
        at: tuple[float, float],
        text: str,
        data: Data,
        x_interval: tuple[float, float] | None = None,
        y_interval: tuple[float, float] | None = None,
        size: float = 7.5,
        is_hollow: bool = False,
    ) -> None:
        """A figure that counts, with its interval where it has one."""
        x, y = at
        contender = str(data.get("contender", ""))
        scenario = data.get("scenario")
        for xs, ys in ((x_interval, (y, y)), ((x, x), y_interval)):
            if xs is not None and ys is not None:
                (line,) = axes.plot(xs, ys, color=look.colour, linewidth=2.2, solid_capstyle="butt", zorder=3)
                self.own(line, contender, str(scenario) if scenario else None)
        face = PAPER if is_hollow else look.colour
        (point,) = axes.plot(
            [x],
            [y],
            marker=look.marker,
            color=look.colour,
            markerfacecolor=face,
            markersize=size,
            linestyle="none",
            markeredgecolor=look.colour if is_hollow or look.marker == "x" else PAPER,
            zorder=4,
            markeredgewidth=1.4 if is_hollow or look.marker == "x" else 0.9,
        )
        self._register(point, [Mark(text, data)])

    def summary_point(
        self, axes: Axes, look: Look, row: SummaryRow, at: tuple[float, float], along: str, size: float = 7.5
    ) -> None:
        """The median of a summary's row with its interval, both in the metric's unit along the axis `along`."""
        metric = metric_of(row.metric)
        interval = None if row.lower95 is None or row.upper95 is None else (metric.of(row.lower95), metric.of(row.upper95))
        figures = figure_text(metric.of(row.median or 0.0))
        if interval is not None:
            figures += f" [{figure_text(interval[0])}, {figure_text(interval[1])}]"
        text = f"{row.cell.name}, {row.contender}: {metric.title} {figures} {metric.unit}".rstrip() + f", n = {row.n}"
        data: Data = {
            "scenario": row.cell.scenario,
            "cell": row.cell.label,
            "contender": row.contender,
            "metric": row.metric,
            "value": row.median,
            "lower95": row.lower95,
            "upper95": row.upper95,
            "n": row.n,
        }
        if along == "x":
            self.point(axes, look, at, text, data, x_interval=interval, size=size)
        else:
            self.point(axes, look, at, text, data, y_interval=interval, size=size)

    def dots(
        self,
        axes: Axes,
        look: Look,
        places: Sequence[tuple[float, float]],
        marks: Sequence[Mark],
        is_hollow: bool,
        size: float = 9.0,
    ) -> None:
        """Many small figures of one kind, each with a mark of its own unless there is a crowd.

        They are faint, or hollow if they do not count.
        """
        if not places:
            return
        how: dict[str, Any] = (
            {"facecolors": "none", "edgecolors": look.colour, "linewidths": 0.9}
            if is_hollow and look.marker != "x"
            else {"color": look.colour, "alpha": 0.38, "linewidths": 0.9 if look.marker == "x" else 0}
        )
        drawn = axes.scatter(
            [x for x, _ in places],
            [y for _, y in places],
            s=size * (1.6 if is_hollow else 1),
            marker=look.marker,
            zorder=2,
            **how,
        )
        if isinstance(self.source, Report) and len(self.source.trials) > CROWD:
            self.own(drawn, str(marks[0].data.get("contender") or ""), str(marks[0].data.get("scenario") or ""))
        else:
            self._register(drawn, list(marks))

    def legend(self, handles: Sequence[Artist]) -> None:
        """Between the note and the axes, where it hides nothing; in as few lines as the width allows."""
        inches = [0.5 + 0.078 * len(str(handle.get_label())) for handle in handles]
        lines = next(
            count
            for count in range(1, len(handles) + 1)
            if sum(max(inches[at : at + count]) for at in range(0, len(handles), count)) <= self.width - 0.2
            or count == len(handles)
        )
        legend = self.figure.legend(
            handles=list(handles),
            loc="upper left",
            ncols=-(-len(handles) // lines),
            bbox_to_anchor=(0.06 / self.width, 1 - self._head / self.height),
        )
        legend.set_in_layout(False)
        self._leave_room(self._head + LEGEND_HEIGHT * lines)

    def settle(self) -> None:
        """Lays the sheet out once, however often it is saved."""
        engine = self.figure.get_layout_engine()
        if engine is not None:
            engine.execute(self.figure)
            self.figure.set_layout_engine("none")


def handle(look: Look, label: str, line: bool = False) -> Line2D:
    return Line2D([], [], color=look.colour, marker=look.marker, linestyle=look.line if line else "none", label=label)


def trial_handles(has_invalid: bool) -> list[Line2D]:
    handles = [Line2D([], [], color=INK, alpha=0.4, marker="o", markersize=3.5, linestyle="none", label="a valid trial")]
    if has_invalid:
        handles.append(
            Line2D(
                [],
                [],
                color=INK,
                marker="o",
                markersize=4.5,
                markerfacecolor="none",
                linestyle="none",
                label="invalid, counts for nothing",
            )
        )
    return handles


def footer(source: Report | Gate) -> str:
    if isinstance(source, Gate):
        parts = [f"machine {source.fingerprint}", *source.commits, source.run_id]
    else:
        machine = source.environment
        parts = [
            f"{machine.cpu_model or 'unknown CPU'} x {machine.cpus}",
            machine.kernel or "unknown kernel",
            f"machine {machine.fingerprint}",
            f"commit {source.tool.commit}",
            source.run.id,
        ]
    return " · ".join(textwrap.shorten(part, 36, placeholder="...") for part in parts)
