"""What figures say in words and on axes, of reports in which the easy words would be wrong."""

import copy
import re
import xml.etree.ElementTree as ElementTree

import pytest
from plots_need import DRAWING, need

need(*DRAWING)

from recorded import book, path_of, write
from svg_marks import SVG, marks, number

from figures import p99_vs_rate
from figures.time_series import Clock
from kvreport import plot_command
from kvreport.load import load_any
from kvreport.units import Unit

TABLES = ("trials", "summary", "comparisons", "expectations")


def drawn(path, folder, *figures):
    chosen = [word for figure in figures for word in ("--figure", figure)]
    assert plot_command.main([str(path), "--out", str(folder), "--format", "svg", *chosen]) == 0
    return {of.stem: ElementTree.parse(of).getroot() for of in folder.glob("*.svg")}


def texts(svg):
    return [of.text for of in svg.iter(f"{SVG}text") if of.text]


def swept_by_the_wait_alone(tree):
    tree = copy.deepcopy(tree)
    (scenario,) = tree["suite"]["scenarios"]
    scenario["swept"] = ["server.work_wait_us"]
    scenario["refine"] = {"axis": "server.work_wait_us"}
    scenario["cells"] = [cell for cell in scenario["cells"] if cell["connections"] == 64]
    for table in TABLES:
        tree[table] = [of for of in tree[table] if of["parameters"]["connections"] == 64]
    crossing = tree["crossings"][0] | {"parameters": scenario["cells"][0], "axis": "server.work_wait_us"}
    tree["crossings"] = [crossing | {"lower": 250, "upper": 4000}]
    return tree


def test_a_wait_stands_on_its_axis_and_in_words_in_the_unit_that_is_named(tmp_path):
    path = write(tmp_path / "r.json.gz", swept_by_the_wait_alone(book("crossover").tree))
    found = texts(drawn(path, tmp_path / "out", "sweep")["sweep-connections-by-wait"])
    assert "wait of a handler, ms" in found
    assert {"0.25", "1", "4", "16"} <= set(found) and not {"250", "16k"} & set(found)
    assert re.search(r"up to 250 us of work wait, .* from 4 ms on", " ".join(found)), found


def test_the_blocks_that_a_figure_names_are_those_of_its_marks(tmp_path):
    tree = copy.deepcopy(book("standard").tree)
    for row in tree["summary"]:  # a cell that lost its blocks, for each figure that does not draw it
        if row["scenario"] in ("tail-at-load", "downstream-wait") and row["n"] > 2:
            row["n"] = 2
    seen = 0
    figures = ("throughput", "sweep", "memory", "p99-vs-rate")
    for figure, svg in drawn(write(tmp_path / "r.json.gz", tree), tmp_path / "out", *figures).items():
        of_marks = {int(number(data, "n")) for _, data in marks(svg) if "n" in data and "metric" in data}
        said = re.search(r"\(n = (\d+)(?: to (\d+))? blocks?\)", " ".join(texts(svg)))
        if of_marks and said:
            seen += 1
            assert {int(said[1]), int(said[2] or said[1])} == {min(of_marks), max(of_marks)}, figure
    assert seen > 3


def test_growth_of_the_tail_is_told_up_to_the_last_rate_at_which_all_were_valid(tmp_path):
    tree = copy.deepcopy(book("standard").tree)
    rates = sorted({of["parameters"]["rate_per_s"] for of in tree["trials"] if of["scenario"] == "tail-at-load"})
    for row in tree["summary"]:
        if row["scenario"] == "tail-at-load" and row["contender"] == "async" and row["parameters"]["rate_per_s"] == rates[-1]:
            row |= {"n": 0} | dict.fromkeys(("median", "min", "max", "lower95", "upper95"))
    svg = drawn(write(tmp_path / "r.json.gz", tree), tmp_path / "out", "p99-vs-rate")["p99-vs-rate-tail-at-load"]
    title = " ".join(texts(svg))
    assert f"P99 from {rates[0]:,.0f} to {rates[-2]:,.0f}/s grows: " in title, title
    assert f"P99 from {rates[0]:,.0f} to {rates[-1]:,.0f}/s grows: " in " ".join(
        texts(drawn(path_of("standard"), tmp_path / "whole", "p99-vs-rate")["p99-vs-rate-tail-at-load"])
    )


def with_a_second_sweep(tree):
    """tail-at-load at each share of the capacity with two pools, of the same trials."""
    tree = copy.deepcopy(tree)
    tree["suite"]["scenarios"] = [of for of in tree["suite"]["scenarios"] if of["id"] == "tail-at-load"]
    (scenario,) = tree["suite"]["scenarios"]
    scenario["swept"] = [*scenario["swept"], "server.workers"]

    def both(cell):
        return [cell | {"server": cell["server"] | {"workers": workers}} for workers in ("1", "16")]

    scenario["cells"] = [one for cell in scenario["cells"] for one in both(cell)]
    for table in TABLES:
        rows = [of for of in tree[table] if of["scenario"] == "tail-at-load"]
        tree[table] = [of | {"parameters": one} for of in rows for one in both(of["parameters"])]
    for of in tree["capacities"]:
        of["parameters"] = both(of["parameters"])[0]
    return tree


def test_rates_of_cells_that_differ_in_more_than_the_rate_have_a_figure_each(tmp_path):
    path = write(tmp_path / "r.json.gz", with_a_second_sweep(book("standard").tree))
    found = drawn(path, tmp_path / "out", "p99-vs-rate")
    assert sorted(found) == ["p99-vs-rate-tail-at-load", "p99-vs-rate-tail-at-load-2"]
    whole = drawn(path_of("standard"), tmp_path / "whole", "p99-vs-rate")["p99-vs-rate-tail-at-load"]
    for name, workers in (("p99-vs-rate-tail-at-load", "1 worker"), ("p99-vs-rate-tail-at-load-2", "16 workers")):
        assert f"tail-at-load ({workers}): P99 from " in " ".join(texts(found[name]))
        medians = [{number(data, "value") for _, data in marks(svg) if "n" in data} for svg in (found[name], whole)]
        assert medians[0] == medians[1]
    capacities = [[data for _, data in marks(svg) if "capacity-rps" in data] for svg in found.values()]
    assert sorted(map(len, capacities)) == [0, 2]  # they were measured with one worker


def test_no_mark_stands_at_a_rate_that_is_not_its_own(tmp_path):
    """Contenders beside each other: moved by a share of the highest rate, those of the lowest stood at none, or below 0."""
    tree = copy.deepcopy(book("standard").tree)
    tree["suite"]["scenarios"] = [of for of in tree["suite"]["scenarios"] if of["id"] == "tail-at-load"]
    (scenario,) = tree["suite"]["scenarios"]
    rates = sorted({cell["rate_per_s"] for cell in scenario["cells"]})
    spread = dict(zip(rates, (100.0 * 10**place for place in range(len(rates))), strict=True))
    for of in [*scenario["cells"], *(of["parameters"] for table in TABLES for of in tree[table])]:
        of["rate_per_s"] = spread.get(of["rate_per_s"], of["rate_per_s"])
    report = load_any(write(tmp_path / "r.json.gz", tree))
    (sheet,) = p99_vs_rate.p99_vs_rate(report)
    drawn_at = [x for collection in sheet.axes.collections for x, _ in collection.get_offsets()]
    drawn_at += [x for line in sheet.axes.lines if len(line.get_xdata()) == len(rates) for x in line.get_xdata()]
    assert drawn_at
    for x in drawn_at:
        assert min(abs(x / rate - 1) for rate in spread.values()) < 0.1


def test_ages_of_what_was_never_sent_are_no_percentile_in_any_figure(tmp_path):
    tree = copy.deepcopy(book("rates").tree)
    for trial in tree["trials"]:  # two in a hundred
        trial["requests"]["unsent"] = trial["latency_us"]["count"] // 50
    report = load_any(write(tmp_path / "r.json.gz", tree))
    assert {trial.value("latency_p99_us") for trial in report.trials} == {None}
    assert all(trial.value("latency_p50_us") for trial in report.trials if trial.latency_us.p50)
    svgs = drawn(tmp_path / "r.json.gz", tmp_path / "out", "latency-distribution", "p99-vs-rate", "paired-differences")
    found = [data for svg in svgs.values() for _, data in marks(svg)]
    assert {data["percentile"] for data in found if "percentile" in data} == {"50", "90"}
    assert not [data for data in found if "verdict" in data and "rate" in data]  # a dot a trial


def with_a_third(tree):
    """A contender "zzz" of another kind that meets every cell but the first scenario's."""
    tree = copy.deepcopy(tree)
    first, second = [of["id"] for of in tree["contenders"]]
    tree["contenders"] = [tree["contenders"][0] | {"id": "null"}, *tree["contenders"]]
    left_out = tree["suite"]["scenarios"][0]["id"]
    more = [of | {"first": "null", "second": name, "verdict": "first"} for of in tree["comparisons"]
            if of["scenario"] != left_out for name in (first, second)]  # fmt: skip
    for table in ("trials", "summary"):
        rows = [of for of in tree[table] if of["contender"] == first and of["scenario"] != left_out]
        tree[table] += [of | {"contender": "null"} for of in rows]
    tree["comparisons"] += more
    return tree, left_out


def test_a_verdict_stands_where_its_contender_does_also_if_another_is_left_out(tmp_path):
    tree, left_out = with_a_third(book("quick").tree)
    svg = drawn(write(tmp_path / "r.json.gz", tree), tmp_path / "out", "throughput")["throughput"]
    verdicts = [data for _, data in marks(svg) if "ratio" in data]
    assert [data for data in verdicts if data["scenario"] == left_out]
    assert len(verdicts) == 2 * (len(tree["suite"]["scenarios"]) - 1) + 1


def test_a_trend_of_several_pairs_names_them(tmp_path):
    tree, _ = with_a_third(book("quick").tree)
    path = write(tmp_path / "r.json.gz", tree)
    assert plot_command.main([str(path), str(path), "--out", str(tmp_path / "out"), "--format", "svg"]) == 0
    words = [texts(ElementTree.parse(of).getroot()) for of in (tmp_path / "out").glob("trend-rps*.svg")]
    pairs = {f"{of['second']} over {of['first']}" for of in tree["comparisons"]}
    assert len(pairs) == 3 and pairs <= {text for of in words for text in of}


def with_other_rates(tree, factor):
    """The same suite in another run, whose shares of a capacity are other rates."""
    tree = copy.deepcopy(tree)
    cells = [cell for scenario in tree["suite"]["scenarios"] for cell in scenario["cells"]]
    for cell in cells + [of["parameters"] for table in TABLES for of in tree[table]]:
        if cell.get("load_fraction"):
            cell["rate_per_s"] *= factor
    return tree


def test_a_trend_follows_a_share_of_a_capacity_through_runs_that_made_other_rates_of_it(tmp_path):
    night = write(tmp_path / "night.json.gz", with_other_rates(book("rates").tree, 1.07))
    assert plot_command.main([str(path_of("rates")), str(night), "--out", str(tmp_path / "out"), "--format", "svg"]) == 0
    (tail,) = [ElementTree.parse(of).getroot() for of in (tmp_path / "out").glob("trend-p99*.svg")]
    found = [data for _, data in marks(tail) if data["scenario"] == "tail-at-load"]
    shares = next(of for of in book("rates").tree["suite"]["scenarios"] if of["id"] == "tail-at-load")["cells"]
    assert len(found) == 2 * len(shares)


def test_seconds_of_contenders_that_took_turns_stand_where_they_were_spent(tmp_path):
    tree = copy.deepcopy(book("quick").tree)
    for cell in [cell for scenario in tree["suite"]["scenarios"] for cell in scenario["cells"]] + [
        of["parameters"] for table in TABLES for of in tree[table]
    ]:
        cell["slice_s"] = 0.1
    for trial in tree["trials"]:  # thrice its own time passed between the ends of its window
        trial["phases"]["drain_s"] = trial["phases"]["window_s"] + 3 * trial["duration_s"]
    sliced = load_any(write(tmp_path / "r.json.gz", tree))
    assert [trial.stretch for trial in sliced.trials] == pytest.approx([3] * len(sliced.trials))
    assert {trial.stretch for trial in load_any(path_of("quick")).trials} == {1.0}
    trial = sliced.trials[0]
    clock = Clock(trial.started_at, Unit("s", 1.0))
    last = trial.intervals[-1]
    end = trial.window_s + 3 * (last.start_s + last.duration_s)
    assert clock.at(trial, last) == pytest.approx(end - 3 * last.duration_s / 2)
