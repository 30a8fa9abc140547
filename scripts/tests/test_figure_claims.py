"""What figures say in words and on axes, of reports in which the easy words would be wrong."""

import copy
import re
import xml.etree.ElementTree as ElementTree

from plots_need import DRAWING, need

need(*DRAWING)

from recorded import book, path_of, write
from svg_marks import SVG, marks, number

from kvreport import plot_command

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
