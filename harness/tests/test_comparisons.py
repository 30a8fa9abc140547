"""The comparisons of a report: against SciPy, and through every format. Reports are doctored: real trials, other figures.

A report whose run has not finished is compared when it is shown, so that `kvduel show` is the way in.
"""

import copy
import json
import math
import os
import random
import subprocess
from pathlib import Path

import jsonschema
import pytest

from conftest import of_figures

HERE = Path(__file__).parent
VENV_PYTHON = HERE.parents[1] / "build/venv/bin/python"


def has_scipy():
    if not VENV_PYTHON.exists():
        return False
    return subprocess.run([VENV_PYTHON, "-c", "import scipy"], capture_output=True, check=False).returncode == 0


def by_scipy(endpoints):
    done = subprocess.run(
        [VENV_PYTHON, HERE / "scipy_figures.py"], input=json.dumps(endpoints), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def unfinished(report, differences):
    """The report as if its only metric were throughput, and ln(second / first) were these, a block each."""
    report = copy.deepcopy(report)
    first, second = (contender["id"] for contender in report["contenders"])
    patterns = {trial["contender"]: trial for trial in report["trials"]}
    report["trials"] = []
    for block, difference in enumerate(differences, 1):
        for order, (contender, rps) in enumerate([(first, 1000.0), (second, 1000.0 * math.exp(difference))], 1):
            trial = copy.deepcopy(patterns[contender])
            trial |= {"block": block, "repetition": 1, "order_in_block": order, "throughput_rps": rps}
            trial["latency_us"] |= {"p50": None, "p99": None}
            trial["server"] |= {"cpu_us_per_request": None, "rss_max_bytes": None}
            report["trials"].append(trial)
    report["run"]["finished_at"] = None
    report["comparisons"] = []
    return report


def compared(program, differences):
    shown = program("show", program.write("d.json", unfinished(program.report(), differences)), "--format", "json")
    assert shown.code == 0, shown.err
    return next(row for row in json.loads(shown.out)["comparisons"] if row["metric"] == "throughput_rps")


def drawn(blocks, centre, sd):
    seeded = random.Random(1000 * blocks + round(1e4 * centre))
    return [seeded.gauss(centre, sd) for _ in range(blocks)]


@of_figures
def test_intervals_and_p_are_those_of_scipy(real_report):
    if not has_scipy():
        assert os.environ.get("CI") != "true", "CI compares with SciPy: scripts/setup.sh did not install it"
        pytest.skip("scipy not installed: run scripts/setup.sh")
    program, _ = real_report
    endpoints = [drawn(n, centre, 0.03) for n in (3, 4, 5, 6, 7, 8, 10, 12, 13) for centre in (0.0, 0.08)]
    for differences, expected in zip(endpoints, by_scipy(endpoints), strict=True):
        row = compared(program, differences)
        assert row["n"] == len(differences)
        assert math.log(row["ratio_second_over_first"]) == pytest.approx(expected["centre"], abs=1e-9)
        assert [math.log(row[name]) for name in ("lower95", "upper95")] == pytest.approx(expected["at95"], abs=1e-8)
        assert [math.log(row[name]) for name in ("lower90", "upper90")] == pytest.approx(expected["at90"], abs=1e-8)
        assert row["p_adjusted"] == pytest.approx(expected["p"], rel=1e-8)


@of_figures
def test_verdicts_stand_in_every_format_with_the_winners_name(real_report):
    program, _ = real_report
    first, second = (contender["id"] for contender in program.report()["contenders"])
    rows = [(drawn(8, 0.2, 0.01), f"{second} wins: 1.2", second), (drawn(8, -0.2, 0.01), f"{first} wins: 1.2", first),
            (drawn(8, 0, 0.005), f"equivalent: {second} has 1.0", "equivalent"), (drawn(8, 0, 0.1), "undecided: ", "undecided")]
    for differences, sentence, word in rows:
        program.write("d.json", unfinished(program.report(), differences))
        shown = {kind: program("show", "d.json", "--format", kind).out for kind in ("table", "markdown", "csv", "json")}
        assert f"\n  {sentence}" in shown["table"]
        assert f" | {word}" in shown["markdown"]
        assert f",{word}," in shown["csv"]
        comparison = json.loads(shown["json"])["comparisons"][0]
        assert {"first": first, "second": second}.get(comparison["verdict"], comparison["verdict"]) == word


def test_a_finished_report_holds_its_comparisons_and_check_makes_them_again(real_report, schema):
    program, _ = real_report
    report = program.report()
    jsonschema.Draft202012Validator(schema).validate(report)
    assert len(report["comparisons"]) == 5  # one cell, five judged metrics
    assert {row["verdict"] for row in report["comparisons"]} == {"undecided"}  # two blocks
    assert program("check", "r.json").code == 0
    report["comparisons"][0]["verdict"] = "first"
    ended = program("check", program.write("doctored.json", report))
    assert (ended.code, ended.out) == (65, "")
    assert '#/comparisons/0/verdict: "first", though its own numbers say "undecided"' in ended.err
