"""The gate's scripts: what they count, what they refuse, and what perf_gate.sh says of commits that it cannot compare."""

import json
import os
import select
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import count_work
import replay


def run(*command, cwd=ROOT, **environment):
    return subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | {"KVDUEL_SKIP_SETUP": "1"} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_two_counts_that_differ_speak_for_nothing():
    assert count_work.agreed(20_000.0, 20_010.0) == 20_005.0
    assert count_work.agreed(20_000.0, 20_030.0) is None
    assert count_work.agreed(3.0, 3.005) == pytest.approx(3.0025)
    assert count_work.agreed(None, 3.0) is None


def test_callgrinds_totals_are_read_by_name():
    text = "version: 1\nevents: Ir sysCount sysTime\nfl=a\n1 2\ntotals: 1234 56 78\n"
    assert count_work.totals_of(text) == {"Ir": 1234, "sysCount": 56, "sysTime": 78}
    assert count_work.totals_of("nothing") == {}


@pytest.mark.parametrize("script", ["exec sleep 60", "echo no announcement; exec sleep 60", "echo oh >&2; exit 1"])
def test_a_server_that_does_not_start_under_valgrind_is_one_line(tmp_path, monkeypatch, capsys, script):
    valgrind = tmp_path / "valgrind"
    valgrind.write_text(f"#!/bin/sh\n{script}\n")
    valgrind.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(count_work, "PATIENCE_S", 1)
    with pytest.raises(SystemExit, match="69"):
        count_work.run_under(["--tool=none"], ["kvduel-threads"], 64)
    assert "kvduel-threads did not start under valgrind: " in capsys.readouterr().err


def test_a_server_tells_the_commit_that_it_was_built_from(tmp_path):
    program = tmp_path / "server"
    for said, sha in (("kvduel-async 0.1.0 (git " + "a" * 40 + "; Release)", "a" * 40), ("1.2.3", None)):
        program.write_text(f"#!/bin/sh\necho '{said}'\n")
        program.chmod(0o755)
        assert count_work.git_sha_of(program) == sha


def test_the_replay_is_the_same_every_time_and_reads_only_what_it_wrote():
    assert [replay.request(i) for i in range(300)] == [replay.request(i) for i in range(300)]
    written = set()
    for index in range(300):
        request = replay.request(index)
        if request.startswith(b"POST"):
            written.add(request.split(b"\r\n\r\n")[1].split(b"=")[0])
        else:
            assert request.split(b" ")[1].lstrip(b"/") in written


def test_perf_gate_refuses_what_are_not_two_commits():
    for arguments in ((), ("HEAD",), ("HEAD", "HEAD"), ("HEAD", "no-such-commit"), ("--fast", "HEAD")):
        done = run("scripts/perf_gate.sh", *arguments)
        assert done.returncode == 64 and "usage: scripts/perf_gate.sh BASE HEAD" in done.stderr, done


@pytest.fixture
def repository(tmp_path):
    """A repository with the script in it and commits that cannot be built."""
    folder = tmp_path / "repository"
    (folder / "scripts").mkdir(parents=True)
    for name in (
        "perf_gate.sh",
        "commit_builds.sh",
        "count_work.py",
        "replay.py",
        "command_parser.py",
        "exit_codes.py",
        "signals.py",
    ):
        (folder / "scripts" / name).write_bytes((ROOT / "scripts" / name).read_bytes())
        (folder / "scripts" / name).chmod(0o755)
    (folder / ".gitignore").write_text("/build/\n")

    def git(*arguments):
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        return subprocess.run(
            ("git", *identity, *arguments), cwd=folder, check=True, capture_output=True, text=True
        ).stdout.strip()

    git("init", "--quiet")
    (folder / "CMakeLists.txt").write_text('message(FATAL_ERROR "this does not build")\n')
    git("add", "-A")
    git("commit", "--quiet", "-m", "first")
    git("commit", "--quiet", "--allow-empty", "-m", "second")
    return folder, git


@pytest.mark.parametrize(
    ("broken", "code", "verdict", "numbers", "annotation"),
    [("BASE", 2, "inconclusive", ("0", "1"), "warning"), ("HEAD", 69, "invalid", ("1", "0"), "error")],
)
def test_a_commit_that_does_not_build_is_red_if_it_is_head_and_neither_if_it_is_base(
    repository, broken, code, verdict, numbers, annotation
):
    folder, git = repository
    if broken == "BASE":
        make_buildable(folder, git)
    page, out = folder.parent / "step.md", folder.parent / "out"
    runner = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(page)}
    done = run("scripts/perf_gate.sh", "HEAD~1", "HEAD", "--out", str(out), cwd=folder, **runner)
    assert done.returncode == code, done.stderr
    assert f"{verdict}: {broken} (" in done.stderr and "cannot be built" in done.stderr
    gate = json.loads((out / "gate.json").read_text())
    assert (gate["verdict"], gate["exit_code"], gate["head"]) == (verdict, code, git("rev-parse", "HEAD"))
    suites = ElementTree.parse(out / "junit.xml").getroot()
    assert (suites.get("errors"), suites.get("skipped")) == numbers
    assert done.stdout.startswith(f"::{annotation} title=kvduel gate::{broken} (")
    assert page.read_text() == (out / "summary.md").read_text()
    assert page.read_text().startswith(f"## kvduel gate: {verdict.upper()}: {broken} (")
    assert git("status", "--porcelain") == ""


def test_a_command_that_fails_is_no_verdict(repository):
    folder, _ = repository
    (folder.parent / "out").write_text("a file where a folder is wanted")
    done = run("scripts/perf_gate.sh", "HEAD~1", "HEAD", "--out", str(folder.parent / "out"), cwd=folder)
    assert done.returncode == 73 and "File exists" in done.stderr, done.stderr
    (folder / "scripts/commit_builds.sh").write_text("build() {\n")
    done = run("scripts/perf_gate.sh", "HEAD~1", "HEAD", "--out", str(folder.parent / "new"), cwd=folder)
    assert done.returncode == 73 and "syntax error" in done.stderr, done.stderr


FAKE_CMAKE = """cmake_minimum_required(VERSION 3.22)
project(fake LANGUAGES NONE)
execute_process(COMMAND git rev-parse HEAD WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
                OUTPUT_VARIABLE sha OUTPUT_STRIP_TRAILING_WHITESPACE)
foreach(name kvduel-threads kvduel-async kvduel)
    add_custom_target(${name} COMMAND sh ${CMAKE_SOURCE_DIR}/make.sh ${CMAKE_BINARY_DIR}/bin ${name} ${sha})
endforeach()
add_custom_target(kvduel_programs DEPENDS kvduel)
"""
FAKE_PRESETS = {
    "version": 3,
    "configurePresets": [{"name": "release", "generator": "Ninja", "binaryDir": "${sourceDir}/build/release"}],
}
# Servers that name their commit, and a kvduel that writes down how it was called and ends with 7, or waits for a signal before.
FAKE_MAKE = """mkdir -p "$1"
[ -z "$STALLS" ] || { exec 9>"$STALLS" && echo began >&9 && sleep 120; }
{
    echo '#!/bin/sh'
    echo '[ "$1" = gate ] && [ "$2" != --help ] && printf "%s\\\\n" "$@" >"$SAID" && [ -z "$WAITS" ] && exit 7'
    echo '[ "$1" = gate ] && [ "$2" != --help ] && trap "exit 130" TERM && echo waits >&2 && while :; do sleep 0.05; done'
    echo "echo '$2 1.0 (git $3; Release)'"
} >"$1/$2"
chmod +x "$1/$2"
"""


def make_buildable(folder, git):
    (folder / "CMakeLists.txt").write_text(FAKE_CMAKE)
    (folder / "CMakePresets.json").write_text(json.dumps(FAKE_PRESETS))
    (folder / "make.sh").write_text(FAKE_MAKE)
    git("add", "-A")
    git("commit", "--quiet", "-m", "it builds")


@pytest.fixture
def alike(repository):
    """Two commits whose programs differ in the commit that they name; a way to run the script with an objcopy of one's own."""
    folder, git = repository
    make_buildable(folder, git)
    git("commit", "--quiet", "--allow-empty", "-m", "nothing")
    tools = folder.parent / "tools"
    tools.mkdir()

    said = folder.parent / "said"

    def gate(*flags, objcopy, call=run, **environment):
        (tools / "objcopy").write_text(f"#!/bin/sh\n{objcopy}\n")
        (tools / "objcopy").chmod(0o755)
        said.unlink(missing_ok=True)
        arguments = ("HEAD~1", "HEAD", "--no-counts", "--out", str(folder.parent / "out"), *flags)
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        done = call("scripts/perf_gate.sh", *arguments, cwd=folder, PATH=path, SAID=str(said), **environment)
        return done, said.read_text().splitlines() if said.exists() else None

    return gate, folder.parent / "out"


COPIES, FAILS = 'cp "$3" "$4"', "exit 1"


def test_servers_that_are_alike_pass_unmeasured_but_not_if_one_side_is_told_more(alike):
    gate, out = alike
    done, said = gate(objcopy=COPIES)
    assert (done.returncode, said) == (0, None), done.stderr
    assert json.loads((out / "gate.json").read_text())["same_binaries"]
    done, said = gate("--", "--head-args", "--work-cpu-us 8", objcopy=COPIES)
    assert done.returncode == 7 and said[-2:] == ["--head-args", "--work-cpu-us 8"], done.stderr


def test_servers_whose_bytes_cannot_be_had_are_measured_and_no_earlier_verdict_stays(alike):
    gate, out = alike
    gate(objcopy=COPIES)
    done, said = gate(objcopy=FAILS)
    assert done.returncode == 7 and said[0] == "gate", done.stderr
    assert list(out.iterdir()) == []


def test_flags_of_the_gate_stand_before_those_of_the_script(alike):
    gate, _ = alike
    done, said = gate("--", "--tolerances", "mine.json", objcopy=FAILS)
    assert done.returncode == 7 and said.count("--tolerances") == 1, done.stderr
    done, said = gate("--", "--out=elsewhere", objcopy=FAILS)
    assert (done.returncode, said) == (64, None) and "--out goes before --" in done.stderr


def test_the_end_of_the_script_is_the_end_of_its_gate(alike):
    gate, out = alike

    def start_and_end(*command, cwd, **environment):
        environment = os.environ | {"KVDUEL_SKIP_SETUP": "1"} | environment
        pipes = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, cwd=cwd, env=environment, **pipes) as script:
            assert any(line == "waits\n" for line in script.stderr), "the gate never began"
            script.terminate()
            script.communicate(timeout=30)
            return script

    script, said = gate(objcopy=FAILS, call=start_and_end, WAITS="yes")
    assert (script.returncode, said[0]) == (130, "gate")  # its own end: the script waited for it
    assert list(out.iterdir()) == []


def test_the_end_of_the_script_is_the_end_of_its_build(alike):
    gate, out = alike
    stalls = out.parent / "stalls"
    os.mkfifo(stalls)

    def start_and_end(*command, cwd, **environment):
        environment = os.environ | {"KVDUEL_SKIP_SETUP": "1", "STALLS": str(stalls)} | environment
        with subprocess.Popen(command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL) as script:
            with stalls.open("rb", buffering=0) as builds:
                assert builds.read(5) == b"began"
                script.terminate()
                while select.select([builds], [], [], 30)[0]:
                    if builds.read(100) == b"":  # nobody who builds is left
                        break
                else:
                    pytest.fail("a build outlived the script")
            script.wait(timeout=30)
            return script

    script, said = gate(objcopy=FAILS, call=start_and_end)
    assert (script.returncode, said) == (143, None)
    assert list(out.iterdir()) == []


def test_a_request_waits_until_every_thread_of_the_server_sleeps():
    assert replay.state_of(os.getpid(), os.getpid()) == "R"
    with subprocess.Popen(["sleep", "60"]) as asleep:
        replay.await_sleep(asleep.pid)
        assert replay.state_of(asleep.pid, asleep.pid) == "S"
        asleep.kill()
