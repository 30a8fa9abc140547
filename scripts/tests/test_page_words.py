"""What a page says in its first sentences, of reports in which the usual ones would be false."""

import copy

import pytest
from plots_need import DRAWING, need

need(*DRAWING)

from recorded import book, write

from kvreport import page
from kvreport.load import load_any


def report_of(tmp_path, tree):
    return load_any(write(tmp_path / "r.json.gz", tree))


def search(tree, contender, **changes):
    """A search as a report has it, in place of the first scenario's cell."""
    scenario = tree["suite"]["scenarios"][0]
    cell = scenario["cells"][0] | {"loop": "open", "search": {"p99_us": 5000.0, "error_ratio": 0.001}}
    scenario["cells"][0] = cell
    step = {"rate_per_s": 1000.0, "p99_us": 900.0, "error_ratio": 0.0, "passed": True, "valid": True}
    found = {"scenario": scenario["id"], "contender": contender, "parameters": cell, "steps": [step]}
    return found | {"state": "found", "lower_rps": 1000.0, "upper_rps": 1100.0} | changes


def of_searches_alone(tree, **changes):
    tree = copy.deepcopy(tree)
    tree["suite"]["scenarios"] = tree["suite"]["scenarios"][:1]
    for table in ("trials", "summary", "comparisons", "expectations", "crossings", "capacities"):
        tree[table] = []
    tree["searches"] = [search(tree, of["id"], **changes) for of in tree["contenders"]]
    return tree


def test_a_run_of_searches_alone_measured_something(tmp_path):
    report = report_of(tmp_path, of_searches_alone(book("quick").tree))
    said = page.headline(report)
    for contender in report.contender_ids:
        assert f"{contender} holds P99 under 5,000 us at 1,000/s and not at 1,100/s" in said
    assert "Nothing was measured" not in page.render_page(report)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"state": "below_range", "lower_rps": None, "upper_rps": None}, "does not hold P99 under 5,000 us at the least rate"),
        ({"state": "above_range", "upper_rps": None}, "holds P99 under 5,000 us at the highest rate"),
        ({"state": "trial_limit", "lower_rps": None, "upper_rps": None}, "is not known: no more trials are made"),
        ({"state": "unjudged", "upper_rps": None}, "where it does not is not known: its trials were invalid"),
    ],
)
def test_a_search_without_both_ends_says_what_is_known(tmp_path, changes, says):
    report = report_of(tmp_path, of_searches_alone(book("quick").tree, **changes))
    texts = page.findings(report, report.scenarios[0])
    assert len(texts) == len(report.contenders) and all(says in text and "?" not in text for text in texts)


def test_a_run_that_did_not_end_does_not_say_that_nothing_was_compared(tmp_path):
    tree = copy.deepcopy(book("quick").tree) | {"comparisons": [], "expectations": [], "crossings": []}
    tree["run"]["finished_at"] = None
    report = report_of(tmp_path, tree)
    assert "verdicts are made when a run ends" in page.headline(report)
    assert "verdicts are made when a run ends" in page.no_verdicts(report)


def test_a_boundary_names_its_line_its_pair_and_why_it_is_no_narrower(tmp_path):
    tree = copy.deepcopy(book("crossover").tree)
    crossing = tree["crossings"][0]
    tree["crossings"] = [crossing]
    crossing["stopped_by"] = "undecided"
    report = report_of(tmp_path, tree)
    (text,) = page.findings(report, report.scenarios[0])
    assert f"{crossing['second']} against {crossing['first']}: " in text and text.endswith("; undecided between")
    line = [key for key in report.scenarios[0].swept if key != crossing["axis"]]
    assert line == ["server.work_wait_us"] and text.startswith("work wait "), text


def test_repeats_are_no_further_trials_of_those_planned(tmp_path):
    tree = copy.deepcopy(book("quick").tree)
    done = len(tree["trials"])
    tree["trials"] += [copy.deepcopy(of) | {"repetition": 2} for of in tree["trials"] if of["block"] == 1]
    tree["run"]["interrupted"] = True
    assert page.warnings(report_of(tmp_path, tree))[0]["text"].startswith(f"{done} trials of ")


def test_a_target_is_no_fresh_process_and_a_path_of_its_own_is_not_verified(tmp_path):
    tree = copy.deepcopy(book("quick").tree)
    assert any("a fresh process each" in of for of in page.method(report_of(tmp_path, tree)))
    assert any("its value verified" in of for of in page.method(report_of(tmp_path, tree)))
    tree["contenders"][0]["command"] = []
    assert not any("a fresh process each" in of for of in page.method(report_of(tmp_path, tree)))


def test_a_warning_of_a_comparison_stands_with_its_reasons(tmp_path):
    tree = copy.deepcopy(book("quick").tree)
    for of in tree["comparisons"]:
        of["warnings"] = [{"code": "order_effect", "message": "whoever ran first was faster"}]
    assert "whoever ran first was faster" in page.render_page(report_of(tmp_path, tree))
