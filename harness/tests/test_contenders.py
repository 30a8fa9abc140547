"""Contenders that kvduel does not build: the references, and anybody's server by command, by suite or running already."""

import json
import os
import re
import shlex
import shutil
import subprocess

import pytest

from conftest import ROOT, STEADY, fake, suite
from stalls import assert_ran

PATH_OF_NONE = "/nonexistent"
HAND_MADE = {"workload": {"path": "/x"}, "expect_status": 404}


@pytest.fixture
def alone(kvduel, tmp_path):
    """A kvduel in a build folder of its own, build/release/bin, with no reference beside it and no tool on its PATH."""
    folder = tmp_path / "build" / "release" / "bin"
    folder.mkdir(parents=True)
    for name in ("kvduel", "kvduel-async"):
        shutil.copy(kvduel.binary.parent / name, folder)
    kvduel.binary = folder / "kvduel"
    return kvduel


def run_alone(alone, *arguments):
    return subprocess.run(
        [alone.binary, *arguments], cwd=alone.folder, env=os.environ | {"PATH": PATH_OF_NONE}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=120, check=False)


def states(alone):
    listed = json.loads(run_alone(alone, "list", "contenders", "--format", "json").stdout)
    return {row["contender"]: row["state"] for row in listed}


def test_the_list_says_which_are_built_and_what_gets_the_others(alone):
    found = states(alone)
    assert found["async"] == "built"
    assert found["threads"].startswith("not built: kvduel-threads: not found in ")
    for name, tool in (("go-net-http", "go"), ("go-worker-pool", "go"), ("rust-actix", "cargo"), ("rust-tokio", "cargo")):
        assert found[name].startswith(f'not built: needs "{tool}", not found on PATH; run scripts/setup.sh --references')


def test_a_reference_that_is_missing_is_69_with_the_command_that_gets_it(alone):
    alone.write("tiny.json", suite(STEADY, **HAND_MADE))
    ended = run_alone(alone, "run", "tiny.json", "--contenders", "go-net-http", "--out", "r.json")
    assert ended.returncode == 69
    assert ended.stderr == ('kvduel: contender "go-net-http": needs "go", not found on PATH; run scripts/setup.sh --references, '
                            "or leave it out with --contenders\n")
    assert not (alone.folder / "r.json").exists()


def test_references_that_are_missing_are_no_matter_to_a_run_without_them(alone):
    alone.write("tiny.json", suite(STEADY, **HAND_MADE))
    ended = run_alone(alone, "run", "tiny.json", "--even-if-busy", "--out", "r.json")
    assert_ran(alone, ended.returncode, ended.stderr)


def test_a_reference_beside_the_build_takes_part_and_is_told_what_the_scenario_sets(alone):
    """kvduel-async stands in for it: it knows the flags that references have."""
    references = alone.binary.parents[2] / "references"
    references.mkdir()
    (references / "kvduel-go-net-http").symlink_to(alone.binary.parent / "kvduel-async")
    assert states(alone)["go-net-http"] == "built"
    alone.write("tiny.json", suite("go-net-http", server={"work_wait_us": 2000}, **HAND_MADE))
    ended = run_alone(alone, "run", "tiny.json", "--even-if-busy", "--out", "r.json")
    assert_ran(alone, ended.returncode, ended.stderr)
    assert alone.report()["contenders"][0]["executable"] == "../../references/kvduel-go-net-http"
    assert "--work-wait-us" in alone.report()["trials"][0]["server_arguments"]


@pytest.fixture
def running(kvduel):
    """The URL of a server that somebody else started."""
    command = [kvduel.binary.parent / "kvduel-async", "--listen", "127.0.0.1:0", "--work-wait-us", "2000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        yield f"http://127.0.0.1:{json.loads(server.stdout.readline())['port']}"
        assert server.poll() is None, "kvduel stops no server that it did not start"
        server.terminate()


def test_a_server_that_runs_already_takes_part_in_a_run(kvduel, running):
    kvduel.write("tiny.json", suite(STEADY, repetitions=2, **HAND_MADE))
    ended = kvduel("run", "tiny.json", "--out", "r.json", "--target", running)
    assert_ran(kvduel, ended.code, ended.err)
    assert kvduel("check", "r.json").code == 0
    trials = kvduel.report()["trials"]
    assert {trial["contender"] for trial in trials} == {"steady", "target"}
    assert len({trial["server"]["pid"] for trial in trials if trial["contender"] == "target"}) == 1
    resumed = kvduel("run", "--resume", "r.json")
    assert resumed.code == 64 and "a server in it that ran already" in resumed.err


def test_a_server_that_runs_already_is_left_out_where_the_others_are_told_what_it_cannot_be(kvduel, running):
    """And it is one more beside those that --contenders names, without standing there itself."""
    tiny = suite("threads", "async", **HAND_MADE)
    tiny["scenarios"].append({"id": "waiting", "server": {"work_wait_us": 2000}})
    kvduel.write("tiny.json", tiny)
    ended = kvduel("run", "tiny.json", "--out", "r.json", "--contenders", "async", "--target", running)
    assert ended.code in (0, 3), ended.err
    trials = {(trial["scenario"], trial["contender"]) for trial in kvduel.report()["trials"]}
    assert trials == {("mixed", "async"), ("mixed", "target"), ("waiting", "async")}, ended.err
    assert 'waiting: "target" is left out where the server needs an option it does not have: work_wait_us' in ended.err


def test_the_keys_of_a_scenario_are_written_to_a_server_that_runs_already(kvduel, running):
    kvduel.write("tiny.json", suite(STEADY))
    ended = kvduel("run", "tiny.json", "--out", "r.json", "--target", running, "--contenders", "target")
    assert_ran(kvduel, ended.code, ended.err)
    (trial,) = kvduel.report()["trials"]
    assert trial["requests"]["succeeded"] == trial["requests"]["completed"] > 0


def test_the_workers_of_a_server_are_part_of_what_it_costs(kvduel):
    """The master sleeps: by its own clock a request would cost nothing."""
    kvduel.write("tiny.json", suite(fake("serves_by_a_worker"), connections=1, workload={"path": "/x"}))
    ended = kvduel("run", "tiny.json", "--out", "r.json")
    assert_ran(kvduel, ended.code, ended.err)
    (trial,) = kvduel.report()["trials"]
    server = trial["server"]
    assert server["threads_max"] >= 3  # the master, the worker, and its thread for the connection
    if server["cpu_us_per_request"] is None:
        codes = {of["code"]: of["message"] for of in trial["warnings"]}
        assert "an end of the window was seen" in codes["server_cpu_unknown"]  # the machine stood still there
        return
    assert server["cpu_us_per_request"] > 900  # the worker burns 1,000
    assert server["cpu_s"] == pytest.approx(server["cpu_us_per_request"] * trial["requests"]["completed"] / 1e6, rel=0.05)


def test_what_a_server_costs_is_not_known_if_its_processes_change_meanwhile(kvduel):
    kvduel.write("tiny.json", suite(fake("serves_by_a_worker", "50"), connections=1, duration_s=1, workload={"path": "/x"}))
    kvduel("run", "tiny.json", "--out", "r.json")
    (trial,) = kvduel.report()["trials"]
    assert trial["server"]["cpu_us_per_request"] is None
    (warning,) = [of for of in trial["warnings"] if of["code"] == "server_cpu_unknown"]
    assert warning["message"] == "the server's CPU time could not be read: processes of the server came or went in the window"


def documented(language):
    """The block of that language in the worked example."""
    text = (ROOT / "docs/contenders.md").read_text()
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return dict(blocks)[language]


def test_nginx_takes_part_by_suite_and_by_command_as_documented(kvduel, monkeypatch):
    monkeypatch.setenv("PATH", os.environ["PATH"] + os.pathsep + "/usr/sbin")
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed: scripts/setup.sh --foreign")
    user = "user root; " if os.geteuid() == 0 else ""  # its worker must be able to read this test's folder
    kvduel.write("nginx.conf.in", user + documented("nginx"))
    kvduel.write("static.json", documented("jsonc"))
    kvduel.write("file", "x" * 1024)
    (contender,) = [words[words.index("--contender") + 1] for words in map(shlex.split, documented("").splitlines())
                    if "--contender" in words]
    ended = kvduel(
        "run", "static.json", "--repetitions", 1, "--duration", 0.3, "--out", "r.json", "--contender", contender)
    assert ended.code in (0, 3), ended.err  # a fast server may saturate the generator under a sanitizer
    trials = kvduel.report()["trials"]
    assert {trial["contender"] for trial in trials} == {"nginx", "copied"}
    for trial in trials:
        assert trial["requests"]["succeeded"] > 0 and sum(trial["requests"]["errors"].values()) == 0, trial["first_error"]
