"""An open loop over servers of known behaviour, with figures worked out by hand.

Lower bounds are exact on any machine: no answer comes before the server sends it, and latency runs from the due time. Upper
bounds allow for the noise that the server's own log shows (truth_server.py).
"""

import pytest

from conftest import of_figures
from truth_server import MS, at, buckets, floors, lateness, measure, noise, truth_server

RATE = 1000
SECONDS = 2
COUNT = RATE * SECONDS
CONSTANT = ["--rate", RATE, "--arrivals", "constant", "--duration", SECONDS]


def measure_any(kvduel, server, *flags):
    """A trial, which a busy machine may make invalid, rightly: what is asserted here holds on it all the same."""
    trial = measure(kvduel, server, *flags)
    codes = {warning["code"] for warning in trial["warnings"]}
    assert trial["verdict"] == "valid" or codes & {"send_late", "offered_rate_missed", "generator_saturated"}, codes
    assert not codes & {"conservation_violated", "littles_law_violated", "server_died", "errors_high"}, codes
    return trial


def assert_all_sent(trial, server):
    requests = trial["requests"]
    assert requests["sent"] + requests["unsent"] == COUNT
    assert requests["sent"] == requests["succeeded"] == server.served["requests"]


def assert_close(trial, name, lowest_ms, server):
    """The percentile is at least `lowest_ms` and above it by noise only."""
    measured = trial["latency_us"][name] * 1000
    assert lowest_ms * MS <= measured, f"{name}: {measured / MS} ms"
    assert measured <= lowest_ms * 1.001 * MS + noise(server.log, lateness(server.log, RATE)), f"{name}: {measured / MS} ms"


def assert_floors_hold(trial, server):
    """No rank of the histogram is below what the server itself took."""
    highest = [high for _, high in buckets(trial["latency_us"])]
    assert all(floor <= high for floor, high in zip(floors(server.log), highest[-len(server.log) :], strict=True))


def test_a_fixed_delay_is_every_percentile(kvduel, tmp_path):
    with truth_server(tmp_path, delay_us=5000) as server:
        trial = measure_any(kvduel, server, *CONSTANT, "--connections", 32)
        assert_all_sent(trial, server)
        assert_floors_hold(trial, server)
        assert trial["latency_us"]["min"] >= 5000
        for name in ("p50", "p90", "p99"):
            assert_close(trial, name, 5, server)


@of_figures
def test_a_mixture_of_two_delays_turns_at_its_share(kvduel, tmp_path):
    """One in ten is slow: the 90th percentile is the last fast one."""
    with truth_server(tmp_path, delay_us=1000, slow_delay_us=20_000, slow_every=10) as server:
        trial = measure_any(kvduel, server, *CONSTANT, "--connections", 64)
        assert_all_sent(trial, server)
        assert_floors_hold(trial, server)
        assert_close(trial, "p50", 1, server)
        assert_close(trial, "p90", 1, server)
        assert_close(trial, "p99", 20, server)
        slow = server.served["requests"] // 10
        values = [high for _, high in buckets(trial["latency_us"])]
        assert values[-slow] >= 20 * MS


@of_figures
def test_an_open_loop_sees_the_stall_that_a_closed_one_waits_for(kvduel, tmp_path):
    """Nothing leaves for D = 80 ms of every second, at 1,000 requests a second: quantile q = D - (1 - q) x 1 s, less 1 ms, as
    a stall begins up to a period before the next request is due. So 69 ms at P99, 29 at P95, and a mean of
    D x D / 2 / 1 s = 3.2 ms. The closed loop over the same server says under 1 ms: test_truth_closed_loop.py."""
    with truth_server(tmp_path, delay_us=500, stall_us=80_000, stall_every_us=1_000_000) as server:
        trial = measure_any(kvduel, server, *CONSTANT, "--connections", 128)
        assert_all_sent(trial, server)
        assert_floors_hold(trial, server)
        assert 1 <= server.served["stalls"] <= SECONDS
        values = [high for _, high in buckets(trial["latency_us"])]
        assert at(values, 0.95) >= 29 * MS
        assert at(values, 0.95) <= 30.5 * MS + noise(server.log, lateness(server.log, RATE))
        assert trial["latency_us"]["p99"] * 1000 >= 69 * MS
        assert trial["latency_us"]["p99"] * 1000 <= 70.5 * MS + noise(server.log, lateness(server.log, RATE))
        assert trial["latency_us"]["mean"] >= 3100


@of_figures
def test_the_servers_arrival_log_keeps_to_the_schedule(kvduel, tmp_path):
    """From outside: each request came once, none in advance, and the second half is no further behind than the first."""
    with truth_server(tmp_path) as server:
        trial = measure_any(kvduel, server, *CONSTANT, "--connections", 8)
        assert_all_sent(trial, server)
        late = lateness(server.log, RATE)
        half = len(late) // 2
        assert abs(min(late[half:]) - min(late[:half])) < 1 * MS
        # Sent before it came: what the report calls lateness cannot exceed what is seen here.
        assert trial["send_lateness_us"]["max"] * 1000 <= max(late) + 1 * MS
        assert trial["send_lateness_us"]["p99"] * 1000 <= at(late, 0.99) + 1 * MS


@of_figures
@pytest.mark.parametrize(("arrivals", "least_mean_ms"), [("constant", 1.0), ("poisson", 2.0)])
def test_one_worker_queues_as_the_arrivals_make_it(kvduel, tmp_path, arrivals, least_mean_ms):
    """Service s = 1 ms at 0.8 / s: evenly spaced requests never wait, Poisson ones take 3.0 s on average (M/D/1); over two
    seconds and this seed, at least 2."""
    with truth_server(tmp_path, service_us=1000) as server:
        trial = measure_any(
            kvduel, server, "--rate", 800, "--arrivals", arrivals, "--duration", SECONDS, "--connections", 64)
        assert trial["requests"]["sent"] == trial["requests"]["succeeded"] == server.served["requests"]
        assert_floors_hold(trial, server)
        free = 0
        for entry in server.log:  # Lindley's recursion, done again on the arrivals
            free = max(entry.arrival, free) + 1 * MS
            assert entry.planned == free
        assert trial["latency_us"]["mean"] >= least_mean_ms * 1000
        slack = noise(server.log, [trial["send_lateness_us"]["max"] * 1000])
        assert trial["latency_us"]["p50"] * 1000 <= 1.001 * at(floors(server.log), 0.5) + slack


def test_errors_of_an_open_loop_are_counted_exactly(kvduel, tmp_path):
    with truth_server(tmp_path, delay_us=500, fault="reset", fault_every=7) as server:
        trial = measure(kvduel, server, *CONSTANT, "--connections", 16, codes=(3,))
        assert trial["requests"]["sent"] + trial["requests"]["unsent"] == COUNT
        assert trial["requests"]["errors"]["reset"] == server.served["answers"]["reset"] == server.served["requests"] // 7
        assert trial["requests"]["succeeded"] == server.served["answers"]["right"]
