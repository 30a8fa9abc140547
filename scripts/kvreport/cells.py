"""A cell: one scenario with one set of parameters, and how it is called among its neighbours."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kvreport.parameters import canonical, flat, number_of, value_text, varying
from kvreport.tree import Tree


@dataclass(frozen=True)
class Cell:
    """Equal if scenario and parameters are; `label` is empty where a scenario has one cell alone."""

    scenario: str
    key: str
    label: str = field(compare=False)
    parameters: Tree = field(compare=False, repr=False)

    @cached_property
    def flat(self) -> dict[str, Any]:
        return flat(self.parameters)

    @property
    def is_open(self) -> bool:
        return bool(self.parameters["loop"] == "open")

    @property
    def is_sliced(self) -> bool:
        return self.parameters.get("slice_s") is not None

    @cached_property
    def asked_for(self) -> str:
        """The key without the rate that a run made of a share of a capacity: the same in every run of a suite."""
        if self.parameters.get("load_fraction") is None:
            return self.key
        return canonical({**self.parameters, "rate_per_s": None})

    @property
    def name(self) -> str:
        return f"{self.scenario}: {self.label}" if self.label else self.scenario

    @property
    def connections_held(self) -> int:
        """Those of the load and of all that stand beside it."""
        return int(self.parameters["connections"]) + sum(int(of["connections"]) for of in self.parameters["background"])

    @property
    def rate_per_s(self) -> float | None:
        return number_of(self.parameters["rate_per_s"])

    def number(self, name: str) -> float | None:
        """The value of a swept key, if it is a number."""
        return number_of(self.flat.get(name))


@dataclass(frozen=True)
class Scenario:
    id: str
    title: str
    question: str
    varies: str
    holds: str
    expects: str
    theory: str | None
    inserted: int
    swept: tuple[str, ...]
    cells: tuple[Cell, ...]

    def numeric_keys(self) -> list[str]:
        """Swept keys whose values are numbers, more than one of them."""
        return [
            name
            for name in self.swept
            if all(cell.number(name) is not None for cell in self.cells) and len({cell.number(name) for cell in self.cells}) > 1
        ]


def make_scenario(tree: Tree) -> Scenario:
    swept = tuple(tree["swept"])
    names = varying(tree["cells"], swept)
    cells = tuple(make_cell(tree["id"], parameters, names) for parameters in tree["cells"])
    if swept and set(swept) <= set(names):
        values = {name: [cell.number(name) for cell in cells] for name in swept}
        if all(value is not None for of in values.values() for value in of):
            # Inserted cells stand behind the grid; people read along the axis.
            cells = tuple(sorted(cells, key=lambda cell: [cell.number(name) or 0.0 for name in swept]))
    return Scenario(
        tree["id"],
        tree["title"],
        tree["question"],
        tree["varies"],
        tree["holds"],
        tree["expects"],
        tree["theory"],
        tree["inserted"],
        swept,
        cells,
    )


def make_cell(scenario: str, parameters: Tree, names: list[str]) -> Cell:
    values = flat(parameters)
    label = ", ".join(value_text(name, values.get(name)) for name in names)
    return Cell(scenario, canonical(parameters), label, parameters)
