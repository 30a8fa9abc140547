"""A whole run of both servers: the report, its schema, its arithmetic, the tables and the formats."""

import csv
import io
import json
import subprocess

import jsonschema

import hdr_v2
from conftest import STEADY, suite
from stalls import assert_ran
from terminal import shown_on_a_terminal

PLOTTED = [
    "Report: r.json",
    "Figures: scripts/plot.py r.json --out figures",
    "Page: scripts/report.py r.json --out page.html",
]


def test_a_run_of_both_servers_ends_with_tables_sentences_and_the_report(real_report):
    program, ended = real_report
    assert "undecided: async has" in ended.out and "verdicts: async against threads" in ended.out  # two blocks: no interval
    assert ended.out.splitlines()[-3:] == PLOTTED
    lines = [line.split() for line in ended.out.splitlines()]
    for contender in ("threads", "async"):
        row = next(line for line in lines if line and line[0] == contender and len(line) == 9)
        assert row[-1] == "2/2"
    assert [line.split("/")[0] for line in ended.err.splitlines() if "block" in line and " again]" not in line] == ["[1", "[2", "[3", "[4"]


def test_its_report_is_of_the_schema_and_sound(real_report, schema):
    program, _ = real_report
    report = program.report()
    jsonschema.Draft202012Validator(schema).validate(report)
    assert len(report["trials"]) == report["run"]["trials_planned"] == 4
    assert report["run"]["finished_at"] is not None and report["run"]["interrupted"] is False
    checked = program("check", "r.json")
    assert (checked.code, checked.err) == (0, "")


def test_its_percentiles_are_those_an_independent_decoder_finds(real_report):
    program, _ = real_report
    for trial in program.report()["trials"]:
        for times in (trial["latency_us"], trial["service_time_us"]):
            counters = hdr_v2.decode(times["hdr"])
            assert sum(counters.values()) == times["count"]
            for name, q, least in (("p50", 0.5, 11), ("p90", 0.9, 64), ("p99", 0.99, 662), ("p99_9", 0.999, 6636)):
                expected = hdr_v2.percentile_us(counters, q) if times["count"] >= least else None
                assert times[name] == expected


def test_no_request_of_its_trials_is_lost(real_report):
    program, _ = real_report
    for trial in program.report()["trials"]:
        requests, errors = trial["requests"], trial["requests"]["errors"]
        without_answer = sum(errors[name] for name in ("connect", "timeout", "reset", "protocol"))
        assert requests["sent"] == requests["completed"] + requests["in_flight_at_end"] + without_answer
        assert requests["completed"] == requests["succeeded"] + errors["status"] + errors["verification"]
        assert trial["completed_all_phases"] <= trial["server"]["requests_counted"] <= trial["sent_all_phases"]


def test_blocks_of_one_run_send_the_same_requests_to_both(real_report):
    program, _ = real_report
    digests = {}
    for trial in program.report()["trials"]:
        digests.setdefault(trial["block"], set()).add(trial["request_digest"])
    assert all(len(of_block) == 1 for of_block in digests.values())


def test_show_prints_the_tables_again(real_report):
    program, ended = real_report
    shown = program("show", "r.json")
    assert shown.code == 0
    assert ended.out == "\n".join([shown.out.removesuffix("\n"), *PLOTTED, ""])


def test_every_format_holds_the_figures_of_the_summary(real_report):
    program, _ = real_report
    medians = {row["contender"]: row["median"] for row in program.report()["summary"] if row["metric"] == "throughput_rps"}
    as_json = json.loads(program("show", "r.json", "--format", "json").out)
    assert {row["contender"]: row["throughput_rps"] for row in as_json["cells"][0]["contenders"]} == medians
    as_csv = csv.DictReader(io.StringIO(program("show", "r.json", "--format", "csv").out))
    assert {row["contender"]: float(row["throughput_rps"]) for row in as_csv} == medians
    assert "| contender | RPS |" in program("show", "r.json", "--format", "markdown").out


def test_a_run_in_a_pipe_whose_reader_left_still_writes_its_report(kvduel):
    kvduel.write("tiny.json", suite(STEADY, workload={"path": "/x"}, expect_status=404))
    process = kvduel.start("run", "tiny.json", "--out", "r.json")
    process.stdout.close()
    said = process.stderr.read()
    assert_ran(kvduel, process.wait(timeout=60), said)
    assert kvduel("check", "r.json").code == 0


def test_without_out_the_report_lies_in_results_under_its_run(kvduel):
    kvduel.write("tiny.json", suite(STEADY, workload={"path": "/x"}, expect_status=404))
    ended = kvduel("run", "tiny.json", "--no-progress", "--format", "json")
    assert json.loads(ended.out)["cells"]
    (path,) = (kvduel.folder / "results").iterdir()
    assert_ran(kvduel, ended.code, ended.err, path)
    assert path.name.endswith("Z-tiny.json")
    assert f"Report: results/{path.name}" in ended.err


def test_flags_stand_over_the_suite(kvduel):
    kvduel.write("tiny.json", suite(STEADY, "null", repetitions=3, workload={"path": "/x"}, expect_status=404))
    ended = kvduel(
        "run", "tiny.json", "--out", "r.json", "--contenders", "steady", "--repetitions", "2", "--duration", "0.2", "--seed", "9",
    )
    assert_ran(kvduel, ended.code, ended.err)
    report = kvduel.report()
    assert [trial["contender"] for trial in report["trials"]] == ["steady", "steady"]
    assert report["run"]["seed"] == "9"
    assert {trial["parameters"]["duration_s"] for trial in report["trials"]} == {0.2}


def test_a_contender_of_ones_own_is_split_by_quotes_and_takes_part(kvduel):
    kvduel.write("tiny.json", suite(STEADY, workload={"path": "/x"}, expect_status=404))
    command = f"mine='{kvduel.binary.parent}/kvduel-async' --work-wait-us 2000 --listen \"127.0.0.1:{{port}}\""
    ended = kvduel("run", "tiny.json", "--out", "r.json", "--contender", command)
    assert_ran(kvduel, ended.code, ended.err)
    assert {trial["contender"] for trial in kvduel.report()["trials"]} == {"steady", "mine"}


def test_load_measures_a_server_that_runs_already(kvduel):
    server = subprocess.Popen(
        [kvduel.binary.parent / "kvduel-async", "--listen", "127.0.0.1:0", "--work-wait-us", "2000"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )
    try:
        port = json.loads(server.stdout.readline())["port"]
        ended = kvduel(
            "load", f"http://127.0.0.1:{port}/", "--workload", "read-mostly", "--keys", "50", "--duration", "0.3",
            "--warmup", "0.05", "--connections", "4", "--out", "r.json",
        )
        assert_ran(kvduel, ended.code, ended.err)
        assert "target" in ended.out
        assert kvduel("check", "r.json").code == 0
        assert server.poll() is None
    finally:
        server.terminate()
        server.communicate(timeout=30)


def test_a_terminal_gets_one_live_line_and_no_colour(kvduel, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    kvduel.write("tiny.json", suite(STEADY, workload={"path": "/x"}, expect_status=404))
    process, shown = shown_on_a_terminal(lambda terminal: kvduel.start("run", "tiny.json", "--out", "r.json", stderr=terminal))
    said = process.stdout.read()
    assert_ran(kvduel, process.wait(timeout=60), said)
    assert b"\r\x1b[K[1/1] " in shown and b"mixed/steady" in shown
    assert b"\x1b[3" not in shown and b"\x1b[1m" not in shown
    assert shown.endswith(b"\r\x1b[K")
