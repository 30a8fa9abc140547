"""Waiting for events. Every wait of these tests has a deadline; none of them asserts how long a thing took."""

import os
import threading
import time

SANITIZER = os.environ.get("KVDUEL_SANITIZE", "")
# One factor for every deadline: sanitizers slow a program by 2 to 20 times.
FACTOR = 6 if SANITIZER else 1
DEADLINE_S = 15.0 * FACTOR
_POLL_S = 0.002
_pause = threading.Event()


class DeadlinePassed(AssertionError):
    """An event did not come in time; the message names it."""


class Deadline:
    """A moment by which something must have happened."""

    def __init__(self, what, seconds=DEADLINE_S):
        self._what = what
        self._end = time.monotonic() + seconds

    def left(self):
        """Seconds left; raises DeadlinePassed when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise DeadlinePassed(f"deadline passed while waiting for {self._what}")
        return left


def wait_until(holds, what, seconds=DEADLINE_S):
    """Returns holds() as soon as it is true. For events that have no descriptor to wait on, such as /proc."""
    deadline = Deadline(what, seconds)
    while True:
        result = holds()
        if result:
            return result
        deadline.left()
        _pause.wait(_POLL_S)
