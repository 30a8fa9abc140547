# shellcheck shell=bash disable=SC2154
# Sourced by perf_gate.sh and prove_gate.sh: commits, each in a tree of its own under $work/trees/, built alike. The caller
# sets `work`, an absolute folder under build/, and `links`, how often each server is linked besides, and has say().

tree_of() { echo "$work/trees/$1"; }
# Inside the tree: seen from here the sources lie in the same place for all, so that one compiler cache serves all.
build_of() { echo "$work/trees/$1/build/release"; }

# make_tree COMMIT [NAME]: the tree NAME [COMMIT] becomes the commit and nothing else, whatever was left in it.
make_tree() {
    local commit=$1 tree
    tree=$(tree_of "${2:-$1}")
    [[ -e $tree/.git ]] || { git worktree prune && git worktree add --quiet --detach --force "$tree" "$commit"; }
    git -C "$tree" reset --quiet --hard "$commit" && git -C "$tree" clean -qfdx -e /build
}

# build NAME TARGETS...: what went wrong stands in $work/NAME.log, its end on stderr. A signal that ends the script ends the build
# first: bash alone would leave its compilers running, beside whatever is measured next.
build() {
    local name=$1 log="$work/$1.log" tree build signal="" group="" status=0
    tree=$(tree_of "$name") build=$(build_of "$name")
    shift
    say "building ${name:0:12} ($*)"
    trap 'signal=2; end_group "$group"' INT
    trap 'signal=1; end_group "$group"' HUP
    trap 'signal=15; end_group "$group"' TERM
    # shellcheck disable=SC2016 # the shell of the group is to expand them
    CCACHE_BASEDIR="$tree" CCACHE_NOHASHDIR=1 setsid bash -c 'cd "$1" && cmake --preset release "-DKVDUEL_LINKS=$2" && cmake --build "$3" --target "${@:4}"' \
        build "$tree" "$links" "$build" "$@" >"$log" 2>&1 </dev/null &
    group=$!
    [[ -z $signal ]] || end_group "$group" # it came before there was a group
    while kill -0 "$group" 2>/dev/null; do wait "$group" || true; done
    wait "$group" || status=$?
    trap - INT HUP TERM
    [[ -z $signal ]] || exit $((128 + signal))
    [[ $status -ne 0 ]] || return 0
    tail -n 20 "$log" >&2
    return 1
}

end_group() { [[ -z $1 ]] || kill -TERM -- "-$1" 2>/dev/null || true; }
