"""Deadlines of head, body, answer and idle connection (contract, section 2, rows 74 and 75; faults S10 to S12).

The tests wait for what the server does at the end of a short deadline; how long it took is not asserted, only that
it was by this deadline: the others are far away.
"""

import contextlib
import errno
import select

import pytest
from blackbox.deadline import DEADLINE_S, Deadline
from blackbox.expect import closes, request
from blackbox.server import VALUE, Server

SHORT = "300"
LONG = "3600000"
ONLY_HEADER = ("--header-timeout-ms", SHORT, "--idle-timeout-ms", LONG, "--write-timeout-ms", LONG)
ONLY_IDLE = ("--header-timeout-ms", LONG, "--idle-timeout-ms", SHORT, "--write-timeout-ms", LONG)
ONLY_WRITE = ("--header-timeout-ms", LONG, "--idle-timeout-ms", LONG, "--write-timeout-ms", SHORT)


def dribble_until_answered(peer, data):
    """Sends single bytes, each a twentieth of the deadline after the last, until there is an answer."""
    deadline = Deadline("the server to lose patience")
    for at in range(len(data)):
        if select.select([peer.socket], [], [], 0.015)[0]:
            return
        deadline.left()
        peer.send(data[at:at + 1])


def check_408(peer):
    closes(408).check(peer.read_answer())
    assert peer.read_to_end() == b""


@pytest.fixture(scope="module")
def impatient(mode):
    """A server whose header deadline alone is short. One for all: who was timed out lingers for a second."""
    server = Server(mode, *ONLY_HEADER, "--threads", "2")
    yield server
    assert server.get(b"k") == VALUE
    server.stop()


@contextlib.contextmanager
def counted(server, deadline):
    """The body of the `with` lets one such deadline pass."""
    before = server.stats()["deadlines"]
    yield
    after = server.stats()["deadlines"]
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {deadline: 1}


@pytest.mark.parametrize("start_of_head", [b"G", b"GET /k HTTP/1.1\r\nHost: h\r\n", b"\r"])
def test_a_head_that_stops_is_408_at_the_deadline(impatient, start_of_head):
    with counted(impatient, "header"), impatient.peer() as peer:
        peer.send(start_of_head)
        check_408(peer)


def test_a_head_at_a_byte_now_and_then_is_408_at_the_deadline(impatient):
    with impatient.peer() as peer:
        dribble_until_answered(peer, b"GET /k HTTP/1.1\r\nX: " + b"y" * 10_000)
        check_408(peer)


def test_a_second_head_on_a_connection_has_the_deadline_too(impatient):
    with impatient.peer() as peer:
        assert peer.exchange(request()).status == 200
        peer.send(b"GET /k")
        check_408(peer)


@pytest.mark.parametrize("start_of_body", [
    request(b"/k", b"Content-Length: 5", method=b"PUT"),
    request(b"/k", b"Content-Length: 5", method=b"PUT") + b"hell",
    request(b"/k", b"Transfer-Encoding: chunked", method=b"PUT") + b"5\r\nhello\r\n",
    request(b"/k", b"Transfer-Encoding: chunked", method=b"PUT") + b"5\r\nhello\r\n0\r\nX: y\r\n",
    request(b"/no/such/route", b"Content-Length: 5", method=b"PUT") + b"hell",
])
def test_a_body_that_stops_is_408_at_the_deadline_and_not_stored(impatient, start_of_body):
    with counted(impatient, "body"), impatient.peer() as peer:
        peer.send(start_of_body)
        check_408(peer)


def test_a_body_below_the_minimum_rate_is_408(impatient):
    with impatient.peer() as peer:
        peer.send(request(b"/k", b"Content-Length: 100000", method=b"PUT"))
        dribble_until_answered(peer, b"x" * 10_000)
        check_408(peer)
    assert impatient.get(b"k") == VALUE


def test_the_408_is_not_taken_back_from_a_peer_that_goes_on_sending(impatient):
    """What it sends after the end is answered by the kernel with a reset; the answer was there before."""
    with impatient.peer() as peer:
        peer.send(request(b"/k", b"Content-Length: 100000", method=b"PUT"))
        assert peer.is_readable(DEADLINE_S)
        with contextlib.suppress(ConnectionError):
            for _ in range(20):
                peer.send(b"x" * 1000)
        closes(408).check(peer.read_answer())


def test_a_wait_for_continue_is_408_at_the_deadline(impatient):
    with impatient.peer() as peer:
        assert peer.exchange(request(b"/k", b"Expect: 100-continue", b"Content-Length: 5", method=b"PUT")).status == 100
        check_408(peer)


def test_many_slow_peers_hold_nobody_up(impatient):
    """S10: more of them than there are workers or loops; each gets its 408, others are served meanwhile."""
    with contextlib.ExitStack() as stack:
        slow = [stack.enter_context(impatient.peer()) for _ in range(100)]
        for number, peer in enumerate(slow):
            peer.send(b"GET /k HT" if number % 2 else request(b"/k", b"Content-Length: 9", method=b"PUT") + b"x")
        for _ in range(10):
            impatient.check_clean()
        for peer in slow:
            check_408(peer)
    assert impatient.get(b"k") == VALUE


def test_idle_connections_are_closed_without_a_byte(start):
    """S12, and the fresh connection that never says a word."""
    server = start(*ONLY_IDLE)
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(server.peer()) for _ in range(50)]
        for peer in peers[:25]:
            assert peer.exchange(request()).status == 200
        for peer in peers:
            assert peer.read_to_end() == b""
    server.wait_for_stats(lambda stats: stats["deadlines"]["idle"] == 50, "50 idle connections to be counted")
    server.check_clean()


def test_a_connection_in_use_is_not_idle(start):
    server = start(*ONLY_IDLE)
    with server.peer() as busy, server.peer() as idle:
        assert idle.exchange(request()).status == 200
        while not idle.is_readable():
            assert busy.exchange(request()).status == 200
        assert idle.read_to_end() == b""


def test_a_reader_that_reads_nothing_is_reset_at_the_write_deadline(start, faults):
    """S11. The deadline grows with what was sent, so the socket takes nothing after the first bytes: the kernel of
    a test machine would swallow megabytes."""
    server = start(*ONLY_WRITE, env=faults.env, warm_up=True)
    with server.peer() as peer:
        peer.exchange(request())
        faults.arm("send", error=errno.EAGAIN)
        peer.send(request())
        gone = select.poll()
        gone.register(peer.socket, 0)
        assert gone.poll(1000 * DEADLINE_S), "not cut"
        assert faults.read("send") >= 1
        faults.disarm("send")
    assert server.stats()["deadlines"]["write"] == 1
    server.wait_for_quiet()
    server.check_clean()
