"""kvduel doctor as a whole program, and its quick part in kvduel run: exit codes, JSON, remedies, a busy machine."""

import json
import os
import resource
import shutil
import signal

import jsonschema
import pytest

from busy_machine import busy_machine
from conftest import IS_SANITIZED, STEADY, of_figures, suite
from stalls import assert_ran
from terminal import shown_on_a_terminal
from waiting import wait_until

QUICK = ["cpus", "topology", "governor", "turbo", "virtualization", "load", "pressure", "noise", "clock", "timer", "steal",
         "descriptors", "backlog", "ports", "kernel"]
LONG = ["loopback", "ceiling", "aa_noise"]
TINY = suite(STEADY, workload={"path": "/x"}, expect_status=404)


def findings_of(document):
    return {finding["check"]: finding for finding in document["environment"]["doctor"]}


def doctor(kvduel, *arguments, **options):
    """Exit code and findings of a doctor that answers in JSON; the code says whether the machine was too busy."""
    ended = kvduel("doctor", "--no-progress", "--format", "json", *arguments, **options)
    document = json.loads(ended.out)
    assert ended.code == (75 if document["busy"] else 0)
    assert document["busy"] == bool(document["busy_reasons"])
    assert ended.err == ""
    return ended.code, findings_of(document)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """One doctor with all its checks."""
    from conftest import Kvduel

    if IS_SANITIZED:
        pytest.skip(of_figures.kwargs["reason"])

    program = Kvduel(tmp_path_factory.mktemp("doctor"))
    return program("doctor", "--connections", "16", "--rate", "1000000000", "--format", "json")


def test_all_checks_speak_in_the_order_of_the_table_and_keep_to_the_schema(whole, schema):
    document = json.loads(whole.out)
    assert document["schema"] == "kvduel.doctor/1"
    assert [finding["check"] for finding in document["environment"]["doctor"]] == QUICK + LONG
    environment = {"$ref": "#/$defs/environment", "$defs": schema["$defs"]}
    jsonschema.Draft202012Validator(environment).validate(document["environment"])


def test_the_ceiling_and_its_70_percent_are_measured_and_a_plan_far_over_it_is_a_problem(whole):
    ceiling = findings_of(json.loads(whole.out))["ceiling"]
    values = ceiling["values"]
    assert values["ceiling_rps"] > 0
    assert values["usable_rps"] == pytest.approx(0.7 * values["ceiling_rps"])
    assert f"{values['ceiling_rps']:.0f} requests/s" in ceiling["message"]
    assert (ceiling["verdict"], values["planned_rps"]) == ("problem", 1e9)
    assert "lower the rate" in ceiling["remedy"]


def test_a_server_is_measured_against_itself_in_pairs(whole):
    finding = findings_of(json.loads(whole.out))["aa_noise"]
    values = finding["values"]
    if values["pairs"] is None:  # a generator with half a CPU is saturated: its trials are rightly invalid
        assert "generator_saturated" in finding["message"]
        return
    assert 1 <= values["pairs"] <= 6
    for metric in ("rps", "cpu_per_request"):
        assert 0 <= values[f"{metric}_difference_median_ratio"] <= values[f"{metric}_difference_max_ratio"]


def test_the_loopback_floor_is_measured(whole):
    values = findings_of(json.loads(whole.out))["loopback"]["values"]
    assert 0 < values["round_trip_min_us"] <= values["round_trip_p50_us"] <= values["round_trip_p99_us"]


def test_outside_a_terminal_the_long_checks_are_announced_a_line_each(whole):
    assert [line.split()[1].rstrip(",") for line in whole.err.splitlines()] == ["ceiling", "aa_noise"]


def test_the_quick_part_leaves_out_the_long_checks(kvduel):
    _, findings = doctor(kvduel, "--quick")
    assert list(findings) == QUICK
    assert findings["timer"]["values"]["sleeps"] == 1000
    assert findings["clock"]["values"]["clock_read_ns"] > 0


def test_the_table_says_verdict_check_reading_and_remedy_and_ends_with_the_count(kvduel):
    ended = kvduel("doctor", "--quick", "--connections", "65536")
    assert ended.code in (0, 75)
    lines = ended.out.splitlines()
    assert [line.split()[1] for line in lines[:-1]] == QUICK
    assert all(line.split()[0] in ("ok", "note", "warning", "problem") for line in lines[:-1])
    backlog = lines[QUICK.index("backlog")]
    assert backlog.startswith("warning") and "; run: sysctl -w net.core.somaxconn=65536" in backlog
    assert "problem" in lines[-1] and "warning" in lines[-1]
    assert "\x1b" not in ended.out and ended.err == ""


@pytest.mark.parametrize(("format", "starts"), [("markdown", "| verdict | check | reading | remedy |"),
                                                ("csv", "verdict,check,reading,remedy")])
def test_the_other_formats_hold_a_row_for_each_check(kvduel, format, starts):
    ended = kvduel("doctor", "--quick", "--format", format)
    assert ended.out.startswith(starts)
    assert all(f"{check}" in ended.out for check in QUICK)


@pytest.mark.parametrize(("no_color", "is_coloured"), [(None, True), ("", True), ("1", False)])
def test_a_terminal_gets_colour_unless_it_is_refused_and_never_without_words(kvduel, monkeypatch, no_color, is_coloured):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    if no_color is not None:
        monkeypatch.setenv("NO_COLOR", no_color)
    process, shown = shown_on_a_terminal(lambda terminal: kvduel.start("doctor", "--quick", stdout=terminal))
    process.communicate(timeout=60)
    assert (b"\x1b[3" in shown) == is_coloured
    assert b"ok " in shown and b"clock" in shown


def test_too_few_descriptors_are_a_problem_with_the_command(kvduel):
    def lower_limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (500, 500))

    _, findings = doctor(kvduel, "--quick", "--connections", "437", preexec_fn=lower_limit)
    assert findings["descriptors"]["verdict"] == "problem"
    assert findings["descriptors"]["remedy"] == "run: ulimit -n 501"
    _, findings = doctor(kvduel, "--quick", "--connections", "436", preexec_fn=lower_limit)
    assert findings["descriptors"]["verdict"] == "ok"


def test_one_cpu_is_a_problem_and_nobody_is_pinned(kvduel):
    cpu = min(os.sched_getaffinity(0))
    _, findings = doctor(kvduel, "--quick", preexec_fn=lambda: os.sched_setaffinity(0, {cpu}))
    assert findings["cpus"]["verdict"] == "problem"
    assert findings["cpus"]["values"]["cpus"] == 1
    assert findings["topology"]["values"]["server_cpus"] is None
    assert "not pinned" in findings["topology"]["message"]


def test_server_and_load_on_one_cpu_are_warned_of(kvduel):
    cpu = str(min(os.sched_getaffinity(0)))
    _, findings = doctor(kvduel, "--quick", "--server-cpus", cpu, "--load-cpus", cpu)
    assert findings["topology"]["verdict"] == "warning"
    assert "--server-cpus and --load-cpus" in findings["topology"]["remedy"]


def test_without_its_servers_the_long_checks_say_so_and_the_rest_goes_on(kvduel, monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    kvduel.binary = shutil.copy(kvduel.binary, kvduel.folder / "kvduel")
    _, findings = doctor(kvduel)
    assert list(findings) == QUICK + LONG
    for check in ("ceiling", "aa_noise"):
        assert findings[check]["verdict"] == "note"
        assert findings[check]["message"].startswith('not to be had: contender "')
        assert "not found" in findings[check]["message"]
        assert set(findings[check]["values"].values()) == {None}


def test_a_signal_ends_the_doctor_with_130(kvduel):
    process = kvduel.start("doctor")
    line = process.stderr.readline()
    assert line.startswith("measuring ceiling")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "interrupted" in err.splitlines()[-1]
    wait_until(lambda: not kvduel.processes(), 5, "no server is left")


@of_figures
def test_a_busy_machine_is_named_with_exit_code_75(kvduel):
    with busy_machine():
        ended = kvduel("doctor", "--quick")
        assert ended.code == 75
        assert "too busy to measure: noise " in ended.out.splitlines()[-1]


@of_figures
def test_a_run_on_a_busy_machine_is_refused_before_anything_is_measured(kvduel):
    kvduel.write("tiny.json", TINY)
    kvduel.accepts_busy = False
    with busy_machine():
        ended = kvduel("run", "tiny.json", "--out", "r.json")
    assert (ended.code, ended.out) == (75, "")
    assert ended.err.count("\n") == 1
    assert ended.err.startswith("kvduel: this machine is too busy to measure: noise ")
    assert "--even-if-busy" in ended.err
    assert not (kvduel.folder / "r.json").exists()


def test_a_run_on_a_busy_machine_that_is_wanted_all_the_same_says_so_in_its_report(kvduel):
    kvduel.write("tiny.json", TINY)
    with busy_machine():
        ended = kvduel("run", "tiny.json", "--out", "r.json", "--even-if-busy")
    assert ended.code in (0, 3)
    assert "machine: problem: noise: " in ended.err
    report = kvduel.report()
    assert any(note.startswith("this machine is too busy to measure: noise ") for note in report["run"]["notes"])
    assert findings_of(report)["noise"]["verdict"] == "problem"
    assert kvduel("check", "r.json").code == 0


def test_a_run_keeps_the_quick_part_in_its_report(kvduel, schema):
    kvduel.write("tiny.json", suite(STEADY, connections=7, workload={"path": "/x"}, expect_status=404))
    ended = kvduel("run", "tiny.json", "--out", "r.json", "--no-progress")
    assert_ran(kvduel, ended.code, ended.err)
    report = kvduel.report()
    jsonschema.Draft202012Validator(schema).validate(report)
    findings = findings_of(report)
    assert sorted(findings) == sorted(QUICK)
    assert findings["descriptors"]["values"]["descriptors_needed"] == 7 + 64
    bad = [check for check, finding in findings.items() if finding["verdict"] in ("warning", "problem")]
    said = [line.split(": ")[2] for line in ended.err.splitlines() if line.startswith("machine: ")]
    assert said == [check for check in QUICK if check in bad]
