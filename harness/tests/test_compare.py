"""`kvduel compare`: what it refuses, and its words on reports that were doctored: real trials, other figures."""

import copy
import json

import pytest


@pytest.fixture
def sound(real_report):
    """The report of a real run, as a Release build of a commit would have it."""
    program, _ = real_report
    report = program.report()
    report["tool"] |= {"build_type": "Release", "dirty": False}
    return report


def test_two_files_must_be_named(kvduel):
    ended = kvduel("compare", "a.json")
    assert ended.code == 64 and "compare needs its HEAD" in ended.err
    ended = kvduel("compare", "a.json", "b.json", "c.json")
    assert ended.code == 64 and "one word too many" in ended.err


@pytest.mark.parametrize(("text", "words"), [('{"schema": "kvduel.rep', "not JSON"), ("{}", "schema"), ('{"schema": "kvduel.report/2"}', "kvduel.report/2")])
def test_a_broken_or_newer_report_is_one_clear_line(kvduel, text, words):
    kvduel.write("a.json", text)
    ended = kvduel("compare", "a.json", "a.json")
    assert ended.code == 65 and words in ended.err and len(ended.err.splitlines()) == 1


def test_a_report_of_another_machine_seed_or_build_is_refused(kvduel, sound):
    for change, words in [
        ({"environment": {"fingerprint": "0" * 16}}, "the machines (fingerprints) of the two reports differ"),
        ({"run": {"seed": "77"}}, "the seeds of the two reports differ"),
        ({"tool": {"build_type": "Debug"}}, "the report of head was measured by a Debug build"),
        ({"tool": {"dirty": True}}, "the report of head was measured by a build of changed files"),
    ]:
        other = copy.deepcopy(sound)
        for part, values in change.items():
            other[part] |= values
        kvduel.write("base.json", sound)
        kvduel.write("head.json", other)
        ended = kvduel("compare", "base.json", "head.json")
        assert ended.code == 3 and words in ended.err, (change, ended.err)


def test_a_control_that_is_not_in_both_is_named(kvduel, sound):
    kvduel.write("a.json", sound)
    ended = kvduel("compare", "a.json", "a.json", "--control", "nobody")
    assert ended.code == 64 and "--control nobody: is not in both reports" in ended.err


def test_a_report_is_no_worse_than_itself_as_far_as_its_noise_allows(kvduel, sound):
    kvduel.write("a.json", sound)
    ended = kvduel("compare", "a.json", "a.json", "--format", "json")
    result = json.loads(ended.out)
    assert ended.code == result["exit_code"] == 2  # two blocks judge nothing
    assert result["control"] == "threads"
    assert {row["verdict"] for row in result["endpoints"]} == {"unjudged"}
