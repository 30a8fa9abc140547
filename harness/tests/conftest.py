"""Fixtures of the whole-program tests of the harness: the real binary, found in $KVDUEL_BIN, met as a process."""

import json
import os
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from builds import build
from waiting import SCALE, processes_marked, wait_until

ROOT = Path(__file__).resolve().parents[2]
IS_SANITIZED = bool(os.environ.get("KVDUEL_SANITIZE"))
# A test of what figures and verdicts come out. In a build with sanitizers, where a trial takes five times as long, it would
# find nothing: other tests walk the same code there.
of_figures = pytest.mark.skipif(IS_SANITIZED, reason="judges figures; other tests walk its code under the sanitizers")
FAKES = Path(__file__).parent / "fake_servers"
MARK = "KVDUEL_TEST_MARK"


@dataclass
class Ended:
    """A kvduel that ended."""

    code: int
    out: str
    err: str


class Kvduel:
    """Runs kvduel in a folder of its own; every process it starts bears the mark of this test."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.mark = uuid.uuid4().hex
        self.binary = Path(os.environ["KVDUEL_BIN"]) / "kvduel"
        self.accepts_busy = True  # tests run beside builds and each other: no run is refused for that

    def start(self, *arguments, **options):
        """A running kvduel; stdout and stderr are pipes unless `options` say otherwise."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        environment = os.environ | {MARK: self.mark}
        if self.accepts_busy and arguments[:1] in (("run",), ("gate",)) and "--even-if-busy" not in arguments:
            arguments = (arguments[0], "--even-if-busy", *arguments[1:])
        command = [self.binary, *map(str, arguments)]
        return subprocess.Popen(command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, text=True, **options)

    def __call__(self, *arguments, **options):
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=120 * SCALE)
        return Ended(process.returncode, out or "", err or "")

    def write(self, name, content):
        """Puts a suite (an object) or a text into the folder and gives its name."""
        text = content if isinstance(content, str) else json.dumps(content)
        (self.folder / name).write_text(text)
        return name

    def report(self, name="r.json"):
        return json.loads((self.folder / name).read_text())

    def processes(self):
        return processes_marked(MARK, self.mark)


@pytest.fixture
def kvduel(tmp_path):
    program = Kvduel(tmp_path)
    yield program
    wait_until(lambda: not program.processes(), 5, "no process of this test is left")


@pytest.fixture
def two_builds(kvduel):
    """The flags that name a base and a head for a gate."""
    return ("--base-build", build(kvduel.folder / "base"), "--head-build", build(kvduel.folder / "head"))


def fake(name, *arguments):
    """A contender for a suite: a Python script of fake_servers/ that announces itself, or fails to."""
    command = [sys.executable, str(FAKES / f"{name}.py"), *arguments]
    return {"id": name, "command": command, "options": {"threads": "--threads"}}


# A server that is slow on purpose: under a sanitizer the generator is slow as well, and against a fast server its trials
# are rightly invalid. Its answers are 404.
STEADY = {"id": "steady", "command": ["kvduel-async", "--listen", "127.0.0.1:{port}", "--work-wait-us", "2000"]}
# The same for the servers under test, where a test wants their trials valid in every build and beside other programs:
# on two CPUs a server at full speed leaves the generator little to spare.
STEADY_SERVERS = {"server": {"work_wait_us": 2000 if IS_SANITIZED else 200}}


def suite(*contenders, repetitions=1, **cell):
    """A suite of one scenario with short trials."""
    defaults = {"connections": 4, "duration_s": 0.3, "warmup_s": 0.05, "workload": {"from": "read-mostly", "keys": 100}}
    return {
        "suite": "tiny",
        "repetitions": repetitions,
        "contenders": list(contenders),
        "defaults": defaults | cell,
        "scenarios": [{"id": "mixed"}],
    }


@pytest.fixture(scope="session")
def schema():
    return json.loads((ROOT / "results/schema/kvduel.report.1.schema.json").read_text())


@pytest.fixture(scope="session")
def real_report(tmp_path_factory):
    """The folder and report of one run of both servers, made once."""
    program = Kvduel(tmp_path_factory.mktemp("real"))
    program.write("tiny.json", suite("threads", "async", repetitions=2, **STEADY_SERVERS))
    ended = program("run", "tiny.json", "--out", "r.json")
    assert ended.code == 0, ended.err
    return program, ended
