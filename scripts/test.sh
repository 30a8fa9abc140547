#!/usr/bin/env bash
# Set up if needed, build, run the tests; ends with a line of what passed and failed.
#
#   scripts/test.sh [release|asan|tsan|dev] [CTEST-ARGUMENTS]     e.g. scripts/test.sh tsan -L unit
#
# KVDUEL_TARGET: build this target alone, for CTEST-ARGUMENTS that need no more (kvduel_measured for -L measured).
# The sanitizers' options stand in CMakePresets.json.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

preset=release
case "${1:-}" in
release | asan | tsan | dev)
    preset=$1
    shift
    ;;
"" | -*) ;;
*)
    echo "test: unknown build $1; allowed: release, asan, tsan, dev" >&2
    exit 64
    ;;
esac

[[ -n ${KVDUEL_SKIP_SETUP:-} ]] || scripts/setup.sh
cmake --preset "$preset"
cmake --build --preset "$preset" ${KVDUEL_TARGET:+--target "$KVDUEL_TARGET"}

# The sanitizers of GCC 12 and Clang 14 find no room for their shadow where the kernel moves mappings by more
# than 28 bits (Ubuntu 24.04: 32); then the tests run at fixed addresses. Only root may read the setting.
fixed_addresses=()
if [[ $preset == asan || $preset == tsan ]]; then
    bits=$(cat /proc/sys/vm/mmap_rnd_bits 2>/dev/null || echo unreadable)
    if [[ $bits == unreadable || $bits -gt 28 ]] && setarch -R true 2>/dev/null; then
        fixed_addresses=(setarch -R)
    fi
fi

report="$PWD/build/$preset/ctest.xml"
rm -f "$report"
status=0
"${fixed_addresses[@]}" ctest --preset "$preset" -j "$(nproc)" --no-tests=error --output-junit "$report" "$@" || status=$?

# ctest counts a skipped test as passed; its report does not.
count() { sed -n "s/^[[:space:]]*$1=\"\([0-9]*\)\".*/\1/p" "$report" | head -n 1; }
if [[ -s $report ]]; then
    failed=$(count failures)
    skipped=$(($(count skipped) + $(count disabled)))
    passed=$(($(count tests) - failed - skipped))
    line="$passed passed, $failed failed"
    [[ $skipped -eq 0 ]] || line+=", $skipped skipped"
    echo "$line"
fi
exit "$status"
