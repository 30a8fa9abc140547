"""Starts, and never says that it listens."""

import signal
import sys

print("still warming up", file=sys.stderr, flush=True)
while True:
    signal.pause()
