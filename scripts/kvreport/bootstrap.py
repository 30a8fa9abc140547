"""Finds a Python that has the packages; imports no package but the standard library, for it runs before there are any."""

import importlib.util
import os
import sys
from pathlib import Path

from exit_codes import UNAVAILABLE

VENV_PYTHON = Path(__file__).resolve().parents[2] / "build/venv/bin/python"
NEEDED = ("matplotlib", "hdrh", "jsonschema_rs", "jinja2", "numpy")
MARK = "KVDUEL_IN_VENV"


def ensure_packages(program: str) -> None:
    """Goes on in build/venv where this Python lacks a package; ends with one line if that one does as well."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if not missing:
        return
    if VENV_PYTHON.exists() and MARK not in os.environ:
        os.environ[MARK] = "1"
        sys.stdout.flush()
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), *sys.orig_argv[1:]])
    print(
        f"{program}: needs the Python packages {', '.join(missing)}, which are not installed; run: scripts/setup.sh",
        file=sys.stderr,
    )
    sys.exit(UNAVAILABLE)
