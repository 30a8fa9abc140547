"""`kvduel gate` as a process: what it refuses before it measures, and whole gates over servers that differ on purpose.

The gates measure for real and in little: short trials, and tolerances so wide that this machine's noise is far below them.
"""

import json
import os
import re
import stat
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import gate_rule
from busy_machine import busy_machine
from conftest import ROOT, STEADY_SERVERS, of_figures, suite
from stalls import assert_ran
from waiting import wait_until

BIN = Path(os.environ["KVDUEL_BIN"])
WIDE = {"tolerances": [{"metric": "cpu_us_per_request", "worse": 2.0}, {"metric": "throughput_rps", "worse": 0.75}]}


def build(folder, script=None, links=0):
    """A folder with kvduel-async in it: the real one behind a script, so that its bytes are its own. It does not tell its
    build: that of a tree with changes, or under a sanitizer, would be refused."""
    places = [folder / "links" / str(i + 1) for i in range(links)] or [folder]
    for place in places:
        place.mkdir(parents=True)
        program = place / "kvduel-async"
        program.write_text(f"#!/bin/sh\n# {place}\n" + (script or f'[ "$1" = --version ] || exec "{BIN}/kvduel-async" "$@"\n'))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder


def gate(kvduel, *arguments):
    kvduel.write("ci.json", suite("async", duration_s=0.12, warmup_s=0.05, connections=2))
    kvduel.write("wide.json", WIDE)
    return kvduel("gate", "--suite", "ci.json", "--tolerances", "wide.json", "--out", "out", "--no-progress", *arguments)


def kept(kvduel):
    return json.loads((kvduel.folder / "out/gate.json").read_text())


@pytest.fixture
def two_builds(kvduel):
    return ("--base-build", build(kvduel.folder / "base"), "--head-build", build(kvduel.folder / "head"))


def test_both_builds_must_be_named(kvduel):
    ended = kvduel("gate", "--base-build", "x")
    assert ended.code == 64 and "gate needs --head-build DIR" in ended.err


def test_a_folder_without_the_servers_is_named_with_what_was_looked_for(kvduel):
    ended = gate(kvduel, "--base-build", "nowhere", "--head-build", build(kvduel.folder / "head"))
    assert ended.code == 69
    said = "--base-build nowhere: has no kvduel-async, neither itself nor in bin/ or links/1/"
    assert said in ended.err
    # A job's page and its test report say so, too; nothing else is left.
    result = kept(kvduel)
    assert (result["verdict"], result["exit_code"], result["endpoints"]) == ("invalid", 69, [])
    assert said in result["reasons"][0]
    (error,) = ElementTree.parse(kvduel.folder / "out/junit.xml").getroot().findall(".//error")
    assert error.get("message").startswith(f"INVALID: {said}")
    assert (kvduel.folder / "out/summary.md").read_text().startswith(f"## kvduel gate: INVALID: {said}")
    assert sorted(path.name for path in (kvduel.folder / "out").iterdir()) == ["gate.json", "junit.xml", "summary.md"]


def test_a_gate_that_is_refused_leaves_no_verdict_of_an_earlier_one_and_a_mistake_none_at_all(kvduel):
    (kvduel.folder / "out").mkdir()
    kvduel.write("out/report.json", "of before")
    kvduel.write("out/gate.json", "of before")
    builds = ("--base-build", BIN.parent, "--head-build", BIN.parent, "--contenders", "async")
    assert gate(kvduel, *builds, "--annotations").code == 3
    assert kept(kvduel)["verdict"] == "invalid" and not (kvduel.folder / "out/report.json").exists()
    ended = gate(kvduel, *builds, "--out", "other", "--bogus")
    assert ended.code == 64 and not (kvduel.folder / "other").exists()


def test_a_gate_on_a_busy_machine_is_inconclusive_in_every_output(kvduel, two_builds):
    kvduel.accepts_busy = False
    with busy_machine():
        ended = gate(kvduel, *two_builds, "--annotations")
    assert ended.code == 75 and ended.err.startswith("kvduel: this machine is too busy to measure: ")
    assert ended.out.startswith("::warning title=kvduel gate::INCONCLUSIVE: this machine is too busy")
    assert (kept(kvduel)["verdict"], kept(kvduel)["exit_code"]) == ("inconclusive", 75)
    suites = ElementTree.parse(kvduel.folder / "out/junit.xml").getroot()
    assert (suites.get("tests"), suites.get("skipped"), suites.get("failures")) == ("1", "1", "0")


def test_a_tolerance_for_a_scenario_that_is_not_there_is_warned_of(kvduel):
    rows = [*WIDE["tolerances"], {"metric": "latency_p99_us", "scenario": "mixedd", "worse": 0.2}]
    kvduel.write("t.json", {"tolerances": rows})
    kvduel.write("ci.json", suite("async", duration_s=0.12, warmup_s=0.05, connections=2))
    dying = build(kvduel.folder / "head", "exit 1\n")  # so that it ends soon
    ended = kvduel("gate", "--suite", "ci.json", "--tolerances", "t.json", "--out", "out", "--no-progress", "--base-build",
                   build(kvduel.folder / "base"), "--head-build", dying)
    assert "warning: tolerance_unused: latency_p99_us of scenario mixedd, which the suite tiny does not have" in ended.out
    assert "tolerance_unused" in kept(kvduel)["warnings"][0]


def test_a_suite_without_an_endpoint_is_refused(kvduel, two_builds):
    kvduel.write("t.json", {"tolerances": [{"metric": "throughput_rps", "worse": 0.1}]})
    kvduel.write("ci.json", suite("async", loop="open", rate_per_s=100))
    ended = kvduel("gate", "--suite", "ci.json", "--tolerances", "t.json", *two_builds, "--out", "out")
    assert ended.code == 64 and "no metric of the tolerances is judged in any of its cells" in ended.err


def test_the_same_build_twice_is_refused_as_a_mistake(kvduel):
    ended = gate(kvduel, "--base-build", BIN.parent, "--head-build", BIN.parent, "--contenders", "async")
    assert ended.code == 3 and "the same build" in ended.err and "--aa" in ended.err


def test_a_build_that_is_no_release_is_refused(kvduel):
    claim = 'echo "kvduel-async 0.1.0 (git abc; Debug; GNU 12.2.0; -Og)"\n'
    ended = gate(kvduel, "--base-build", build(kvduel.folder / "base", claim), "--head-build", build(kvduel.folder / "head", claim))
    assert ended.code == 3 and "async of base is a Debug build; allowed: Release" in ended.err


def test_a_dirty_build_is_refused_and_the_flag_that_allows_it_wants_a_terminal(kvduel):
    claim = 'echo "kvduel-async 0.1.0 (git abc, dirty; Release; GNU 12.2.0; -O3)"\n'
    builds = ("--base-build", build(kvduel.folder / "base", claim), "--head-build", build(kvduel.folder / "head", claim))
    ended = gate(kvduel, *builds)
    assert ended.code == 3 and "checkout with changes" in ended.err
    ended = gate(kvduel, *builds, "--allow-dirty")
    assert ended.code == 64 and "at a terminal alone" in ended.err


def test_builds_with_other_flags_are_refused(kvduel):
    def claim(flags):
        return f'echo "kvduel-async 0.1.0 (git abc; Release; GNU 12.2.0; {flags})"\n'

    ended = gate(kvduel, "--base-build", build(kvduel.folder / "base", claim("-O3")), "--head-build", build(kvduel.folder / "head", claim("-O2")))
    assert ended.code == 3 and 'the flags differ: "-O3" of base, "-O2" of head' in ended.err


def test_a_suite_that_asks_for_a_share_of_a_capacity_is_refused(kvduel, two_builds):
    ended = kvduel("gate", "--suite", "standard", *two_builds, "--contenders", "async", "--even-if-busy")
    assert ended.code == 64 and "given rate_per_s" in ended.err


@pytest.mark.parametrize(
    ("tolerances", "words"),
    [
        ({"tolerances": [{"metric": "rps", "worse": 0.1}]}, '#/tolerances/0/metric: "rps" is not a metric'),
        ({"tolerances": [{"metric": "throughput_rps", "worse": 1.5}]}, "#/tolerances/0/worse: throughput_rps cannot fall by so much"),
        ({"tolerances": []}, "#/tolerances: is empty"),
        ({"tolerances": [{"metric": "rss_max_bytes", "wors": 1}]}, '/tolerances/0/wors: unknown key; did you mean "worse"?'),
        ({"tolerances": [{"metric": "rss_max_bytes", "worse": 0.1}] * 2}, '#/tolerances/1: a second row for "rss_max_bytes"'),
        ('{"tolerances": [', "not JSON"),
    ],
)
def test_a_bad_file_of_tolerances_is_named_with_its_place(kvduel, two_builds, tolerances, words):
    kvduel.write("t.json", tolerances)
    ended = kvduel("gate", *two_builds, "--contenders", "async", "--tolerances", "t.json")
    assert ended.code == 65 and words in ended.err, ended.err


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
    assert ended.out.startswith("PASS: none of 2 endpoints is worse than its tolerance (8 blocks")
    assert "::" not in ended.out
    result = kept(kvduel)
    assert (result["verdict"], result["exit_code"], result["links"]) == ("pass", 0, 2)
    assert [look["word"] for look in result["looks"]] == ["pass"]
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


def test_an_output_folder_that_cannot_be_made_is_found_before_anything_is_measured(kvduel, two_builds):
    (kvduel.folder / "file").write_text("")
    ended = kvduel("gate", *two_builds, "--contenders", "async", "--out", "file/out")
    assert ended.code == 73 and "file" in ended.err


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
    assert ended.code in (2, 3), ended.err  # no other look would end within a second; 3: the machine was too noisy even for that
    judged = {(row["scenario"], row["metric"]) for row in kept(kvduel)["endpoints"]}
    assert ("at-5000", "latency_p90_us") in judged and ("hot-get", "latency_p99_us") in judged
    assert ("at-5000", "latency_p99_us") not in judged
