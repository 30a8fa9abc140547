"""`kvduel load` against a server that somebody else started: whose CPU counts, and who shares whose."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from truth_server import truth_server
from waiting import wait_until

FORKED = """
import http.server, socket, sys

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("", 0), Handler, bind_and_activate=False)
server.socket = socket.socket(fileno=int(sys.argv[1]))
server.serve_forever()
"""


def siblings(cpu):
    path = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
    return path.read_text() if path.exists() else cpu


@pytest.fixture
def two_cpus():
    """A CPU for the server and one of another core for the load."""
    first, *others = sorted(os.sched_getaffinity(0))
    apart = [cpu for cpu in others if siblings(cpu) != siblings(first)]
    if not apart:
        pytest.skip("needs CPUs of two cores")
    return first, apart[0]


def load(kvduel, url, *flags, **options):
    """The report of one short trial, which a busy machine may make invalid, and the messages of its codes."""
    ended = kvduel("load", url, "--connections", 4, "--warmup", 0, "--duration", 0.5, "--out", "r.json", *flags, **options)
    assert ended.code in (0, 3), ended.err
    checked = kvduel("check", "r.json")
    assert (checked.code, checked.err) == (0, "")
    report = kvduel.report()
    (trial,) = report["trials"]
    return report, trial, {warning["code"]: warning["message"] for warning in trial["warnings"]}


def test_a_server_that_runs_apart_is_measured_like_one_that_was_started_and_lives_on(kvduel, tmp_path, two_cpus):
    server_cpu, load_cpu = two_cpus
    with truth_server(tmp_path, delay_us=1000) as server:
        os.sched_setaffinity(server.process.pid, {server_cpu})
        report, trial, codes = load(kvduel, server.url, "--load-cpus", load_cpu)
        assert server.process.poll() is None
        measured = trial["server"]
        assert measured["pid"] == server.process.pid
        assert measured["cpu_us_per_request"] > 0
        assert measured["rss_max_bytes"] > 0
        assert measured["threads_max"] >= 1
        assert measured["context_switches_voluntary"] > 0
        assert not {"shared_cpus", "server_cpu_unknown", "server_died"} & codes.keys()
        assert report["environment"]["server_cpus"] == [server_cpu]
        assert report["environment"]["load_cpus"] == [load_cpu]


def test_the_cpus_of_taskset_are_those_of_the_load(kvduel, tmp_path, two_cpus):
    server_cpu, load_cpu = two_cpus
    with truth_server(tmp_path, delay_us=1000) as server:
        os.sched_setaffinity(server.process.pid, {server_cpu})
        report, _, codes = load(kvduel, server.url, preexec_fn=lambda: os.sched_setaffinity(0, {load_cpu}))
        assert report["environment"]["load_cpus"] == [load_cpu]
        assert "shared_cpus" not in codes


def test_a_server_that_may_run_where_the_load_does_shares_cpus(kvduel, tmp_path, two_cpus):
    with truth_server(tmp_path, delay_us=1000) as server:
        os.sched_setaffinity(server.process.pid, set(two_cpus))
        _, trial, codes = load(kvduel, server.url, "--load-cpus", two_cpus[1])
        assert "shared_cpus" in codes and "server_cpu_unknown" not in codes
        assert trial["server"]["cpu_us_per_request"] > 0


def test_of_processes_that_share_a_listening_socket_none_is_taken(kvduel):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = subprocess.Popen([sys.executable, "-c", FORKED, str(listener.fileno())], pass_fds=[listener.fileno()])
        try:
            _, trial, codes = load(kvduel, f"http://127.0.0.1:{listener.getsockname()[1]}")
        finally:
            server.kill()
            server.wait()
    pids = ", ".join(map(str, sorted((os.getpid(), server.pid))))
    assert f": 2 processes hold its listening socket ({pids})" in codes["server_cpu_unknown"]
    assert trial["server"]["pid"] is None and trial["server"]["cpu_us_per_request"] is None


def test_a_server_that_ends_within_the_window_makes_the_trial_invalid(kvduel, tmp_path):
    with truth_server(tmp_path, delay_us=1000) as server:
        command = ["load", server.url, "--connections", 16, "--warmup", 0, "--duration", 60, "--out", "r.json"]
        process = kvduel.start(*command)
        descriptors = Path(f"/proc/{server.process.pid}/fd")
        wait_until(lambda: sum(1 for _ in descriptors.iterdir()) > 16, 10, "the load is connected")
        server.process.kill()
        server.process.wait()
        process.communicate()
    assert process.returncode == 3
    codes = {warning["code"]: warning["message"] for warning in kvduel.report()["trials"][0]["warnings"]}
    assert "server_died" in codes, codes
    assert f"process {server.process.pid} is gone" in codes["server_died"]


def test_a_load_cpu_that_is_not_there_is_refused(kvduel, tmp_path):
    with truth_server(tmp_path, delay_us=1000) as server:
        ended = kvduel("load", server.url, "--load-cpus", 1000)
        assert ended.code == 64
        assert "--load-cpus 1000: not a CPU this process may use; allowed: " in ended.err
