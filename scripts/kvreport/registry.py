"""The figures: every file of scripts/figures/ that says @figure("name"). Its docstring is the question it answers."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import matplotlib

from exit_codes import USAGE
from kvreport.errors import ReportError
from kvreport.gate import Gate
from kvreport.report import Report
from kvreport.sheet import Sheet
from kvreport.style import RC

Source = TypeVar("Source", Report, Gate, Sequence[Report])
Takes = Literal["report", "gate", "reports"]


class DoesNotApply(Exception):
    """Why a figure has nothing to show of a report, in words."""


@dataclass(frozen=True)
class Registered:
    name: str
    question: str
    takes: Takes
    draw: Callable[..., Iterable[Sheet]]

    def sheets(self, source: Report | Gate | Sequence[Report]) -> list[Sheet]:
        """Raises DoesNotApply."""
        with matplotlib.rc_context(RC):
            return list(self.draw(source))


_registered: dict[str, Registered] = {}


def figure(
    name: str, takes: Takes = "report"
) -> Callable[[Callable[[Source], Iterable[Sheet]]], Callable[[Source], Iterable[Sheet]]]:
    """Registers a function that yields the sheets of a report (of a gate, or of several reports), or raises DoesNotApply."""

    def register(draw: Callable[[Source], Iterable[Sheet]]) -> Callable[[Source], Iterable[Sheet]]:
        document = inspect.getdoc(inspect.getmodule(draw)) or ""
        _registered[name] = Registered(name, document.partition("\n")[0], takes, draw)
        return draw

    return register


def all_figures() -> list[Registered]:
    """Walks the folder."""
    import figures

    for module in pkgutil.iter_modules(figures.__path__):
        importlib.import_module(f"figures.{module.name}")
    return [_registered[name] for name in sorted(_registered)]


def figure_named(name: str) -> Registered:
    for known in all_figures():
        if known.name == name:
            return known
    raise ReportError(f"--figure {name}: no such figure; there are: {', '.join(of.name for of in all_figures())}", USAGE)
