"""Which endpoints of a gate got worse, which are proven not to, and which are open?"""

import math
from collections import Counter
from collections.abc import Iterator

from matplotlib.artist import Artist
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kvreport.axis import log_axis
from kvreport.gate import Endpoint, Gate
from kvreport.registry import DoesNotApply, figure
from kvreport.sheet import Sheet
from kvreport.style import BAND, BLUE, FAINT, INK, PAPER, VERMILLION, Look
from kvreport.units import SHORT, interval_text, ratio_text
from kvreport.words import plural

WORDS = {
    "regression": Look(VERMILLION, "s", "-"),
    "not worse": Look(BLUE, "o", "-"),
    "open": Look(FAINT, "D", "-"),
    "unjudged": Look(FAINT, "x", ":"),
}
MOST_ROWS = 40


@figure("gate-forest", takes="gate")
def gate_forest(gate: Gate) -> Iterator[Sheet]:
    # By metric, for a tolerance is a metric's: its band is then one.
    endpoints = sorted(
        gate.endpoints, key=lambda of: list(dict.fromkeys(each.metric for each in gate.endpoints)).index(of.metric)
    )
    if not endpoints:
        raise DoesNotApply("the gate has no endpoint")
    for first in range(0, len(endpoints), MOST_ROWS):
        yield draw(gate, endpoints[first : first + MOST_ROWS], f"{first // MOST_ROWS + 1}" if len(endpoints) > MOST_ROWS else "")


def draw(gate: Gate, endpoints: list[Endpoint], name: str) -> Sheet:
    words = Counter(of.verdict for of in gate.endpoints)
    sheet = Sheet(
        gate,
        name,
        f"Gate: {gate.verdict} - " + ", ".join(counted(words[word], word) for word in WORDS if words[word]),
        f"Head over base within blocks, with its 95 % interval (n = {gate.blocks} blocks). Shaded: the tolerance, with a "
        "line at half of it. The words are the gate's rule over all endpoints at once: of a regression p is small and the mark "
        "beyond the line; not worse: even at worst the change is in the shade. Of RPS less is worse, of all others more.",
        width=8.6,
        height=0.9 + 0.29 * len(endpoints),
    )
    axes = sheet.axes
    labels: list[str] = []
    for y, endpoint in enumerate(endpoints):
        labels.append(f"{endpoint.cell.name}, {endpoint.server}  {SHORT.get(endpoint.metric, endpoint.metric)}")
        draw_endpoint(sheet, y, endpoint)
        if y and endpoints[y - 1].metric != endpoint.metric:
            axes.axhline(y - 0.5, color=BAND, linewidth=1.0)
    axes.axvline(1, color=FAINT, linewidth=1.0, zorder=1)
    axes.set_ylim(len(endpoints) - 0.4, -0.6)
    axes.set_yticks(range(len(endpoints)), labels, fontsize=9.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)
    log_axis(axes.xaxis, "head over base")
    handles: list[Artist] = [
        Line2D([], [], color=look.colour, marker=look.marker, linewidth=2.0, label=word)
        for word, look in WORDS.items()
        if words[word]
    ]
    sheet.legend([*handles, Patch(color=BAND, label="tolerance")])
    return sheet


def counted(count: int, word: str) -> str:
    return plural(count, word) if word == "regression" else f"{count} {word}"


def draw_endpoint(sheet: Sheet, y: int, endpoint: Endpoint) -> None:
    axes = sheet.axes
    look = WORDS.get(endpoint.verdict, WORDS["unjudged"])
    ratio, lower, upper = endpoint.ratio_head_over_base, endpoint.lower95, endpoint.upper95
    axes.fill_betweenx([y - 0.36, y + 0.36], min(1, endpoint.limit), max(1, endpoint.limit), color=BAND, linewidth=0, zorder=0)
    axes.vlines(math.sqrt(endpoint.limit), y - 0.36, y + 0.36, color=PAPER, linewidth=1.2, zorder=0.5)
    sentence = (
        f"{endpoint.cell.name}, {endpoint.server}: {endpoint.metric} {ratio_text(ratio)}x {interval_text(lower, upper)}, "
        f"tolerance {ratio_text(endpoint.limit)}x, {endpoint.verdict}, n = {endpoint.n}"
    )
    if ratio:
        sheet.point(
            axes,
            look,
            (ratio, y),
            sentence,
            {
                "scenario": endpoint.cell.scenario,
                "cell": endpoint.cell.label,
                "server": endpoint.server,
                "metric": endpoint.metric,
                "ratio": ratio,
                "lower95": lower,
                "upper95": upper,
                "tolerance": endpoint.tolerance,
                "verdict": endpoint.verdict,
                "n": endpoint.n,
            },
            x_interval=(lower, upper) if lower and upper else None,
            size=6.0,
        )
    is_bad = endpoint.verdict == "regression"
    axes.text(
        1.02,
        y,
        f"{endpoint.verdict}  {ratio_text(ratio)}x {interval_text(lower, upper)}",
        transform=axes.get_yaxis_transform(),
        va="center",
        fontsize=9,
        fontweight="bold" if is_bad else "normal",
        color=INK if is_bad else FAINT,
    )
