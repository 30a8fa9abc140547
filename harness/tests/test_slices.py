"""Contenders that take turns within a block (slice_s), with real servers."""

import datetime

import jsonschema
import pytest

from conftest import STEADY, STEADY_SERVERS, fake, suite

SLICED = {"slice_s": 0.1, "warmup_s": 0.05, "duration_s": 0.4}


def ends_of_window(trial):
    """When the window began and ended, in seconds of the wall clock."""
    started = datetime.datetime.fromisoformat(trial["started_at"].replace("Z", "+00:00")).timestamp()
    return started + trial["phases"]["window_s"], started + trial["phases"]["drain_s"]


@pytest.fixture(scope="module")
def sliced(tmp_path_factory):
    from conftest import Kvduel

    program = Kvduel(tmp_path_factory.mktemp("sliced"))
    program.write("s.json", suite("threads", "async", repetitions=2, **SLICED, **STEADY_SERVERS))
    return program, program("run", "s.json", "--out", "r.json")


def runs_of(report):
    """The trials that ran at once: a pair that others disturbed is run again within its block."""
    runs = {}
    for trial in report["trials"]:
        runs.setdefault((trial["block"], trial["repetition"]), []).append(trial)
    return runs


def test_both_contenders_of_a_block_are_measured_within_the_same_seconds(sliced, schema):
    program, ended = sliced
    report = program.report()
    jsonschema.Draft202012Validator(schema).validate(report)
    runs = runs_of(report)
    assert {block for block, _ in runs} == {1, 2}
    for pair in runs.values():
        assert sorted(trial["contender"] for trial in pair) == ["async", "threads"]
        first, second = (ends_of_window(trial) for trial in pair)
        assert first[0] < second[1] and second[0] < first[1], (first, second)
    sound = {run[0] for run, pair in runs.items() if all(trial["verdict"] == "valid" for trial in pair)}
    assert ended.code == (0 if sound == {1, 2} else 3), ended.err


def test_each_has_the_window_that_was_asked_for_as_time_of_its_own(sliced):
    program, _ = sliced
    lasted = {}
    for trial in program.report()["trials"]:
        assert trial["duration_s"] == pytest.approx(0.4, abs=1e-6)
        assert trial["parameters"]["slice_s"] == 0.1
        begun, ended = ends_of_window(trial)
        lasted.setdefault(trial["contender"], []).append(ended - begun)
    # A machine that stalls within a slice takes the next ones away, so a run can be shorter; none is that long without slices.
    for contender, seconds in lasted.items():
        assert max(seconds) > 0.6, f"{contender} never stood still while the other had its slices"


def test_a_server_of_the_same_block_is_not_taken_for_something_left_behind(sliced):
    """The first one to stop killed the other as an orphan of its own."""
    program, _ = sliced
    for trial in program.report()["trials"]:
        assert not [warning for warning in trial["warnings"] if warning["code"] == "server_killed"]
        assert trial["server"]["exit"] == {"code": 0, "signal": None, "killed": False, "orphans": 0}


def test_the_report_is_sound_and_shown_again(sliced):
    program, ended = sliced
    assert program("check", "r.json").code == 0
    shown = program("show", "r.json")
    assert shown.code == 0 and "threads" in shown.out


@pytest.mark.parametrize("culprit", ["exits_at_once", "dies_under_load"])
def test_a_server_that_fails_does_not_take_the_others_time(kvduel, culprit):
    kvduel.write("s.json", suite(fake(culprit), STEADY, workload={"path": "/x"}, expect_status=404, **SLICED))
    assert kvduel("run", "s.json", "--out", "r.json").code == 3
    verdicts = {trial["contender"]: trial["verdict"] for trial in kvduel.report()["trials"]}
    assert verdicts[culprit] == "invalid"
    steady = [trial for trial in kvduel.report()["trials"] if trial["contender"] == "steady"]
    assert all(trial["requests"]["succeeded"] > 0 for trial in steady)


def test_slices_are_refused_where_a_load_is_more_than_one_thread(kvduel):
    kvduel.write("s.json", suite("threads", "async", **SLICED, threads=2))
    refused = kvduel("run", "s.json", "--out", "r.json")
    assert refused.code == 65
    assert "s.json#/scenarios/0/slice_s: slices are for one load thread, no background and no search" in refused.err
