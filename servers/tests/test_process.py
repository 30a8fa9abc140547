"""Flags, exit codes, the announce line, standard streams (design.md, section 2; faults S19, S25)."""

import contextlib
import errno
import os
import re
import select
import signal
import socket
import subprocess

import pytest
from blackbox.deadline import DEADLINE_S, SANITIZER, Deadline, wait_until
from blackbox.server import (
    BIN, MODES, PROGRAMS, Server, check_unavailable, command, die_with_parent, few_descriptors, run,
)

COMMON = {
    "--listen", "--threads", "--store", "--max-connections", "--max-in-flight", "--max-key-bytes", "--max-value-bytes",
    "--max-memory-bytes", "--header-timeout-ms", "--idle-timeout-ms", "--write-timeout-ms", "--drain-timeout-ms",
    "--work-cpu-us",
    "--work-wait-us", "--log-level", "--version", "--help",
}
OWN = {"kvduel-threads": {"--dispatch", "--queue-depth", "--stay-budget"}, "kvduel-async": {"--runtime"}}
NUMBERS = sorted(name for name in COMMON if name.startswith("--max-") or name.endswith("-ms")) + ["--threads"]

program = pytest.mark.parametrize("program", PROGRAMS)


@program
def test_help_lists_the_flags_of_the_contract_and_no_other(program):
    result = run([str(BIN / program), "--help"])
    assert (result.returncode, result.stderr) == (0, "")
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", result.stdout)) == COMMON | OWN[program]


@program
def test_version_names_program_and_version(program):
    result = run([str(BIN / program), "--version"])
    assert (result.returncode, result.stderr) == (0, "")
    assert re.fullmatch(program + r" \d+\.\d+\.\d+.*\n", result.stdout)


def check_usage_error(argv, *words):
    result = run(argv)
    assert result.returncode == 64, (result.returncode, result.stderr)
    assert result.stdout == ""
    assert re.fullmatch(r"[^\n]+\n", result.stderr), f"not one line: {result.stderr!r}"
    for word in words:
        assert word in result.stderr, result.stderr


@program
@pytest.mark.parametrize("flag", NUMBERS)
@pytest.mark.parametrize("value", ["-1", "abc", "1e3", "5x", "", "99999999999999999999", "0x10", "nan"])
def test_a_value_that_is_no_number_is_a_usage_error(program, flag, value):
    check_usage_error([str(BIN / program), "--listen", "127.0.0.1:0", flag + "=" + value], flag, value)


@program
@pytest.mark.parametrize("flag", ["--threads", "--max-connections", "--max-in-flight", "--max-key-bytes",
                                  "--header-timeout-ms"])
def test_a_limit_of_zero_is_a_usage_error(program, flag):
    check_usage_error([str(BIN / program), "--listen", "127.0.0.1:0", flag, "0"], flag, "0")


@program
@pytest.mark.parametrize("value", ["", ":", "127.0.0.1", "127.0.0.1:", ":8080x", "127.0.0.1:70000", "127.0.0.1:-1",
                                   "127.0.0.1:x",
                                   "127.0.0.256:0", "[::1", "[::1]", "not-an-address:0"])
def test_a_bad_address_is_a_usage_error(program, value):
    check_usage_error([str(BIN / program), "--listen=" + value], "--listen", value)


@program
@pytest.mark.parametrize("flag", ["--work-wait-us", "--work-cpu-us"])
@pytest.mark.parametrize("value", ["-5", "x", "5@", "@5%", "5@x%", "5@-1%", "5@101%", "5@200%", "5@5", "5@5%%", "5%",
                                   "@", "5@1e1%x",
                                   "99999999999999999999", "5 @5%", "5@nan%", ""])
def test_work_that_is_not_n_or_n_at_p_percent_is_a_usage_error(program, flag, value):
    check_usage_error([str(BIN / program), "--listen", "127.0.0.1:0", flag + "=" + value], flag, value)


@program
@pytest.mark.parametrize("flag", ["--work-wait-us", "--work-cpu-us"])
@pytest.mark.parametrize("value", ["0", "5", "5@100%", "5@1%", "5@0.5%"])
def test_work_of_n_or_n_at_p_percent_is_accepted(program, flag, value):
    mode = next(mode for mode, argv in MODES.items() if argv[0] == program)
    with contextlib.closing(StoppedAtEnd(mode, flag, value)) as server:
        server.check_clean()


class StoppedAtEnd(Server):
    """For contextlib.closing."""

    close = Server.stop


@program
@pytest.mark.parametrize(("argv", "words"), [
    (["--store", "nope"], ["--store", "nope", "mutex", "sharded", "snapshot"]),
    (["--log-level", "loud"], ["--log-level", "loud"]),
    (["--nope"], ["--nope"]),
    (["--thread", "2"], ["--thread"]),
    (["--threads"], ["--threads"]),
    (["--threads", "2", "--threads", "3"], ["--threads"]),
    (["surplus"], ["surplus"]),
])
def test_a_bad_flag_is_a_usage_error(program, argv, words):
    check_usage_error([str(BIN / program), "--listen", "127.0.0.1:0", *argv], *words)


@pytest.mark.parametrize(("program", "flag", "allowed"), [
    ("kvduel-threads", "--dispatch", ["channel", "connection"]), ("kvduel-async", "--runtime", ["per-core", "shared"]),
])
def test_a_bad_model_is_a_usage_error_that_names_the_good_ones(program, flag, allowed):
    check_usage_error([str(BIN / program), "--listen", "127.0.0.1:0", flag, "nope"], flag, "nope", *allowed)


@pytest.mark.parametrize(("program", "flag"), [("kvduel-async", "--dispatch"), ("kvduel-async", "--queue-depth"),
                                               ("kvduel-async", "--stay-budget"), ("kvduel-threads", "--runtime")])
def test_a_flag_of_the_other_model_is_a_usage_error(program, flag):
    check_usage_error([str(BIN / program), "--listen", "127.0.0.1:0", flag, "1"], flag)


def test_the_announce_line_is_exact(mode):
    server = Server(mode)
    assert server.address[0] == "127.0.0.1"
    server.stop()


@pytest.mark.parametrize(("listen", "host"), [("localhost:0", "127.0.0.1"), ("127.0.0.2:0", "127.0.0.2")])
def test_the_announced_host_is_the_one_that_listens(mode, listen, host):
    server = Server(mode, listen=listen)
    assert server.announcement["host"] == host
    server.stop()


def test_an_ipv6_address_is_listened_on(mode):
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            pass
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")
    server = Server(mode, listen="[::1]:0", key_stored=False)
    assert server.announcement["host"] == "::1"
    with socket.create_connection(("::1", server.announcement["port"]), DEADLINE_S) as peer:
        peer.sendall(b"GET /k HTTP/1.1\r\nHost: [::1]\r\nConnection: close\r\n\r\n")
        assert peer.recv(4096).startswith(b"HTTP/1.1 404 ")
    server.stop()


@pytest.mark.skipif("undefined" in SANITIZER, reason="UBSan checks pointers by way of a pipe, which takes descriptors")
def test_a_server_without_the_descriptors_it_needs_says_so_and_ends(mode):
    result = run(command(mode, "--listen", "127.0.0.1:0"), before_exec=few_descriptors(6))
    assert (result.returncode, result.stdout) == (69, ""), result.stderr
    *_, last = result.stderr.splitlines()  # behind a warning of the connections that there is no room for
    assert os.strerror(errno.EMFILE) in last and "; run: ulimit -n " in last


def test_an_address_open_to_other_machines_is_warned_of(mode):
    server = Server(mode, listen="0.0.0.0:0")
    assert "no TLS" in server.stderr()
    server.stop()


def test_sigint_drains_as_sigterm_does(mode):
    server = Server(mode)
    server.signal(signal.SIGINT)
    server.wait_for_exit()


def test_a_port_in_use_is_69_with_address_and_reason(mode):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = "127.0.0.1:%d" % taken.getsockname()[1]
        check_unavailable(mode, address, address, os.strerror(98))


def test_a_foreign_address_is_69_with_address_and_reason(mode):
    check_unavailable(mode, "192.0.2.1:0", "192.0.2.1:0", os.strerror(99))


def test_a_privileged_port_is_69_with_address_and_reason(mode):
    with open("/proc/sys/net/ipv4/ip_unprivileged_port_start") as limit:
        if int(limit.read()) <= 80:
            pytest.skip("every port is free to all here (ip_unprivileged_port_start)")
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        check_unavailable(mode, "127.0.0.1:80", "127.0.0.1:80", os.strerror(13), **nobody)
    except PermissionError:
        pytest.skip("the build folder cannot be read without privilege")


@pytest.mark.parametrize("streams", [(0,), (1,), (2,), (0, 1, 2)])
def test_an_announcement_nobody_can_read_is_69(mode, streams):
    """S25. Only a server that picked its port itself must be heard; with stdin or stderr closed it runs."""
    def close_streams():
        die_with_parent()
        for stream in streams:
            os.close(stream)

    if 1 in streams:
        process = subprocess.Popen(command(mode, "--listen", "127.0.0.1:0"), preexec_fn=close_streams)
        assert process.wait(DEADLINE_S) == 69
    else:
        Server(mode, before_exec=close_streams).stop()


def test_a_reader_that_left_before_the_announcement_is_69(mode):
    read_end, write_end = os.pipe()
    os.close(read_end)
    process = subprocess.Popen(command(mode, "--listen", "127.0.0.1:0"), stdout=write_end, preexec_fn=die_with_parent)
    os.close(write_end)
    assert process.wait(DEADLINE_S) == 69


def test_a_full_device_for_an_announcement_is_69(mode):
    with open("/dev/full", "wb") as full:
        process = subprocess.Popen(command(mode, "--listen", "127.0.0.1:0"), stdout=full, preexec_fn=die_with_parent)
        assert process.wait(DEADLINE_S) == 69


def test_no_socket_takes_the_place_of_a_closed_stream(mode):
    """S25: with a port given, a server without standard streams runs, and its logs reach no socket."""
    def close_streams():
        die_with_parent()
        os.closerange(0, 3)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(command(mode, "--listen", f"127.0.0.1:{port}"), preexec_fn=close_streams)
    try:
        with contextlib.closing(wait_until(lambda: connect(port), "the server to listen")) as peer:
            for stream in range(3):
                assert os.readlink(f"/proc/{process.pid}/fd/{stream}") == "/dev/null"
            peer.sendall(b"bad\r\n")
            assert select.select([peer], [], [], Deadline("an answer").left())[0]
            assert peer.recv(4096).startswith(b"HTTP/1.1 400 ")
        process.send_signal(signal.SIGTERM)
        assert process.wait(DEADLINE_S) == 0
    finally:
        process.kill()
        process.wait(DEADLINE_S)


def connect(port):
    try:
        # From another address: a socket that tries a free local port may otherwise reach itself.
        return socket.create_connection(("127.0.0.1", port), DEADLINE_S, source_address=("127.0.0.2", 0))
    except ConnectionRefusedError:
        return None
