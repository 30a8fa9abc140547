"""Folders of built servers for `kvduel gate` to meet."""

import os
import stat
from pathlib import Path

BIN = Path(os.environ["KVDUEL_BIN"])


def build(folder, script=None, links=0):
    """A folder with kvduel-async in it: the real one behind a script, so that its bytes are its own. It does not tell its
    build: that of a tree with changes, or under a sanitizer, would be refused."""
    places = [folder / "links" / str(i + 1) for i in range(links)] or [folder]
    for place in places:
        place.mkdir(parents=True)
        program = place / "kvduel-async"
        program.write_text(f"#!/bin/sh\n# {place}\n" + (script or f'[ "$1" = --version ] || exec "{BIN}/kvduel-async" "$@"\n'))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return folder
