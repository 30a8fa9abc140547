"""The exit codes of every program of kvduel (docs: README), by the names of sysexits.h where it has one."""

INVALID = 3  # trials that cannot be relied on
USAGE = 64
BAD_INPUT = 65
UNAVAILABLE = 69
CANNOT_WRITE = 73
BUSY = 75
