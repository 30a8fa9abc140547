#!/usr/bin/env bash
# Proves the gate's error rates by gates whose answer is known: a build against itself, and against itself made slower, larger or faster.
#
#   scripts/prove_gate.sh [--commit SHA] [--out FILE] [--plan NAME=COUNT,...] [-- FLAGS OF KVDUEL GATE]
#
# COMMIT [HEAD] is built with 16 links a server, as which it meets itself, eight against eight, and the plants of scripts/plants/
# that the plan asks for with 8: patches of the servers, each a commit of its own in a tree of its own (under build/gate-proof/).
# FILE [results/gate-proof/COMMIT.jsonl] gets a line a gate and is gone on with: what it has is not run again. Plans and sizes: the table in scripts/proof_plans.py. Each
# gate takes four to nine minutes; a table of bounds ends the work and is printed again by an empty plan: --plan ''.
set -euo pipefail
export PYTHONDONTWRITEBYTECODE=1 # nothing in the work tree
from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
work="$root/build/gate-proof"
readonly root work USAGE=64 UNAVAILABLE=69

say() { printf 'prove_gate: %s\n' "$*" >&2; }
# shellcheck source=/dev/null
. scripts/commit_builds.sh

commit=HEAD
plan=usual
passed_on=()
while [[ $# -gt 0 ]]; do
    case $1 in
    --commit | --plan | --out)
        [[ $# -ge 2 ]] || { say "$1 needs a value" && exit $USAGE; }
        case $1 in
        --commit) commit=$2 ;;
        --plan) plan=$2 ;;
        --out) passed_on+=(--out "$(cd "$from" && realpath -m "$2")") ;;
        esac
        shift
        ;;
    --) break ;;
    *) say "unknown argument $1" && exit $USAGE ;;
    esac
    shift
done
sha=$(git rev-parse --verify --quiet --end-of-options "$commit^{commit}") || { say "$commit is not a commit" && exit $USAGE; }

# A commit with the plant in it, so that its binaries name what they are; a date of its own would make it another each time.
plant() {
    local name=$1 tree date
    tree=$(tree_of "$name")
    make_tree "$sha" "$name"
    /usr/bin/python3 scripts/prove_gate.py --builds "$work/trees" --render "$name" | git -C "$tree" apply --index || { say "the plant $name no longer fits this commit" && return 1; }
    date=$(git log -1 --format=%cI "$sha")
    GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date git -C "$tree" -c user.name=kvduel -c user.email=kvduel@localhost \
        commit --quiet --message "Plant: $name"
}

# The plans whose head is a patch.
patches() { /usr/bin/python3 scripts/prove_gate.py --list-patched --plan "$plan"; }

if [[ -n $plan ]]; then
    [[ -n ${KVDUEL_SKIP_SETUP:-} ]] || scripts/setup.sh --gate
    command -v ld.lld >/dev/null || { say "no lld: scripts/setup.sh --gate" && exit $UNAVAILABLE; }
    mkdir -p "$work"
    wanted=$(patches)
    make_tree "$sha" base
    # shellcheck disable=SC2034 # commit_builds.sh uses links
    links=16
    build base kvduel_programs kvduel_links || { say "$commit cannot be built" && exit $UNAVAILABLE; }
    /usr/bin/python3 scripts/prove_gate.py --builds "$work/trees" --measure-sizes
    # shellcheck disable=SC2034
    links=8
    for name in $wanted; do
        if ! plant "$name" || ! build "$name" kvduel-threads kvduel-async kvduel_links; then
            say "the plant $name cannot be built" && exit $UNAVAILABLE
        fi
    done
fi
exec /usr/bin/python3 scripts/prove_gate.py --builds "$work/trees" --plan "$plan" "${passed_on[@]}" "$@"
