"""Faults of contenders, signals and disks: a fault costs its trial and nothing else, and nothing is left behind."""

import resource
import signal
import subprocess

import pytest

from conftest import STEADY, fake, of_figures, suite
from stalls import assert_valid_but_for_stalls
from waiting import wait_until


def invalid_codes(report, contender):
    trials = [trial for trial in report["trials"] if trial["contender"] == contender]
    assert trials and all(trial["verdict"] == "invalid" for trial in trials)
    return {warning["code"] for trial in trials for warning in trial["warnings"]}


def assert_others_went_on(kvduel, ended):
    assert ended.code == 3
    assert kvduel("check", "r.json").code == 0
    others = [trial for trial in kvduel.report()["trials"] if trial["contender"] == "steady"]
    assert others
    for trial in others:
        assert_valid_but_for_stalls(trial)


def test_a_contender_that_ends_at_once_is_invalid_with_its_last_words(kvduel):
    kvduel.write("s.json", suite(fake("exits_at_once"), STEADY, workload={"path": "/x"}, expect_status=404))
    ended = kvduel("run", "s.json", "--out", "r.json")
    assert_others_went_on(kvduel, ended)
    assert invalid_codes(kvduel.report(), "exits_at_once") == {"server_not_started"}
    (trial,) = (t for t in kvduel.report()["trials"] if t["contender"] == "exits_at_once")
    assert trial["stderr_tail"] == ["bad flag --prot"]
    assert "mixed/exits_at_once block 1: invalid: server_not_started" in ended.out


@of_figures  # ten seconds of waiting
def test_a_contender_that_never_announces_is_ended_and_the_rest_goes_on(kvduel):
    kvduel.write("s.json", suite(fake("never_announces"), STEADY, workload={"path": "/x"}, expect_status=404))
    ended = kvduel("run", "s.json", "--out", "r.json")
    assert_others_went_on(kvduel, ended)
    assert invalid_codes(kvduel.report(), "never_announces") == {"server_not_started"}
    (trial,) = (t for t in kvduel.report()["trials"] if t["contender"] == "never_announces")
    assert trial["stderr_tail"] == ["still warming up"]


@pytest.mark.parametrize("line", ["hello", "ENDLESS", '{"event":"listening","host":"127.0.0.1","port":0}',
                                  '{"event":"listening","host":"127.0.0.1","port":70000}',
                                  '{"event":"listening","host":"127.0.0.1","port":"x"}',
                                  '{"event":"listening","host":"somewhere.invalid","port":80}'])
def test_a_contender_that_announces_garbage_is_invalid(kvduel, line):
    kvduel.write("s.json", suite(fake("announces", line), connections=1, workload={"path": "/x"}))
    ended = kvduel("run", "s.json", "--out", "r.json")
    assert ended.code == 3
    assert invalid_codes(kvduel.report(), "announces") == {"server_not_started"}


def test_a_contender_that_is_missing_is_named_before_any_trial(kvduel):
    kvduel.write("s.json", suite({"id": "mine", "command": ["./no-such-server"]}, "null"))
    ended = kvduel("run", "s.json", "--out", "r.json")
    assert (ended.code, ended.out) == (69, "")
    assert 'contender "mine"' in ended.err
    assert not (kvduel.folder / "r.json").exists()


def test_a_server_that_dies_under_load_is_invalid_with_its_signal(kvduel):
    kvduel.write("s.json", suite(fake("dies_under_load"), STEADY, workload={"path": "/x"}, expect_status=404))
    ended = kvduel("run", "s.json", "--out", "r.json")
    assert_others_went_on(kvduel, ended)
    assert "server_died" in invalid_codes(kvduel.report(), "dies_under_load")


def test_a_server_that_a_wrapper_starts_anew_is_not_the_one_that_is_measured(kvduel):
    kvduel.write("s.json", suite(fake("starts_anew"), connections=1, duration_s=2, workload={"path": "/x"}))
    ended = kvduel("run", "s.json", "--out", "r.json")
    assert ended.code == 3
    report = kvduel.report()
    assert "server_died" in invalid_codes(report, "starts_anew")
    (message,) = [w["message"] for w in report["trials"][0]["warnings"] if w["code"] == "server_died"]
    assert message.startswith("the server is not the one that the trial began with: process ") and message.endswith(" is gone")
    assert kvduel("check", "r.json").code == 0


def test_wrong_values_make_a_trial_invalid(kvduel):
    kvduel.write("s.json", suite(fake("answers_wrong"), workload={"from": "get-uniform", "keys": 20, "preload": False}))
    ended = kvduel("run", "s.json", "--out", "r.json")
    assert ended.code == 3
    assert "verification_failed" in invalid_codes(kvduel.report(), "answers_wrong")
    assert kvduel("check", "r.json").code == 0


def start_long_run(kvduel):
    """A run of many trials, of which at least one is on disk and one is going on."""
    kvduel.write("s.json", suite("threads", "async", repetitions=200))
    process = kvduel.start("run", "s.json", "--out", "r.json", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    path = kvduel.folder / "r.json"
    wait_until(lambda: path.exists() and kvduel.report()["trials"], 30, "a trial is on disk")
    wait_until(lambda: len(kvduel.processes()) > 1, 30, "a server runs")
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_mid_run_leaves_a_sound_interrupted_report_and_no_child(kvduel, number):
    process = start_long_run(kvduel)
    process.send_signal(number)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert kvduel.processes() == []
    report = kvduel.report()
    assert report["run"]["interrupted"] is True
    assert kvduel("check", "r.json").code == 0
    assert "interrupted after" in out and "Report: r.json" in out


def test_kill_9_of_the_harness_leaves_the_last_report_and_no_server(kvduel):
    process = start_long_run(kvduel)
    process.kill()
    process.communicate(timeout=60)
    wait_until(lambda: kvduel.processes() == [], 5, "no server outlives the harness")
    report = kvduel.report()
    assert report["trials"] and report["run"]["finished_at"] is None
    assert kvduel("check", "r.json").code == 0


def limit_file_size(size):
    """In the child: files may not grow past `size`, as on a full disk; the write fails instead of the process."""

    def apply():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return apply


def test_a_disk_that_fills_up_later_leaves_the_old_report_and_shows_the_table(kvduel):
    kvduel.write("s.json", suite(STEADY, repetitions=60, duration_s=0.05, warmup_s=0.01, workload={"path": "/x"}, expect_status=404))
    ended = kvduel("run", "s.json", "--out", "r.json", preexec_fn=limit_file_size(24 << 10))
    assert ended.code == 73
    assert "r.json: File too large; free space or use --out" in ended.err
    assert "mixed   closed loop" in ended.out
    assert kvduel.report()["trials"]
    assert kvduel("check", "r.json").code == 0
    assert sorted(path.name for path in kvduel.folder.iterdir()) == ["r.json", "s.json"]


def test_a_disk_that_is_full_from_the_start_measures_nothing(kvduel):
    kvduel.write("s.json", suite(STEADY, workload={"path": "/x"}, expect_status=404))
    ended = kvduel("run", "s.json", "--out", "r.json", preexec_fn=limit_file_size(100))
    assert (ended.code, ended.out) == (73, "")
    assert not (kvduel.folder / "r.json").exists()


def test_too_few_descriptors_are_said_before_the_start(kvduel):
    kvduel.write("s.json", suite("null", connections=5000, workload={"path": "/x"}))
    ended = kvduel(
        "run", "s.json", "--out", "r.json",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256)),
    )
    assert (ended.code, ended.out) == (64, "")
    assert "256" in ended.err and "ulimit -n" in ended.err

