"""A closed loop over servers of known behaviour. No bound here depends on the machine's speed: see truth_server.py."""

from itertools import pairwise

import pytest

from conftest import of_figures
from stalls import assert_valid_but_for_stalls
from truth_server import MS, assert_bounded, at, buckets, ceilings, floors, measure, truth_server

PERCENTILES = {"p50": 0.50, "p90": 0.90, "p99": 0.99}


def assert_true(trial, server):
    """The report counts what the server served, and each of its percentiles is what the server's log allows."""
    requests = trial["requests"]
    assert requests["sent"] == requests["succeeded"] == server.served["requests"] == server.served["answers"]["right"]
    assert_valid_but_for_stalls(trial)
    assert_bounded(trial["latency_us"], floors(server.log), ceilings(server.log))
    values = [high for _, high in buckets(trial["latency_us"])]
    for name, q in PERCENTILES.items():
        if trial["latency_us"][name] is not None:  # enough samples
            assert trial["latency_us"][name] * 1000 == pytest.approx(at(values, q))


def test_a_fixed_delay_is_every_percentile(kvduel, tmp_path):
    with truth_server(tmp_path, delay_us=5000) as server:
        trial = measure(kvduel, server, "--connections", 8, "--duration", 1.5)
        assert_true(trial, server)
        assert trial["latency_us"]["min"] >= 5000
        assert trial["latency_us"]["p50"] >= 5000


@of_figures
def test_a_mixture_of_two_delays_turns_at_its_share(kvduel, tmp_path):
    """One in five is slow: by hand, the 80th percentile is fast and the 81st slow."""
    with truth_server(tmp_path, delay_us=1000, slow_delay_us=20_000, slow_every=5) as server:
        trial = measure(kvduel, server, "--connections", 8, "--duration", 1.5)
        assert_true(trial, server)
        count = trial["latency_us"]["count"]
        slow = count // 5
        assert sum(entry.planned - entry.arrival == 20 * MS for entry in server.log) == slow
        values = [high for _, high in buckets(trial["latency_us"])]
        assert values[0] >= 1 * MS and values[count - slow] >= 20 * MS
        assert trial["latency_us"]["p90"] >= 20_000


@of_figures
def test_one_worker_makes_each_of_its_clients_wait_for_all_the_others(kvduel, tmp_path):
    """Service 2 ms, 8 connections: at most 500 requests a second; whoever comes finds 7 ahead, but for the first 8."""
    with truth_server(tmp_path, service_us=2000) as server:
        trial = measure(kvduel, server, "--connections", 8, "--duration", 1.5)
        assert_true(trial, server)
        assert trial["requests"]["sent"] <= 1.5 * 500 + 8
        assert all(after.planned - before.planned >= 2 * MS for before, after in pairwise(server.log))
        assert trial["latency_us"]["p50"] >= 8 * 1000  # 16 ms but for what the clients lose between two requests


@of_figures
def test_a_closed_loop_does_not_see_a_stall_that_it_waited_for(kvduel, tmp_path):
    """Coordinated omission: nothing leaves for 80 ms of every second, 8 % of the time, and fewer than 1 % of the requests
    know it. That holds while a request takes under 10 ms: connections x stalls < requests / 100."""
    connections, stalls = 4, 2
    with truth_server(tmp_path, delay_us=500, stall_us=80_000, stall_every_us=1_000_000) as server:
        trial = measure(kvduel, server, "--connections", connections, "--duration", stalls)
        assert_true(trial, server)
        assert 1 <= server.served["stalls"] <= stalls
        assert server.served["held"] <= connections * stalls  # each connection has one request in flight
        held = [entry for entry in server.log if entry.planned - entry.arrival > 0.5 * MS]
        assert len(held) == server.served["held"]
        assert len(held) < trial["requests"]["sent"] / 100
        assert trial["latency_us"]["max"] * 1000 >= max(floors(server.log))
        assert trial["latency_us"]["p99"] < 40_000  # an open loop's is over 69 ms: test_truth_open_loop.py
