"""What documents say of files and formats is so: their links lead somewhere, and no key of a suite goes unsaid."""

import re
import subprocess

import pytest

from conftest import ROOT

LINK = re.compile(r"\]\(([^)\s]+)\)")
KEY_ROW = re.compile(r"^  \| (`[^|]+`) \|", re.MULTILINE)
# How cell_reader.cpp asks for a key of a cell, or of its workload.
READ = re.compile(r'(?:fields\.(?:read|read_word<[^>]+>|find|find_object|find_array)|read_unsigned|set_named_workload)\((?:fields, )?"(\w+)"')
OF_WORKLOAD = {"from", "keys", "key_distribution", "value_bytes", "mix", "path", "preload"}


def documents():
    """Those of the repository; where there is none, a copy's own."""
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=False)
    return listed.stdout.split() or ["README.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]


def anchors(text):
    """As GitHub makes them of headings: lower case, no punctuation, a dash for each space."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", documents())
def test_every_link_of_a_document_leads_somewhere(name):
    page = ROOT / name
    for target in LINK.findall(page.read_text()):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked.read_text()), target


def test_the_documented_keys_of_a_cell_are_those_that_suites_may_have():
    documented = set(re.findall(r"`([\w.]+)`", " ".join(KEY_ROW.findall((ROOT / "docs/scenarios.md").read_text()))))
    found = set(READ.findall((ROOT / "harness/report/readers/cell_reader.cpp").read_text()))
    assert len(found) > 20
    assert documented == {f"workload.{key}" if key in OF_WORKLOAD else key for key in found}
