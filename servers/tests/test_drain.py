"""How a server ends: SIGTERM under load, with a stuck peer, twice (faults S16 to S18)."""

import contextlib
import os
import signal
import socket
import threading

import pytest
from blackbox.deadline import DEADLINE_S, SANITIZER, wait_until
from blackbox.expect import closes, request
from blackbox.server import VALUE

LARGE = 16 << 20
LONG_DRAIN = ("--drain-timeout-ms", "3600000")
# A cut ends the process with its threads where they are, for one may be stuck in a handler; TSan calls that a leak.
CUT = {"TSAN_OPTIONS": os.environ.get("TSAN_OPTIONS", "") + " report_thread_leaks=0"}


def refuses_connections(server):
    """The first thing a drain does, and the sign that it has begun."""
    try:
        socket.create_connection(server.address, DEADLINE_S, source_address=("127.0.0.2", 0)).close()
    except (ConnectionRefusedError, ConnectionResetError):
        return True
    return False


def wait_for_drain(server):
    wait_until(lambda: refuses_connections(server), "the listener to be closed")


def test_admitted_requests_are_answered_with_close_and_idle_ones_closed(start):
    """S16."""
    server = start("--threads", "4", "--work-wait-us", "700000", *LONG_DRAIN)
    with contextlib.ExitStack() as stack:
        idle = [stack.enter_context(server.peer()) for _ in range(10)]
        for peer in idle:
            assert peer.exchange(request(b"/-/health")).status == 200
        busy = [stack.enter_context(server.peer()) for _ in range(4)]
        for peer in busy:
            peer.send(request())
        for peer in busy:
            peer.wait_until_read()
        server.signal()
        for peer in busy:
            closes(200, VALUE).check(peer.read_answer())
            assert peer.read_to_end() == b""
        for peer in idle:
            assert peer.read_to_end() == b""
        assert refuses_connections(server)
        server.wait_for_exit()


def test_a_peer_that_comes_as_the_drain_begins_does_not_keep_the_server(start):
    """Whoever was accepted meanwhile is served or sent away; nobody is accepted behind the last look at who is there."""
    for _ in range(4 if SANITIZER else 8):
        server = start("--threads", "1", "--idle-timeout-ms", "3600000", *LONG_DRAIN)
        is_over = threading.Event()

        def knock(server=server, is_over=is_over):
            peers = []
            while not is_over.is_set():
                with contextlib.suppress(OSError):
                    peers.append(socket.create_connection(server.address, DEADLINE_S))
                if len(peers) > 50:
                    peers.pop(0).close()
            for peer in peers:
                peer.close()

        visitor = threading.Thread(target=knock)
        visitor.start()
        try:
            server.wait_for_stats(lambda stats: stats["connections"]["open"] > 2, "the visitor to be there")
            server.signal()
            server.wait_for_exit()
        finally:
            is_over.set()
            visitor.join()


def test_a_pipeline_is_answered_to_its_admitted_end(start):
    """S16: of twenty requests in one segment some are answered, the last of them says close, none is cut."""
    server = start("--threads", "2", "--work-wait-us", "50000", *LONG_DRAIN)
    with server.peer() as peer:
        peer.send(request() * 20)
        assert peer.read_answer().status == 200
        server.signal()
        answer = None
        while answer is None or not answer.closes:
            answer = peer.read_answer()
            assert (answer.status, answer.body) == (200, VALUE)
        assert peer.read_to_end() == b""
    server.wait_for_exit()


def test_under_load_every_answer_is_whole(start):
    """S16: eight peers ask as fast as they can; each sees whole answers, and then the end."""
    server = start("--threads", "2", *LONG_DRAIN)
    answered, failures = [0] * 8, []

    def ask(number):
        try:
            with server.peer() as peer:
                while True:
                    peer.send(request())
                    answer = peer.read_answer()
                    assert answer.body == VALUE
                    answered[number] += 1
                    if answer.closes:
                        assert peer.read_to_end() == b""
                        return
        except AssertionError as error:
            # Between two requests a connection is idle and is closed: the next request is simply not read.
            if not str(error).startswith("closed before an answer was whole: b''"):
                failures.append(error)
        except (ConnectionResetError, BrokenPipeError):
            pass  # the same, seen by send()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    wait_until(lambda: min(answered) >= 20, "every peer to be under way")
    server.signal()
    for thread in threads:
        thread.join(DEADLINE_S)
        assert not thread.is_alive()
    assert not failures
    server.wait_for_exit()


def test_a_large_answer_to_a_request_that_was_not_read_yet_is_whole(start):
    """S16: while the only worker computes, a second request waits unread; the drain is not its deadline."""
    server = start("--threads", "1", "--work-cpu-us", "500000", "--max-value-bytes", str(LARGE), *LONG_DRAIN, env=CUT)
    server.put(b"large", b"x" * LARGE)
    with server.peer() as busy, server.peer() as unread:
        for peer in (busy, unread):
            assert peer.exchange(request(b"/-/health")).status == 200
        busy.send(request())
        busy.wait_until_read()
        unread.send(request(b"/large"))
        server.signal()
        wait_for_drain(server)
        closes(200, VALUE).check(busy.read_answer())
        closes(200, b"x" * LARGE).check(unread.read_answer())
        assert unread.read_to_end() == b""
    server.wait_for_exit()


STUCK = {
    "half-head": b"GET /k HTTP/1.1\r\n",
    "half-body": request(b"/k", b"Content-Length: 100", method=b"PUT") + b"x",
}


@pytest.mark.parametrize("stuck", list(STUCK))
def test_a_stuck_peer_is_cut_at_the_drain_limit_and_counted(start, stuck):
    """S17."""
    server = start("--drain-timeout-ms", "300", env=CUT)
    with server.peer() as peer:
        peer.send(STUCK[stuck])
        peer.wait_until_read()
        server.signal()
        log = server.wait_for_exit()
    assert "1 connection" in log, log


def test_a_reader_that_is_stuck_in_its_answer_is_cut_at_the_drain_limit(start):
    """S17."""
    server = start("--drain-timeout-ms", "300", env=CUT)
    server.put(b"large", b"x" * (1 << 20))
    with server.peer(receive_buffer=1) as peer:
        peer.send(request(b"/large") * 4)
        assert peer.is_readable(DEADLINE_S)
        server.signal()
        server.wait_for_exit()


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_cuts_at_once(start, second):
    """S18: the drain limit is an hour away, so only the second signal can end this."""
    server = start(*LONG_DRAIN, "--header-timeout-ms", "3600000", env=CUT)
    with server.peer() as peer:
        peer.send(STUCK["half-body"])
        peer.wait_until_read()
        server.signal()
        wait_for_drain(server)
        server.signal(second)
        server.wait_for_exit()
