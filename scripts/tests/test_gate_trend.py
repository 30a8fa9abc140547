"""The trend of the nights' gates: what a line keeps, what its table says, and what is refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def gate(identity="n1", *, day="2026-11-01", verdict="pass", rps=(0.99, 0.96), cpu=(1.01, 1.05)):
    rows = [("throughput_rps", ratio) for ratio in rps] + [("cpu_us_per_request", ratio) for ratio in cpu]
    return {
        "schema": "kvduel.gate/1",
        "verdict": verdict,
        "run": {"id": identity, "started_at": f"{day}T03:41:00Z"},
        "fingerprint": "f",
        "builds": [
            {"server": server, "side": side, "build": {"git_sha": sha * 40}}
            for server in ("threads", "async")
            for side, sha in (("base", "a"), ("head", "b"))
        ],
        "endpoints": [
            {"scenario": f"s{place}", "server": "async", "metric": metric, "ratio_head_over_base": ratio}
            for place, (metric, ratio) in enumerate(rows)
        ],
    }


@pytest.fixture
def append(tmp_path):
    def run(tree, trend=tmp_path / "deep/trend.jsonl"):
        path = tmp_path / "gate.json"
        path.write_text(tree if isinstance(tree, str) else json.dumps(tree))
        command = (sys.executable, ROOT / "scripts/gate_trend.py", path, trend)
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60), trend

    return run


def test_a_gate_is_a_line_and_a_row_of_the_median_and_the_worst(append):
    done, trend = append(gate())
    assert done.returncode == 0, done.stderr
    row = [cell.strip() for cell in done.stdout.splitlines()[-1].strip("|").split("|")]
    assert row == ["2026-11-01", "aaaaaaa .. bbbbbbb", "pass", "0.975 (0.960)", "1.030 (1.050)", "-", "-", "-"]
    (line,) = map(json.loads, trend.read_text().splitlines())
    assert line["ratios"][1] == ["s1", "async", "throughput_rps", 0.96]


def test_nights_follow_each_other_and_none_stands_twice(append):
    append(gate("n1"))
    append(gate("n2", day="2026-11-02", verdict="inconclusive"))
    done, trend = append(gate("n2", day="2026-11-02", verdict="inconclusive"))
    assert len(trend.read_text().splitlines()) == 2
    assert [line.split(" | ")[0] for line in done.stdout.splitlines()[-2:]] == ["| 2026-11-01", "| 2026-11-02"]


def test_a_gate_that_measured_nothing_is_a_row_without_figures(append):
    unmeasured = {"schema": "kvduel.gate/1", "verdict": "inconclusive", "base": "a" * 40, "head": "b" * 40, "endpoints": []}
    done, _ = append(unmeasured)
    assert done.stdout.splitlines()[-1] == "| - | aaaaaaa .. bbbbbbb | inconclusive | - | - | - | - | - |"


@pytest.mark.parametrize("tree", ["{", "[]", '{"schema": "kvduel.gate/2"}', '{"schema": "kvduel.gate/1"}'])
def test_what_is_no_gate_is_one_line_and_leaves_the_trend_as_it_was(append, tree):
    append(gate())
    done, trend = append(tree)
    assert done.returncode == 65
    assert done.stderr.startswith("gate_trend: ") and len(done.stderr.splitlines()) == 1
    assert len(trend.read_text().splitlines()) == 1


def test_a_damaged_trend_is_refused_and_kept(append):
    _, trend = append(gate())
    damaged = trend.read_text()[:-20]
    trend.write_text(damaged)
    done, _ = append(gate("n2"))
    assert done.returncode == 65 and os.fspath(trend) in done.stderr
    assert trend.read_text() == damaged
