"""Servers that answer wrong in every known way: each class of error is counted exactly as often as it was committed."""

import pytest

from truth_server import measure, truth_server

CLASSES = ("connect", "timeout", "reset", "protocol", "status", "verification")
EVERY = 7
KEYS = 20
PRELOADED = 2 * KEYS  # each key is written and, as they are so few, read back
READS = ["--workload", "get-uniform", "--keys", KEYS, "--value-bytes", 64]
WRITES = ["--workload", "get-uniform", "--keys", KEYS, "--value-bytes", 64, "--mix", "get=50,post=50"]
PATH = ["--path", "/x"]

# fault, its class, what is asked for, connections. What a stale value is shows only when nothing overlaps: 1 connection.
ROWS = [
    ("torn", "verification", WRITES, 1),
    ("stale", "verification", WRITES, 1),
    ("swapped", "verification", READS, 4),
    ("cut", "verification", READS, 4),
    ("short-body", "reset", PATH, 4),
    ("cut-head", "reset", PATH, 4),
    ("close", "reset", PATH, 4),
    ("reset", "reset", PATH, 4),
    ("garbage", "protocol", PATH, 4),
    ("stray", "protocol", PATH, 4),
    ("endless-head", "protocol", PATH, 4),
    ("status", "status", PATH, 4),
]


def assert_counted(trial, server, fault, error):
    """The report and the server agree about every request: those answered right, those answered wrong, and no other."""
    committed = server.served["answers"][fault]
    assert committed == server.served["requests"] - server.served["answers"]["right"] > 0
    requests = trial["requests"]
    assert requests["errors"] == {name: committed if name == error else 0 for name in CLASSES}
    assert requests["sent"] == server.served["requests"]
    assert requests["succeeded"] == server.served["answers"]["right"]
    assert trial["verdict"] == "invalid"


@pytest.mark.parametrize(("fault", "error", "load", "connections"), ROWS, ids=[row[0] for row in ROWS])
def test_each_wrong_answer_is_counted_once_in_its_class(kvduel, tmp_path, fault, error, load, connections):
    clean = 0 if load is PATH else PRELOADED
    with truth_server(tmp_path, delay_us=500, fault=fault, fault_every=EVERY, clean=clean) as server:
        trial = measure(kvduel, server, *load, "--connections", connections, "--duration", 0.3, codes=(3,))
        assert trial["sent_all_phases"] - trial["requests"]["sent"] == clean
        assert_counted(trial, server, fault, error)


def test_an_answer_that_never_comes_is_a_timeout_at_its_age(kvduel, tmp_path):
    with truth_server(tmp_path, delay_us=500, fault="never", fault_every=EVERY) as server:
        trial = measure(kvduel, server, "--connections", 4, "--timeout-ms", 400, "--duration", 0.6, codes=(3,))
        assert_counted(trial, server, "never", "timeout")
        assert trial["latency_us"]["count"] == trial["requests"]["succeeded"] + trial["requests"]["errors"]["timeout"]
        assert trial["latency_us"]["max"] >= 400_000


def test_a_body_without_end_is_a_protocol_error_at_its_limit(kvduel, tmp_path):
    with truth_server(tmp_path, delay_us=2000, fault="endless-body", fault_every=3) as server:
        trial = measure(kvduel, server, "--connections", 1, "--timeout-ms", 100_000, "--duration", 0.2, codes=(3,))
        assert_counted(trial, server, "endless-body", "protocol")
        assert trial["first_error"] == "a body over its limit"
