#!/usr/bin/env bash
# Is HEAD slower than BASE? Builds the servers of both commits alike, each in a tree of its own, and lets HEAD's kvduel duel them.
#
#   scripts/perf_gate.sh BASE HEAD [--out DIR] [--no-counts] [-- FLAGS OF KVDUEL GATE]     e.g. -- --budget 15m --suite my.json
#
# DIR [build/perf-gate/BASE..HEAD] gets report.json, gate.json, junit.xml and summary.md. Paths are those of the folder that this
# is called from. Exit codes are kvduel gate's: 0 pass,
# 1 regression, 2 inconclusive (also: a base that cannot be built), 3 invalid, 69 a head that cannot be built or has no gate,
# 75 machine busy; 64 for a mistake in the command, 73 where a command of this script failed (that of setting up, too). Everything it makes lies under
# build/; trees and builds are kept there for the next time.
set -euo pipefail
export PYTHONDONTWRITEBYTECODE=1 # nothing in the work tree
# Verdicts and refusals are given by leave() and usage() alone: a command that fails, on a full disk say, must not end this script
# with a code that means one. Over 128 a signal ended it.
has_verdict=no
# shellcheck disable=SC2154 # status
trap 'status=$?; [[ $has_verdict == yes || $status -eq 0 || $status -gt 128 ]] || exit 73' EXIT
from=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
readonly root USAGE=64 UNAVAILABLE=69 INCONCLUSIVE=2 LINKS=8

say() { printf 'perf_gate: %s\n' "$*" >&2; }
usage() {
    has_verdict=yes
    say "$*; usage: scripts/perf_gate.sh BASE HEAD [--out DIR] [--no-counts] [-- FLAGS OF KVDUEL GATE]"
    exit $USAGE
}

commits=()
out=
counts=yes
while [[ $# -gt 0 ]]; do
    case $1 in
    --out)
        [[ $# -ge 2 ]] || usage "--out needs its DIR"
        out=$2
        shift
        ;;
    --no-counts) counts=no ;;
    --)
        shift
        break
        ;;
    -*) usage "unknown flag $1" ;;
    *) commits+=("$1") ;;
    esac
    shift
done
gate_flags=("$@")
is_given() { [[ " ${gate_flags[*]} " == *" $1"[\ =]* ]]; } # a flag of kvduel gate
! is_given --out || usage "--out goes before --"
[[ ${#commits[@]} -eq 2 ]] || usage "two commits, please"

full_sha() { git rev-parse --verify --quiet --end-of-options "$1^{commit}"; }
base=$(full_sha "${commits[0]}") || usage "${commits[0]} is not a commit of this repository"
head=$(full_sha "${commits[1]}") || usage "${commits[1]} is not a commit of this repository"
[[ $base != "$head" ]] || usage "BASE and HEAD are the same commit ($base)"
work="$root/build/perf-gate"
out=$(cd "$from" && realpath -m "${out:-$work/${base:0:12}..${head:0:12}}")
mkdir -p "$out"
# A verdict must not outlive what it was of: the next end may come before another is written.
rm -f "$out"/{report.json,gate.json,junit.xml,summary.md,counts.json}

# leave CODE: whatever the end, a job's page has the summary.
leave() {
    [[ -z ${GITHUB_STEP_SUMMARY:-} || ! -e $out/summary.md ]] || cat "$out/summary.md" >>"$GITHUB_STEP_SUMMARY"
    has_verdict=yes
    exit "$1"
}

# end_unheld VERDICT CODE REASON: a gate that could not be held; every output says so.
end_unheld() {
    say "$1: $3"
    local text=${3//&/"&amp;"} # quoted: from bash 5.2 on a bare & is what was found
    text=${text//</"&lt;"}
    text=${text//\"/"&quot;"}
    local outcome=skipped numbers='errors="0" skipped="1"' annotation=warning
    [[ $1 == inconclusive ]] || { outcome=error numbers='errors="1" skipped="0"' annotation=error; }
    printf '## kvduel gate: %s: %s\n\nNothing was measured.\n' "${1^^}" "$3" >"$out/summary.md"
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites tests="1" failures="0" %s>\n  <testsuite name="kvduel gate" tests="1" failures="0" %s>\n    <testcase classname="gate" name="verdict"><%s message="%s"/></testcase>\n  </testsuite>\n</testsuites>\n' "$numbers" "$numbers" "$outcome" "$text" >"$out/junit.xml"
    # Python escapes the text.
    VERDICT=$1 CODE=$2 REASON=$3 BASE=$base HEAD=$head python3 -c 'import json, os
of = os.environ
print(json.dumps({"schema": "kvduel.gate/1", "verdict": of["VERDICT"], "exit_code": int(of["CODE"]), "reasons": [of["REASON"]],
                  "base": of["BASE"], "head": of["HEAD"], "endpoints": []}, indent=2))' >"$out/gate.json"
    [[ -z ${GITHUB_ACTIONS:-} ]] || printf '::%s title=kvduel gate::%s\n' "$annotation" "${3//$'\n'/%0A}"
    leave "$2"
}
# Of base it is nobody's fault now, so neither green nor red; of head it is the change's.
inconclusive() { end_unheld inconclusive $INCONCLUSIVE "$1"; }
unavailable() { end_unheld invalid $UNAVAILABLE "$1"; }

# shellcheck source=/dev/null
. scripts/commit_builds.sh

is_linked_often() { grep -q KVDUEL_LINKS "$(tree_of "$1")/CMakeLists.txt"; }

# check_sha COMMIT OTHERWISE: the binary must be what it is called: a stale build, or one of other files, would be judged in the
# commit's name.
check_sha() {
    local program
    for program in "$(build_of "$1")"/{bin,links/*}/kvduel-{threads,async}; do
        [[ ! -e $program && $program == */links/* ]] && continue # the pattern itself: linked once
        [[ $("$program" --version) == *"(git $1;"* ]] ||
            "$2" "${program##*/} of ${1:0:12} does not say that it was built from that commit, with no changes"
    done
}

# The bytes of a server that do not name its commit.
fingerprint() {
    local copy="$work/stripped"
    objcopy --strip-all --remove-section=.note.gnu.build-id "$(build_of "$1")/bin/$2" "$copy" &&
        SHA=$1 /usr/bin/python3 -c 'import hashlib, os, sys
print(hashlib.sha256(open(sys.argv[1], "rb").read().replace(os.environ["SHA"].encode(), b"")).hexdigest())' "$copy" &&
        rm -f "$copy"
}

are_alike() {
    local program of_base of_head
    for program in kvduel-threads kvduel-async; do
        # What cannot be read is not alike.
        of_base=$(fingerprint "$base" "$program") && of_head=$(fingerprint "$head" "$program") || return 1
        [[ $of_base == "$of_head" ]] || return 1
    done
}

pass_unmeasured() {
    say "pass: the servers of both commits are the same, byte for byte; nothing to measure"
    printf '## kvduel gate: PASS: the servers of both commits are the same, byte for byte\n\nNothing was measured.\n' >"$out/summary.md"
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites tests="1" failures="0" errors="0" skipped="0">\n  <testsuite name="kvduel gate" tests="1" failures="0" errors="0" skipped="0">\n    <testcase classname="gate" name="same binaries"/>\n  </testsuite>\n</testsuites>\n' >"$out/junit.xml"
    printf '{"schema": "kvduel.gate/1", "verdict": "pass", "exit_code": 0, "reasons": [], "base": "%s", "head": "%s", "same_binaries": true, "endpoints": []}\n' "$base" "$head" >"$out/gate.json"
    leave 0
}

[[ -n ${KVDUEL_SKIP_SETUP:-} ]] || scripts/setup.sh --gate
make_tree "$base"
make_tree "$head"
links=$LINKS
command -v ld.lld >/dev/null || { say "no lld here (scripts/setup.sh --gate): each build is linked once" && links=0; }
for sha in "$base" "$head"; do
    is_linked_often "$sha" || { say "${sha:0:12} cannot be linked more than once: neither is" && links=0; }
done
# Links that an earlier gate left would be measured.
[[ $links -ne 0 ]] || rm -rf "$(build_of "$base")/links" "$(build_of "$head")/links"
targets=(kvduel-threads kvduel-async)
[[ $links -eq 0 ]] || targets+=(kvduel_links)
build "$head" kvduel_programs "${targets[@]}" || unavailable "HEAD (${head:0:12}) cannot be built"
build "$base" "${targets[@]}" || inconclusive "BASE (${base:0:12}) cannot be built"
kvduel="$(build_of "$head")/bin/kvduel"
"$kvduel" gate --help >/dev/null 2>&1 || unavailable "HEAD (${head:0:12}) has no kvduel gate"
check_sha "$base" inconclusive
check_sha "$head" unavailable
if ! is_given --base-args && ! is_given --head-args && are_alike; then pass_unmeasured; fi

flags=(--base-build "$(build_of "$base")" --head-build "$(build_of "$head")" --out "$out")
# A change does not judge itself: base's endpoints and tolerances hold.
for judge in --suite=harness/suites/ci.json --tolerances=harness/gate/tolerances.json; do
    file="$(tree_of "$base")/${judge#*=}"
    [[ ! -e $file ]] || is_given "${judge%%=*}" || flags+=("${judge%%=*}" "$file")
done
if [[ $counts == yes ]] && ! is_given --counts; then
    if /usr/bin/python3 scripts/count_work.py "$(build_of "$base")" "$(build_of "$head")" --out "$out/counts.json" >&2; then
        flags+=(--counts "$out/counts.json")
    else
        say "without the second witness: its counts could not be had"
    fi
fi
[[ -z ${GITHUB_ACTIONS:-} ]] || flags+=(--annotations)
# A gate that outlived this script would disturb whatever is measured next.
is_ended=no
trap 'is_ended=yes; kill -TERM "${!:-}" 2>/dev/null || true' TERM INT HUP
cd "$from"
"$kvduel" gate "${flags[@]}" "${gate_flags[@]}" &
gate=$!
[[ $is_ended == no ]] || kill -TERM "$gate"
# A signal ends a wait before the gate has ended; what it ended with can be asked for until the end of this script.
while kill -0 "$gate" 2>/dev/null; do wait "$gate" || true; done
status=0
wait "$gate" || status=$?
leave "$status"
