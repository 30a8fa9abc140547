"""Prints its argument as its announcement, then stays."""

import signal
import sys

sys.stdout.write("x" * 10_000_000 if sys.argv[1] == "ENDLESS" else sys.argv[1] + "\n")
sys.stdout.flush()
while True:
    signal.pause()
