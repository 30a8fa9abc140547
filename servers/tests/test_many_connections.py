"""Many connections at once: idle ones stay up, half a head costs no more than its bound (S12, S14)."""

import contextlib
import resource

import pytest
from blackbox import kernel
from blackbox.deadline import SANITIZER
from blackbox.expect import request, stays
from blackbox.server import VALUE

# A thread per connection is the model that pays most for an idle one.
IDLE = {"channel": 10_000, "connection": 1_000, "per-core": 10_000, "shared": 10_000}
SPARE_DESCRIPTORS = 200
# What a connection may hold in all: one head and one body of input, 64 KiB of unsent output (contract, section 2).
WORST_BYTES = 3 * 8192 + 256 + 16_384 + 65_536 + 65_536


@pytest.fixture
def descriptors():
    """Raises this process's limit, and with it the limit of the servers it starts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_idle_connections_stay_up_beside_a_busy_one(start, mode, descriptors):
    count = IDLE[mode] // (10 if SANITIZER else 1)
    if descriptors < count + SPARE_DESCRIPTORS:
        pytest.skip(f"{count} connections need {count + SPARE_DESCRIPTORS} descriptors, {descriptors} allowed")
    server = start("--threads", "2", warm_up=True)
    before = kernel.rss_bytes(server.pid)
    with contextlib.ExitStack() as stack:
        busy = stack.enter_context(server.peer())
        idle = []
        for _ in range(count):
            idle.append(stack.enter_context(server.peer()))
            stays(200, VALUE).check(idle[-1].exchange(request()))
        for _ in range(100):
            stays(200, VALUE).check(busy.exchange(request()))
        each = (kernel.rss_bytes(server.pid) - before) / count
        print(f"{mode}: {each:.0f} bytes a connection")
        assert SANITIZER or each < 64 << 10
        for peer in idle[::97]:
            stays(200, VALUE).check(peer.exchange(request()))
        server.wait_for_stats(lambda stats: stats["connections"]["open"] == count + 2, "them, the busy one, the asker")
    server.wait_for_quiet()


def test_half_a_head_on_every_connection_costs_no_more_than_its_bound(start, mode):
    server = start("--threads", "2")
    before = kernel.rss_bytes(server.pid)
    count = 200
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            peer = stack.enter_context(server.peer())
            peer.send(b"GET /k?%s HTTP/1.1\r\nHost: h\r\nX: %s" % (b"x" * 24_000, b"y" * 16_000))
            peer.wait_until_read()
        assert SANITIZER or kernel.rss_bytes(server.pid) - before < count * WORST_BYTES
        server.check_clean()
    server.check_clean()


@pytest.mark.skipif(bool(SANITIZER), reason="a sanitizer keeps what was freed")
def test_a_connection_keeps_nothing_of_a_long_path(start, descriptors):
    server = start("--threads", "2", warm_up=True)
    count = 500
    before = kernel.rss_bytes(server.pid)
    with contextlib.ExitStack() as stack:
        for _ in range(count):
            peer = stack.enter_context(server.peer())
            stays(404).check(peer.exchange(request(b"/a/" + b"x" * 24_000)))
        each = (kernel.rss_bytes(server.pid) - before) / count
    assert each < 20_000, each  # the decoded path alone had 24,000
