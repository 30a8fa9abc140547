"""Blocks that stand by another run than their first, where what a trial came to decided that (docs/decisions/0015)."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from kvreport.cells import Cell
from kvreport.report import Report

LOOK_AT_THE_RESULT = frozenset({"generator_saturated", "send_late", "offered_rate_missed", "slices_too_short"})
MOST = 0.2  # of a cell's blocks: kMaxLostShare of the harness


@dataclass(frozen=True)
class Repeats:
    cell: Cell
    blocks: int
    repeated: int
    by_contender: dict[str, int]

    def sentence(self) -> str:
        whose = ", ".join(f"{of} in {count}" for of, count in sorted(self.by_contender.items()))
        return f"{self.cell.name}: {self.repeated} of {self.blocks} blocks ({whose})"


def repeats(report: Report) -> list[Repeats]:
    """Of each cell in which they are over a fifth of its blocks."""
    found = (repeats_of(report, cell) for cell in report.cells)
    return [of for of in found if of.repeated > MOST * of.blocks]


def worst_of(cells: list[Repeats]) -> str:
    """In words, of one cell or more; three are named."""
    worst = sorted(cells, key=lambda of: -of.repeated / of.blocks)[:3]
    return (
        "Over a fifth of the blocks stand by another run than their first, which was invalid by a check that looks at results. "
        "Where one contender has many more of them, its ratio may lean. The most: "
        + "; ".join(of.sentence() for of in worst)
        + "."
    )


def repeats_of(report: Report, cell: Cell) -> Repeats:
    standing = standing_runs(report, cell)
    blocks: dict[str, set[int]] = defaultdict(set)
    for trial in report.invalid(cell):
        if trial.repetition < standing.get((trial.block, trial.contender), 0) and LOOK_AT_THE_RESULT & {
            of.code for of in trial.warnings
        }:
            blocks[trial.contender].add(trial.block)
    repeated = set().union(*blocks.values())
    met = {trial.block for trial in report.trials_of(cell)}
    return Repeats(cell, len(met), len(repeated), {of: len(own) for of, own in blocks.items()})


def standing_runs(report: Report, cell: Cell) -> dict[tuple[int, str], int]:
    """By block and contender the repetition that it stands by: the latest with a valid trial of it and of another."""
    valid = [trial for trial in report.trials_of(cell) if trial.is_valid]
    together = Counter((trial.block, trial.repetition) for trial in valid)
    standing: dict[tuple[int, str], int] = defaultdict(int)
    for trial in valid:
        if together[trial.block, trial.repetition] > 1:
            place = (trial.block, trial.contender)
            standing[place] = max(standing[place], trial.repetition)
    return standing
