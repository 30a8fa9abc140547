"""Each figure, drawn from recorded reports: every mark says a number, and it is the report's."""

import copy
import functools
import gzip
import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from plots_need import DRAWING, GOLDEN, SCRIPTS, STUDY, need

need(*DRAWING)

import report_book
from report_book import Book

from kvreport import plot_command, report_command
from kvreport.load import load_any
from kvreport.registry import all_figures, figure_named

SVG = "{http://www.w3.org/2000/svg}"
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


def path_of(name):
    return (STUDY if name in ("crossover", "standard") else GOLDEN) / f"{name}.json.gz"


@functools.cache
def loaded(name):
    return load_any(path_of(name))


@functools.cache
def book(name):
    return Book(report_book.read(path_of(name)))


@functools.cache
def looked_up(name, what):
    return getattr(book(name), what)()


@functools.cache
def drawn(figure, name):
    known = figure_named(figure)
    source = loaded(name)
    # A trend of one report with itself is dull, but has every number twice.
    job = plot_command.Job(known, [source, source] if known.takes == "reports" else source)
    result = plot_command.draw(job, ["svg"])
    assert result.reason == ""
    return {file: ElementTree.fromstring(content) for file, content in result.files}


def marks(element, data=()):
    """Every mark with the data-* that stand on it and on the groups around it."""
    own = dict(data) | {key[5:]: value for key, value in element.attrib.items() if key.startswith("data-")}
    if element.get("class") == "mark":
        yield element, own
    for child in element:
        yield from marks(child, own)


def number(data, key):
    return float(data[key]) if key in data else None


def interval(data):
    return number(data, "lower95"), number(data, "upper95")


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


# Reports that are out of the ordinary.


def write(path, tree):
    path.write_bytes(gzip.compress(json.dumps(tree).encode(), 1))
    return path


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
