#!/usr/bin/env bash
# The main job: set up if needed, build for measuring, run the quick suite. Arguments go to `kvduel run quick`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# stdout belongs to the results alone.
{
    [[ -n ${KVDUEL_SKIP_SETUP:-} ]] || scripts/setup.sh
    cmake --preset release
    cmake --build --preset release --target kvduel_programs
} >&2
exec build/release/bin/kvduel run quick "$@"
