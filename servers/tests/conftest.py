"""Fixtures: every test of this folder runs against the servers in all four modes unless it says otherwise."""

import itertools

import pytest
from blackbox.faults import FaultPlan
from blackbox.server import BIN, MODES, PROGRAMS, Server, skip_reason_without_preload


def pytest_configure():
    missing = [name for name in PROGRAMS if not (BIN / name).exists()]
    if missing:
        raise pytest.UsageError(f"not built: {', '.join(missing)} in {BIN}; set KVDUEL_BIN to the folder of binaries")


@pytest.fixture(scope="session", params=list(MODES))
def mode(request):
    return request.param


@pytest.fixture(scope="session")
def server(mode):
    """One server for all cases that need no flag of their own; k is stored in it.

    When all cases are through, what they left must be nothing (oracle 4).
    """
    running = Server(mode, "--threads", "2", warm_up=True)
    yield running
    running.check_clean()
    running.wait_for_quiet()
    assert running.stats()["requests"]["in_flight"] == 0
    running.stop()


@pytest.fixture
def start(mode):
    """Starts servers with flags of their own; each is stopped, and judged, when the test ends."""
    running = []

    def start_server(*flags, **options):
        running.append(Server(mode, *flags, **options))
        return running[-1]

    yield start_server
    for each in running:
        each.stop()


@pytest.fixture
def faults(tmp_path):
    """A plan of faults for servers started with `env=faults.env`."""
    reason = skip_reason_without_preload()
    if reason:
        pytest.skip(reason)
    with FaultPlan(tmp_path / "plan") as plan:
        yield plan


_numbers = itertools.count()


@pytest.fixture
def key():
    """A key that no other test uses."""
    return b"key-%d" % next(_numbers)
