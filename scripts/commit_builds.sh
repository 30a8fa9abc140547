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

# build NAME TARGETS...: what went wrong stands in $work/NAME.log, its end on stderr.
build() {
    local name=$1 log="$work/$1.log" tree build
    tree=$(tree_of "$name") build=$(build_of "$name")
    shift
    say "building ${name:0:12} ($*)"
    if ! (cd "$tree" && export CCACHE_BASEDIR="$tree" CCACHE_NOHASHDIR=1 &&
        cmake --preset release "-DKVDUEL_LINKS=$links" && cmake --build "$build" --target "$@") >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        return 1
    fi
}
