"""The table of checks stands twice, in docs/how-it-measures.md and in the program, and says the same."""

import re

from conftest import ROOT

LISTED = re.compile(r"(\w+) +code, (invalid or warning|invalid|warning): (.+)")
WRITTEN = re.compile(r"\| `(\w+)` \| (invalid or warning|invalid|warning) \| (.+) \|")


def rows(pattern, text):
    return [match.groups() for match in map(pattern.fullmatch, text.splitlines()) if match]


def test_the_documented_checks_are_those_of_the_program(kvduel):
    listed = rows(LISTED, kvduel("list", "metrics").out)
    written = rows(WRITTEN, (ROOT / "docs/how-it-measures.md").read_text())
    assert len(listed) >= 20
    assert written == listed
    assert f"**{len(listed)} checks of every trial**" in (ROOT / "README.md").read_text()


def test_every_code_that_a_check_gives_is_listed_and_no_other(kvduel):
    listed = {code for code, _, _ in rows(LISTED, kvduel("list", "metrics").out)}
    source = (ROOT / "harness/experiment/trial/check_trial.cpp").read_text()
    first_arguments = re.findall(r"\.(?:invalid|warn)\(([^,]+),", source)
    given = {code for argument in first_arguments for code in re.findall(r'"(\w+)"', argument)}
    assert given and given == listed
