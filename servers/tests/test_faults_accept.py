"""Faults while accepting and starting threads (S1, S2, S3, S20)."""

import contextlib
import errno
import os
import resource
import signal
import subprocess
import time

import pytest
from blackbox import kernel
from blackbox.deadline import DEADLINE_S, FACTOR, SANITIZER, wait_until
from blackbox.expect import closes, request, stays
from blackbox.server import VALUE, command, die_with_parent


def give_up_descriptors(server, limit):
    """Lowers the limit below what the server holds already: the next accept fails with EMFILE."""
    before = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (limit, before[1]))
    return before


@pytest.mark.skipif("undefined" in SANITIZER, reason="UBSan checks pointers by way of a pipe, which takes descriptors")
def test_out_of_descriptors_open_peers_are_served_and_queued_ones_later(start):
    """S1, by the limit itself. A bare retry loop would burn a core; the bound is on CPU, not on time."""
    server = start("--threads", "2")
    with contextlib.ExitStack() as stack:
        served = stack.enter_context(server.peer())
        stays(200, VALUE).check(served.exchange(request()))
        before = give_up_descriptors(server, 3)
        try:
            queued = [stack.enter_context(server.peer()) for _ in range(5)]
            for peer in queued:
                peer.send(request())
            cpu, began = kernel.cpu_seconds(server.pid), time.monotonic()
            while time.monotonic() - began < 1.0:
                queued[0].is_readable(0.1)
                stays(200, VALUE).check(served.exchange(request()))
            used, took = kernel.cpu_seconds(server.pid) - cpu, time.monotonic() - began
            assert used <= 0.05 * took * FACTOR + 0.03, f"{used} s of CPU in {took} s"
        finally:
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, before)
        for peer in queued:
            assert peer.read_answer().status in (200, 503)
    server.check_clean()
    assert os.strerror(errno.EMFILE) in server.stderr()


@pytest.mark.parametrize("name", ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EPROTO", "ENETDOWN", "EHOSTUNREACH",
                                  "EINTR"])
def test_a_failing_accept_never_ends_the_accepting(start, faults, name):
    """S1, S2: three failures, then all is well."""
    server = start(env=faults.env)
    with server.peer() as open_peer:
        open_peer.exchange(request())
        faults.arm("accept", error=getattr(errno, name), times=3)
        with server.peer() as queued:
            queued.send(request())
            stays(200, VALUE).check(open_peer.exchange(request()))
            stays(200, VALUE).check(queued.read_answer())
    assert faults.read("accept") == 3
    server.check_clean()


@pytest.mark.parametrize("name", ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"])
def test_accept_is_not_retried_in_a_hot_loop(start, faults, name):
    """S1: what cannot get better at once is tried a few times a second, not a million times."""
    server = start(env=faults.env)
    with server.peer() as open_peer:
        open_peer.exchange(request())
        faults.arm("accept", error=getattr(errno, name))
        began = time.monotonic()
        with server.peer() as queued:
            queued.send(request())
            wait_until(lambda: faults.read("accept") >= 3, "three failures")
            failures = faults.read("accept")
            took = time.monotonic() - began  # after they were counted
            assert failures <= 3 + 8 * took, f"{failures} failures in {took} s"
            stays(200, VALUE).check(open_peer.exchange(request()))
            faults.disarm("accept")
            stays(200, VALUE).check(queued.read_answer())


def test_a_pause_ends_though_the_kernel_has_no_room_for_another_watch(start, faults, mode):
    """S1, S2: the listener is not taken out for the pause, or nothing could take it in again."""
    server = start(env=faults.env)
    faults.arm("accept", error=errno.ENFILE, times=1)
    faults.arm("watch", error=errno.ENOSPC)
    with server.peer() as queued:
        if mode == "connection":  # it needs no watch of its own
            queued.send(request())
        assert queued.read_answer().status == (200 if mode == "connection" else 503)
    faults.disarm("watch")
    assert faults.read("accept") == 1
    server.check_clean()


@pytest.mark.parametrize("mode", ["channel", "per-core", "shared"], indirect=True)
def test_a_connection_that_the_kernel_cannot_watch_is_503_and_counted(start, faults):
    """S2; a thread per connection waits in recv and watches nothing."""
    server = start(env=faults.env)
    before = server.stats()["rejected"]["memory"]
    faults.arm("watch", error=errno.ENOSPC)
    for _ in range(20):
        with server.peer() as peer:
            closes(503).check(peer.read_answer())
            assert peer.read_to_end() == b""
    faults.disarm("watch")
    server.check_clean()
    assert server.stats()["rejected"]["memory"] == before + 20


def test_peers_behind_an_aborted_one_are_answered(start, faults):
    """S3: the first of four queued connections is gone when it is accepted; the others need no new edge."""
    server = start(env=faults.env)
    faults.arm("accept", error=errno.ECONNABORTED, times=1)
    server.signal(signal.SIGSTOP)
    try:
        with contextlib.ExitStack() as stack:
            peers = [stack.enter_context(server.peer()) for _ in range(4)]
            for peer in peers:
                peer.send(request())
            server.signal(signal.SIGCONT)
            for peer in peers[1:]:
                stays(200, VALUE).check(peer.read_answer())
    finally:
        server.signal(signal.SIGCONT)
    assert faults.read("accept") == 1
    server.check_clean()


def test_a_machine_out_of_threads_is_69_and_no_half_started_server(mode, faults):
    """S20: each thread of the start fails once; each time there is one line, and no server."""
    arguments = command(mode, "--listen", "127.0.0.1:0", "--threads", "2")
    failed = 0
    for number in range(100):
        faults.arm("thread", error=errno.EAGAIN, times=1, skip=number)
        with subprocess.Popen(arguments, env={**os.environ, **faults.env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, preexec_fn=die_with_parent) as process:
            announced = process.stdout.readline()
            process.terminate()  # of no matter to one that has ended
            _, said = process.communicate(timeout=DEADLINE_S)
        if not faults.read("thread"):
            assert announced and process.returncode == 0, said  # the start takes no more threads
            break
        failed += 1
        assert (announced, process.returncode) == ("", 69), said
        assert os.strerror(errno.EAGAIN) in said and said.count("\n") == 1, said
    assert 1 <= failed < 100


@pytest.mark.parametrize("mode", ["connection"], indirect=True)
def test_a_connection_that_gets_no_thread_is_503_and_counted(start, faults):
    """S20, of the server with a thread per connection: later connections are served again."""
    server = start(env=faults.env)
    faults.arm("thread", error=errno.EAGAIN, times=2)
    for _ in range(2):
        with server.peer() as peer:
            closes(503).check(peer.exchange(request()))
            assert peer.read_to_end() == b""
    assert faults.read("thread") == 2
    server.check_clean()
    assert server.stats()["rejected"]["thread"] == 2
