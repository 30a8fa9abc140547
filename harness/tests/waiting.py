"""Waiting for events, with a deadline; nothing here bounds how fast something must be."""

import os
import threading
import time
from pathlib import Path

SCALE = 5 if os.environ.get("KVDUEL_SANITIZE") else 1


def wait_until(condition, seconds, claim):
    """Returns the first true value of `condition`, looked at again and again; fails with `claim` at the deadline."""
    deadline = time.monotonic() + seconds * SCALE
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds * SCALE} s: {claim}"
        pause.wait(0.005)


def processes_marked(name, value):
    """Ids of the processes, zombies apart, whose environment has name=value."""
    wanted = f"{name}={value}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if wanted in (entry / "environ").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:
            continue  # it ended, or belongs to somebody else
    return found
