"""The pages under /-/: health, stats, metrics (contract, section 1; design.md, section 2)."""

import re
import time

import pytest
from blackbox.expect import check, request, stays
from blackbox.server import VALUE

HISTOGRAM = {"count", "sum_ns", "min", "mean", "p50", "p90", "p99", "max", "buckets"}
SHAPE = {
    "requests": {"total", "pages", "in_flight", "by_status"},
    "rejected": {"in_flight", "queue", "connections", "body_budget"},
    "deadlines": {"header", "body", "idle", "write"},
    "connections": {"open", "accepted", "per_loop"},
    "queue": {"depth", "capacity"},
    "store": {"kind", "keys", "bytes", "limit_bytes"},
    "process": {"cpu_user_s", "cpu_system_s", "context_switches_voluntary", "context_switches_involuntary"},
    "queue_wait_us": HISTOGRAM,
    "handler_us": HISTOGRAM,
}


def test_health_is_ok(server):
    check(server, request(b"/-/health") + request(b"/-/health?x=1"), stays(200, b"ok"), stays(200, b"ok"))


def test_stats_has_every_field_of_the_contract(server):
    stats = server.stats()
    for group, names in SHAPE.items():
        assert not names - set(stats.get(group, {})), group


def test_the_pages_say_what_they_are(server):
    with server.peer() as peer:
        assert peer.exchange(request(b"/-/stats")).fields["content-type"] == "application/json"
        kind = peer.exchange(request(b"/-/metrics")).fields["content-type"]
    assert kind == "text/plain; version=0.0.4; charset=utf-8"


def test_requests_are_counted_exactly_and_pages_apart(start):
    server = start()
    before = server.stats()["requests"]
    sent = {200: 7, 404: 3, 405: 2, 501: 1, 201: 4, 400: 1}
    with server.peer() as peer:
        for _ in range(7):
            peer.exchange(request())
        for _ in range(3):
            peer.exchange(request(b"/absent"))
        for _ in range(2):
            peer.exchange(request(b"/k", method=b"POST"))
        peer.exchange(request(b"/k", method=b"FOO"))
        for number in range(4):
            peer.exchange(request(b"/n%d" % number, method=b"PUT", body=b"x"))
        for _ in range(5):
            peer.exchange(request(b"/-/health"))
        peer.exchange(b"bad\r\n")
    after = server.stats()["requests"]
    assert after["total"] - before["total"] == sum(sent.values())
    assert after["pages"] - before["pages"] == 6  # five health pages and the earlier page of stats
    for status, count in sent.items():
        assert after["by_status"].get(str(status), 0) - before["by_status"].get(str(status), 0) == count, status
    assert after["in_flight"] == 0


def test_histograms_count_every_request_handled(start):
    server = start("--work-wait-us", "2000")
    with server.peer() as peer:
        for _ in range(50):
            stays(200, VALUE).check(peer.exchange(request()))
    stats = server.stats()
    handler, queue_wait = stats["handler_us"], stats["queue_wait_us"]
    assert handler["count"] == queue_wait["count"] == stats["requests"]["total"]
    assert handler["p50"] >= 2000
    for each in (handler, queue_wait):
        assert each["min"] <= each["p50"] <= each["p90"] <= each["p99"] <= each["max"]
        assert each["min"] <= each["mean"] <= each["max"]


@pytest.mark.parametrize("ahead", [1, 17])  # 17: one more than a turn's answers
def test_the_times_of_one_connection_do_not_overlap(start, mode, ahead):
    """One request is handled at a time, so all that was counted of them fits between the first byte sent and the last one read."""
    flags = ("--stay-budget", "1") if mode == "channel" else ()
    server = start("--threads", "2", "--work-wait-us", str(200_000 // ahead), *flags)
    before = server.stats()
    began = time.monotonic_ns()
    with server.peer() as peer:
        peer.send(request() * ahead)
        server.wait_for_stats(lambda stats: stats["requests"]["in_flight"] == 1, "the first is handled")
        peer.send(request())
        for _ in range(ahead + 1):
            stays(200, VALUE).check(peer.read_answer())
    elapsed = time.monotonic_ns() - began
    after = server.stats()
    counted = [after[kind]["sum_ns"] - before[kind]["sum_ns"] for kind in ("queue_wait_us", "handler_us")]
    assert after["handler_us"]["count"] - before["handler_us"]["count"] == ahead + 1
    assert sum(counted) <= elapsed


def test_work_on_the_cpu_is_seen_in_the_process_time(start):
    server = start("--work-cpu-us", "10000")
    before = server.stats()["process"]
    with server.peer() as peer:
        for _ in range(20):
            peer.exchange(request())
    after = server.stats()["process"]
    used = [stats["cpu_user_s"] + stats["cpu_system_s"] for stats in (before, after)]
    assert used[1] - used[0] >= 0.2


def test_work_for_a_share_of_requests_takes_that_share(start):
    server = start("--work-wait-us", "20000@25%", "--threads", "4")
    with server.peer() as peer:
        for _ in range(100):
            peer.exchange(request())
    handler = server.stats()["handler_us"]
    assert handler["max"] >= 20_000
    assert handler["p50"] < 20_000


def test_connections_are_counted(start):
    server = start()
    before = server.stats()["connections"]["accepted"]
    with server.peer() as first, server.peer() as second:
        for peer in (first, second):
            peer.exchange(request())
        stats = server.wait_for_stats(lambda stats: stats["connections"]["open"] == 3 and stats,
                                      "the two and the asker")
        assert stats["connections"]["accepted"] >= before + 3
        assert isinstance(stats["connections"]["per_loop"], list)


_LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="[^"\\\n]*"'
_NUMBER = r"-?[0-9.]+(?:e[+-]?[0-9]+)?|\+Inf|NaN"
_SAMPLE = re.compile(rf"([a-zA-Z_:][a-zA-Z0-9_:]*)(\{{{_LABEL}(?:,{_LABEL})*\}})? ({_NUMBER})")
_COMMENT = re.compile(r"# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)")


def parse_metrics(text):
    """Prometheus text format 0.0.4: types by family, samples by name and labels."""
    types, samples = {}, {}
    assert text.endswith("\n")
    for line in text[:-1].split("\n"):
        comment = _COMMENT.fullmatch(line)
        if comment:
            if comment[1] == "TYPE":
                assert comment[2] not in types, f"TYPE of {comment[2]} twice"
                assert comment[3] in ("counter", "gauge", "histogram", "summary", "untyped"), line
                types[comment[2]] = comment[3]
            continue
        sample = _SAMPLE.fullmatch(line)
        assert sample, f"not a line of the text format: {line!r}"
        name = sample[1] + (sample[2] or "")
        assert name not in samples, f"{name} twice"
        family = re.sub(r"_(bucket|sum|count)$", "", sample[1])
        assert sample[1] in types or family in types, f"{name} before its TYPE"
        samples[name] = float(sample[3])
    return types, samples


def test_metrics_are_prometheus_text(server):
    with server.peer() as peer:
        page = peer.exchange(request(b"/-/metrics"))
    types, samples = parse_metrics(page.body.decode())
    assert samples
    histograms = [family for family, kind in types.items() if kind == "histogram"]
    assert len(histograms) >= 2
    for family in histograms:
        buckets = [value for name, value in samples.items() if name.startswith(family + "_bucket")]
        assert buckets == sorted(buckets), family
        assert samples[family + '_bucket{le="+Inf"}'] == samples[family + "_count"] == buckets[-1]
    for family, kind in types.items():
        if kind == "counter":
            assert family.endswith("_total"), family


@pytest.mark.parametrize("method", [b"PUT", b"DELETE", b"POST"])
def test_a_page_is_not_a_key(server, method):
    check(server, request(b"/-/health", method=method, body=b"x=y"), stays(405, allow="GET, HEAD, OPTIONS"))
    check(server, request(b"/-/health"), stays(200, b"ok"))
