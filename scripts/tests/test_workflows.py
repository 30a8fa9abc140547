"""The workflows of .github: well-formed, and what actionlint says of them where it is installed (scripts/setup.sh --peers)."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def jobs_of(path):
    return yaml.safe_load(path.read_text())["jobs"]


def test_there_are_all():
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "gate.yml", "perf.yml"]


def test_a_gate_that_proved_nothing_is_held_once_more_and_no_other():
    jobs = jobs_of(ROOT / ".github/workflows/perf.yml")
    assert jobs["gate"]["uses"] == jobs["again"]["uses"] == "./.github/workflows/gate.yml"
    assert jobs["again"]["needs"] == "gate" and jobs["again"]["if"] == "needs.gate.outputs.verdict == 'inconclusive'"
    assert not [name for name, job in jobs.items() if job.get("needs") == "again"]
    assert jobs["gate"]["with"] != jobs["again"]["with"]  # or the second would overwrite what the first measured


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_job_names_its_runner_its_limit_and_its_steps(path):
    """A label with ": " in it made perf.yml no YAML at all, unseen for a day."""
    for name, job in jobs_of(path).items():
        if job.get("uses"):  # a workflow of its own, which is tested here as well
            assert (ROOT / job["uses"]).is_file(), name
            continue
        assert job["runs-on"] == "ubuntu-24.04", name
        assert 0 < job["timeout-minutes"] <= 90, name
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step), (name, step)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_script_that_a_job_runs_is_there(path):
    scripts = {
        script
        for job in jobs_of(path).values()
        for step in job.get("steps", ())
        for script in re.findall(r"(?<![\w/])(?:scripts/[\w.]+|\.ci/\w+)", step.get("run", ""))
    }
    assert scripts
    for script in scripts:
        assert os.access(ROOT / script, os.X_OK), script


def test_actionlint_finds_nothing():
    actionlint = shutil.which("actionlint", path=f"{ROOT / 'build/peers/bin'}:{os.environ['PATH']}")
    if actionlint is None:
        pytest.skip("no actionlint: scripts/setup.sh --peers builds it where go is")
    done = subprocess.run([actionlint, *WORKFLOWS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
