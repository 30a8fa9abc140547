"""A run that is killed leaves a sound report at any moment, and --resume completes it; it refuses what is not the same run.

The moments are drawn by a seed and driven by what happens, not by a clock: trials in the report, a temporary file beside it,
bytes of it, a server that runs. One run is killed again and again, so all of it is resumed as often. KVDUEL_KILLS=20 for more."""

import gzip
import json
import os
import random
import signal

import pytest

from conftest import IS_SANITIZED, STEADY, Kvduel, suite
from waiting import wait_until

KILLS = int(os.environ.get("KVDUEL_KILLS", "3" if IS_SANITIZED else "6"))
SEED = int(os.environ.get("KVDUEL_KILL_SEED", "1"))
AGAIN = STEADY | {"id": "again"}


def tiny(**more):
    """Two contenders, a closed loop and a share of its capacity."""
    made = suite(STEADY, AGAIN, duration_s=0.15, warmup_s=0.02, workload={"path": "/x"}, expect_status=404, **more)
    made["scenarios"].append({"id": "share", "loop": "open", "load_fraction": 0.5})
    return made


def trials_of(kvduel):
    path = kvduel.folder / "r.json"
    return len(json.loads(path.read_text())["trials"]) if path.exists() else 0


def moment(kvduel, process, draw):
    """A condition that comes true at some moment of the run that `process` makes."""
    path, had = kvduel.folder / "r.json", trials_of(kvduel)
    if draw.random() < 0.5:
        more = draw.randrange(1, 3)
        reached = lambda: trials_of(kvduel) >= had + more
    else:
        reached = lambda: True
    how = draw.randrange(3)
    size = path.stat().st_size if path.exists() else 0
    events = [
        lambda: any(name.suffix == ".tmp" for name in kvduel.folder.iterdir()),
        lambda: path.exists() and path.stat().st_size != size,
        lambda: len(kvduel.processes()) > 1,
    ]
    return lambda: process.poll() is not None or (reached() and events[how]())


def test_a_run_killed_at_random_moments_is_always_sound_and_resume_completes_it(kvduel):
    draw = random.Random(SEED)
    kvduel.write("tiny.json", tiny(repetitions=KILLS))
    arguments, had, killed = ("run", "tiny.json", "--out", "r.json", "--seed", "3"), 0, 0
    while killed < KILLS:
        process = kvduel.start(*arguments)
        wait_until(moment(kvduel, process, draw), 60, "the moment to kill")
        ended = process.poll()
        process.send_signal(signal.SIGKILL)
        process.communicate()
        wait_until(lambda: not kvduel.processes(), 5, "no server outlives the harness")
        if ended is not None:
            break
        killed += 1
        if not (kvduel.folder / "r.json").exists():
            continue
        checked = kvduel("check", "r.json")
        assert checked.code == 0, (SEED, killed, checked.err)
        assert trials_of(kvduel) >= had, (SEED, killed)
        had = trials_of(kvduel)
        arguments = ("run", "--resume", "r.json")
    completed = kvduel("run", "--resume", "r.json")
    assert completed.code in (0, 3), completed.err  # 3: the machine may be too loud for the share
    report = kvduel.report()
    assert report["run"]["finished_at"] and not report["run"]["interrupted"]
    assert len(report["run"]["resumed_at"]) >= 1
    cells = {(t["scenario"], t["contender"], t["block"]) for t in report["trials"]}
    assert len(cells) == report["run"]["trials_planned"]
    pairs = {}
    for trial in report["trials"]:
        pairs.setdefault((trial["scenario"], trial["block"], trial["repetition"]), set()).add(trial["contender"])
    for scenario, block in {(s, b) for s, b, _ in pairs}:
        assert any(len(who) == 2 for (s, b, _), who in pairs.items() if (s, b) == (scenario, block)), (scenario, block)
    assert kvduel("check", "r.json").code == 0


def test_a_report_named_gz_is_compressed_after_every_trial_and_when_it_is_resumed(kvduel):
    path = kvduel.folder / "r.json.gz"
    unpacked = lambda: json.loads(gzip.decompress(path.read_bytes()))
    kvduel.write("tiny.json", tiny())
    process = kvduel.start("run", "tiny.json", "--out", path.name)
    wait_until(path.exists, 60, "the first report")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    wait_until(lambda: not kvduel.processes(), 5, "no server outlives the harness")
    assert not unpacked()["run"]["finished_at"]
    kvduel("run", "--resume", path.name)
    assert unpacked()["run"]["finished_at"]
    assert kvduel("check", path.name).code == 0


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    """The text of a suite and of the report of its complete run, made once."""
    program = Kvduel(tmp_path_factory.mktemp("complete"))
    program.write("tiny.json", tiny())
    program("run", "tiny.json", "--out", "r.json")
    return {name: (program.folder / name).read_text() for name in ("tiny.json", "r.json")}


def test_resume_of_a_complete_run_measures_nothing_and_changes_no_trial(kvduel, complete):
    for name, text in complete.items():
        kvduel.write(name, text)
    before = kvduel.report()
    again = kvduel("run", "tiny.json", "--resume", "r.json")
    assert "block" not in again.err
    assert kvduel.report()["trials"] == before["trials"]
    assert kvduel.report()["capacities"] == before["capacities"]


def test_resume_refuses_another_machine_build_suite_or_seed_and_leaves_the_report(kvduel, complete):
    for name, text in complete.items():
        kvduel.write(name, text)
    whole = kvduel.report()

    def refusal(doctor, *arguments, code):
        report = json.loads(json.dumps(whole))
        doctor(report)
        kvduel.write("other.json", report)
        before = (kvduel.folder / "other.json").read_bytes()
        ended = kvduel("run", *arguments, "--resume", "other.json")
        assert ended.code == code, ended.err
        assert ended.out == "" and (kvduel.folder / "other.json").read_bytes() == before
        return ended.err

    same = lambda report: None
    assert "another machine" in refusal(lambda r: r["environment"].update(fingerprint="0" * 16), code=3)
    assert "another build of kvduel" in refusal(lambda r: r["tool"].update(sha256="0" * 64), code=3)
    assert "is another build" in refusal(lambda r: r["contenders"][0].update(sha256="0" * 64), code=3)
    assert "another suite" in refusal(same, "quick", code=3)
    assert "--seed: belongs to a new run" in refusal(same, "--seed", "9", code=64)
    assert "throughput_rps" in refusal(lambda r: r["trials"][0].update(throughput_rps=1), code=65)
    kvduel.write("cut.json", (kvduel.folder / "r.json").read_text()[:500])
    assert kvduel("run", "--resume", "cut.json").code == 65
    assert kvduel("run").code == 64
