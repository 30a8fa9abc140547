#!/usr/bin/env python3
"""What a server does for a request, counted under valgrind: instructions, system calls, heap allocations.

    scripts/count_instructions.sh BUILD [BUILD]      (sets up, then runs this)
    --out FILE       kvduel.counts/1, for kvduel gate --counts
    --requests N     of the shorter of the two replays that are subtracted [400]

Each server of a build meets scripts/replay.py with one worker and one connection, once with N requests and once with 3 N: the
difference over 2 N is free of what starting and ending cost. Everything is done twice, and a count that differs by more than
0.1 % between the two speaks for nothing (null in the file).

Instructions and system calls are callgrind's Ir and sysCount, allocations memcheck's heap summary. valgrind runs one thread at a
time: contention is not in these numbers. Exit codes: 64 usage, 69 no valgrind or no servers.
"""

import json
import os
import re
import select
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from command_parser import Parser
from exit_codes import CANNOT_WRITE, UNAVAILABLE, USAGE
from signals import end_by_exception

HERE = Path(__file__).resolve().parent
SERVERS = {
    "threads": ["kvduel-threads", "--dispatch", "channel"],
    "async": ["kvduel-async", "--runtime", "per-core"],
}
COUNTS = ("instructions", "syscalls", "allocations")
MOST_DIFFERENCE = 0.001  # between two counts of one program
PATIENCE_S = 120


def die(code, text):
    print(f"count: {text}", file=sys.stderr)
    raise SystemExit(code)


def find_server(build, program):
    for place in (build / "bin" / program, build / program):
        if place.is_file():
            return place
    return die(UNAVAILABLE, f"{build} has no {program}, neither in bin/ nor itself; build it first")


def git_sha_of(program):
    """The commit that a server says it was built from; None where it tells none."""
    said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    found = re.search(r"\(git ([0-9a-f]{40})", said.stdout)
    return found[1] if found else None


def announced(process):
    """The first line of a server, which has PATIENCE_S for it; empty if it ended or took longer."""
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE_S)
    return process.stdout.readline() if ready else ""


def run_under(tool, command, requests):
    """The server under a tool of valgrind, through one replay; gives what valgrind wrote on stderr."""
    process = subprocess.Popen(
        ["valgrind", *tool, *command, "--listen", "127.0.0.1:0", "--threads", "1", "--log-level", "error"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"KVDUEL_HASH_SEED": "1"},
    )
    try:
        line = announced(process)
        if not line.startswith("{"):
            process.kill()
            die(
                UNAVAILABLE,
                f"{command[0]} did not start under valgrind: {process.stderr.read()[-500:] or line or 'it announces nothing'}",
            )
        replay = subprocess.run(
            [sys.executable, HERE / "replay.py", str(json.loads(line)["port"]), str(requests), str(process.pid)],
            timeout=PATIENCE_S,
            capture_output=True,
            text=True,
            check=False,
        )
        if replay.returncode != 0:
            die(UNAVAILABLE, f"{command[0]}: {replay.stderr.strip()}")
        process.terminate()
        return process.communicate(timeout=PATIENCE_S)[1]
    except subprocess.TimeoutExpired:
        die(UNAVAILABLE, f"{command[0]} under valgrind: nothing within {PATIENCE_S} s")
    finally:
        process.kill()


def totals_of(text):
    """The events of a callgrind.out file, by name."""
    names = re.search(r"^events: (.*)$", text, re.MULTILINE)
    totals = re.search(r"^(?:totals|summary): (.*)$", text, re.MULTILINE)
    if not names or not totals:
        return {}
    figures = [int(figure) for figure in totals[1].split()]
    return dict(zip(names[1].split(), figures + [0] * len(names[1].split()), strict=False))


def count_once(command, requests):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "callgrind.out"
        run_under(["--tool=callgrind", "--collect-systime=yes", f"--callgrind-out-file={out}"], command, requests)
        events = totals_of(out.read_text(encoding="utf-8", errors="replace"))
    heap = run_under(["--tool=memcheck", "--leak-check=no", "--undef-value-errors=no"], command, requests)
    allocations = re.search(r"total heap usage: ([\d,]+) allocs", heap)
    return {
        "instructions": events.get("Ir"),
        "syscalls": events.get("sysCount"),
        "allocations": int(allocations[1].replace(",", "")) if allocations else None,
    }


def per_request(command, requests):
    few, many = count_once(command, requests), count_once(command, 3 * requests)
    return {
        name: None if few[name] is None or many[name] is None else (many[name] - few[name]) / (2 * requests) for name in COUNTS
    }


def agreed(first, second):
    """The mean of two counts, or None if they say different things. A hundredth of a call is no difference."""
    if first is None or second is None:
        return None
    if abs(first - second) > max(MOST_DIFFERENCE * max(abs(first), abs(second)), 0.01):
        return None
    return (first + second) / 2


def count_build(build, requests):
    counts = {}
    for server, (program, *flags) in SERVERS.items():
        command = [str(find_server(build, program)), *flags]
        print(f"count: {server} of {build}", file=sys.stderr)
        first, second = per_request(command, requests), per_request(command, requests)
        counts[server] = {name: agreed(first[name], second[name]) for name in COUNTS}
        for name in COUNTS:
            if counts[server][name] is None:
                print(
                    f"count: {server}: {name} differ between two runs ({first[name]}, {second[name]}): left out", file=sys.stderr
                )
    return counts


def table(builds):
    head = f"{'a request':<10}" + "".join(f"{name:>16}" for name in COUNTS)
    lines = []
    for build, counts in builds.items():
        lines += [str(build), head]
        for server, row in counts.items():
            cells = "".join(f"{'-' if row[name] is None else format(row[name], ',.2f'):>16}" for name in COUNTS)
            lines.append(f"{server:<10}" + cells)
    return "\n".join(lines)


def main():
    parser = Parser(prog="count", description=__doc__.splitlines()[0])
    parser.add_argument("builds", metavar="BUILD", nargs="+", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--requests", type=int, default=400)
    arguments = parser.parse_args()
    end_by_exception()
    if len(arguments.builds) > 2 or arguments.requests < 64:
        die(USAGE, "one build or two, base and head, and at least 64 requests")
    if not shutil.which("valgrind"):
        die(UNAVAILABLE, "valgrind is not here: scripts/setup.sh --gate")
    builds = {str(build): count_build(build, arguments.requests) for build in arguments.builds}
    print(table(builds))
    if arguments.out:
        sides = dict(zip(("base", "head"), arguments.builds, strict=False))
        tree = {"schema": "kvduel.counts/1", "requests": arguments.requests}
        tree["git_sha"] = {side: git_sha_of(find_server(build, "kvduel-threads")) for side, build in sides.items()}
        tree |= {side: builds[str(build)] for side, build in sides.items()}
        try:
            arguments.out.write_text(json.dumps(tree, indent=2) + "\n")
        except OSError as error:
            die(CANNOT_WRITE, f"{arguments.out}: {error.strerror}")


if __name__ == "__main__":
    main()
