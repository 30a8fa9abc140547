"""An allocation that fails costs its request alone (S4, S28)."""

import pytest
from blackbox.answers import parse_run
from blackbox.expect import chunked, request
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
    """S28: no block of the value's size can be had; each time it is 503 or the end of that connection."""
    server = start("--threads", "2", env=faults.env)
    faults.arm("allocate", error=1, limit_bytes=len(NEW) // 2)
    for _ in range(1000):
        assert attempt(server, WRITES["put"]) in (0, 503)
    assert faults.read("allocate") >= 1000
    faults.disarm("allocate")
    assert server.get(b"torture") is None
    assert server.get(b"k") == VALUE
    assert server.stats()["requests"]["in_flight"] == 0
