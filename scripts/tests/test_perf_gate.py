"""The gate's scripts: their arithmetic, what they refuse, and what perf_gate.sh says of commits that it cannot compare."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import count_work
import prove_gate
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


@pytest.mark.parametrize(
    ("errors", "runs", "bound"),
    # The table of the gate's guide: false alarms at most 5 and 10 %, detection at least 90 %.
    [(0, 59, 0.05), (1, 93, 0.05), (2, 124, 0.05), (3, 153, 0.05), (0, 29, 0.10), (1, 46, 0.10), (0, 20, 0.139)],
)
def test_the_bound_of_an_error_rate_is_clopper_and_pearsons(errors, runs, bound):
    assert prove_gate.upper_bound(errors, runs) <= bound + 5e-4
    assert prove_gate.upper_bound(errors, runs) > bound - 0.002


def test_no_runs_prove_nothing():
    assert prove_gate.upper_bound(0, 0) == 1.0
    assert prove_gate.upper_bound(3, 3) == 1.0


def test_a_plan_is_read_strictly(capsys):
    assert prove_gate.parse_plan("aa=2,cpu=3") == {"aa": 2, "cpu": 3}
    assert prove_gate.parse_plan("") == {}
    assert prove_gate.parse_plan("usual")["aa"] == 59
    with pytest.raises(SystemExit, match="64"):
        prove_gate.parse_plan("ab=2")
    assert "'ab=2' is not NAME=COUNT" in capsys.readouterr().err


def gate_line(plan, verdict, *named, seed=1):
    """A line of the proof's file whose gate called these metrics a regression."""
    endpoints = [["hot-get", "async", metric, 1.1, 1.0, 1.2, 0.001, "regression"] for metric in named]
    return {"plan": plan, "seed": seed, "verdict": verdict, "endpoints": endpoints}


def test_a_wrong_word_counts_as_false_and_an_inconclusive_one_apart():
    lines = [gate_line("aa", verdict) for verdict in ("pass", "pass", "regression", "inconclusive", "none")]
    row = prove_gate.table(lines).splitlines()[1].split()
    assert row[:7] == ["aa", "5", "2", "1", "1", "1", "1"]
    assert "2 of 4," in prove_gate.table(lines)


def test_the_right_word_for_a_metric_that_the_plant_does_not_move_is_false():
    lines = [gate_line("cpu", "regression", "cpu_us_per_request"), gate_line("cpu", "regression", "rss_max_bytes")]
    row = prove_gate.table(lines).splitlines()[1].split()
    assert row[:7] == ["cpu", "2", "0", "2", "0", "0", "1"]
    assert "1 of 2," in prove_gate.table(lines)


def test_half_a_plant_makes_neither_word_false():
    assert not any(prove_gate.is_false(gate_line("cpu-half", verdict)) for verdict in ("pass", "inconclusive"))
    assert not prove_gate.is_false(gate_line("cpu-half", "regression", "throughput_rps"))
    assert prove_gate.is_false(gate_line("cpu-half", "regression", "rss_max_bytes"))


def test_the_size_of_a_plant_is_the_median_of_the_endpoint_that_it_moves_most():
    lines = [gate_line("cpu", "regression", "cpu_us_per_request") for _ in range(3)]
    lines[0]["endpoints"][0][3] = 1.3
    lines[1]["endpoints"].append(["tail-at-load", "threads", "cpu_us_per_request", 1.05, 1.0, 1.2, 0.9, "pass"])
    assert "cpu_us_per_request    1.100   hot-get, async; all 1.050 to 1.100" in prove_gate.sizes(lines)


def test_relinks_meet_in_turns_and_never_themselves():
    pairs = [prove_gate.folders_of(Path("b"), "relink", seed) for seed in range(1, 57)]
    numbers = [(int(base.name), int(head.name)) for base, head in pairs]
    assert numbers[:2] == [(2, 3), (3, 4)]
    assert all(1 <= base <= 8 and 1 <= head <= 8 and base != head for base, head in numbers)
    assert len(set(numbers)) == 56  # every ordered pair once


def test_a_build_meets_itself_by_other_links_and_a_plant_by_its_own(tmp_path):
    for number in range(1, 17):
        (tmp_path / f"base/build/release/links/{number}").mkdir(parents=True)
    prove_gate.share_links(tmp_path)
    prove_gate.share_links(tmp_path)  # made already
    base, head = prove_gate.folders_of(tmp_path, "aa", 1)
    numbers = [[(side / f"links/{place}").resolve().name for place in range(1, 9)] for side in (base, head)]
    assert numbers == [[str(n) for n in range(1, 9)], [str(n) for n in range(9, 17)]]
    assert prove_gate.folders_of(tmp_path, "cpu", 1) == (base, head)
    assert prove_gate.folders_of(tmp_path, "lock", 1) == (base, tmp_path / "lock/build/release")


def test_what_a_link_moves_is_the_spread_over_gates_beside_that_of_one_build():
    lines = [gate_line(plan, "pass", "throughput_rps", seed=seed) for plan in ("aa", "relink") for seed in (1, 2)]
    for line, ratio in zip(lines, (1.0, 1.01, 1.0, 1.1), strict=True):
        line["endpoints"][0][3] = ratio
    row = prove_gate.layout(lines).splitlines()[1].split()
    assert row == ["hot-get", "async", "throughput_rps", "6.74", "0.70"]  # ln 1.1 / sqrt 2, ln 1.01 / sqrt 2
    assert prove_gate.layout(lines[:3]) == ""


def test_a_proof_is_of_one_commit(tmp_path, capsys):
    line = gate_line("aa", "pass") | {"git_sha": ["a" * 40, "a" * 40]}
    prove_gate.refuse_another_commit([line], "a" * 40, tmp_path)
    with pytest.raises(SystemExit, match="65"):
        prove_gate.refuse_another_commit([line], "b" * 40, tmp_path)
    assert "give another --out" in capsys.readouterr().err


def test_what_is_no_gate_leaves_no_line_and_ends_the_work(tmp_path, monkeypatch):
    kvduel = tmp_path / "base/build/release/bin/kvduel"
    kvduel.parent.mkdir(parents=True)
    kvduel.write_text("#!/bin/sh\necho 'kvduel: --bogus is not a flag' >&2\nexit 64\n")
    kvduel.chmod(0o755)
    proof = tmp_path / "proof.jsonl"
    monkeypatch.setattr(sys, "argv", ["prove_gate", "--builds", str(tmp_path), "--out", str(proof), "--plan", "aa=1"])
    monkeypatch.setattr(prove_gate, "commit_of", lambda _: "a" * 40)
    with pytest.raises(SystemExit, match="64"):
        prove_gate.main()
    assert not proof.exists()


def test_a_proof_goes_on_where_it_ended_and_in_turns():
    plan = {"aa": 2, "cpu": 1}
    assert prove_gate.missing(plan, []) == [("aa", 1), ("cpu", 1), ("aa", 2)]
    assert prove_gate.missing(plan, [gate_line("aa", "pass", seed=1)]) == [("cpu", 1), ("aa", 2)]


@pytest.mark.parametrize("plant", sorted(path.name for path in (ROOT / "scripts/plants").iterdir()))
def test_every_plant_fits_the_servers_as_they_are(plant):
    done = run("git", "apply", "--check", f"scripts/plants/{plant}")
    assert done.returncode == 0, f"{done.stderr}; make the patch anew"


def test_every_patch_of_a_plan_is_there():
    assert {plan.patch for plan in prove_gate.PLANS.values() if plan.patch} == {
        path.stem for path in (ROOT / "scripts/plants").iterdir()
    }


def test_two_counts_that_differ_speak_for_nothing():
    assert count_work.agreed(20_000.0, 20_010.0) == 20_005.0
    assert count_work.agreed(20_000.0, 20_030.0) is None
    assert count_work.agreed(3.0, 3.005) == pytest.approx(3.0025)
    assert count_work.agreed(None, 3.0) is None


def test_callgrinds_totals_are_read_by_name():
    text = "version: 1\nevents: Ir sysCount sysTime\nfl=a\n1 2\ntotals: 1234 56 78\n"
    assert count_work.totals_of(text) == {"Ir": 1234, "sysCount": 56, "sysTime": 78}
    assert count_work.totals_of("nothing") == {}


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
    for name in ("perf_gate.sh", "commit_builds.sh", "count_work.py", "replay.py"):
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


def test_a_commit_that_does_not_build_is_inconclusive_in_every_output_and_leaves_nothing_in_the_work_tree(repository):
    folder, git = repository
    done = run("scripts/perf_gate.sh", "HEAD~1", "HEAD", "--out", str(folder.parent / "out"), cwd=folder)
    assert done.returncode == 2, done.stderr
    assert "inconclusive: HEAD (" in done.stderr and "cannot be built" in done.stderr
    gate = json.loads((folder.parent / "out/gate.json").read_text())
    assert (gate["verdict"], gate["exit_code"], gate["head"]) == ("inconclusive", 2, git("rev-parse", "HEAD"))
    assert ElementTree.parse(folder.parent / "out/junit.xml").getroot().get("skipped") == "1"
    assert "INCONCLUSIVE" in (folder.parent / "out/summary.md").read_text()
    assert git("status", "--porcelain") == ""


def test_on_githubs_runners_an_inconclusive_gate_is_a_warning(repository):
    folder, _ = repository
    page = folder.parent / "step.md"
    done = run("scripts/perf_gate.sh", "HEAD~1", "HEAD", cwd=folder, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(page))
    assert done.returncode == 2
    assert done.stdout.startswith("::warning title=kvduel gate::HEAD (")
    assert page.read_text().startswith("## kvduel gate: INCONCLUSIVE: HEAD (")


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
    "configurePresets": [{"name": "release", "generator": "Unix Makefiles", "binaryDir": "${sourceDir}/build/release"}],
}
# Servers that name their commit, and a kvduel that writes down how it was called and ends with 7.
FAKE_MAKE = """mkdir -p "$1"
{
    echo '#!/bin/sh'
    echo '[ "$1" = gate ] && [ "$2" != --help ] && printf "%s\\\\n" "$@" >"$SAID" && exit 7'
    echo "echo '$2 1.0 (git $3; Release)'"
} >"$1/$2"
chmod +x "$1/$2"
"""


@pytest.fixture
def alike(repository):
    """Two commits whose programs differ in the commit that they name; a way to run the script with an objcopy of one's own."""
    folder, git = repository
    (folder / "CMakeLists.txt").write_text(FAKE_CMAKE)
    (folder / "CMakePresets.json").write_text(json.dumps(FAKE_PRESETS))
    (folder / "make.sh").write_text(FAKE_MAKE)
    git("add", "-A")
    git("commit", "--quiet", "-m", "it builds")
    git("commit", "--quiet", "--allow-empty", "-m", "nothing")
    tools = folder.parent / "tools"
    tools.mkdir()

    def gate(*flags, objcopy):
        (tools / "objcopy").write_text(f"#!/bin/sh\n{objcopy}\n")
        (tools / "objcopy").chmod(0o755)
        said = folder.parent / "said"
        said.unlink(missing_ok=True)
        arguments = ("HEAD~1", "HEAD", "--no-counts", "--out", str(folder.parent / "out"), *flags)
        path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        done = run("scripts/perf_gate.sh", *arguments, cwd=folder, PATH=path, SAID=str(said))
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


def test_a_request_waits_until_every_thread_of_the_server_sleeps():
    assert replay.state_of(os.getpid(), os.getpid()) == "R"
    with subprocess.Popen(["sleep", "60"]) as asleep:
        replay.await_sleep(asleep.pid)
        assert replay.state_of(asleep.pid, asleep.pid) == "S"
        asleep.kill()
