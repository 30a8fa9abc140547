"""A report: the JSON as frozen dataclasses, and the questions that figures ask of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kvreport.cells import Cell, Scenario, make_cell, make_scenario
from kvreport.parameters import canonical
from kvreport.results import Capacity, Comparison, Crossing, Expectation, Search, SearchStep, SummaryRow
from kvreport.tree import Tree, take
from kvreport.trials import Trial, make_trial


@dataclass(frozen=True)
class Tool:
    version: str
    git_sha: str
    dirty: bool
    build_type: str
    compiler: str
    flags: str

    @property
    def commit(self) -> str:
        return (self.git_sha if self.git_sha == "unknown" else self.git_sha[:7]) + (" (dirty)" if self.dirty else "")


@dataclass(frozen=True)
class Run:
    id: str
    started_at: str
    finished_at: str | None
    resumed_at: list[str]
    seed: str
    argv: list[str]
    interrupted: bool
    trials_planned: int
    notes: list[str]


@dataclass(frozen=True)
class Environment:
    fingerprint: str
    cpu_model: str | None
    cpus: int
    kernel: str | None
    os: str | None
    virtualization: str | None
    memory_bytes: int
    governor: str | None
    mitigations: str | None
    clocksource: str | None
    transparent_hugepage: str | None
    load_average_1m: float
    steal_ratio: float | None
    cpu_quota: float | None
    server_cpus: list[int]
    load_cpus: list[int]
    doctor: list[dict[str, Any]]


@dataclass(frozen=True)
class Contender:
    id: str
    title: str
    model: str
    command: list[str]
    sha256: str | None


def latest_by_block(trials: list[Trial]) -> list[Trial]:
    """One of each block, in their order."""
    latest = {trial.block: trial for trial in sorted(trials, key=lambda trial: trial.repetition)}
    return [latest[block] for block in sorted(latest)]


@dataclass(frozen=True)
class Report:
    suite: str
    title: str
    repetitions: int
    tool: Tool
    run: Run
    environment: Environment
    contenders: tuple[Contender, ...]
    scenarios: tuple[Scenario, ...]
    trials: tuple[Trial, ...]
    summary: tuple[SummaryRow, ...]
    comparisons: tuple[Comparison, ...]
    crossings: tuple[Crossing, ...]
    expectations: tuple[Expectation, ...]
    capacities: tuple[Capacity, ...]
    searches: tuple[Search, ...]

    @property
    def contender_ids(self) -> list[str]:
        return [contender.id for contender in self.contenders]

    @cached_property
    def cells(self) -> list[Cell]:
        """In the order of the suite, scenario by scenario."""
        return [cell for scenario in self.scenarios for cell in scenario.cells]

    @cached_property
    def _trials_of(self) -> dict[Cell, list[Trial]]:
        found: dict[Cell, list[Trial]] = defaultdict(list)
        for trial in self.trials:
            found[trial.cell].append(trial)
        return found

    @cached_property
    def _standing(self) -> dict[tuple[Cell, str], list[Trial]]:
        met: dict[Cell, set[str]] = defaultdict(set)
        valid: dict[tuple[Cell, int, int], set[str]] = defaultdict(set)
        for trial in self.trials:
            run = (trial.cell, trial.block, trial.repetition)
            met[trial.cell].add(trial.contender)
            if trial.is_valid:
                valid[run].add(trial.contender)
        taken: dict[tuple[Cell, str], list[Trial]] = defaultdict(list)
        found: dict[tuple[Cell, str], list[Trial]] = defaultdict(list)
        for trial in self.trials:
            run = (trial.cell, trial.block, trial.repetition)
            if trial.is_valid:
                found[trial.cell, trial.contender].append(trial)
                if len(valid[run]) > 1 or len(met[trial.cell]) == 1:
                    taken[trial.cell, trial.contender].append(trial)
        return {place: latest_by_block(taken.get(place) or trials) for place, trials in found.items()}

    @cached_property
    def _summary_of(self) -> dict[tuple[Cell, str, str], SummaryRow]:
        return {(row.cell, row.contender, row.metric): row for row in self.summary}

    @cached_property
    def _comparisons_of(self) -> dict[tuple[Cell, str], list[Comparison]]:
        found: dict[tuple[Cell, str], list[Comparison]] = defaultdict(list)
        for comparison in self.comparisons:
            found[comparison.cell, comparison.metric].append(comparison)
        return found

    def trials_of(self, cell: Cell, contender: str | None = None) -> list[Trial]:
        return [trial for trial in self._trials_of.get(cell, []) if contender in (None, trial.contender)]

    def standing(self, cell: Cell, contender: str) -> list[Trial]:
        """The trials behind the summary: of each block the latest repetition in which it is valid and another contender's is too,
        as the comparisons have it; of a contender without any pair those in which it is valid."""
        return self._standing.get((cell, contender), [])

    def invalid(self, cell: Cell | None = None, contender: str | None = None) -> list[Trial]:
        trials = self.trials if cell is None else self._trials_of.get(cell, [])
        return [trial for trial in trials if not trial.is_valid and contender in (None, trial.contender)]

    def row(self, cell: Cell, contender: str, metric: str) -> SummaryRow | None:
        """None also if the summary has no figure for it."""
        row = self._summary_of.get((cell, contender, metric))
        return row if row is not None and row.median is not None else None

    def comparisons_of(self, cell: Cell, metric: str) -> list[Comparison]:
        return self._comparisons_of.get((cell, metric), [])

    def pairs(self, comparison: Comparison) -> list[tuple[Trial, Trial]]:
        """The pairs behind a comparison, a block each: of the latest repetition in which both trials are valid."""
        latest: dict[int, tuple[Trial, Trial]] = {}
        firsts = {(of.block, of.repetition): of for of in self.trials_of(comparison.cell, comparison.first) if of.is_valid}
        for second in self.trials_of(comparison.cell, comparison.second):
            first = firsts.get((second.block, second.repetition))
            if second.is_valid and first is not None:
                stands = latest.get(second.block)
                if stands is None or stands[0].repetition < first.repetition:
                    latest[second.block] = (first, second)
        return [latest[block] for block in sorted(latest)]

    def main_metric(self, cell: Cell) -> str:
        """By what a cell is judged first: throughput where the report judges it, else P99 (docs/how-it-measures.md)."""
        if self.comparisons_of(cell, "throughput_rps") or not cell.is_open:
            return "throughput_rps"
        return "latency_p99_us"

    def expectation(self, cell: Cell, contender: str, metric: str) -> Expectation | None:
        return next((of for of in self.expectations if (of.cell, of.contender, of.metric) == (cell, contender, metric)), None)

    def rows(self) -> list[dict[str, Any]]:
        """A trial a row, flat."""
        return [trial.row() for trial in self.trials]


class CellBook:
    """Finds the cell of each set of parameters, so that equal ones are one object with one label."""

    def __init__(self, scenarios: Iterable[Scenario]) -> None:
        self._known = {(cell.scenario, cell.key): cell for scenario in scenarios for cell in scenario.cells}

    def find(self, tree: Tree) -> Cell:
        place = (tree["scenario"], canonical(tree["parameters"]))
        if place not in self._known:
            self._known[place] = make_cell(tree["scenario"], tree["parameters"], [])
        return self._known[place]


def warned(comparison: Tree) -> tuple[str, ...]:
    return tuple(of["message"] for of in comparison["warnings"])


def make_report(tree: Tree) -> Report:
    """Of JSON that the schema has approved."""
    scenarios = tuple(make_scenario(of) for of in tree["suite"]["scenarios"])
    book = CellBook(scenarios)
    return Report(
        suite=tree["suite"]["suite"],
        title=tree["suite"]["title"],
        repetitions=tree["suite"]["repetitions"],
        tool=take(Tool, tree["tool"]),
        run=take(Run, tree["run"]),
        environment=take(Environment, tree["environment"]),
        contenders=tuple(take(Contender, of) for of in tree["contenders"]),
        scenarios=scenarios,
        trials=tuple(make_trial(of, book.find(of)) for of in tree["trials"]),
        summary=tuple(take(SummaryRow, of, cell=book.find(of)) for of in tree["summary"]),
        comparisons=tuple(
            take(Comparison, of, cell=book.find(of), reasons=tuple(of["reasons"]), warnings=warned(of))
            for of in tree["comparisons"]
        ),
        crossings=tuple(take(Crossing, of, cell=book.find(of)) for of in tree["crossings"]),
        expectations=tuple(take(Expectation, of, cell=book.find(of)) for of in tree["expectations"]),
        capacities=tuple(take(Capacity, of, throughput_rps=tuple(of["throughput_rps"])) for of in tree["capacities"]),
        searches=tuple(
            take(Search, of, cell=book.find(of), steps=tuple(take(SearchStep, step) for step in of["steps"]))
            for of in tree["searches"]
        ),
    )
