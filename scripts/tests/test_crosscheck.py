"""crosscheck.py: what it reads from each tool's output (recorded from the real tools), its arithmetic, and a whole short run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from plots_need import DRAWING, need
from plots_need import GOLDEN as REPORTS

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden" / "crosscheck"
need(*DRAWING)

import report_book

import crosscheck
import crosscheck_tables
import load_generators
from load_generators import Figures, H2load, Job, Oha, Vegeta, Wrk, Wrk2

BIN = Path(os.environ["KVDUEL_BIN"])


def golden(name):
    return (GOLDEN / name).read_text(encoding="utf-8")


def job(folder, rate=None):
    return Job("http://127.0.0.1:1/x", 64, 1, folder, rate)


def test_wrk_is_read_with_its_units(tmp_path):
    assert Wrk("wrk").read(golden("wrk.txt"), job(tmp_path)) == Figures(159545.71, 176343, 0, 203.0, 1630.0, 4740.0)


def test_the_errors_of_wrk_are_added_up(tmp_path):
    text = golden("wrk.txt") + "  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 5\n"
    assert Wrk("wrk").read(text, job(tmp_path)).errors == 15


def test_the_distribution_of_wrk2_has_more_digits(tmp_path):
    lines = " 50.000%    1.23ms\n 90.000%    2.00ms\n 99.000%    5.50s \n"
    text = golden("wrk.txt").replace("  Latency Distribution", lines).replace("     50%  203.00us\n     75%  225.00us\n", "")
    text = text.replace("     90%    1.63ms\n     99%    4.74ms\n", "").replace("5.50s ", "5.50s")
    figures = Wrk2("wrk2").read(text, job(tmp_path))
    assert (figures.p50_us, figures.p90_us, figures.p99_us) == (1230, 2000, 5.5e6)


def test_h2load_gives_no_percentiles_of_a_closed_loop(tmp_path):
    assert H2load("h2load").read(golden("h2load.txt"), job(tmp_path)) == Figures(105508.0, 105508, 0)


def test_the_percentiles_of_h2load_come_from_its_log(tmp_path):
    (tmp_path / "h2load.tsv").write_text(golden("h2load_log.tsv"), encoding="utf-8")
    figures = H2load("h2load").read(golden("h2load_rate.txt"), job(tmp_path, rate=320))
    times = sorted(int(line.split("\t")[2]) for line in golden("h2load_log.tsv").splitlines())
    assert (figures.rps, figures.requests, figures.errors) == (320.0, 320, 0)
    assert (figures.p50_us, figures.p90_us, figures.p99_us) == (times[159], times[287], times[316])


def test_oha_is_read_in_seconds_and_its_deadline_is_no_error(tmp_path):
    assert '"aborted due to deadline": 51' in golden("oha.json")
    figures = Oha("oha").read(golden("oha.json"), job(tmp_path))
    assert figures == Figures(pytest.approx(85564.27, abs=0.01), 87454, 0, *map(pytest.approx, (335.45, 553.602, 7388.307)))


def test_vegeta_is_read_in_nanoseconds():
    assert Vegeta.read_report(golden("vegeta_rate.json")) == Figures(199.96944846769367, 200, 0, 5242.869, 5482.41, 7861.82)


@pytest.mark.parametrize("kind", [Wrk, H2load, Oha])
def test_output_that_says_nothing_is_an_error_and_no_figure(kind, tmp_path):
    with pytest.raises((ValueError, KeyError)):
        kind("tool").read("unable to connect", job(tmp_path))


def test_rounds_are_interleaved_and_turned_round():
    assert [tool for _, tool in crosscheck.in_rounds(["a", "b"], 3)] == ["a", "b", "b", "a", "a", "b"]


def run_of(tool, rps, **figures):
    blank = dict.fromkeys(crosscheck_tables.FIGURES) | {"errors": 0, "exit_code": 0}
    return {"server": "s", "tool": tool} | blank | {"rps": rps} | figures


def test_the_summary_is_of_medians_and_their_ratio_to_wrk():
    ours, theirs = (300, 100, 160), (90, 100, 120)
    rows = crosscheck_tables.summarise([run_of("kvduel", rps) for rps in ours] + [run_of("wrk", rps) for rps in theirs])
    assert rows[0]["rps"] == {"median": 160, "least": 100, "most": 300}
    assert [row["rps_to_wrk"] for row in rows] == [1.6, 1.0]
    assert rows[0]["p99_us"] is None
    first = crosscheck_tables.throughput_table(rows).splitlines()[1]
    assert first.split() == ["kvduel", "160", "100", "300", "1.60", "-", "-", "-", "0"]


def test_a_run_that_kvduel_itself_calls_invalid_is_named():
    rows = crosscheck_tables.summarise([run_of("kvduel", 1, exit_code=3, invalid="send_late"), run_of("kvduel", 2)])
    assert rows[0]["failed_runs"] == 1
    assert crosscheck_tables.failures(rows) == [
        "kvduel ended with an error in 1 of 2 runs against s (it calls its trial invalid: send_late)"
    ]


def test_why_kvduel_calls_its_trial_invalid_is_read_from_its_report(tmp_path):
    report = report_book.read(REPORTS / "quick.json.gz")
    trial = report["trials"][0]
    trial["verdict"] = "invalid"
    trial["warnings"] = [{"code": code, "message": "m"} for code in ("send_late", "noisy_machine")]
    trial["requests"]["errors"]["timeout"] = 1
    (tmp_path / "kvduel.json").write_text(json.dumps(report | {"trials": [trial]}))
    times = [trial["latency_us"][of] for of in ("p50", "p90", "p99")]
    assert load_generators.Kvduel("kvduel").read("", job(tmp_path)) == Figures(
        trial["throughput_rps"], trial["requests"]["succeeded"], 1, *times, "send_late, noisy_machine")  # fmt: skip


@pytest.mark.parametrize("wrong", [["--parts", "throughput,latencies"], ["--tools", "wrk,other"]])
def test_an_unknown_part_or_tool_is_refused_before_anything_is_measured(wrong, tmp_path):
    done = subprocess.run([sys.executable, ROOT / "scripts/crosscheck.py", "--bin", BIN, *wrong],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert (done.returncode, done.stdout) == (64, "")
    assert wrong[1].split(",")[-1] in done.stderr


def test_a_list_of_cpus_is_read():
    assert crosscheck.parse_cpus("0,2-4") == {0, 2, 3, 4}


def test_a_cpu_that_is_not_there_is_a_mistake_in_the_command(tmp_path):
    done = subprocess.run([sys.executable, ROOT / "scripts/crosscheck.py", "--bin", tmp_path, "--server-cpus", "1022"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 64 and "CPU 1022 is not to be had here; allowed: 0" in done.stderr, done.stderr


def test_a_folder_without_kvduel_is_named(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/crosscheck.py", "--bin", tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 69
    assert f"no kvduel in {tmp_path}; build it" in done.stderr


def test_a_server_that_only_the_second_part_needs_is_missed_before_the_first(tmp_path):
    """Minutes of measuring were lost when it was looked for last."""
    (tmp_path / "bin").mkdir()
    for name in ("kvduel", "kvduel-null", "kvduel-async"):
        (tmp_path / "bin" / name).touch()
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/crosscheck.py", "--bin", tmp_path / "bin"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (69, "")
    assert f"no kvduel-truth in {tmp_path / 'test-bin'}; build it" in done.stderr


class Silent(load_generators.Wrk):
    """Leaves its figures in a file the first time, and nothing the second."""

    def command(self, job):
        self.met = getattr(self, "met", 0) + 1
        text = "5 requests in 1s\nRequests/sec: 5\n"
        return ["sh", "-c", f"echo '{text}' >'{job.folder}/left'" if self.met == 1 else "exit 9"]

    def read(self, out, job):
        return super().read((job.folder / "left").read_text(), job)


def test_what_an_earlier_run_left_is_no_figure_of_the_next(tmp_path, capsys):
    tool, cpus = Silent("wrk"), os.sched_getaffinity(0)
    assert crosscheck.run_once(tool, job(tmp_path), cpus)["rps"] == 5
    with pytest.raises(SystemExit, match="69"):
        crosscheck.run_once(tool, job(tmp_path), cpus)
    assert "wrk exited 9 and its output cannot be read" in capsys.readouterr().err


def test_a_server_that_does_not_start_is_named_with_what_it_said(tmp_path, capsys):
    server = tmp_path / "server"
    server.write_text("#!/bin/sh\necho 'no room' >&2\nexit 69\n")
    server.chmod(0o755)
    with pytest.raises(SystemExit, match="69"), crosscheck.running([server], os.sched_getaffinity(0)):
        pass
    assert "server did not start: no room" in capsys.readouterr().err


def test_a_tool_that_got_no_answer_has_no_ratio():
    rows = crosscheck_tables.summarise([run_of("kvduel", None), run_of("wrk", None)])
    assert [row["rps_to_wrk"] for row in rows] == [None, None]
    assert crosscheck_tables.throughput_table(rows).splitlines()[1].split()[1:4] == ["-", "-", "-"]


def test_a_whole_run_with_what_is_installed(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/crosscheck.py", "--bin", BIN, "--rounds", "1", "--duration", "0.5", "--rate", "200",
         "--connections", "4", "--out", tmp_path / "c.json"],
        capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "c.json").read_text())
    installed = {tool.name for tool in load_generators.find_generators([BIN, ROOT / "build/peers/bin"])}
    assert {run["tool"] for run in report["runs"]} == installed
    assert {run["server"] for run in report["runs"]} == {"kvduel-null", "kvduel-async", "kvduel-truth"}
    assert all(run["rps"] > 0 and run["errors"] == 0 for run in report["runs"] if run["tool"].startswith("kvduel"))
    told = next(run for run in report["runs"] if (run["server"], run["tool"]) == ("kvduel-truth", "kvduel"))
    assert told["p50_us"] >= told["log_p50_us"] >= 5000
    for server in ("kvduel-null: closed loop", "kvduel-async: closed loop", "kvduel-truth, 5000 us: 200 requests/s"):
        assert server in done.stdout
