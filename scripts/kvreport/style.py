"""How every figure looks: Okabe and Ito's colours, which the colour-blind tell apart, each with its marker and line."""

from collections.abc import Sequence
from dataclasses import dataclass

from kvreport.report import Contender

ORANGE, SKY, GREEN, YELLOW = "#E69F00", "#56B4E9", "#009E73", "#F0E442"
BLUE, VERMILLION, PURPLE = "#0072B2", "#D55E00", "#CC79A7"
# Not quite black, white and grey: the page finds them in a figure and puts the colours of the reader's theme there.
INK, PAPER, FAINT, BAND = "#000001", "#fffffe", "#767677", "#e9e9ea"


@dataclass(frozen=True)
class Look:
    colour: str
    marker: str
    line: str


KNOWN = {
    "async": Look(BLUE, "o", "-"),
    "threads": Look(VERMILLION, "s", "-"),
    "go": Look(GREEN, "^", "-"),
    "rust": Look(PURPLE, "D", "-"),
    "floor": Look(INK, "x", "--"),
}
OTHERS = (
    Look(ORANGE, "v", "-."),
    Look(SKY, "P", ":"),
    Look(GREEN, "<", "--"),
    Look(PURPLE, ">", "-."),
    Look(FAINT, "X", ":"),
    Look(YELLOW, "h", "-."),
    Look(BLUE, "d", ":"),
    Look(VERMILLION, "p", ":"),
)
ALIASES = {"null": "floor"}


def looks_of(contenders: Sequence[Contender]) -> dict[str, Look]:
    """The known ones as everywhere; of several of one model the first has its look, the others what is left."""
    looks: dict[str, Look] = {}
    for way in range(3):
        for contender in contenders:
            name = (contender.id, contender.id.partition("-")[0], contender.model)[way]
            known = KNOWN.get(ALIASES.get(name, name))
            if known and contender.id not in looks and known not in looks.values():
                looks[contender.id] = known
    rest = [look for look in OTHERS if look.colour not in {of.colour for of in looks.values()}]
    rest += [look for look in OTHERS if look not in rest]
    left = [contender.id for contender in contenders if contender.id not in looks]
    return looks | {name: rest[place % len(rest)] for place, name in enumerate(left)}


RC = {
    "font.family": ["DejaVu Sans"],
    "font.size": 10.5,
    "text.color": INK,
    "text.parse_math": False,  # a scenario may be called $x$
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.unicode_minus": False,
    "figure.facecolor": PAPER,
    "grid.color": BAND,
    "grid.linewidth": 0.8,
    "hatch.color": FAINT,
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "legend.handletextpad": 0.5,
    "legend.columnspacing": 1.4,
    "legend.borderaxespad": 0.2,
    "lines.linewidth": 1.8,
    "lines.markersize": 6.5,
    "patch.edgecolor": INK,
    "svg.fonttype": "none",
    "xtick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.color": FAINT,
    "ytick.labelcolor": INK,
}
