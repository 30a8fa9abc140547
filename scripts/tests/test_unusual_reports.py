"""Reports that are out of the ordinary: without a valid trial, with one trial, with none, and files that are no report."""

import copy
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from plots_need import DRAWING, need

need(*DRAWING)

from recorded import book, path_of, write
from svg_marks import SVG, interval, marks, number

from kvreport import plot_command, report_command
from kvreport.repeats import LOOK_AT_THE_RESULT, MOST


def all_invalid(tree):
    """As kvduel leaves it when no trial passed its checks: rows without figures, comparisons without pairs."""
    tree = copy.deepcopy(tree)
    for trial in tree["trials"]:
        trial["verdict"] = "invalid"
        trial["warnings"] = [{"code": "noisy_machine", "message": "planted by a test"}]
    for row in tree["summary"]:
        row |= {"n": 0} | dict.fromkeys(("median", "min", "max", "lower95", "upper95"))
    for of in tree["comparisons"]:
        of |= {"n": 0, "pairs_lost": 5, "verdict": "undecided", "blocks_needed": None}
        of |= dict.fromkeys(("ratio_second_over_first", "lower95", "upper95", "lower90", "upper90", "p_adjusted"))
    return tree


def one_trial(tree):
    tree = copy.deepcopy(tree)
    trial = tree["trials"][0]
    tree["trials"] = [trial]
    tree["comparisons"], tree["expectations"], tree["crossings"] = [], [], []
    tree["contenders"] = [of for of in tree["contenders"] if of["id"] == trial["contender"]]
    tree["suite"]["scenarios"] = [of for of in tree["suite"]["scenarios"] if of["id"] == trial["scenario"]]
    tree["summary"] = [
        of for of in tree["summary"] if (of["scenario"], of["contender"]) == (trial["scenario"], trial["contender"])
    ]
    for row in tree["summary"]:
        row |= {"n": 1, "lower95": None, "upper95": None}
        if row["metric"] == "throughput_rps":
            row["median"] = trial["throughput_rps"]
    return tree


def without_trials(tree):
    tree = all_invalid(tree)
    tree["trials"] = []
    return tree


def texts_of(folder):
    return {
        path.name: " ".join(of.text for of in ElementTree.parse(path).iter(f"{SVG}text") if of.text)
        for path in folder.glob("*.svg")
    }


def test_of_invalid_trials_alone_figures_say_so(tmp_path, capsys):
    path = write(tmp_path / "r.json.gz", all_invalid(book("quick").tree))
    assert plot_command.main([str(path), "--out", str(tmp_path / "out"), "--format", "svg"]) == 0
    texts = texts_of(tmp_path / "out")
    assert "no valid trial" in texts["throughput.svg"] and "invalid, counts for nothing" in texts["throughput.svg"]
    assert "latency-ladder-closed.svg" not in texts
    assert "latency-ladder does not apply: no valid trial has a latency" in capsys.readouterr().err


def test_one_trial_is_drawn_without_an_interval(tmp_path):
    tree = one_trial(book("quick").tree)
    path = write(tmp_path / "r.json.gz", tree)
    assert plot_command.main([str(path), "--out", str(tmp_path / "out"), "--format", "svg"]) == 0
    assert "n = 1 block" in texts_of(tmp_path / "out")["throughput.svg"]
    found = [data for _, data in marks(ElementTree.parse(tmp_path / "out/throughput.svg").getroot())]
    assert {number(of, "value") for of in found} == {tree["trials"][0]["throughput_rps"]}
    assert all(interval(of) == (None, None) for of in found)


def test_of_a_run_without_trials_there_is_nothing_to_draw(tmp_path, capsys):
    path = write(tmp_path / "r.json.gz", without_trials(book("quick").tree))
    assert plot_command.main([str(path), "--out", str(tmp_path / "out")]) == 65
    assert capsys.readouterr().err.splitlines()[-1] == "plot: nothing to draw"


@pytest.mark.parametrize(
    ("made_of", "says"),
    [(all_invalid, "of 30 trials are invalid"), (without_trials, "Nothing was measured: the run has no trial.")],
)
def test_a_run_without_a_valid_trial_has_a_page_that_says_so(tmp_path, made_of, says):
    path = write(tmp_path / "r.json.gz", made_of(book("quick").tree))
    assert report_command.main([str(path), "--out", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert says in page and "async wins" not in page


def test_a_page_says_which_cells_stand_by_repeats_that_a_result_asked_for(tmp_path):
    tree = copy.deepcopy(book("quick").tree)
    again = [copy.deepcopy(of) for of in tree["trials"] if of["scenario"] == "hot-get" and of["block"] <= 2]
    for trial in tree["trials"]:
        if trial["scenario"] == "hot-get" and trial["block"] <= 2 and trial["contender"] == "async":
            trial |= {"verdict": "invalid", "warnings": [{"code": "generator_saturated", "message": "planted by a test"}]}
    tree["trials"] += [of | {"repetition": 2} for of in again]
    path = write(tmp_path / "r.json.gz", tree)
    assert report_command.main([str(path), "--out", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "1 cell by repeats." in page and "The most: hot-get: 2 of 5 blocks (async in 2)." in page


def test_the_checks_that_look_at_results_are_those_of_the_harness():
    judge = Path(__file__).resolve().parents[2] / "harness/experiment/judge"
    codes = re.search(r"kCodes\{([^}]*)\}", (judge / "repeated_blocks.cpp").read_text())[1]
    assert set(re.findall(r'"(\w+)"', codes)) == LOOK_AT_THE_RESULT
    assert float(re.search(r"kMaxLostShare = ([\d.]+);", (judge / "margins.hpp").read_text())[1]) == MOST


def broken(tmp_path, how):
    path = tmp_path / "r.json"
    whole = path_of("quick").read_bytes()
    tree = book("quick").tree
    content = {
        "cut gzip": lambda: whole[: len(whole) // 2],
        "damaged gzip": lambda: whole[:200] + bytes(64) + whole[264:],
        "cut": lambda: json.dumps(tree).encode()[:5000],
        "empty": lambda: b"",
        "newer": lambda: json.dumps(tree | {"schema": "kvduel.report/2"}).encode(),
        "no report": lambda: b"[1, 2]",
        "breach": lambda: json.dumps(tree | {"trials": [{}]}).encode(),
        "NaN": lambda: b'{"schema": NaN}',
    }[how]()
    path.write_bytes(content)
    return path


SAYS = {
    "cut gzip": "the compressed file is cut short or damaged",
    "damaged gzip": "the compressed file is cut short or damaged",
    "cut": "ends in the middle: cut short?",
    "empty": "not JSON: ends in the middle: cut short?",
    "newer": "schema kvduel.report/2 is newer than kvduel.report/1",
    "no report": "no report of kvduel: not an object",
    "breach": "#/trials/0: ",
    "NaN": "NaN is no number of JSON",
}


@pytest.mark.parametrize("how", SAYS)
def test_a_file_that_is_no_report_is_one_line_of_both_programs(tmp_path, capsys, how):
    path = broken(tmp_path, how)
    for program, main, out in (("plot", plot_command.main, "out"), ("report", report_command.main, "page.html")):
        assert main([str(path), "--out", str(tmp_path / out)]) == 65
        said = capsys.readouterr()
        assert said.out == "" and said.err.count("\n") == 1
        assert said.err.startswith(f"{program}: {path}") and SAYS[how] in said.err
        assert not (tmp_path / out).exists()
