"""Figures for people: the page has them as the terminal does."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from kvreport.units import figure_text


def cases_of_the_terminal():
    """The table of harness/report/text/text_table_test.cpp."""
    text = (ROOT / "harness/report/text/text_table_test.cpp").read_text()
    table = re.search(r"rows\[\] = \{(.*?)\};", text, re.DOTALL)[1]
    return [(float(figure.replace("'", "")), shown) for figure, shown in re.findall(r'\{([-\d.\']+), "([^"]+)"\}', table)]


@pytest.mark.parametrize(("figure", "shown"), [case for case in cases_of_the_terminal() if case[0] != 0])
def test_a_figure_has_the_digits_that_the_terminal_gives_it(figure, shown):
    assert figure_text(figure) == shown


def test_what_is_nearly_nothing_keeps_its_digits_and_what_is_not_there_is_a_dash():
    assert [figure_text(value) for value in (0.0043, 0.0, None, float("nan"))] == ["0.0043", "0", "-", "-"]
