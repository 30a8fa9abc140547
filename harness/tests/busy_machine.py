"""A machine that is too busy to measure on, for as long as a test needs it."""

import os
import subprocess
import sys
from contextlib import contextmanager


@contextmanager
def busy_machine():
    """Four programs per CPU that do nothing else: whoever comes gets a fifth of it."""
    spin = "print(flush=True)\nwhile True: pass"
    count = 4 * len(os.sched_getaffinity(0))
    hogs = [subprocess.Popen([sys.executable, "-c", spin], stdout=subprocess.PIPE) for _ in range(count)]
    try:
        for hog in hogs:
            hog.stdout.readline()
        yield
    finally:
        for hog in hogs:
            hog.kill()
        for hog in hogs:
            hog.communicate()
