"""Figures have nothing in common but the reports they read: a process a CPU draws them."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

Result = TypeVar("Result")
_work: Callable[[int], Any] | None = None


def map_forked(work: Callable[[int], Result], count: int) -> Iterator[Result]:
    """work(0), work(1), ... in this order. The children are forked, so they have what is loaded; results must be picklable."""
    global _work
    processes = min(len(os.sched_getaffinity(0)), count)
    if processes < 2:
        yield from map(work, range(count))
        return
    _work = work
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from pool.imap(_run, range(count))


def _run(number: int) -> Any:
    assert _work is not None
    return _work(number)
