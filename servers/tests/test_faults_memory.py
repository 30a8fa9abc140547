"""An allocation that fails costs its request alone (S4, S28)."""

import contextlib

import pytest
from blackbox.answers import parse_run
from blackbox.expect import chunked, request, stays
from blackbox.server import VALUE

OLD, NEW = b"old" * 100, b"new" * 7000
MAX_ALLOCATIONS = 200


def attempt(server, sent):
    """The answer's status, or 0 where the server closed without one."""
    with server.peer() as peer:
        try:
            peer.send(sent)
            peer.finish()
            answers = parse_run(peer.read_to_end())
        except OSError:
            return 0
    assert len(answers) <= 1
    return answers[0].status if answers else 0


WRITES = {
    "put": request(b"/torture", method=b"PUT", body=NEW),
    "post": request(b"/", method=b"POST", body=b"torture=" + NEW),
    "chunked": request(b"/torture", b"Transfer-Encoding: chunked", method=b"PUT") + chunked(NEW[:100], NEW[100:]),
}


@pytest.mark.parametrize("forever", [False, True], ids=["once", "from-then-on"])
@pytest.mark.parametrize("write", list(WRITES))
def test_a_write_is_whole_or_not_at_all_whichever_allocation_fails(start, faults, write, forever):
    """S4: allocation 1, 2, 3, ... fails, until the request needs no more of them."""
    server = start("--threads", "1", env=faults.env)
    seen = set()
    for number in range(MAX_ALLOCATIONS):
        server.put(b"torture", OLD)
        faults.arm("allocate", error=1, times=-1 if forever else 1, skip=number)
        status = attempt(server, WRITES[write])
        faults.disarm("allocate")
        fired = faults.read("allocate")
        assert status in (0, 200, 204, 503), status
        possible = {200: [NEW], 204: [NEW], 503: [OLD], 0: [OLD, NEW]}[status]
        assert server.get(b"torture") in possible, (number, status)
        seen.add(status)
        if not fired:
            break
    assert not fired, f"still failing at allocation {MAX_ALLOCATIONS}"
    assert seen & {0, 503}, "no allocation failed inside the request"
    server.check_clean()
    assert server.stats()["requests"]["in_flight"] == 0


def test_reads_survive_every_failing_allocation(start, faults):
    """S4, for GET of a value and for the pages."""
    server = start("--threads", "1", env=faults.env)
    for target in (b"/k", b"/-/stats", b"/-/metrics", b"/absent"):
        for number in range(MAX_ALLOCATIONS):
            faults.arm("allocate", error=1, times=1, skip=number)
            assert attempt(server, request(target)) in (0, 200, 404, 503)
            faults.disarm("allocate")
            if not faults.read("allocate"):
                break
    server.check_clean()


def test_a_handler_that_fails_a_thousand_times_leaves_its_worker_alive(start, faults):
    """S28: there is room for the request, which is like the one before, and none for the key that the store is to keep."""
    server = start("--threads", "2", env=faults.env)
    before = server.stats()["requests"]["by_status"].get("503", 0)
    with contextlib.ExitStack() as stack:
        peer = None
        for _ in range(1000):
            if peer is None:
                faults.disarm("allocate")
                peer = stack.enter_context(server.peer())
                assert peer.exchange(request(b"/" + b"a" * 3000, method=b"PUT", body=b"x")).status in (201, 204)
                faults.arm("allocate", error=1, limit_bytes=2000)
            answer = peer.exchange(request(b"/" + b"b" * 3000, method=b"PUT", body=b"x"))
            assert answer.status == 503
            if answer.fields.get("connection") == "close":
                peer = None
        faults.disarm("allocate")
    assert server.get(b"b" * 3000) is None
    assert server.get(b"k") == VALUE
    requests = server.stats()["requests"]
    assert requests["handler_failures"] == requests["by_status"]["503"] - before == 1000
    assert requests["in_flight"] == 0


WORK = {"plain": (), "wait": ("--work-wait-us", "1000"), "compute": ("--work-cpu-us", "5@50%"),
        "both": ("--work-wait-us", "1000@50%", "--work-cpu-us", "5@50%")}
LARGE = b"l" * (2 << 20)  # more than the sockets between a server and a slow peer hold


@pytest.mark.parametrize("work", list(WORK))
def test_connections_that_are_open_are_served_when_there_is_no_memory_at_all(start, faults, work):
    """S4: a request like the one before takes none, on no way of waiting: for bytes, for its turn, for time, for the peer."""
    server = start("--threads", "2", "--max-value-bytes", str(len(LARGE)), *WORK[work], env=faults.env)
    server.put(b"large", LARGE)
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(server.peer()) for _ in range(20)]
        slow = stack.enter_context(server.peer(receive_buffer=4096))

        def ask_all():
            for peer in peers:
                peer.send(request() * 40)
            for peer in peers:
                for _ in range(40):
                    stays(200, VALUE).check(peer.read_answer())
            slow.send(request(b"/large"))
            stays(200, LARGE).check(slow.read_answer())

        ask_all()
        taken = faults.read("allocate", "calls")
        faults.arm("allocate", error=1)
        for _ in range(5):
            ask_all()
        assert faults.read("allocate", "calls") == taken
        faults.disarm("allocate")
        ask_all()
    server.check_clean()


@pytest.mark.parametrize("work", list(WORK))
def test_connections_that_come_together_survive_every_failing_allocation(start, faults, work):
    """S4: each waits with an operation of its own, which no other's has left behind."""
    server = start("--threads", "1", *WORK[work], env=faults.env)
    for number in range(MAX_ALLOCATIONS):
        faults.arm("allocate", error=1, times=1, skip=number)
        with contextlib.ExitStack() as stack:
            peers = [stack.enter_context(server.peer()) for _ in range(8)]
            for part in (b"GET /k HTTP/1.1\r\n", b"Host: h\r\nConnection: close\r\n\r\n"):
                for peer in peers:
                    with contextlib.suppress(OSError):
                        peer.send(part)
                for peer in peers:
                    peer.wait_until_read()
            for peer in peers:
                assert [answer.status for answer in parse_run(peer.read_to_any_end())] in ([], [200], [503])
        faults.disarm("allocate")
        if not faults.read("allocate"):
            break
    assert not faults.read("allocate"), f"still failing at allocation {MAX_ALLOCATIONS}"
    server.check_clean()
    assert server.stats()["requests"]["in_flight"] == 0


@pytest.mark.parametrize("sent", [b"GET /k HT", request(b"/k", b"Content-Length: 100", method=b"PUT") + b"x"])
def test_a_deadline_without_memory_ends_its_connection_alone(start, faults, sent):
    """S4: 408 if there is memory left for it; the time that it lingers takes none that is missed."""
    server = start("--threads", "2", "--header-timeout-ms", "300", env=faults.env)
    with contextlib.ExitStack() as stack:
        peers = [stack.enter_context(server.peer()) for _ in range(20)]
        for peer in peers:
            stays(200, VALUE).check(peer.exchange(request()))
            peer.send(sent)
            peer.wait_until_read()
        faults.arm("allocate", error=1)
        for peer in peers:
            assert parse_run(peer.read_to_any_end())[0].status in (408, 503)
        faults.disarm("allocate")
    server.check_clean()
    assert server.stats()["requests"]["in_flight"] == 0
