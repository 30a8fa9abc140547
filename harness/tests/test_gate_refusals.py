"""`kvduel gate` as a process: what it refuses before it measures, and what it leaves then."""

import xml.etree.ElementTree as ElementTree

import pytest

from busy_machine import busy_machine
from builds import BIN, build
from conftest import suite
from gates import gate, kept


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


def test_an_output_folder_that_cannot_be_made_is_found_before_anything_is_measured(kvduel, two_builds):
    (kvduel.folder / "file").write_text("")
    ended = kvduel("gate", *two_builds, "--contenders", "async", "--out", "file/out")
    assert ended.code == 73 and "file" in ended.err
