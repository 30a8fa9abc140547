"""kvduel-truth as a process, and what its log says about the latencies that a client can have seen.

The log holds, for each request, when it came (after the recv) and when its answer left (before the send). A client's clock
is the same CLOCK_MONOTONIC, so without any assumption about the speed of the machine:

* latency >= answered - arrival;
* on a keep-alive connection without pipelining, latency <= arrival of the next request - answer of the one before, for a
  client reads an answer before it sends what follows.

Both hold for each request, therefore for each rank of the sorted values: `floors` and `ceilings` bound every percentile.
"""

import contextlib
import json
import math
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import hdr_v2
from waiting import SCALE

MS = 1_000_000
PROGRAM = Path(os.environ["KVDUEL_BIN"]).parent / "test-bin" / "kvduel-truth"


@dataclass
class Entry:
    """One request of the log, in ns."""

    connection: int
    arrival: int
    planned: int
    answered: int


class TruthServer:
    """A running kvduel-truth; stop() gives what it says it served and fills `log`."""

    def __init__(self, folder, **flags):
        self.log_path = folder / "arrivals.log"
        self.served = None
        self.log = []
        command = [PROGRAM, "--arrival-log", self.log_path]
        for name, value in flags.items():
            command += ["--" + name.replace("_", "-"), str(value)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = json.loads(self.process.stdout.readline())["port"]
        self.url = f"http://127.0.0.1:{self.port}"

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=30 * SCALE)
        assert self.process.returncode == 0
        self.served = json.loads(out)
        self.log = [Entry(*map(int, line.split())) for line in self.log_path.read_text().splitlines()]
        return self.served


@contextlib.contextmanager
def truth_server(folder, **flags):
    """Flags as keywords: delay_us=5000 is --delay-us 5000."""
    server = TruthServer(folder, **flags)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.process.kill()
            server.process.communicate()


def measure(kvduel, server, *flags, codes=(0, 3)):
    """One trial of `kvduel load` without warm-up, so that every request is of the window; then the server stops. A stall may make
    it invalid, so 3 is as good as 0 unless `codes` say otherwise."""
    ended = kvduel("load", server.url, "--warmup", "0", "--no-progress", "--out", "r.json", *flags)
    assert ended.code in codes, ended.err + ended.out
    checked = kvduel("check", "r.json")
    assert checked.code == 0, checked.err
    server.stop()
    (trial,) = kvduel.report()["trials"]
    return trial


def rank(count, q):
    """The rank of percentile q among `count` sorted values, from 0."""
    return max(1, math.ceil(q * count)) - 1


def at(values, q):
    return sorted(values)[rank(len(values), q)]


def floors(log):
    """For each request, the least latency that a client can have seen."""
    return sorted(entry.answered - entry.arrival for entry in log)


def ceilings(log):
    """For each request, the greatest; the first and the last of a connection have none."""
    connections = {}
    for entry in log:
        connections.setdefault(entry.connection, []).append(entry)
    found = []
    for entries in connections.values():
        found += [math.inf] * min(2, len(entries))
        found += [after.arrival - before.answered for before, after in zip(entries, entries[2:], strict=False)]
    return sorted(found)


def buckets(times):
    """The values of a report's histogram as (lowest, highest) of their buckets, in ns, in order."""
    found = []
    for index, count in sorted(hdr_v2.decode(times["hdr"]).items()):
        found += [(hdr_v2.highest_value(index - 1) + 1 if index else 0, hdr_v2.highest_value(index))] * count
    return found


def assert_bounded(times, lowest, highest):
    """Every rank of the histogram lies between those of the bounds, to one bucket."""
    measured = buckets(times)
    assert len(measured) == len(lowest) == len(highest) == times["count"]
    for place, ((low, high), floor, ceiling) in enumerate(zip(measured, lowest, highest, strict=True)):
        assert floor <= high, f"rank {place + 1} of {len(measured)}: {high} ns, but the server took {floor} ns"
        assert low <= ceiling, f"rank {place + 1} of {len(measured)}: {low} ns, but it ended within {ceiling} ns"


def lateness(log, rate_per_s):
    """How late each request came, against a constant schedule that no request came before: seen from outside, in ns."""
    period = 1e9 / rate_per_s
    behind = [arrival - i * period for i, arrival in enumerate(sorted(entry.arrival for entry in log))]
    return [late - min(behind) for late in behind]


def noise(log, late):
    """What this machine, at this moment, adds to a latency at the worst, by the server's log, and 1 ms for what it cannot
    see: the way of the answer back to the client. On a quiet machine little more than that 1 ms.

    The client's lateness counts twice: one stall may delay a request's sending and another the reading of its answer, and
    the thread that reads late sends late what was due meanwhile, so the worst lateness is a bound of either."""
    return 1 * MS + 2 * max(late) + max(entry.answered - entry.planned for entry in log)
