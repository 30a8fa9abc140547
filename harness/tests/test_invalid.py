"""What kvduel cannot stand behind is `invalid` with its code and exit 3, and shows no figure: over real sockets."""

import csv
import io
import json
import subprocess
import sys

import pytest

from conftest import FAKES
from stalls import assert_ran

QUICK = ("--duration", "0.4", "--warmup", "0.1", "--no-progress", "--out", "r.json")
FIGURES = ("throughput_rps", "latency_p50_us", "latency_p90_us", "latency_p99_us")


def announced(command):
    """A server that listens, and the address it announced."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return server, f"http://127.0.0.1:{json.loads(server.stdout.readline())['port']}"


@pytest.fixture
def serve(kvduel):
    """Starts servers, ours by name or a fake, and ends them."""
    running = []

    def start(name, *arguments):
        is_ours = name.startswith("kvduel-")
        command = [kvduel.binary.parent / name, "--listen", "127.0.0.1:0"] if is_ours else [sys.executable, FAKES / f"{name}.py"]
        server, address = announced([*command, *arguments])
        running.append(server)
        return address

    yield start
    for server in running:
        server.kill()
        server.communicate(timeout=30)


def assert_refused(kvduel, ended, code):
    """Exit 3, the verdict before the table, the code in every format, no figure in any, and a sound report."""
    assert ended.code == 3, ended.out + ended.err
    assert ended.out.index("INVALID: 1 of 1 trials, which enter no figure below") < ended.out.index("RPS")
    assert f": {code}: " in ended.out
    row = next(line.split() for line in ended.out.splitlines() if line.startswith("  target"))
    at = row.index("0/1")
    assert at >= 8 and row[1:at] == ["-"] * (at - 1) and code in row[at + 1:]
    report = kvduel.report()
    (trial,) = report["trials"]
    assert trial["verdict"] == "invalid" and code in {warning["code"] for warning in trial["warnings"]}
    assert all(row["n"] == 0 and row["median"] is None for row in report["summary"])
    assert kvduel("check", "r.json").code == 0
    as_json = json.loads(kvduel("show", "r.json", "--format", "json").out)
    (shown,) = as_json["cells"][0]["contenders"]
    assert all(shown[name] is None for name in FIGURES) and code in shown["invalid_codes"] and as_json["invalid"]
    (line,) = csv.DictReader(io.StringIO(kvduel("show", "r.json", "--format", "csv").out))
    assert all(line[name] == "" for name in FIGURES) and code in line["invalid_codes"].split()
    markdown = kvduel("show", "r.json", "--format", "markdown").out
    assert "INVALID: 1 of 1 trials" in markdown and code in next(row for row in markdown.splitlines() if row.startswith("| target |"))


def test_a_generator_that_is_the_bottleneck_gives_no_figure(kvduel, serve):
    # One load thread parses 30,000 chunks an answer; sending them is one call of a buffer made before.
    ended = kvduel("load", f"{serve('answers_in_crumbs')}/x", "--connections", "32", "--threads", "1", *QUICK)
    assert_refused(kvduel, ended, "generator_saturated")


def test_a_server_that_dies_in_mid_window_gives_no_figure(kvduel, serve):
    address = serve("dies_under_load")
    ended = kvduel("load", f"{address}/x", "--connections", "2", *QUICK)
    assert_refused(kvduel, ended, "server_died")


def test_a_server_that_answers_nobody_gives_no_figure(kvduel, serve):
    # It takes connections and is silent for longer than the window and the drain: no request ever fails.
    address = serve("answers_nobody")
    ended = kvduel("load", f"{address}/x", "--connections", "2", "--timeout-ms", "2000", *QUICK)
    assert_refused(kvduel, ended, "nothing_answered")


def test_a_server_that_answers_wrong_values_gives_no_figure(kvduel, serve):
    address = serve("answers_wrong")
    ended = kvduel("load", f"{address}/", "--workload", "get-uniform", "--keys", "20", "--no-preload", "--connections", "2", *QUICK)
    assert_refused(kvduel, ended, "verification_failed")


def test_a_rate_that_a_slow_server_cannot_meet_gives_no_figure(kvduel, serve):
    # 4 connections get 400 answers a second at the most, of 20,000 that are due.
    address = serve("answers_slowly")
    ended = kvduel("load", f"{address}/x", "--connections", "4", "--rate", "20000", *QUICK)
    assert_refused(kvduel, ended, "offered_rate_missed")
    (trial,) = kvduel.report()["trials"]
    assert trial["requests"]["unsent"] > 10 * trial["requests"]["sent"]


def test_a_rate_that_the_server_meets_stands(kvduel, serve):
    address = serve("answers_slowly")
    ended = kvduel("load", f"{address}/x", "--connections", "8", "--rate", "50", *QUICK)
    assert_ran(kvduel, ended.code, ended.out)
    (trial,) = kvduel.report()["trials"]
    is_valid = trial["verdict"] == "valid"
    assert is_valid == ("INVALID" not in ended.out)
    assert trial["requests"]["unsent"] == 0 or not is_valid


def test_a_percentile_that_is_absent_says_why(kvduel, serve):
    address = serve("answers_slowly")
    kvduel("load", f"{address}/x", "--connections", "8", "--rate", "50", *QUICK)
    (trial,) = kvduel.report()["trials"]
    latency = trial["latency_us"]
    assert latency["p99"] is None
    assert latency["absent"]["p99"] == f"{latency['count']} samples, 662 needed"
    assert latency["absent"]["p99_9"] == f"{latency['count']} samples, 6636 needed"
    for interval in trial["intervals"]:
        assert interval["p99_us"] is None and interval["absent"]["p99_us"].endswith(" samples, 662 needed")


def test_the_split_of_the_mean_latency_adds_up_and_sees_the_handler(kvduel, serve):
    address = serve("kvduel-async", "--work-wait-us", "3000")
    ended = kvduel("load", f"{address}/x", "--expect-status", "404", "--connections", "4", *QUICK)
    assert "= before send  + queue wait  + handler  + rest" in ended.out
    (trial,) = kvduel.report()["trials"]
    split = trial["latency_split_us"]
    assert sum(split.values()) == pytest.approx(trial["latency_us"]["mean"])
    assert split["handler"] == trial["server"]["handler_us"]["mean"] >= 3000
    assert split["before_send"] < split["handler"]


def test_a_server_that_does_not_tell_its_part_has_no_split(kvduel, serve):
    ended = kvduel("load", f"{serve('answers_slowly')}/x", "--connections", "4", *QUICK)
    assert kvduel.report()["trials"][0]["latency_split_us"] is None
    assert "before send" not in ended.out
