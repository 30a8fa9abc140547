"""The scripts' own manners: what they refuse, and how. None of these tests installs or builds anything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from plots_need import DRAWING, need

PACKAGED = ("plot", "report", "fidelity", "crosscheck")  # they need what build/venv has
ROOT = Path(__file__).resolve().parents[2]


def run(*command, **environment):
    return subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("release", ["", "ID=fedora\nVERSION_ID=40\n", "ID=debian\nVERSION_ID=11\n"])
def test_setup_tells_an_unknown_system_what_to_install(tmp_path, release):
    (tmp_path / "os-release").write_text(release, encoding="utf-8")
    done = run("scripts/setup.sh", "--check", "--gate", OS_RELEASE=str(tmp_path / "os-release"))
    assert done.returncode == 69
    assert "only Debian 12 and Ubuntu 24.04 are known" in done.stderr
    for package in (
        "cmake",
        "libfmt-dev",
        "doctest-dev",
        "valgrind",
        "Boost 1.81",
        "CMake 3.25",
        "Python 3.11",
        "KVDUEL_SKIP_SETUP=1",
    ):
        assert package in done.stderr
    assert done.stdout == ""


def test_setup_refuses_an_argument_it_does_not_know():
    done = run("scripts/setup.sh", "--force")
    assert done.returncode == 64
    assert (
        done.stderr == "setup: unknown argument --force; allowed: --check, --replace, --foreign, --gate, --peers, --references\n"
    )


def test_the_test_script_refuses_a_build_it_does_not_know():
    done = run("scripts/test.sh", "valgrind")
    assert done.returncode == 64
    assert done.stderr == "test: unknown build valgrind; allowed: release, asan, tsan, dev\n"
    assert done.stdout == ""


@pytest.mark.parametrize("script", [*PACKAGED, "gate_trend", "prove_gate", "count_work", "replay"])
def test_a_mistake_in_a_command_line_is_no_verdict(script):
    if script in PACKAGED:
        need(*DRAWING)
    done = run(sys.executable, f"scripts/{script}.py", "--no-such-flag")
    assert done.returncode == 64, done.stderr  # argparse's own 2 is "inconclusive" here
    assert done.stderr.count("\n") == 1 and done.stdout == ""


@pytest.mark.parametrize("program", ["plot", "report", "crosscheck"])
def test_a_program_whose_packages_are_missing_says_so_in_a_line(program):
    # -S: no package is seen, whatever is installed here; the mark: the one in build/venv was tried and lacks them as well.
    done = run("/usr/bin/python3", "-S", f"scripts/{program}.py", KVDUEL_IN_VENV="1")
    assert done.returncode == 69
    assert done.stderr.startswith(f"{program}: needs the Python packages matplotlib, hdrh, ")
    assert done.stderr.endswith("which are not installed; run: scripts/setup.sh\n") and done.stderr.count("\n") == 1
