"""What a run concluded: medians, verdicts, boundaries, theory, capacities and searches. All figures are the report's."""

from dataclasses import dataclass

from kvreport.cells import Cell
from kvreport.tree import Tree
from kvreport.units import SHORT, count_text, interval_text, metric_of, ratio_text, us_text

# What the closed loop that measures a capacity has of its own (capacity_parameters() of the harness).
OF_THE_LOOP = frozenset(
    {
        "loop",
        "rate_per_s",
        "load_fraction",
        "search",
        "arrivals",
        "slice_s",
        "errors_expected",
        "duration_s",
        "connections",
    }
)


@dataclass(frozen=True)
class SummaryRow:
    """One metric of one cell and contender over its valid trials."""

    cell: Cell
    contender: str
    metric: str
    unit: str
    n: int
    median: float | None
    min: float | None
    max: float | None
    lower95: float | None
    upper95: float | None


@dataclass(frozen=True)
class Comparison:
    """Two contenders by one metric of one cell; ratios are of second over first."""

    cell: Cell
    metric: str
    first: str
    second: str
    ratio_second_over_first: float | None
    lower95: float | None
    upper95: float | None
    lower90: float | None
    upper90: float | None
    p_adjusted: float | None
    margin: float
    n: int
    pairs_lost: int
    verdict: str
    blocks_needed: int | None
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def winner(self) -> str | None:
        return {"first": self.first, "second": self.second}.get(self.verdict)

    @property
    def word(self) -> str:
        return f"{self.winner} wins" if self.winner else self.verdict

    @property
    def ratio(self) -> str:
        """ "4.02x [3.90, 4.05]": second over first."""
        if self.ratio_second_over_first is None:
            return "no pair left"
        return f"{ratio_text(self.ratio_second_over_first)}x {interval_text(self.lower95, self.upper95)}"

    def sentence(self) -> str:
        name = SHORT.get(self.metric) or metric_of(self.metric).title
        text = f"{self.cell.name}: {self.word}; {name} of {self.second} over {self.first} {self.ratio}, {self.n} blocks"
        if self.pairs_lost:
            text += f", {self.pairs_lost} pairs lost"
        if self.verdict == "undecided" and self.blocks_needed:
            text += f"; about {self.blocks_needed} blocks would decide"
        return text


@dataclass(frozen=True)
class Crossing:
    """The strip of an axis in which the verdict changes."""

    cell: Cell
    axis: str
    metric: str
    first: str
    second: str
    lower: int
    upper: int
    lower_word: str
    upper_word: str
    stopped_by: str

    def sentence(self) -> str:
        def word(of: str) -> str:
            winner = {"first": self.first, "second": self.second}.get(of)
            return f"{winner} wins" if winner else of

        axis = self.axis.rpartition(".")[2].replace("_", " ")
        if self.axis.endswith("_us"):
            lower, upper, axis = us_text(self.lower), us_text(self.upper), f"of {axis.removesuffix(' us')}"
        else:
            lower, upper = count_text(self.lower), count_text(self.upper)
        return f"{word(self.lower_word)} up to {lower} {axis}, {word(self.upper_word)} from {upper} on"


@dataclass(frozen=True)
class Expectation:
    cell: Cell
    contender: str
    metric: str
    expected: float
    formula: str


@dataclass(frozen=True)
class Capacity:
    """What a contender serves at most, by closed loops. `scenario` is the first that needed it."""

    scenario: str
    contender: str
    parameters: Tree
    throughput_rps: tuple[float, ...]
    median_rps: float | None

    def is_of(self, cell: Cell) -> bool:
        """Did it measure what the cell offers a share of? All that is no matter of the loop is the same then; a cap on requests
        in flight may have taken connections from it."""
        mine, its = (
            {key: of for key, of in tree.items() if key not in OF_THE_LOOP} for tree in (self.parameters, cell.parameters)
        )
        return mine == its and self.parameters["connections"] <= cell.parameters["connections"]


@dataclass(frozen=True)
class SearchStep:
    rate_per_s: float
    p99_us: float | None
    error_ratio: float
    passed: bool
    valid: bool


@dataclass(frozen=True)
class Search:
    """The highest rate at which a contender holds its target, as an interval."""

    cell: Cell
    contender: str
    lower_rps: float | None
    upper_rps: float | None
    state: str
    steps: tuple[SearchStep, ...]

    def sentence(self) -> str:
        target = f"P99 under {self.target_p99_us:,.0f} us"
        lower, upper = (count_text(of) if of is not None else "" for of in (self.lower_rps, self.upper_rps))
        if self.state == "below_range":
            return f"{self.contender} does not hold {target} at the least rate that is tried"
        if self.state == "above_range":
            return f"{self.contender} holds {target} at the highest rate that is tried"
        if lower and upper:
            return f"{self.contender} holds {target} at {lower}/s and not at {upper}/s"
        state = {"trial_limit": "no more trials are made", "unjudged": "its trials were invalid"}.get(
            self.state, "not at its end"
        )
        if lower:
            return f"{self.contender} holds {target} at {lower}/s; where it does not is not known: {state}"
        return f"how much {self.contender} carries with {target} is not known: {state}"

    @property
    def target_p99_us(self) -> float:
        return float(self.cell.parameters["search"]["p99_us"])
