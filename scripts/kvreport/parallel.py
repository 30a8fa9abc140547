"""Figures have nothing in common but the reports they read: a process a CPU draws them."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
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
    # An executor says so when a worker was killed; a Pool would wait for it for ever.
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=fork, initializer=_leave_interrupts) as pool:
        yield from pool.map(_run, range(count))


def _leave_interrupts() -> None:
    """Ctrl-C goes to the whole group: whoever waits for the workers answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _run(number: int) -> Any:
    assert _work is not None
    return _work(number)
