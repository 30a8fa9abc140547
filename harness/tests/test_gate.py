"""`kvduel gate` as a process: whole gates over servers that differ on purpose.

They measure for real and in little: short trials, and tolerances so wide that this machine's noise is far below them.
"""

import json
import os
import re
import xml.etree.ElementTree as ElementTree

import pytest

import gate_rule
from builds import build
from conftest import ROOT, STEADY_SERVERS, of_figures, suite
from gates import WIDE, gate, kept
from stalls import assert_ran
from waiting import wait_until


def test_a_tolerance_for_a_scenario_that_is_not_there_is_warned_of(kvduel):
    rows = [*WIDE["tolerances"], {"metric": "latency_p99_us", "scenario": "mixedd", "worse": 0.2}]
    kvduel.write("t.json", {"tolerances": rows})
    kvduel.write("ci.json", suite("async", duration_s=0.12, warmup_s=0.05, connections=2))
    dying = build(kvduel.folder / "head", "exit 1\n")  # so that it ends soon
    ended = kvduel("gate", "--suite", "ci.json", "--tolerances", "t.json", "--out", "out", "--no-progress", "--base-build",
                   build(kvduel.folder / "base"), "--head-build", dying)
    assert "warning: tolerance_unused: latency_p99_us of scenario mixedd, which the suite tiny does not have" in ended.out
    assert "tolerance_unused" in kept(kvduel)["warnings"][0]


def may_be_noisy(ended):
    """A machine too busy for a verdict says so, which is no fault of the gate; what it must not give is another word."""
    if ended.code in (2, 3):
        pytest.skip(f"the machine was too busy: {ended.out.splitlines()[0]}")


def expect_the_rule(result):
    """gate.json alone gives its figures again, whatever the verdict."""
    judged = [row for row in result["endpoints"] if row["p"] is not None]
    for row in judged:
        assert len(row["by_block"]) == result["looks"][-1]["blocks"]
        assert sum(block is not None for block in row["by_block"]) == row["n"]
        assert row["ratio_head_over_base"] == pytest.approx(gate_rule.centre(row))
    if judged and len(judged[0]["by_block"]) <= 12:  # for more the gate draws its signs
        assert [row["p"] for row in judged] == pytest.approx(gate_rule.p_values(judged))


@of_figures
def test_a_build_against_itself_passes_and_every_output_says_the_same(kvduel):
    builds = ("--base-build", build(kvduel.folder / "base", links=2), "--head-build", build(kvduel.folder / "head", links=2))
    ended = gate(kvduel, *builds, "--annotations")
    expect_the_rule(kept(kvduel))
    may_be_noisy(ended)
    assert ended.code == 0, ended.out + ended.err
    result = kept(kvduel)
    *open_looks, last = result["looks"]  # a busy machine may cost pairs, and so looks
    assert ended.out.startswith(f"PASS: none of 2 endpoints is worse than its tolerance ({last['blocks']} blocks")
    assert "::" not in ended.out
    assert (result["verdict"], result["exit_code"], result["links"]) == ("pass", 0, 2)
    assert last["word"] == "pass" and {look["word"] for look in open_looks} <= {"open"}
    assert {row["metric"] for row in result["endpoints"]} == {"cpu_us_per_request", "throughput_rps"}
    suites = ElementTree.parse(kvduel.folder / "out/junit.xml").getroot()
    assert (suites.get("tests"), suites.get("failures"), suites.get("skipped")) == ("3", "0", "0")
    assert (kvduel.folder / "out/summary.md").read_text().startswith("## kvduel gate: PASS")
    checked = kvduel("check", "out/report.json")
    assert checked.code == 0, checked.err
    report = json.loads((kvduel.folder / "out/report.json").read_text())
    programs = {(trial["block"] % 2, trial["contender"]): trial["server_arguments"][0] for trial in report["trials"]}
    assert programs[1, "async-head"].endswith("head/links/1/kvduel-async")
    assert programs[0, "async-base"].endswith("base/links/2/kvduel-async")


@of_figures
def test_a_slower_head_is_a_regression_with_its_endpoints_named(kvduel, two_builds):
    ended = gate(kvduel, *two_builds, "--head-args", "--work-cpu-us 400", "--annotations")
    expect_the_rule(kept(kvduel))
    may_be_noisy(ended)
    assert ended.code == 1, ended.out + ended.err
    result = kept(kvduel)
    assert result["verdict"] == "regression" and result["exit_code"] == 1
    cpu = next(row for row in result["endpoints"] if row["metric"] == "cpu_us_per_request")
    if cpu["n"] < result["looks"][-1]["blocks"]:
        pytest.skip(f"the machine stood still in {result['looks'][-1]['blocks'] - cpu['n']} blocks: their CPU time is not known")
    assert cpu["verdict"] == "regression" and 3 < cpu["lower95"] <= cpu["ratio_head_over_base"] <= cpu["upper95"]
    failures = ElementTree.parse(kvduel.folder / "out/junit.xml").getroot().findall(".//failure")
    whole, *endpoints = [failure.get("message") for failure in failures]
    assert whole.startswith("REGRESSION: ") and endpoints and all(text.startswith("regression: ") for text in endpoints)
    assert "::error title=kvduel gate::async mixed: " in ended.out
    assert "REGRESSION" in (kvduel.folder / "out/summary.md").read_text()


@of_figures
def test_a_head_that_dies_is_an_invalid_gate_and_no_regression(kvduel):
    dying = "exec sh -c 'echo oh >&2; exit 1'\n"
    ended = gate(kvduel, "--base-build", build(kvduel.folder / "base"), "--head-build", build(kvduel.folder / "head", dying))
    assert ended.code == 3
    assert ended.out.startswith("INVALID: a server was at fault: mixed/async-head")
    errors = ElementTree.parse(kvduel.folder / "out/junit.xml").getroot().findall(".//error")
    assert errors and kept(kvduel)["exit_code"] == 3


@of_figures
def test_a_budget_that_ends_before_the_first_word_is_inconclusive(kvduel, two_builds):
    kvduel.write("narrow.json", {"tolerances": [{"metric": "cpu_us_per_request", "worse": 0.001}]})
    kvduel.write("ci.json", suite("async", duration_s=0.12, warmup_s=0.05, connections=2))
    for seed in (1, 2, 3):  # under so narrow a tolerance the rule itself calls one equal build in 256 a regression
        ended = kvduel("gate", "--suite", "ci.json", "--tolerances", "narrow.json", "--out", "out", "--even-if-busy",
                       "--no-progress", "--budget", "1s", "--duration", "0.1", "--seed", seed, *two_builds)
        if ended.code != 1:
            break
    assert ended.code in (2, 3), ended.out + ended.err  # 3: the machine was too noisy even for that
    report = json.loads((kvduel.folder / "out/report.json").read_text())
    assert {trial["parameters"]["duration_s"] for trial in report["trials"]} == {0.1}
    assert "budget of 1 s" in ended.out and [look["blocks"] for look in kept(kvduel)["looks"]] == [8]


def test_nothing_of_a_gate_is_left_running_when_it_is_interrupted(kvduel, two_builds):
    kvduel.write("ci.json", suite("async", duration_s=5, warmup_s=0.05, connections=2))
    process = kvduel.start("gate", "--suite", "ci.json", "--out", "out", "--even-if-busy", *two_builds)
    wait_until(lambda: len(kvduel.processes()) > 1, 30, "a server runs")
    process.send_signal(2)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert kept(kvduel)["exit_code"] == 130


def test_the_report_of_a_gate_that_is_interrupted_in_a_later_block_is_sound(kvduel, two_builds):
    # A trial that a sanitizer or a stall makes invalid would end the gate before its third block.
    made = suite("async", duration_s=0.1, warmup_s=0.02, connections=2, **STEADY_SERVERS)
    made["scenarios"].append({"id": "long", "duration_s": 0.4})
    kvduel.write("ci.json", made)
    process = kvduel.start("gate", "--suite", "ci.json", "--out", "out", "--even-if-busy", *two_builds)
    report = kvduel.folder / "out/report.json"

    def is_in_third_block():
        blocks = [trial["block"] for trial in json.loads(report.read_text())["trials"]] if report.exists() else []
        return process.poll() is not None or (blocks.count(3) and blocks.count(3) < 4)

    wait_until(is_in_third_block, 60, "a trial of block 3 is on disk, and not all of them")
    process.send_signal(2)
    process.communicate(timeout=60)
    assert process.returncode == 130
    checked = kvduel("check", "out/report.json")
    assert checked.code == 0, checked.err


@pytest.fixture
def my_server(kvduel, monkeypatch):
    """The suite and the tolerances of the guide's recipe, and the server that they are of."""
    text, tolerances = re.findall(r"```jsonc\n(.*?)```", (ROOT / "docs/ci.md").read_text(), re.DOTALL)
    mine = json.loads(text)
    mine["defaults"]["warmup_s"] = 0.05
    kvduel.write("mine.json", mine)
    kvduel.write("mine-tolerances.json", tolerances)
    program = kvduel.folder / "my-server"
    program.write_text(f'#!/bin/sh\nexec "{kvduel.binary.parent}/kvduel-async" --listen "127.0.0.1:$2" --work-wait-us 200\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{kvduel.folder}{os.pathsep}{os.environ['PATH']}")
    return program


def test_the_recipe_of_the_guide_measures_both_of_its_cells(kvduel, my_server):
    ended = kvduel("run", "mine.json", "--repetitions", 1, "--duration", 0.3, "--out", "r.json")
    assert_ran(kvduel, ended.code, ended.err)
    assert {trial["scenario"] for trial in kvduel.report()["trials"]} == {"hot-get", "at-5000"}, ended.err


@of_figures
def test_the_recipe_of_the_guide_judges_both_of_its_cells(kvduel, my_server):
    sides = [build(kvduel.folder / side) for side in ("base", "head")]
    for side in sides:
        (side / "my-server").write_text(f"#!/bin/sh\n# {side}\n" + my_server.read_text().partition("\n")[2])
        (side / "my-server").chmod(0o755)
    ended = kvduel("gate", "--suite", "mine.json", "--tolerances", "mine-tolerances.json", "--base-build", sides[0], "--head-build",
                   sides[1], "--duration", 0.2, "--budget", 1, "--even-if-busy", "--out", "out", "--no-progress")
    assert ended.code in (0, 2, 3), ended.err  # the builds are equal: anything but a regression; 3: the machine was too noisy
    judged = {(row["scenario"], row["metric"]) for row in kept(kvduel)["endpoints"]}
    assert ("at-5000", "latency_p90_us") in judged and ("hot-get", "latency_p99_us") in judged
    assert ("at-5000", "latency_p99_us") not in judged
