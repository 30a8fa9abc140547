#!/usr/bin/env python3
"""Sets kvduel beside other load generators: the same servers, the same run, interleaved rounds.

  scripts/crosscheck.py [--rounds N] [--duration S] [--out FILE] ...    needs a release build; peers: scripts/setup.sh --peers

Two questions. Throughput: how many requests a second does each generator get out of one CPU in a closed loop, against the
bare server (kvduel-null) and against a real one (kvduel-async)? Percentiles: what does each say of a server that answers
after a fixed delay (kvduel-truth), at a constant rate below its limits? There the server's own log is the truth.

The server has CPUs of its own and the generator others. Each round runs all tools once, every second round in reverse.
"""

import argparse
import contextlib
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import asdict, replace
from pathlib import Path

from command_parser import Parser
from crosscheck_tables import show, summarise
from exit_codes import CANNOT_WRITE, UNAVAILABLE, USAGE
from kvreport.bootstrap import ensure_packages
from kvreport.errors import ReportError
from load_generators import Job, find_generators
from signals import end_by_exception

ROOT = Path(__file__).resolve().parents[1]
KEY = "key-000000000000"
VALUE = "v" * 64


def parse_cpus(text):
    """'0,2-3' as {0, 2, 3}."""
    cpus = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        cpus |= set(range(int(first), int(last or first) + 1))
    return cpus


def own_cpus(text):
    """Those of `text`, all of which this process may use."""
    cpus, mine = parse_cpus(text), os.sched_getaffinity(0)
    if foreign := cpus - mine:
        numbers = [", ".join(map(str, sorted(of))) for of in (foreign, mine)]
        raise argparse.ArgumentTypeError(f"CPU {numbers[0]} is not to be had here; allowed: {numbers[1]}")
    return cpus


def parts_of(text):
    parts = text.split(",")
    if unknown := set(parts) - {"throughput", "latency"}:
        raise argparse.ArgumentTypeError(f"no such part: {', '.join(sorted(unknown))}; allowed: throughput, latency")
    return parts


def parse_arguments(arguments):
    mine = sorted(os.sched_getaffinity(0))
    parser = Parser(description=__doc__.split("\n\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--duration", type=float, default=5, help="seconds of each run; wrk and h2load take whole ones")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--rate", type=float, default=1000, help="of the percentiles' part, requests a second")
    parser.add_argument("--delay-us", type=int, default=5000, help="of the server of the percentiles' part")
    parser.add_argument("--parts", type=parts_of, default="throughput,latency", help="one or both, separated by a comma")
    parser.add_argument("--tools", help="names, separated by commas; all that are installed")
    parser.add_argument("--bin", type=Path, default=ROOT / "build/release/bin", help="where kvduel was built")
    parser.add_argument("--server-cpus", type=own_cpus, default=str(mine[0]))
    parser.add_argument("--load-cpus", type=own_cpus, default=str(mine[-1]))
    parser.add_argument("--out", type=Path, help="JSON of all runs")
    return parser.parse_args(arguments)


def pinned(cpus):
    """For preexec_fn: the child has these CPUs alone."""
    return lambda: os.sched_setaffinity(0, cpus)


@contextlib.contextmanager
def running(command, cpus):
    """A server that announces itself; gives its URL."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, text=True, preexec_fn=pinned(cpus))
        try:
            line = process.stdout.readline()
            if not line.startswith("{"):
                said.seek(0)
                fail(f"{Path(command[0]).name} did not start: {said.read()[-500:].strip() or 'it announced nothing'}")
            yield f"http://127.0.0.1:{json.loads(line)['port']}"
        finally:
            process.terminate()
            try:
                process.communicate(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def fail(text):
    print(f"crosscheck: {text}", file=sys.stderr)
    raise SystemExit(UNAVAILABLE)


def write_key(url):
    body = f"{KEY}={VALUE}".encode()
    with urllib.request.urlopen(urllib.request.Request(url + "/", data=body), timeout=10) as answer:
        answer.read()


def run_once(tool, job, cpus):
    """Runs a generator to its end, in a folder of its own: what an earlier run left would pass for its figures."""
    with tempfile.TemporaryDirectory(dir=job.folder) as folder:
        return run_in(tool, replace(job, folder=Path(folder)), cpus)


def run_in(tool, job, cpus):
    """Its figures, and its CPU time for each request answered."""
    out_path, err_path = job.folder / "out.txt", job.folder / "err.txt"
    with out_path.open("w") as out, err_path.open("w") as err:
        process = subprocess.Popen(tool.command(job), stdin=subprocess.DEVNULL, stdout=out, stderr=err, preexec_fn=pinned(cpus))
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:  # a signal: it would go on without anybody who reads it
            process.kill()
            process.wait()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
    try:
        figures = tool.read(out_path.read_text(), job)
    except (ValueError, KeyError, TypeError, AttributeError, OSError, subprocess.CalledProcessError, ReportError) as error:
        said = err_path.read_text()[-500:].strip()
        fail(f"{tool.name} exited {process.returncode} and its output cannot be read: {error}; {said}")
    cpu_us = (usage.ru_utime + usage.ru_stime) * 1e6 / figures.requests if figures.requests else None
    return {**asdict(figures), "cpu_us_per_request": cpu_us, "exit_code": process.returncode}


def in_rounds(tools, rounds):
    """(round, tool) in the order they run."""
    for number in range(1, rounds + 1):
        for tool in tools if number % 2 else reversed(tools):
            yield number, tool


def announce(server, loop, number, tool):
    print(f"crosscheck: {server}, {loop} loop, round {number}: {tool.name}", file=sys.stderr)
    return {"server": server, "loop": loop, "round": number, "tool": tool.name}


def throughput(tools, options, folder):
    """All rounds against one running server, then against the next; gives each run as it ended."""
    suited = [tool for tool in tools if "closed" in tool.loops]
    for server, keys in (("kvduel-null", 1), ("kvduel-async", 1000)):  # the bare server holds one value
        with running([options.bin / server, "--listen", "127.0.0.1:0"], options.server_cpus) as url:
            write_key(url)
            job = Job(f"{url}/{KEY}", options.connections, options.duration, folder, keys=keys)
            for number, tool in in_rounds(suited, options.rounds):
                about = announce(server, "closed", number, tool)
                yield about | run_once(tool, job, options.load_cpus)


def truth_server(options):
    return options.bin.parent / "test-bin/kvduel-truth"


def latency(tools, options, folder):
    """Each run has a server, and so a log, of its own: its truth holds for the noise that this very run met."""
    log = folder / "arrivals.log"
    command = [truth_server(options), "--delay-us", str(options.delay_us), "--arrival-log", log]
    for number, tool in in_rounds([tool for tool in tools if "open" in tool.loops], options.rounds):
        about = announce("kvduel-truth", "open", number, tool)
        with running(command, options.server_cpus) as url:
            job = Job(f"{url}/{KEY}", options.connections, options.duration, folder, options.rate)
            about |= run_once(tool, job, options.load_cpus)
        yield about | read_truth(log)


def read_truth(log):
    """Percentiles of the server's own times, from the arrival of a request to its answer."""
    entries = [line.split() for line in log.read_text().splitlines()]
    times = sorted((int(answered) - int(arrival)) / 1e3 for _, arrival, _, answered in entries if answered != "0")
    return {f"log_p{share}_us": times[max(0, -(-len(times) * share // 100) - 1)] for share in (50, 90, 99)}


def conditions(options, tools):
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    revision = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return {
        "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "commit": revision.stdout.strip() or None,
        "cpu_model": model,
        "cpus": os.cpu_count(),
        "kernel": platform.release(),
        "server_cpus": sorted(options.server_cpus),
        "load_cpus": sorted(options.load_cpus),
        "connections": options.connections,
        "duration_s": options.duration,
        "rounds": options.rounds,
        "rate_per_s": options.rate,
        "delay_us": options.delay_us,
        "load_average_1m": os.getloadavg()[0],
        "tools": {tool.program: tool.version() for tool in tools},
    }


def chosen_tools(options):
    tools = find_generators([options.bin, ROOT / "build/peers/bin"])
    if options.tools is None:
        return tools
    names = options.tools.split(",")
    if unknown := set(names) - {tool.name for tool in tools}:
        here = ", ".join(tool.name for tool in tools)
        print(f"crosscheck: not installed: {', '.join(sorted(unknown))}; here: {here}", file=sys.stderr)
        raise SystemExit(USAGE)
    return [tool for tool in tools if tool.name in names]


def missing_programs(options):
    """Those of ours that are not there: known before minutes are spent on measuring."""
    wanted = [options.bin / "kvduel"]
    if "throughput" in options.parts:
        wanted += [options.bin / "kvduel-null", options.bin / "kvduel-async"]
    if "latency" in options.parts:
        wanted.append(truth_server(options))
    return [program for program in wanted if not program.is_file()]


def main(arguments):
    options = parse_arguments(arguments)
    end_by_exception()
    if missing := missing_programs(options):
        print(
            f"crosscheck: no {missing[0].name} in {missing[0].parent}; build it: cmake --build --preset release", file=sys.stderr
        )
        return UNAVAILABLE
    if options.server_cpus & options.load_cpus:
        print("crosscheck: server and load share a CPU: throughputs say little", file=sys.stderr)
    tools = chosen_tools(options)
    report = {"schema": "kvduel.crosscheck/1", "conditions": conditions(options, tools), "runs": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in (throughput, latency):
            for run in part(tools, options, folder) if part.__name__ in options.parts else ():
                report["runs"].append(run)
                report["summary"] = summarise(report["runs"])
                save(report, options.out)
    show(report)
    return 0


def save(report, out):
    """After each run, so that an end before the end loses none."""
    if out is None:
        return
    try:
        out.write_text(json.dumps(report, indent=1) + "\n")
    except OSError as error:
        print(f"crosscheck: {out}: {error.strerror}", file=sys.stderr)
        raise SystemExit(CANNOT_WRITE) from None


if __name__ == "__main__":
    ensure_packages("crosscheck")
    sys.exit(main(sys.argv[1:]))
