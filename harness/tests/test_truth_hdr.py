"""The histograms of a report, read by the Python package hdrhistogram, which shares nothing with us but the format."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from truth_server import measure, rank, truth_server

HERE = Path(__file__).parent
VENV_PYTHON = HERE.parents[1] / "build/venv/bin/python"
PERCENTILES = {"p50": 0.50, "p90": 0.90, "p99": 0.99, "p99_9": 0.999}


def is_installed():
    if not VENV_PYTHON.exists():
        return False
    return subprocess.run([VENV_PYTHON, "-c", "import hdrh.histogram"], capture_output=True, check=False).returncode == 0


def read_by_package(cases):
    done = subprocess.run(
        [VENV_PYTHON, HERE / "hdr_package.py"], input=json.dumps(cases), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_hdrhistogram_package_reads_the_same_figures(kvduel, tmp_path):
    if not is_installed():
        assert os.environ.get("CI") != "true", "CI compares with the package: scripts/setup.sh did not install it"
        pytest.skip("hdrhistogram not installed: run scripts/setup.sh")
    with truth_server(tmp_path, delay_us=300, slow_delay_us=30_000, slow_every=50) as server:
        trial = measure(kvduel, server, "--connections", 16, "--duration", 1)
    times = [trial[name] for name in ("latency_us", "service_time_us")]
    cases = [
        {
            "hdr": of["hdr"],
            "ranks": [1 + rank(of["count"], q) for q in PERCENTILES.values()],
            "values": [round(1000 * of[edge]) for edge in ("min", "max")],
        }
        for of in times
    ]
    for of, read in zip(times, read_by_package(cases), strict=True):
        assert read["count"] == of["count"] == server.served["requests"]
        for name, at_rank in zip(PERCENTILES, read["at_ranks"], strict=True):
            assert of[name] is None or round(1000 * of[name]) == at_rank
        assert read["bucket_ends"] == [read["min_bucket_end"], read["max_bucket_end"]]
        assert read["mean"] == pytest.approx(1000 * of["mean"], rel=0.001)
        assert of["p50"] is not None and of["p90"] is not None
