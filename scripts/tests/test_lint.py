"""ruff over scripts/, mypy --strict over figures and page, by the rules of scripts/pyproject.toml."""

import subprocess
import sys

from plots_need import DRAWING, SCRIPTS, need

need("ruff", "mypy", *DRAWING)


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=SCRIPTS, capture_output=True, text=True, timeout=120, check=False
    )


def test_ruff_finds_nothing():
    done = run("ruff", "check", "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_would_format_nothing_otherwise():
    done = run("ruff", "format", "--no-cache", "--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_finds_nothing(tmp_path):
    done = run("mypy", "--cache-dir", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
