"""Faults of a connection: short and interrupted calls, rude peers, half-closes, resets (S5 to S9, S15)."""

import contextlib
import errno
import hashlib
import select
import signal

import pytest
from blackbox import kernel
from blackbox.answers import parse_run
from blackbox.deadline import DEADLINE_S, SANITIZER, wait_until
from blackbox.expect import chunked, closes, request, stays
from blackbox.server import VALUE

LARGE = bytes(range(256)) * 2000


def conversation():
    """Requests that take every path of reading and writing, on one connection."""
    sent, heads = b"", 0
    for number in range(100):
        key = b"/s%d" % (number % 7)
        sent += request(key, method=b"PUT", body=b"%d" % number * (number * 3))
        sent += request(b"/", b"Transfer-Encoding: chunked", method=b"POST")
        sent += chunked(b"s9=", b"x" * (number + 1), b"y" * 300)
        sent += request(key) + request(b"/s9") + request(b"/absent") + request(b"/a/b", body=b"dropped")
        sent += request(b"/large") * (number % 20 == 0)
        heads += 6 + (number % 20 == 0)
    return sent, heads


def digest(server):
    """What the conversation yields, Date aside."""
    for number in range(10):
        with server.peer() as peer:
            peer.exchange(request(b"/s%d" % number, method=b"DELETE"))
    sent, count = conversation()
    with server.peer() as peer:
        total = hashlib.sha256()
        at = 0
        for _ in range(count):
            while at < len(sent) and not peer.is_readable():
                peer.send(sent[at:at + 20_000])
                at += 20_000
            total.update(peer.read_answer().without_date)
    return total.hexdigest()


@pytest.mark.parametrize("orders", [
    {"receive": {"limit_bytes": 1}},
    {"receive": {"limit_bytes": 7, "every": 2}},
    {"send": {"limit_bytes": 1, "every": 2}},
    {"send": {"limit_bytes": 100}},
    {"receive": {"error": errno.EINTR, "every": 3}},
    {"send": {"error": errno.EINTR, "every": 3}},
    {"receive": {"limit_bytes": 3, "every": 2}, "send": {"limit_bytes": 11, "every": 2}},
], ids=str)
def test_short_and_interrupted_calls_change_no_byte(start, faults, orders):
    """S5."""
    server = start(env=faults.env)
    server.put(b"large", LARGE)
    expected = digest(server)
    for site, order in orders.items():
        faults.arm(site, **order)
    assert digest(server) == expected
    for site in orders:
        assert faults.read(site) > 10, "the fault never fired"
        faults.disarm(site)
    server.check_clean()


@pytest.mark.parametrize("mode", ["channel"], indirect=True)
def test_readiness_that_was_false_changes_no_byte(start, faults):
    """S5, where readiness is asked for again each time. An edge-triggered loop is not shown one edge twice, and
    a blocking socket has no EAGAIN: there the kernel cannot do this."""
    server = start(env=faults.env)
    server.put(b"large", LARGE)
    expected = digest(server)
    faults.arm("receive", error=errno.EAGAIN, every=3)
    assert digest(server) == expected
    assert faults.read("receive") > 10
    faults.disarm("receive")


@pytest.mark.parametrize("error", ["ECONNRESET", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH"])
@pytest.mark.parametrize("site", ["receive", "send"])
def test_a_connection_that_fails_costs_itself_alone(start, faults, site, error):
    """A thread that blocks in recv already may be past the fault: its next recv fails, after one more answer."""
    server = start(env=faults.env, warm_up=True)
    server.wait_for_quiet()  # or the fault may hit one of the peers that are leaving
    with server.peer() as broken:
        assert broken.exchange(request()).status == 200
        faults.arm(site, error=getattr(errno, error), times=1)
        broken.send(request())
        answers = parse_run(broken.read_to_any_end())
        assert len(answers) <= (server.mode == "connection" and site == "receive")
        assert faults.read(site) == 1
    server.wait_for_quiet()
    server.check_clean()


def rude_peers(server, count, sent, wait_for_answer):
    for _ in range(count):
        peer = server.peer(receive_buffer=1)
        peer.send(sent)
        if wait_for_answer:
            assert select.select([peer.socket], [], [], DEADLINE_S)[0]
        peer.abort()


@pytest.mark.parametrize(("sent", "in_answer"), [
    (b"", False), (b"GET /k HT", False), (request(b"/k", b"Content-Length: 1000", method=b"PUT") + b"x" * 500, False),
    (request(b"/k", b"Transfer-Encoding: chunked", method=b"PUT") + b"5\r\nhel", False),
    (request(b"/large") * 10, True), (request() * 50, True), (b"bad\r\n", True),
], ids=["at-once", "in-head", "in-body", "in-chunk", "in-large-answer", "in-pipeline", "in-linger"])
def test_a_reset_frees_everything_and_stores_nothing(server, sent, in_answer):
    """S6, S7."""
    server.put(b"large", LARGE)
    rude_peers(server, 30, sent, in_answer)
    server.wait_for_quiet()
    server.check_clean()
    wait_until(lambda: server.stats()["requests"]["in_flight"] == 0, "nothing in flight")


@pytest.mark.parametrize(("sent", "expected"), [
    (request(), [stays(200, VALUE)]),
    (request() * 3, [stays(200, VALUE)] * 3),
    (request(b"/large"), [stays(200, LARGE)]),
    (request(b"/", method=b"POST", body=b"half=closed"), [stays(200, b"Key inserted")]),
    (request(b"/k", b"Connection: close"), [closes(200, VALUE)]),
    (b"bad\r\n", [closes(400)]),
])
def test_a_half_close_after_a_request_gets_the_full_answer_then_the_end(server, sent, expected):
    """S8."""
    server.put(b"large", LARGE)
    with server.peer() as peer:
        peer.send(sent)
        peer.finish()
        for expect in expected:
            answer = peer.read_answer()
            assert (answer.status, answer.body) == (expect.status, expect.body or b"Bad Request")
        assert peer.read_to_end() == b""
    server.check_clean()


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"G", b"GET /k HTTP/1.1\r\nHost: h\r\n",
                                  b"GET /k HTTP/1.1\r\nHost: h\r\n\r"])
def test_a_fin_inside_a_head_is_answered_by_the_end(server, sent):
    """S9."""
    with server.peer() as peer:
        peer.send(sent)
        peer.finish()
        assert peer.read_to_end() == b""
    server.check_clean()


def test_a_pipeline_that_is_never_read_stops_being_read(start):
    """S15: the server stops reading; what lies unsent in it is bounded, and other peers are served."""
    server = start("--threads", "2")
    server.check_clean()
    before = kernel.rss_bytes(server.pid)
    piece = request() * 1000
    with server.peer(receive_buffer=1) as peer, contextlib.suppress(BlockingIOError):
        peer.socket.setblocking(False)
        sent = 0
        while sent < 1_000_000 * len(request()):
            if not select.select([], [peer.socket], [], 0.3)[1]:
                break
            sent += peer.socket.send(piece)
        server.check_clean()
        assert sent < 1_000_000 * len(request()), "everything was read"
        if not SANITIZER:
            assert kernel.rss_bytes(server.pid) - before < 1 << 20
    server.check_clean()


def test_an_answer_that_is_long_in_sending_takes_nothing_of_the_next_requests_time(start, faults):
    """The body of the second begins to be awaited when the first is answered: its deadline is not past by then."""
    server = start("--threads", "2", "--header-timeout-ms", "1000", env=faults.env)
    large = LARGE[:100_000]  # over what may stand unsent while further requests are read
    with server.peer() as peer:
        stays(201).check(peer.exchange(request(b"/held", method=b"PUT", body=large)))
        faults.arm("send", error=errno.EAGAIN)
        peer.send(request(b"/held") + b"PUT /next HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf1")
        assert not peer.is_readable(1.5)
        faults.disarm("send")
        stays(200, large).check(peer.read_answer())
        peer.send(b"half2")
        stays(201).check(peer.read_answer())


@pytest.mark.parametrize("mode", ["channel"], indirect=True)
def test_a_worker_reads_on_in_the_midst_of_a_body(start, faults):
    """It lets a connection go that may be silent, not one that just filled all the room there was."""
    server = start("--threads", "1", env=faults.env)
    before = faults.read("rearm", "calls")
    server.signal(signal.SIGSTOP)
    try:
        with server.peer() as peer:
            peer.send(request(b"/body", method=b"PUT", body=bytes(40_000)))  # all of it is there when it is accepted
            server.signal(signal.SIGCONT)
            stays(201).check(peer.read_answer())
            stays(200, VALUE).check(peer.exchange(request()))
    finally:
        server.signal(signal.SIGCONT)
    assert faults.read("rearm", "calls") - before <= 2  # after each answer; it was four, two more within the body
