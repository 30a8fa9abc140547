"""Each figure, drawn from recorded reports: every mark says a number, and it is the report's."""

import functools
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from plots_need import DRAWING, SCRIPTS, need

need(*DRAWING)

import report_book
from recorded import book, loaded, looked_up, path_of
from svg_marks import SVG, interval, marks, number

from kvreport import plot_command
from kvreport.registry import all_figures, figure_named

# Where each figure has something to show; the study's reports are in the tree and have what the short ones lack.
SOURCES = {
    "cost": ["quick", "rates"],
    "crossover-map": ["crossover"],
    "gate-forest": ["gate"],
    "latency-distribution": ["quick", "rates"],
    "latency-ladder": ["quick", "rates"],
    "latency-split": ["quick", "rates"],
    "memory": ["standard"],
    "p99-vs-rate": ["rates"],
    "paired-differences": ["quick", "rates"],
    "sweep": ["crossover", "standard"],
    "throughput": ["quick"],
    "time-series": ["quick", "rates"],
    "trend": ["quick"],
}
CASES = [(figure, source) for figure, sources in SOURCES.items() for source in sources]


@functools.cache
def drawn(figure, name):
    known = figure_named(figure)
    source = loaded(name)
    # A trend of one report with itself is dull, but has every number twice.
    job = plot_command.Job(known, [source, source] if known.takes == "reports" else source)
    result = plot_command.draw(job, ["svg"])
    assert result.reason == ""
    return {file: ElementTree.fromstring(content) for file, content in result.files}


def lookup(figure, data):
    """In which list of the book a mark must stand, and as what."""
    who = data.get("scenario"), data.get("contender")
    if "series" in data:
        return "series", (
            *who,
            data["verdict"],
            data["series"],
            int(data["block"]),
            int(data["repetition"]),
            number(data, "value"),
        )
    if "percentile" in data:
        return "percentiles", (*who, data["percentile"], number(data, "value-us"), int(data["count"]))
    if "part" in data:
        return "parts", (*who, data["part"], f"{number(data, 'value'):.9g}")
    if "kib-per-connection" in data:
        return "slopes", (who[1], f"{number(data, 'kib-per-connection'):.9g}")
    if "expected" in data:
        return "expected", (*who, data["metric"], number(data, "expected"))
    if "capacity-rps" in data:
        return "capacities", (who[1], number(data, "capacity-rps"))
    if "lower-rps" in data:
        return "searched", (*who, number(data, "lower-rps"), number(data, "upper-rps"))
    if "ratio" in data and "block" in data:
        return "within_blocks", (who[0], int(data["block"]), number(data, "ratio"))
    if "ratio" in data:
        return "comparisons", (who[0], data["verdict"], number(data, "ratio"), *interval(data), int(data["n"]))
    if "metric" in data and "value" in data:
        return "rows", (*who, data["metric"], number(data, "value"), *interval(data), int(data["n"]))
    if "verdict" in data:
        return "figures_of_trials", (*who, data["verdict"], number(data, "value"))
    if "rate" in data:
        return "steps", (*who, number(data, "rate"), number(data, "value"))
    assert set(data) == {"value-us"}, f"{figure}: a mark that no rule knows: {data}"
    return "targets", number(data, "value-us")


def test_every_figure_is_drawn_here():
    assert [of.name for of in all_figures()] == sorted(SOURCES)
    assert all(of.question.endswith("?") for of in all_figures())


@pytest.mark.parametrize(("figure", "source"), CASES)
def test_a_figure_is_svg_whose_every_mark_says_a_number(figure, source):
    files = drawn(figure, source)
    assert files
    for file, root in files.items():
        assert file.startswith(figure) and file.endswith(".svg")
        assert root.tag == f"{SVG}svg" and root.get("aria-label")
        found = list(marks(root))
        assert found, file
        assert [of.get("tabindex") for of, _ in found].count("0") == 1  # one stop of the Tab key
        for element, data in found:
            assert element[0].tag == f"{SVG}title" and element[0].text, (file, data)
            assert data, (file, element[0].text)


@pytest.mark.parametrize(("figure", "source"), CASES)
def test_a_figure_says_who_measured_what_and_how_often(figure, source):
    for file, root in drawn(figure, source).items():
        text = " ".join(of.text for of in root.iter(f"{SVG}text") if of.text)
        assert "machine " in text, file
        counts_trials = figure == "time-series"
        assert counts_trials or " n = " in f" {root.get('aria-label')} {text}".replace("(", " "), file
        fingerprint = report_book.read(path_of(source)).get("fingerprint") or loaded(source).environment.fingerprint
        assert fingerprint[:30] in text


@pytest.mark.parametrize(("figure", "source"), [case for case in CASES if case[0] != "gate-forest"])
def test_the_numbers_of_a_figure_are_the_reports(figure, source):
    checked = 0
    for file, root in drawn(figure, source).items():
        for element, data in marks(root):
            if element[0].text.startswith("theory: beyond"):
                continue  # a border between cells, which has no number of its own
            what, key = lookup(figure, data)
            assert key in looked_up(source, what), (file, what, key)
            checked += 1
    assert checked >= 5


def test_the_numbers_of_a_gate_are_its_own():
    rows = report_book.gate_rows(report_book.read(path_of("gate")))
    found = {
        (
            data["scenario"],
            data["server"],
            data["metric"],
            number(data, "ratio"),
            *interval(data),
            number(data, "tolerance"),
            data["verdict"],
            int(data["n"]),
        )
        for root in drawn("gate-forest", "gate").values()
        for _, data in marks(root)
    }
    assert found == rows


def test_every_cell_of_the_crossover_stands_on_its_map():
    comparisons = [of for of in book("crossover").tree["comparisons"] if of["metric"] == "throughput_rps"]
    found = [data for root in drawn("crossover-map", "crossover").values() for _, data in marks(root) if "ratio" in data]
    assert sorted(number(of, "ratio") for of in found) == sorted(of["ratio_second_over_first"] for of in comparisons)


def test_the_same_report_gives_the_same_bytes():
    job = plot_command.Job(figure_named("throughput"), loaded("quick"))
    assert plot_command.draw(job, ["svg"]).files == plot_command.draw(job, ["svg"]).files


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "no REPORT given"),
        (["r.json"], "--out DIR is missing"),
        (["r.json", "--out", "x", "--format", "pdf"], "no such format: pdf; allowed: png, svg"),
        (["r.json", "--out", "x", "--figure", "pie"], "--figure pie: no such figure; there are: cost, "),
    ],
)
def test_a_wrong_command_line_is_one_line(arguments, says, capsys):
    try:
        status = plot_command.main(arguments)
    except SystemExit as left:
        status = left.code
    assert status == 64
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and says in said


def test_the_program_writes_both_formats_and_names_them(tmp_path):
    done = subprocess.run(
        [sys.executable, SCRIPTS / "plot.py", path_of("quick"), "--out", tmp_path, "--figure", "throughput"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == [str(tmp_path / "throughput.png"), str(tmp_path / "throughput.svg")]
    assert (tmp_path / "throughput.png").read_bytes().startswith(b"\x89PNG")
