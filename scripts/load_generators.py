"""The load generators that crosscheck.py sets side by side: for each its command line and a reader of what it prints.

Every reader gives Figures in the same units; what a tool does not tell is None. Percentiles are the tool's own, h2load's
apart: it prints none, and they are taken from its log of requests.
"""

import json
import math
import re
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from kvreport import load_report

UNITS_US = {"us": 1.0, "ms": 1e3, "s": 1e6, "m": 60e6}


@dataclass(frozen=True)
class Job:
    """One run: closed loop over `connections`, or open at `rate_per_s` with that many connections at hand."""

    url: str
    connections: int
    duration_s: float
    folder: Path
    rate_per_s: float | None = None
    keys: int = 1000  # that the server can hold, for whoever verifies values


@dataclass(frozen=True)
class Figures:
    """What a tool says of its run. `requests` are those answered."""

    rps: float | None  # of kvduel none where nothing succeeded
    requests: int
    errors: int
    p50_us: float | None = None
    p90_us: float | None = None
    p99_us: float | None = None
    invalid: str | None = None  # the codes for which kvduel refuses its own trial


def seconds(value):
    """wrk and h2load take whole seconds only."""
    return f"{max(1, round(value))}s"


def to_us(text):
    """'4.74ms' in microseconds."""
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(number) * UNITS_US[unit]


def first_number(pattern, text, default=None):
    found = re.search(pattern, text)
    if found is None and default is None:
        raise ValueError(f"no {pattern!r} in: {text[-300:]}")
    return float(found[1]) if found else default


class Generator:
    """A tool: `name`, how it is found, started and read. `loops` are those it can run."""

    name = ""
    program = ""
    loops = ("closed", "open")

    def __init__(self, path):
        self.path = path

    def version(self):
        done = subprocess.run([self.path, "--version"], capture_output=True, text=True, check=False)
        return (done.stdout or done.stderr).strip().splitlines()[0]

    def command(self, job):
        raise NotImplementedError

    def read(self, out, job):
        raise NotImplementedError


class Kvduel(Generator):
    name = program = "kvduel"

    def version(self):
        return super().version().split(";")[0] + ")"

    def command(self, job):
        rate = ["--rate", str(job.rate_per_s), "--arrivals", "constant"] if job.rate_per_s else []
        return [
            self.path, "load", job.url, "--connections", str(job.connections), "--duration", str(job.duration_s),
            "--warmup", "0", "--no-progress", "--format", "json", "--out", str(job.folder / "kvduel.json"), *rate,
        ]  # fmt: skip

    def read(self, out, job):
        (trial,) = load_report(job.folder / "kvduel.json").trials
        times = trial.latency_us
        return Figures(
            trial.throughput_rps,
            trial.requests["succeeded"],
            sum(trial.requests["errors"].values()),
            times.p50,
            times.p90,
            times.p99,
            None if trial.is_valid else trial.codes,
        )


class KvduelVerified(Kvduel):
    """Keys of a workload, written before, and every value verified: more than any peer does."""

    name = "kvduel verified"
    loops = ("closed",)

    def command(self, job):
        server = job.url.rsplit("/", 1)[0]
        workload = ["--workload", "get-uniform", "--keys", str(job.keys), "--value-bytes", "64"]
        return [*super().command(replace(job, url=server)), *workload]


class Wrk(Generator):
    name = program = "wrk"
    loops = ("closed",)

    def version(self):
        done = subprocess.run([self.path, "--version"], capture_output=True, text=True, check=False)
        return done.stdout.splitlines()[0].split("[")[0].strip()

    def command(self, job):
        return [self.path, "-t1", f"-c{job.connections}", f"-d{seconds(job.duration_s)}", "--latency", job.url]

    def read(self, out, job):
        errors = first_number(r"Non-2xx or 3xx responses: (\d+)", out, 0)
        socket_errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", out)
        errors += sum(map(int, socket_errors.groups())) if socket_errors else 0
        shares = {share: to_us(value) for share, value in re.findall(r"^\s+(\d+)(?:\.0+)?%\s+(\S+)$", out, re.MULTILINE)}
        return Figures(
            first_number(r"Requests/sec:\s+([\d.]+)", out),
            int(first_number(r"(\d+) requests in", out)),
            int(errors),
            shares.get("50"),
            shares.get("90"),
            shares.get("99"),
        )


class Wrk2(Wrk):
    name = program = "wrk2"
    loops = ("open",)

    def command(self, job):
        return [*super().command(job)[:-1], f"-R{job.rate_per_s:g}", job.url]


class H2load(Generator):
    name = program = "h2load"

    def command(self, job):
        rate = []
        if job.rate_per_s:  # its rate is that of a connection
            rate = [f"--rps={job.rate_per_s / job.connections:g}", f"--log-file={job.folder / 'h2load.tsv'}"]
        return [self.path, "--h1", "-t1", f"-c{job.connections}", f"-D{seconds(job.duration_s)}", *rate, job.url]

    def read(self, out, job):
        counts = re.search(r"(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", out)
        if counts is None:
            raise ValueError(f"no line of requests in: {out[-300:]}")
        done, succeeded, failed, errored, timeout = map(int, counts.groups())
        log = job.folder / "h2load.tsv"
        times = []
        if job.rate_per_s:
            times = sorted(float(line.split("\t")[2]) for line in log.read_text().splitlines())
        return Figures(
            first_number(r"finished in \S+, ([\d.]+) req/s", out),
            done,
            failed + errored + timeout + done - succeeded,
            *(times[math.ceil(q * len(times)) - 1] if times else None for q in (0.5, 0.9, 0.99)),
        )


class Oha(Generator):
    name = program = "oha"

    def command(self, job):
        rate = ["-q", f"{job.rate_per_s:g}", "--latency-correction"] if job.rate_per_s else []
        return [
            self.path, "-z", f"{job.duration_s:g}s", "-c", str(job.connections), "--worker-threads", "1", "--no-tui",
            "--output-format", "json", *rate, job.url,
        ]  # fmt: skip

    def read(self, out, job):
        report = json.loads(out)
        shares = report["latencyPercentiles"]
        statuses = {int(status): count for status, count in report["statusCodeDistribution"].items()}
        errors = sum(count for what, count in report["errorDistribution"].items() if what != "aborted due to deadline")
        errors += sum(count for status, count in statuses.items() if status >= 300)
        return Figures(
            report["summary"]["requestsPerSec"],
            sum(statuses.values()),
            errors,
            *(shares[name] * 1e6 if shares[name] is not None else None for name in ("p50", "p90", "p99")),
        )


class Vegeta(Generator):
    name = program = "vegeta"

    def version(self):
        go = shutil.which("go")
        if go is None:
            return "vegeta of unknown version"
        done = subprocess.run([go, "version", "-m", self.path], capture_output=True, text=True, check=False)
        found = re.search(r"mod\s+\S+\s+(v\S+)", done.stdout)
        return f"vegeta {found[1]}" if found else "vegeta of unknown version"

    def command(self, job):
        targets = job.folder / "targets.txt"
        targets.write_text(f"GET {job.url}\n")
        workers = [f"-workers={job.connections}", f"-max-workers={job.connections}"]
        return [
            self.path, "attack", f"-targets={targets}", f"-rate={job.rate_per_s or 0:g}", *workers,
            f"-duration={job.duration_s:g}s", f"-output={job.folder / 'vegeta.bin'}",
        ]  # fmt: skip

    def read(self, out, job):
        told = subprocess.run(
            [self.path, "report", "-type=json", job.folder / "vegeta.bin"], capture_output=True, text=True, check=True
        )
        return self.read_report(told.stdout)

    @staticmethod
    def read_report(text):
        report = json.loads(text)
        good = report["status_codes"].get("200", 0)
        times = report["latencies"]
        return Figures(
            report["throughput"],
            report["requests"],
            report["requests"] - good,
            times["50th"] / 1e3,
            times["90th"] / 1e3,
            times["99th"] / 1e3,
        )


GENERATORS = (Kvduel, KvduelVerified, Wrk, Wrk2, H2load, Oha, Vegeta)


def find_generators(folders):
    """Those that are installed, looked for in `folders` before PATH."""
    found = []
    for kind in GENERATORS:
        paths = [folder / kind.program for folder in folders if (folder / kind.program).is_file()]
        path = str(paths[0]) if paths else shutil.which(kind.program)
        if path:
            found.append(kind(path))
    return found
