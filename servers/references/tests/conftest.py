"""Fixtures: every test of this folder runs against each reference that is built, once for each of its stores."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from blackbox.expect import request, stays
from blackbox.server import BIN, KEY, MODES, VALUE, Server

BUILT = BIN.parents[1] / "references"  # where scripts/setup.sh --references puts programs, and kvduel finds them
REFERENCES = {
    "go-net-http": (BUILT / "kvduel-go-net-http", "go", "sync-map"),
    "go-worker-pool": (BUILT / "kvduel-go-worker-pool", "go", "sync-map"),
    "rust-actix-mutex": (BUILT / "kvduel-rust-actix", "cargo", "mutex"),
    "rust-actix-dashmap": (BUILT / "kvduel-rust-actix", "cargo", "dashmap"),
    "rust-tokio-mutex": (BUILT / "kvduel-rust-tokio", "cargo", "mutex"),
    "rust-tokio-dashmap": (BUILT / "kvduel-rust-tokio", "cargo", "dashmap"),
    "beast-stock": (BIN / "kvduel-beast-stock", "cmake", "mutex"),
}
# As modes beside those of our servers, references are started and judged by the same code.
MODES.update({name: (str(program),) for name, (program, _, _) in REFERENCES.items()})


class Reference(Server):
    """A running reference. It knows no PUT: k is stored by POST."""

    def __init__(self, mode, *flags, **options):
        super().__init__(mode, "--store", REFERENCES[mode][2], *flags, key_stored=False, **options)
        try:
            with self.peer() as peer:
                stored = peer.exchange(request(b"/", method=b"POST", body=KEY + b"=" + VALUE))
            stays(200, b"Key inserted").check(stored)
        except BaseException:
            self.kill()
            raise


@pytest.fixture(scope="session", params=list(REFERENCES))
def mode(request):
    program, tool, _ = REFERENCES[request.param]
    if not program.exists():
        without_tool = "" if shutil.which(tool) else f", and there is no {tool} on PATH"
        remedy = "build it with the rest" if tool == "cmake" else "scripts/setup.sh --references"
        pytest.skip(f"{program.name} is not built{without_tool}: {remedy}")
    return request.param


@pytest.fixture(scope="session")
def server(mode):
    """One server for all cases that need no flag of their own."""
    running = Reference(mode, "--threads", "2")
    yield running
    running.check_clean()
    running.stop()


@pytest.fixture
def start(mode):
    """Starts servers with flags of their own; each is stopped, and judged, when the test ends."""
    running = []

    def start_server(*flags, **options):
        running.append(Reference(mode, *flags, **options))
        return running[-1]

    yield start_server
    for each in running:
        each.stop()
