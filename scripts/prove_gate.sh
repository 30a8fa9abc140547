#!/usr/bin/env bash
# Proves the gate's error rates by gates whose answer is known: a build against itself, and against itself made slower or faster.
#
#   scripts/prove_gate.sh BUILD [--out FILE] [--plan NAME=COUNT,...]
#
# BUILD: a release build with further links (cmake --preset release -DKVDUEL_LINKS=8; targets kvduel_programs, kvduel_links).
# FILE [results/gate-proof/DATE.jsonl] gets a line a gate and may be gone on with: what it has is not run again. Plans: aa
# (equal builds), cpu, cpu-half, wait, faster. Each gate takes four to nine minutes. A table of bounds ends the work and is
# printed again by giving an empty plan: --plan ''.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec /usr/bin/python3 scripts/prove_gate.py "$@"
