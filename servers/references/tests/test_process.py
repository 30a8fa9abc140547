"""References as processes: announce line, flags, exit codes, simulated work, drain."""

import contextlib
import os
import re
import signal
import socket
import time
from pathlib import Path

import pytest
from blackbox import kernel
from blackbox.deadline import wait_until
from blackbox.expect import request
from blackbox.server import VALUE, Server, command, run
from conftest import Reference

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["sigterm", "sigint"])
def test_it_announces_itself_exactly_and_ends_with_0(mode, number):
    server = Reference(mode)
    assert server.address[0] == "127.0.0.1"
    server.signal(number)
    server.wait_for_exit()


def test_an_ipv6_address_is_listened_on_and_announced(mode):
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            pass
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")
    announced = Server(mode, listen="[::1]:0", key_stored=False)
    assert announced.announcement["host"] == "::1"
    announced.stop()


def check_one_line(result, status, *words):
    assert result.returncode == status, (result.returncode, result.stderr)
    assert result.stdout == ""
    assert re.fullmatch(r"[^\n]+\n", result.stderr), f"not one line: {result.stderr!r}"
    for word in words:
        assert word in result.stderr, result.stderr


@pytest.mark.parametrize("flags", [
    ["--nope"], ["--nope", "1"], ["--threads"], ["--threads", "0"], ["--threads", "x"], ["--threads=1e3"], ["--store", "nope"],
    ["--work-wait-us", "-5"], ["--work-wait-us", "5@"], ["--work-wait-us", "5@5"], ["--work-cpu-us", "5@101%"],
    ["--work-cpu-us", "x"], ["--work-cpu-us", "60000001"], ["--listen", "127.0.0.1"], ["--listen", "127.0.0.1:70000"],
    ["--listen", "not-an-address:0"],
], ids=" ".join)
def test_a_bad_flag_or_value_is_a_usage_error_that_names_it(mode, flags):
    name = flags[0].partition("=")[0].lstrip("-")
    check_one_line(run(command(mode, *flags)), 64, name)


def test_a_surplus_argument_is_a_usage_error(mode):
    check_one_line(run(command(mode, "surplus")), 64, "surplus")


def test_help_names_the_flags_of_the_contract(mode):
    result = run(command(mode, "--help"))
    assert (result.returncode, result.stderr) == (0, "")
    for flag in ("listen", "threads", "store", "work-cpu-us", "work-wait-us"):
        assert f"-{flag}" in result.stdout


def test_a_port_in_use_is_69(mode):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        check_one_line(run(command(mode, "--listen", f"127.0.0.1:{port}")), 69, str(port), "ddress already in use")


@pytest.mark.parametrize("value", ["0", "5", "5@100%", "5@0.5%"])
@pytest.mark.parametrize("flag", ["--work-wait-us", "--work-cpu-us"])
def test_work_of_n_or_n_at_p_percent_is_accepted(start, flag, value):
    start(flag, value).check_clean()


def test_a_wait_is_waited(start):
    server = start("--work-wait-us", "150000")
    with server.peer() as peer:
        began = time.monotonic()
        assert peer.exchange(request()).body == VALUE
        assert time.monotonic() - began >= 0.15


def test_without_threads_there_are_as_many_as_cpus_that_it_may_use(start, mode):
    if mode.startswith("go-"):
        pytest.skip("Go starts threads as it needs them")
    cpu = min(os.sched_getaffinity(0))
    by_default = start(before_exec=lambda: os.sched_setaffinity(0, {cpu}))
    told = start("--threads", "1")
    wait_until(lambda: kernel.threads(by_default.pid) == kernel.threads(told.pid), "as many threads as with --threads 1")


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def test_cpu_work_burns_cpu_time(start):
    server = start("--work-cpu-us", "50000")
    before = cpu_seconds(server.pid)
    with server.peer() as peer:
        for _ in range(6):
            assert peer.exchange(request()).body == VALUE
    assert cpu_seconds(server.pid) - before >= 0.3 - 2 / TICKS_PER_S


def test_a_share_of_requests_is_not_all_of_them(start):
    """Were it all, 100 requests of one connection would wait for 100 minutes."""
    server = start("--work-wait-us", "60000000@0.001%")
    with server.peer() as peer:
        peer.send(request() * 100)
        assert {peer.read_answer().status for _ in range(100)} == {200}


def bears_work(stream, number, fraction):
    """The draw of servers/common/work.cpp: splitmix64's finaliser as a hash."""
    mask = (1 << 64) - 1
    z = (stream + number) * 0x9E3779B97F4A7C15 & mask
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & mask
    z = (z ^ z >> 27) * 0x94D049BB133111EB & mask
    return ((z ^ z >> 31) >> 11) / 2**53 < fraction


def test_the_requests_that_wait_are_those_that_wait_in_our_servers(start):
    server = start("--work-wait-us", "30000@50%")
    wait_stream = 0x77616974
    with server.peer() as peer:
        for number in range(1, 13):  # 0 stored k
            began = time.monotonic()
            assert peer.exchange(request()).body == VALUE
            assert time.monotonic() - began >= 0.03 * bears_work(wait_stream, number, 0.5)


def test_a_pool_is_worth_its_workers(start, mode):
    if mode != "go-worker-pool":
        pytest.skip("has no pool")
    server = start("--workers", "1", "--work-wait-us", "100000")
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(server.peer()) for _ in range(4)]
        began = time.monotonic()
        for peer in peers:
            peer.send(request())
        assert {peer.read_answer().body for peer in peers} == {VALUE}
    assert time.monotonic() - began >= 0.4


def test_what_has_begun_is_answered_and_idle_connections_are_closed(start):
    server = start("--threads", "4", "--work-wait-us", "700000")
    with contextlib.ExitStack() as stack:
        idle = stack.enter_context(server.peer())
        assert idle.exchange(request()).body == VALUE
        busy = [stack.enter_context(server.peer()) for _ in range(4)]
        for peer in busy:
            peer.send(request())
        for peer in busy:
            peer.wait_until_read()
        server.signal()
        for peer in busy:
            answer = peer.read_answer()
            assert (answer.status, answer.body) == (200, VALUE)
            assert peer.read_to_any_end() == b""
        assert idle.read_to_any_end() == b""
        server.wait_for_exit()


def test_an_answer_under_way_comes_whole_and_its_connection_ends_with_it(start):
    server = start()
    value = b"x" * (1 << 20)
    with server.peer(receive_buffer=4096) as peer:
        assert peer.exchange(request(b"/", method=b"POST", body=b"big=" + value)).status == 200
        peer.send(request(b"/big"))
        wait_until(peer.is_readable, "the answer's beginning")
        server.signal()
        assert peer.read_answer().body == value
        assert peer.read_to_any_end() == b""
        server.wait_for_exit()


def test_a_request_that_came_in_part_is_waited_for(start, mode):
    if not mode.startswith(("beast-stock", "rust-tokio")):
        pytest.skip("its library takes such a connection for an idle one")
    server = start()
    half, rest = request()[:9], request()[9:]
    with server.peer() as peer, server.peer() as idle:
        assert idle.exchange(request()).body == VALUE
        peer.send(half)
        peer.wait_until_read()
        server.signal()
        assert idle.read_to_any_end() == b""  # so the signal has come
        peer.send(rest)
        assert peer.read_answer().body == VALUE
        assert peer.read_to_any_end() == b""
        server.wait_for_exit()


def test_a_drain_ends_after_ten_seconds(mode):
    if mode not in ("beast-stock", "rust-tokio-dashmap"):
        pytest.skip("its library has the limit")
    server = Server(mode, "--work-wait-us", "60000000", key_stored=False)
    with server.peer() as peer:
        peer.send(request())
        peer.wait_until_read()
        server.signal()
        server.wait_for_exit()
