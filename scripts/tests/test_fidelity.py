"""fidelity.py: shapes within blocks, against answers computed by hand; what is no study is refused."""

import copy
import json

import pytest
from plots_need import DRAWING, GOLDEN, need

need(*DRAWING)

import report_book

from kvreport import fidelity_command
from kvreport.load import load_report
from kvreport.shapes import Place, Shape, divided, median_of, shape_of, verdict_of
from kvreport.units import ratio_text


def test_the_interval_of_a_median_leaves_out_what_a_coin_would():
    assert (median_of([3, 1, 2, 5, 4]).lower, median_of([3, 1, 2, 5, 4]).median) == (None, 3)  # 2 / 2^5 is over 5 %
    six = median_of([6, 1, 2, 3, 4, 5])
    assert (six.lower, six.median, six.upper, six.n) == (1, 3.5, 6, 6)  # 2 / 2^6 = 3.1 %
    nine = median_of(range(1, 10))
    assert (nine.lower, nine.median, nine.upper) == (2, 5, 8)  # 2 (1 + 9) / 2^9 = 3.9 %, and with 36 more 18 %
    assert median_of([]) is None


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([0.8, 1.25, 1, 1, 1, 1], "agrees"),
        ([0.79, 1, 1, 1, 1, 1], "open"),
        ([1.26, 1.3, 1.4, 1.5, 1.6, 1.7], "differs"),
        ([0.1, 0.2, 0.3, 0.4, 0.5, 0.79], "differs"),
        ([1.0] * 5, "open"),
        ([], "open"),
    ],
)
def test_alike_is_within_a_quarter_and_shown(values, verdict):
    assert verdict_of(median_of(values)) == verdict


def test_a_ratio_near_nothing_keeps_its_digits():
    assert [ratio_text(value) for value in (0.00414, 0.081, 0.814, 8.14, 81.4)] == ["0.0041", "0.081", "0.81", "8.14", "81.4"]


def test_a_ratio_is_of_blocks_that_have_both():
    assert divided({1: 6.0, 2: 8.0, 4: 1.0}, {1: 3.0, 2: 2.0, 3: 5.0}) == {1: 2.0, 2: 4.0}


def quick():
    return report_book.read(GOLDEN / "quick.json.gz")


def write(path, tree):
    path.write_text(json.dumps(tree), encoding="utf-8")
    return path


def test_a_shape_is_of_the_trials_that_stand(tmp_path):
    tree = quick()
    shape = Shape("s", Place("downstream-wait", "throughput_rps"), Place("hot-get", "throughput_rps"))
    rps = {(of["scenario"], of["contender"], of["block"]): of["throughput_rps"] for of in tree["trials"]}
    spoilt = next(of for of in tree["trials"] if (of["scenario"], of["contender"], of["block"]) == ("hot-get", "async", 2))
    spoilt["verdict"] = "invalid"
    spoilt["warnings"] = [{"code": "send_late", "message": "planted by a test"}]
    report = load_report(write(tmp_path / "r.json", tree))
    found = shape_of(report, shape, "async")
    assert sorted(found) == [1, 3, 4, 5]
    for block, value in found.items():
        assert value == rps["downstream-wait", "async", block] / rps["hot-get", "async", block]


def renamed(tree, names):
    """The same report of other contenders."""
    tree = copy.deepcopy(tree)
    for of in [*tree["trials"], *tree["summary"], *tree["expectations"]]:
        of["contender"] = names[of["contender"]]
    for of in tree["comparisons"]:
        of["first"], of["second"] = names[of["first"]], names[of["second"]]
    for of in tree["contenders"]:
        of["id"] = names[of["id"]]
    return tree


def test_the_floor_is_what_others_are_divided_by(tmp_path, capsys):
    path = write(tmp_path / "floor.json", renamed(quick(), {"threads": "null", "async": "async"}))
    assert fidelity_command.main([str(path)]) == 0
    cpu = {
        (of["contender"], of["block"]): of["server"]["cpu_us_per_request"]
        for of in quick()["trials"]
        if of["scenario"] == "hot-get"
    }
    ratios = sorted(cpu["async", block] / cpu["threads", block] for block in range(1, 6))
    lines = {
        line.split("|")[1].strip(): line.split("|")[4].strip()
        for line in capsys.readouterr().out.splitlines()
        if line.startswith("| `")
    }
    assert lines == {"`null`": "1.00 [no interval]", "`async`": f"{ratios[2]:.2f} [no interval]"}


def test_models_stand_beside_their_references(tmp_path, capsys):
    path = write(tmp_path / "f.json", renamed(quick(), {"threads": "threads", "async": "go-net-http"}))
    assert fidelity_command.main([str(path)]) == 0
    out = capsys.readouterr().out
    assert "| model's shape over the reference's | threads / go-net-http |" in out
    assert "`quick`, 5 blocks, seed 1, " in out


def test_a_report_without_either_is_refused(tmp_path, capsys):
    assert fidelity_command.main([str(write(tmp_path / "q.json", quick()))]) == 65
    assert "has neither the floor nor a model beside its reference" in capsys.readouterr().err
