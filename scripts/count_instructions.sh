#!/usr/bin/env bash
# What the servers of a build, or of two, do for a request: instructions, system calls, allocations, under valgrind.
#
#   scripts/count_instructions.sh build/release [OTHER-BUILD] [--out counts.json]
#
# How, and what the numbers leave out: scripts/count_work.py.
set -euo pipefail
export PYTHONDONTWRITEBYTECODE=1 # nothing in the work tree
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
if ! command -v valgrind >/dev/null && [[ -z ${KVDUEL_SKIP_SETUP:-} ]]; then
    "$root/scripts/setup.sh" --gate
fi
exec /usr/bin/python3 "$root/scripts/count_work.py" "$@"
