"""The proof's patience with a machine that is busy: it waits, and ends the work only when that does not help."""

import sys
import time

from exit_codes import BUSY

WAIT_S, TRIES = 30, 40  # a machine that stays busy for twenty minutes ends the work


def when_quiet(name, attempt):
    """What attempt() gives once it is not None, which stands for a busy machine."""
    for _ in range(TRIES):
        if (result := attempt()) is not None:
            return result
        print(f"{name}: the machine is busy; again in {WAIT_S} s", file=sys.stderr)
        time.sleep(WAIT_S)
    raise SystemExit(BUSY)
