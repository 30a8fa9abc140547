"""Files into Report and Gate; each way in which a file can be wrong is one line that says so."""

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

from kvreport import schema
from kvreport.errors import ReportError
from kvreport.gate import Gate, make_gate
from kvreport.report import Report, make_report
from kvreport.tree import SUSPECT, printable

GATE_SCHEMA = "kvduel.gate/1"
# A trial takes some 10 KB: this is a hundred thousand of them, and a file that grows past it when unpacked is no report.
MOST_BYTES = 1 << 30


def read_text(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(2)
            file.seek(0)
            stream = gzip.GzipFile(fileobj=file) if start == b"\x1f\x8b" else file
            content = stream.read(MOST_BYTES + 1)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReportError(f"{path}: the compressed file is cut short or damaged ({error}); take the original") from error
    except OSError as error:
        raise ReportError(f"{path}: {error.strerror or error}") from error
    if len(content) > MOST_BYTES:
        raise ReportError(f"{path}: larger than {MOST_BYTES:,} bytes, and no report is")
    return content


def refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def read_tree(path: Path) -> dict[str, Any]:
    content = read_text(path)
    try:
        tree = json.loads(content, parse_constant=refuse_constant)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        what = "ends in the middle: cut short?" if cut else error.msg
        raise ReportError(f"{path}:{error.lineno}:{error.colno}: not JSON: {what}") from error
    except (ValueError, RecursionError) as error:
        raise ReportError(f"{path}: not JSON: {error}") from error
    if SUSPECT.search(content):  # looked for in the bytes, for a walk over a large report takes seconds
        tree = printable(tree)
    if not isinstance(tree, dict):
        raise ReportError(f"{path}: no report of kvduel: not an object")
    return tree


def load_any(name: str | Path) -> Report | Gate:
    """A report or a gate.json, by the schema it names."""
    path = Path(name)
    tree = read_tree(path)
    named = tree.get("schema")
    if named == GATE_SCHEMA:
        try:
            return make_gate(tree)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ReportError(f"{path}: not a sound {GATE_SCHEMA}: {type(error).__name__} {error}") from error
    if named != schema.NAME:
        raise ReportError(f"{path}: {wrong_schema(named)}")
    breach = schema.first_breach(tree)
    if breach is not None:
        raise ReportError(f"{path}{breach}")
    try:
        return make_report(tree)
    except (KeyError, TypeError, ValueError) as error:  # such as the 31st of February, which no schema sees
        raise ReportError(f"{path}: {type(error).__name__}: {error}") from error


def wrong_schema(named: Any) -> str:
    if not isinstance(named, str):
        return f'no report of kvduel: it names no schema; expected "schema": "{schema.NAME}"'
    family, _, number = named.partition("/")
    if family == "kvduel.report" and number.isdigit() and int(number) > 1:
        return f"schema {named[:40]} is newer than {schema.NAME}, which these scripts read; take those that came with that kvduel"
    return f'schema "{named[:40]}" is not one that these scripts read: {schema.NAME}, {GATE_SCHEMA}'


def load_report(name: str | Path) -> Report:
    found = load_any(name)
    if isinstance(found, Gate):
        raise ReportError(f"{name}: is a gate's result; its report lies beside it, in report.json")
    return found


def load_gate(name: str | Path) -> Gate:
    found = load_any(name)
    if isinstance(found, Report):
        raise ReportError(f"{name}: is a report; a gate's result is its gate.json")
    return found
