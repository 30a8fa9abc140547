"""Boundaries along an axis, against real servers: what is inserted, what the report says, and a run killed on its way.

One worker that waits 1 ms answers 1,000/s however many ask; a coroutine server that waits 9 ms answers connections / 9 ms:
at 3 connections the pool is ahead threefold, at 27 the coroutines. A loud machine may leave any of it undecided, so only what
must follow from the report's own words is asserted.
"""

import json
import signal
from pathlib import Path

import jsonschema

from conftest import of_figures
from waiting import wait_until

OPTIONS = {"threads": "--threads", "work_wait_us": "--work-wait-us"}
POOL = {"id": "pool", "model": "threads", "options": OPTIONS,
        "command": ["kvduel-threads", "--listen", "127.0.0.1:{port}", "--threads", "1", "--work-wait-us", "1000"]}
COROUTINES = {"id": "coroutines", "model": "async", "options": OPTIONS,
              "command": ["kvduel-async", "--listen", "127.0.0.1:{port}", "--work-wait-us", "9000"]}
FINEST = 1.25


def refined(repetitions, **scenario):
    return {
        "suite": "boundary",
        "repetitions": repetitions,
        "contenders": [POOL, COROUTINES],
        "defaults": {"duration_s": 0.15, "warmup_s": 0.02, "workload": {"path": "/x"}, "expect_status": 404},
        "scenarios": [{"id": "waits", "sweep": {"connections": [3, 27]}, "refine": {"axis": "connections"}} | scenario],
    }


def words_of(report):
    """The word on throughput at each number of connections."""
    rows = [row for row in report["comparisons"] if row["metric"] == "throughput_rps"]
    return {row["parameters"]["connections"]: row["verdict"] for row in rows}


def strips_of(words):
    """Neighbouring decided places with different words."""
    decided = [place for place in sorted(words) if words[place] != "undecided"]
    return [(a, b) for a, b in zip(decided, decided[1:]) if words[a] != words[b]]


def check_boundary(report):
    """The report is complete, and its crossings are those of its own words."""
    (scenario,) = report["suite"]["scenarios"]
    places = [cell["connections"] for cell in scenario["cells"]]
    assert places[:2] == [3, 27] and len(places) == 2 + scenario["inserted"] <= 2 + 6
    assert len(set(places)) == len(places) and all(3 <= place <= 27 for place in places)
    blocks = range(1, report["suite"]["repetitions"] + 1)
    measured = {(t["parameters"]["connections"], t["block"], t["contender"]) for t in report["trials"]}
    assert measured == {(p, b, c) for p in places for b in blocks for c in ("pool", "coroutines")}
    assert len(measured) == report["run"]["trials_planned"]
    slots = [(t["block"], t["order_in_block"]) for t in report["trials"]]
    assert len(set(slots)) == len(slots)
    words = words_of(report)
    assert [(row["lower"], row["upper"]) for row in report["crossings"]] == strips_of(words)
    for row in report["crossings"]:
        between = [place for place in words if row["lower"] < place < row["upper"]]
        assert (row["lower_word"], row["upper_word"]) == (words[row["lower"]], words[row["upper"]])
        assert row["parameters"]["connections"] == row["lower"]
        assert row["stopped_by"] in ("step", "integer", "undecided", "bound")
        assert (row["stopped_by"] == "undecided") == bool(between)
        if row["stopped_by"] == "step":
            assert row["upper"] <= FINEST * row["lower"]


def test_a_boundary_is_found_between_measured_cells_and_told_in_every_format(kvduel, schema):
    kvduel.write("boundary.json", refined(4))
    ended = kvduel("run", "boundary.json", "--out", "r.json")
    assert ended.code in (0, 3), ended.err  # 3: the machine may be too loud
    report = kvduel.report()
    jsonschema.Draft202012Validator(schema).validate(report)
    check_boundary(report)
    assert "more for the boundary" in ended.err
    assert kvduel("check", "r.json").code == 0
    shown = kvduel("show", "r.json").out
    assert shown in ended.out
    announced = ended.err.count("refining waits: between ")
    assert announced == report["suite"]["scenarios"][0]["inserted"]
    for row in report["crossings"]:
        name = {"first": "pool wins", "second": "coroutines wins"}
        sentence = (f"{name.get(row['lower_word'], row['lower_word'])} up to {row['lower']} connections, "
                    f"{name.get(row['upper_word'], row['upper_word'])} from {row['upper']} on (RPS)")
        assert sentence in shown
    assert json.loads(kvduel("show", "r.json", "--format", "json").out)["crossings"] == report["crossings"]


def test_a_doctored_crossing_is_refused(kvduel):
    kvduel.write("boundary.json", refined(3, sweep={"connections": [3, 4]}))
    kvduel("run", "boundary.json", "--out", "r.json")
    report = kvduel.report()
    report["crossings"].append({
        "scenario": "waits", "parameters": report["suite"]["scenarios"][0]["cells"][0], "axis": "connections",
        "metric": "throughput_rps", "first": "pool", "second": "coroutines", "lower": 3, "upper": 4,
        "lower_word": "first", "upper_word": "second", "stopped_by": "integer"})
    ended = kvduel("check", kvduel.write("doctored.json", report))
    assert ended.code == 65
    assert "#/crossings: 1 rows, though the comparisons give 0" in ended.err


def inserted_trials(folder: Path):
    """How many trials of inserted cells are in the report."""
    path = folder / "r.json"
    if not path.exists():
        return 0
    return sum(t["parameters"]["connections"] not in (3, 27) for t in json.loads(path.read_text())["trials"])


@of_figures
def test_a_run_killed_while_it_refines_is_sound_and_goes_on_with_what_is_missing(kvduel):
    # With a theory, whose figures a run that has not finished does not hold yet.
    kvduel.write("boundary.json", refined(4, theory="waiting-handler"))
    arguments, had = ("run", "boundary.json", "--out", "r.json"), []
    for trials in (1, 6, 11):
        process = kvduel.start(*arguments, stdout=None, stderr=None)
        wait_until(lambda: process.poll() is not None or inserted_trials(kvduel.folder) >= trials, 60, "a trial of an inserted cell")
        process.send_signal(signal.SIGKILL)
        process.wait()
        wait_until(lambda: not kvduel.processes(), 5, "no server outlives the harness")
        checked = kvduel("check", "r.json")
        assert checked.code == 0, checked.err
        assert kvduel.report()["trials"][: len(had)] == had
        had = kvduel.report()["trials"]
        arguments = ("run", "--resume", "r.json")
    completed = kvduel("run", "boundary.json", "--resume", "r.json")
    assert completed.code in (0, 3), completed.err
    report = kvduel.report()
    assert report["trials"][: len(had)] == had
    check_boundary(report)
    assert kvduel("check", "r.json").code == 0
    before = report["trials"]
    kvduel("run", "--resume", "r.json")
    assert kvduel.report()["trials"] == before
