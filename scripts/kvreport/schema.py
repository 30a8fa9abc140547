"""The report's JSON Schema, from results/schema/, and what in a report breaks it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from kvreport.errors import ReportError, missing_package

NAME = "kvduel.report/1"
PATH = Path(__file__).resolve().parents[2] / "results/schema/kvduel.report.1.schema.json"
LONGEST_MESSAGE = 160


@cache
def _validator() -> Any:
    try:
        import jsonschema_rs
    except ModuleNotFoundError as error:
        raise missing_package(error) from error
    try:
        return jsonschema_rs.validator_for(json.loads(PATH.read_text(encoding="utf-8")))
    except OSError as error:
        raise ReportError(f"{PATH}: {error.strerror}; the schema belongs to kvduel's tree") from error


def first_breach(tree: Any) -> str | None:
    """Where and how `tree` breaks the schema, in a line; None if it does not."""
    breach = next(iter(_validator().iter_errors(tree)), None)
    if breach is None:
        return None
    pointer = "".join(f"/{step}" for step in breach.instance_path)
    message = " ".join(str(breach.message).split())
    # A message quotes the value, which may be a whole trial.
    return f"#{pointer}: {message if len(message) <= LONGEST_MESSAGE else message[:LONGEST_MESSAGE] + '...'}"
