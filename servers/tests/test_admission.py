"""What is refused for lack of room: requests, jobs, connections, bodies, memory (contract, section 2; S13, S21)."""

import contextlib
import json
import re
import resource
import select

import pytest
from blackbox.deadline import DEADLINE_S, FACTOR, wait_until
from blackbox.expect import check, closes, request, stays
from blackbox.server import VALUE

# Long enough that no request ends while a few others arrive, short enough to wait for: a sanitizer makes the clients no slower.
PATIENCE = min(FACTOR, 2)
WAIT = ("--work-wait-us", str(int(400_000 * PATIENCE)))


def fill(server, stack, count):
    """`count` peers whose requests are admitted and wait."""
    waiting = [stack.enter_context(server.peer()) for _ in range(count)]
    for peer in waiting:
        peer.send(request())
    server.wait_for_stats(lambda stats: stats["requests"]["in_flight"] == count, f"{count} requests in flight")
    return waiting


def test_requests_over_the_in_flight_cap_are_503_and_stay(start):
    server = start("--max-in-flight", "2", "--threads", "4", *WAIT)
    with contextlib.ExitStack() as stack:
        waiting = fill(server, stack, 2)
        shed = stack.enter_context(server.peer())
        for sent in (request(), request(b"/other", method=b"PUT", body=b"x" * 1000), request(b"/k", method=b"DELETE")):
            stays(503).check(shed.exchange(sent))
        stays(503, is_to_head=True).check(shed.exchange(request(method=b"HEAD"), is_head_request=True))
        assert shed.exchange(request(b"/-/health")).body == b"ok"
        for peer in waiting:
            stays(200, VALUE).check(peer.read_answer())
        stays(200, VALUE).check(shed.exchange(request()))
        assert shed.exchange(request(b"/other")).status == 404
        stats = server.stats()
        assert stats["rejected"]["in_flight"] == 4
        assert stats["requests"]["by_status"]["503"] == 4
        assert stats["requests"]["in_flight"] == 0


@pytest.mark.parametrize(("mode", "threads", "count"),
                         [("channel", 2, 1), ("connection", 1, 3), ("per-core", 1, 3), ("shared", 1, 3)],
                         indirect=["mode"])
def test_requests_that_wait_hold_up_no_other(start, threads, count):
    """S23. The pool of two workers has one left; a coroutine that waits, or a thread of its own, takes nobody's."""
    server = start("--threads", str(threads), *WAIT)
    with contextlib.ExitStack() as stack:
        for peer in fill(server, stack, count):
            stays(200, VALUE).check(peer.read_answer())


def test_what_is_wrong_anyway_is_said_before_503(start):
    server = start("--max-in-flight", "1", "--threads", "4", *WAIT)
    with contextlib.ExitStack() as stack:
        fill(server, stack, 1)
        for sent, status in ((request(host=None), 400), (request(b"/k", b"Content-Length: 9999999"), 413),
                             (request(b"/a/b"), 404), (request(b"/k", method=b"FOO"), 501)):
            with server.peer() as peer:
                assert peer.exchange(sent).status == status
        with server.peer() as peer:
            expecting = request(b"/k", b"Expect: 100-continue", b"Content-Length: 5", method=b"PUT")
            closes(503).check(peer.exchange(expecting))
            assert peer.read_to_end() == b""


@pytest.mark.parametrize("mode", ["channel", "per-core", "shared"], indirect=True)
def test_requests_are_refused_while_those_admitted_earlier_wait_to_compute(start):
    """What comes when one thread has six to compute is refused before the sixth is answered. (A thread each has no order.)"""
    server = start("--max-in-flight", "6", "--threads", "1", "--work-cpu-us", str(int(100_000 * PATIENCE)))
    with contextlib.ExitStack() as stack:
        admitted = [stack.enter_context(server.peer()) for _ in range(6)]
        late = [stack.enter_context(server.peer()) for _ in range(8)]
        for peer in admitted:
            peer.send(request())
        assert readable(admitted, DEADLINE_S)
        for peer in late:
            peer.send(request())
        early = readable(late, DEADLINE_S)
        unanswered = len(admitted) - len(readable(admitted, 0))
        stays(503).check(early[0].read_answer())
        assert unanswered > 0
        for peer in admitted:
            stays(200, VALUE).check(peer.read_answer())
        statuses = [peer.read_answer().status for peer in late if peer is not early[0]]
    assert set(statuses) <= {200, 503}
    rejected = server.stats()["rejected"]
    assert rejected["in_flight"] + rejected["queue"] == 1 + statuses.count(503)


def readable(peers, seconds):
    ready = select.select([peer.socket for peer in peers], [], [], seconds)[0]
    return [peer for peer in peers if peer.socket in ready]


@pytest.mark.parametrize("mode", ["channel"], indirect=True)
def test_a_full_channel_is_503_and_stays(start):
    """Of the thread-pool server alone: one worker, one place in its queue."""
    server = start("--threads", "1", "--queue-depth", "1", *WAIT, key_stored=False)
    with contextlib.ExitStack() as stack:
        first, second, third = [stack.enter_context(server.peer()) for _ in range(3)]
        first.send(request())
        first.wait_until_read()
        second.send(request())
        third.send(request())
        refused = select.select([second.socket, third.socket], [], [], DEADLINE_S)[0]
        early = second if second.socket in refused else third
        stays(503).check(early.read_answer())
        for peer in {first, second, third} - {early}:
            stays(404, b"Key not found").check(peer.read_answer())
        stays(404, b"Key not found").check(early.exchange(request()))
    stats = server.stats()
    assert stats["rejected"]["queue"] == 1
    assert stats["queue"]["capacity"] == 1


def test_connections_over_the_cap_are_503_and_counted(start):
    """S13, with exact counts."""
    server = start("--max-connections", "3", key_stored=False)
    with contextlib.ExitStack() as stack:
        admitted = [stack.enter_context(server.peer()) for _ in range(3)]
        assert admitted[0].exchange(request(method=b"PUT", body=VALUE)).status == 201
        for peer in admitted:
            stays(200, VALUE).check(peer.exchange(request()))
        for _ in range(5):
            with server.peer() as refused:
                closes(503).check(refused.exchange(request()))
                assert refused.read_to_end() == b""
        for peer in admitted:
            stays(200, VALUE).check(peer.exchange(request()))
        page = admitted[0].exchange(request(b"/-/stats"))
        assert json.loads(page.body)["rejected"]["connections"] == 5
    wait_for_room(server)


def wait_for_room(server):
    def is_served():
        with server.peer() as peer:
            return peer.exchange(request()).status != 503

    wait_until(is_served, "room for a connection")


def test_a_peer_over_the_cap_that_sends_without_end_is_not_read_for_long(start):
    """S13: 256 KiB are dropped for the sake of the answer; what the kernel's buffers hold comes on top."""
    server = start("--max-connections", "1", key_stored=False)
    with server.peer() as admitted, server.peer() as refused:
        assert admitted.exchange(request(b"/-/health")).body == b"ok"
        sent = 0
        with contextlib.suppress(ConnectionResetError, BrokenPipeError):
            while sent < 256 << 20:
                sent += refused.socket.send(b"x" * (1 << 16))
        assert sent < 64 << 20, f"{sent:,} bytes were taken"
        assert admitted.exchange(request(b"/-/health")).body == b"ok"


def test_a_hash_seed_that_is_no_number_is_not_used_and_said(start):
    assert "KVDUEL_HASH_SEED is not a number" in start("--threads", "2", env={"KVDUEL_HASH_SEED": "7x"}).stderr()
    assert "KVDUEL_HASH_SEED" not in start("--threads", "2", env={"KVDUEL_HASH_SEED": "7"}).stderr()


def test_the_connection_cap_follows_the_descriptor_limit_with_a_warning(start):
    def few_descriptors():
        resource.setrlimit(resource.RLIMIT_NOFILE, (128, 128))

    server = start("--threads", "2", before_exec=few_descriptors, key_stored=False)
    warning = re.search(r"128 descriptors.*--max-connections lowered from 16384 to ([0-9]+)", server.stderr())
    assert warning, server.stderr()
    cap = int(warning[1])
    assert 16 <= cap <= 128 - 32
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(server.peer()) for _ in range(cap)]
        assert {peer.exchange(request()).status for peer in peers} == {404}
        for _ in range(3):
            with server.peer() as refused:
                closes(503).check(refused.exchange(request()))
    wait_for_room(server)


def test_bodies_being_received_are_limited_together(start):
    """A quarter of the store's limit, 256 KiB here: one body of 150 kB is let in, a second one is not."""
    server = start("--max-memory-bytes", "1048576", "--max-value-bytes", "200000")
    part, rest = b"x" * 150_000, b"y" * 10
    head = b"Content-Length: %d" % (len(part) + len(rest))
    with server.peer() as first, server.peer() as second:
        first.send(request(b"/first", head, method=b"PUT") + part)
        first.wait_until_read()
        second.send(request(b"/k", head, method=b"PUT") + part)
        closes(503).check(second.read_answer())
        assert second.read_to_end() == b""
        stays(201, b"").check(first.exchange(rest))
    assert server.stats()["rejected"]["body_budget"] == 1
    assert server.get(b"first") == part + rest
    check(server, request(b"/second", method=b"PUT", body=part), stays(201, b""))


@pytest.mark.parametrize("store", ["mutex", "sharded", "snapshot"])
def test_a_full_store_refuses_writes_and_goes_on_reading_and_deleting(start, store):
    """S21."""
    server = start("--store", store, "--max-memory-bytes", "2097152", "--threads", "1")
    value = b"v" * 100_000
    stored = []
    with server.peer() as peer:
        for number in range(22):
            status = peer.exchange(request(b"/v%d" % number, method=b"PUT", body=value)).status
            if status == 507:
                break
            assert status == 201
            stored.append(number)
        assert 10 <= len(stored) <= 20
        stays(507).check(peer.exchange(request(b"/another", method=b"PUT", body=value)))
        stays(507).check(peer.exchange(request(b"/", method=b"POST", body=b"another=" + value)))
        stays(507).check(peer.exchange(request(b"/v0", method=b"PUT", body=value * 5)))
        assert peer.exchange(request(b"/another")).status == 404
        for number in stored:
            stays(200, value).check(peer.exchange(request(b"/v%d" % number)))
        stays(204, b"").check(peer.exchange(request(b"/v0", method=b"DELETE")))
        stays(201, b"").check(peer.exchange(request(b"/another", method=b"PUT", body=value)))
    stats = server.stats()
    assert stats["store"]["bytes"] <= stats["store"]["limit_bytes"] == 2_097_152
    assert stats["store"]["keys"] == len(stored) + 1
    assert stats["requests"]["by_status"]["507"] == 4


def test_replacing_and_deleting_gives_all_memory_back(start):
    server = start()
    before = server.stats()["store"]
    for _ in range(3):
        server.put(b"size", b"x" * 50_000)
        server.put(b"size", b"")
        check(server, request(b"/size", method=b"DELETE"), stays(204, b""))
    assert server.stats()["store"] == before
