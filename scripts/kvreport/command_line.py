"""Manners that the programs share: errors as one line, files that appear whole."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from exit_codes import CANNOT_WRITE
from kvreport.errors import ReportError


def guarded(program: str, work: Callable[[], int]) -> int:
    try:
        return work()
    except ReportError as error:
        print(f"{program}: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it flushes
        return 0
    except KeyboardInterrupt:
        return 130


def write_whole(path: Path, content: bytes) -> None:
    """Through a temporary file beside it: an old page stays until the new one is whole."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise ReportError(f"{path}: {error.strerror or error}", CANNOT_WRITE) from error
