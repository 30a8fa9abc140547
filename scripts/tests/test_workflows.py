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


def test_there_are_both():
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "perf.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_job_names_its_runner_its_limit_and_its_steps(path):
    """A label with ": " in it made perf.yml no YAML at all, unseen for a day."""
    for name, job in jobs_of(path).items():
        assert job["runs-on"] == "ubuntu-24.04", name
        assert 0 < job["timeout-minutes"] <= 90, name
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step), (name, step)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_script_that_a_job_runs_is_there(path):
    scripts = {
        script
        for job in jobs_of(path).values()
        for step in job["steps"]
        for script in re.findall(r"(?<![\w/])(?:scripts/[\w.]+|\.ci/run)", step.get("run", ""))
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
