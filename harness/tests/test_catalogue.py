"""The catalogue of scenarios: what is listed, what is documented, and what a suite may make of it."""

import json

import pytest

from conftest import ROOT

FILES = {path.stem for path in (ROOT / "harness/scenarios").glob("*.json")}


def test_the_documented_scenarios_are_those_of_the_program(kvduel):
    listed = kvduel("list", "scenarios", "--format", "markdown").out
    assert listed in (ROOT / "docs/scenarios.md").read_text(), "put the output of this command into docs/scenarios.md"


def test_every_file_is_listed_with_its_question_and_what_it_varies(kvduel):
    scenarios = json.loads(kvduel("list", "scenarios", "--format", "json").out)
    assert {scenario["scenario"] for scenario in scenarios} == FILES
    lines = kvduel("list", "scenarios").out.splitlines()
    for line, scenario in zip(lines, scenarios, strict=True):
        assert line.startswith(scenario["scenario"])
        assert scenario["question"] in line and line.endswith(scenario["varies"])


@pytest.mark.parametrize("form", ["table", "markdown", "csv", "json"])
def test_suites_are_listed_with_trials_and_minutes_in_every_format(kvduel, form):
    ended = kvduel("list", "suites", "--format", form)
    assert (ended.code, ended.err) == (0, "")
    assert all(path.stem in ended.out for path in (ROOT / "harness/suites").glob("*.json"))
    for suite in json.loads(kvduel("list", "suites", "--format", "json").out):
        assert int(suite["trials"]) > 0 and float(suite["minutes"]) > 0
