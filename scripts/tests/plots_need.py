"""What the tests of figures and page need beyond Debian's packages; scripts/setup.sh --foreign brings it."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[1]
GOLDEN = SCRIPTS / "tests/golden/reports"
STUDY = SCRIPTS.parent / "results/study"
DRAWING = ("matplotlib", "hdrh", "jsonschema_rs", "jinja2", "numpy")


def skip(what):
    """In CI nothing may be missing, or a test that never runs would stay unseen."""
    assert os.environ.get("CI") != "true", f"CI needs {what}: scripts/setup.sh --foreign did not install it"
    pytest.skip(f"{what} not installed: run scripts/setup.sh --foreign", allow_module_level=True)


def need(*modules):
    """Skips the file where one is missing."""
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        skip(", ".join(missing))
    if str(SCRIPTS) not in sys.path:
        sys.path.insert(0, str(SCRIPTS))
