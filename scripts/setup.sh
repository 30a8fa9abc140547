#!/usr/bin/env bash
# Installs what kvduel is built and tested with, from the packages of Debian 12 or Ubuntu 24.04.
#
#   scripts/setup.sh                 install what is missing; nothing missing, nothing done
#   scripts/setup.sh --check         only say what is missing; exit 69 if anything is
#   scripts/setup.sh --replace       agree that packages in conflict with ours are removed
#   scripts/setup.sh --foreign       also what the tests meet that is not ours: a server (nginx), a browser (chromium)
#   scripts/setup.sh --gate          also what scripts/perf_gate.sh links and counts with (lld, valgrind)
#   scripts/setup.sh --peers         also nginx, the load generators that scripts/crosscheck.py compares kvduel with, and actionlint
#   scripts/setup.sh --references    also the servers of servers/references that are written in Go and Rust
#
# Packages that Debian lacks go into build/: Python's for figures, page and tests into build/venv, the peers that Go's
# and Rust's registries have into build/peers. The references are built into build/references. Without them the tests that
# need them are skipped, and setup says so. Rust comes from its makers (rustup.rs): what Debian 12 has is too old.
#
# Works as root, or through sudo. On any other system it makes build/venv alone and prints what to install by hand; then set
# KVDUEL_SKIP_SETUP=1, and run.sh and test.sh no longer come here.
set -euo pipefail

readonly OS_RELEASE="${OS_RELEASE:-/etc/os-release}"
readonly USAGE=64 UNAVAILABLE=69
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
readonly root venv="$root/build/venv" peers="$root/build/peers" references="$root/build/references"
# One venv for all; each list is had by itself, so that a browser's driver that cannot be had costs nobody SciPy.
readonly requirements=(harness/tests/requirements.txt scripts/requirements.txt scripts/tests/requirements.txt)
readonly OHA_VERSION=1.16.0 VEGETA_VERSION=v12.13.0 ACTIONLINT_VERSION=v1.7.7

build_packages=(
    g++ cmake ninja-build ccache git
    libfmt-dev nlohmann-json3-dev libcli11-dev zlib1g-dev libssl-dev libxxhash-dev libbenchmark-dev doctest-dev
    python3 python3-venv python3-pytest python3-jsonschema python3-yaml
)
check_packages=(clang-format-14 shellcheck) # .ci/run alone needs these
foreign_packages=(nginx-light)
gate_packages=(lld valgrind)
peer_packages=(wrk nghttp2-client)
reference_packages=(golang-go) # where no other Go is on PATH

say() { printf 'setup: %s\n' "$*" >&2; }
die() {
    local status=$1
    shift
    say "$*"
    exit "$status"
}

# What the systems call differently. Debian 12's libboost-dev is 1.74; ours starts at 1.81. Ubuntu's chromium is a snap,
# which no test can start: there they take google-chrome if it is there.
name_packages() {
    local ID="" VERSION_ID=""
    # shellcheck source=/dev/null
    [[ -r $OS_RELEASE ]] && . "$OS_RELEASE"
    case "$ID $VERSION_ID" in
    "debian 12") build_packages+=(libboost1.81-dev) foreign_packages+=(chromium) ;;
    "ubuntu 24.04") build_packages+=(libboost-dev) ;;
    *)
        say "this is ${ID:-an unknown system}${VERSION_ID:+ $VERSION_ID}, and only Debian 12 and Ubuntu 24.04 are known here"
        is_known=no
        ;;
    esac
}

# Of a system that is not known here: what to install by hand. The Python packages come from a registry, as everywhere.
tell_what_to_install() {
    say "install by hand what these packages hold: ${wanted[*]}"
    say "and Boost 1.81, CMake 3.25, Python 3.11, g++ 12 or later of each"
    [[ $check_only == yes ]] || is_venv_current || make_venv
    die $UNAVAILABLE "then set KVDUEL_SKIP_SETUP=1: scripts/run.sh and scripts/test.sh no longer come here"
}

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

missing_packages() {
    local package
    for package in "${wanted[@]}"; do
        is_installed "$package" || echo "$package"
    done
}

as_root() {
    if [[ $EUID -eq 0 ]]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    elif command -v sudo >/dev/null; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    else
        die $UNAVAILABLE "not root and no sudo here; as root run: apt-get install --no-install-recommends ${missing[*]}"
    fi
}

apt() { as_root apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 "$@" </dev/null >&2; }

# apt-get -y would remove what conflicts with ours (libboost1.74-dev with libboost1.81-dev) without asking.
refuse_removals() {
    local removed
    # A rehearsal that fails is left to the installation, which says why.
    removed=$(apt-get -s install --no-install-recommends "${missing[@]}" 2>/dev/null |
        sed -n 's/^Remv \([^ ]*\).*/\1/p') || true
    [[ -z $removed ]] && return
    say "to install ${missing[*]}, apt would remove:" "$removed"
    [[ $replace == yes ]] || die $UNAVAILABLE "nothing was changed; to agree, run: scripts/setup.sh --replace"
}

install_packages() {
    say "missing: ${missing[*]}"
    say "updating the package lists"
    apt update -qq || say "the update failed; trying with the lists that are here"
    refuse_removals
    say "installing"
    apt install -y -qq --no-install-recommends "${missing[@]}" ||
        die $UNAVAILABLE "apt-get could not install: ${missing[*]}; its own message stands above"
}

required() { (cd "$root" && cat "${requirements[@]}"); }

# The copy beside the packages says which they are.
is_venv_current() { required | cmp -s - "$venv/requirements.txt"; }

make_venv() {
    local list complete=yes
    say "installing the Python packages of ${requirements[*]} into ${venv#"$root"/}"
    rm -rf "$venv"
    if ! /usr/bin/python3 -m venv --system-site-packages "$venv" >&2; then
        rm -rf "$venv"
        say "no venv could be made, Python's own message stands above; there are no figures, and tests are skipped"
        return
    fi
    for list in "${requirements[@]}"; do
        "$venv/bin/pip" install -q --retries 1 --disable-pip-version-check --only-binary :all: -r "$root/$list" </dev/null >&2 &&
            continue
        complete=no
        say "pip could not get those of $list, its own message stands above; what needs them says so or is skipped"
    done
    [[ $complete == no ]] || required >"$venv/requirements.txt"
}

# Each peer that cannot be had is named, and the others are had all the same.
get_vegeta() {
    [[ -x $peers/bin/vegeta ]] && return
    command -v go >/dev/null || { say "vegeta left out: it needs go, which is not on PATH" && return; }
    say "building vegeta $VEGETA_VERSION"
    GOBIN="$peers/bin" go install "github.com/tsenart/vegeta/v12@$VEGETA_VERSION" </dev/null >&2 ||
        say "vegeta left out: go could not build it, its own message stands above"
}

get_actionlint() {
    [[ -x $peers/bin/actionlint ]] && return
    command -v go >/dev/null || { say "actionlint left out: it needs go, which is not on PATH" && return; }
    say "building actionlint $ACTIONLINT_VERSION"
    GOBIN="$peers/bin" go install "github.com/rhysd/actionlint/cmd/actionlint@$ACTIONLINT_VERSION" </dev/null >&2 ||
        say "actionlint left out: go could not build it, its own message stands above"
}

get_oha() {
    [[ -x $peers/bin/oha ]] && return
    command -v cargo >/dev/null || { say "oha left out: it needs cargo, which is not on PATH" && return; }
    say "building oha $OHA_VERSION (some minutes)"
    cargo install oha --version "$OHA_VERSION" --locked --root "$peers" -q </dev/null >&2 ||
        say "oha left out: cargo could not build it, its own message stands above"
}

build_go_references() {
    command -v go >/dev/null || { say "the references in Go left out: they need go, which is not on PATH" && return; }
    say "building the references in Go by $(go version)"
    local name
    for name in go-net-http go-worker-pool; do
        (cd "$root/servers/references" && go build -trimpath -buildvcs=false -o "$references/kvduel-$name" "./$name") </dev/null >&2 ||
            say "$name left out: go could not build it, its own message stands above"
    done
}

build_rust_references() {
    command -v cargo >/dev/null || { say "the references in Rust left out: they need cargo, which is not on PATH; get it from https://rustup.rs" && return; }
    say "building the references in Rust by $(cargo --version) (some minutes at first)"
    if cargo build --release --locked -q --manifest-path "$root/servers/references/Cargo.toml" --target-dir "$references/cargo" </dev/null >&2; then
        install -t "$references" "$references/cargo/release/kvduel-rust-actix" "$references/cargo/release/kvduel-rust-tokio"
    else
        say "the references in Rust left out: cargo could not build them, its own message stands above; it wants 1.89 or newer, from https://rustup.rs"
    fi
}

unbuilt_references() {
    [[ $references_wanted == yes ]] || return 0
    local name
    for name in go-net-http go-worker-pool rust-actix rust-tokio; do
        [[ -x $references/kvduel-$name ]] || echo "kvduel-$name"
    done
}

check_only=no
replace=no
foreign=no
gate=no
peers_wanted=no
references_wanted=no
for argument in "$@"; do
    case $argument in
    --check) check_only=yes ;;
    --replace) replace=yes ;;
    --foreign) foreign=yes ;;
    --gate) gate=yes ;;
    --peers) foreign=yes peers_wanted=yes ;;
    --references) references_wanted=yes ;;
    *) die $USAGE "unknown argument $argument; allowed: --check, --replace, --foreign, --gate, --peers, --references" ;;
    esac
done

is_known=yes
name_packages
wanted=("${build_packages[@]}" "${check_packages[@]}")
[[ $foreign == no ]] || wanted+=("${foreign_packages[@]}")
[[ $gate == no ]] || wanted+=("${gate_packages[@]}")
[[ $peers_wanted == no ]] || wanted+=("${peer_packages[@]}")
[[ $references_wanted == no ]] || command -v go >/dev/null || wanted+=("${reference_packages[@]}")
[[ $is_known == yes ]] || tell_what_to_install
mapfile -t missing < <(missing_packages)

if [[ $check_only == yes ]]; then
    [[ ${#missing[@]} -eq 0 ]] || say "missing: ${missing[*]}"
    is_venv_current || say "missing: the Python packages of ${requirements[*]}"
    mapfile -t unbuilt < <(unbuilt_references)
    [[ ${#unbuilt[@]} -eq 0 ]] || say "not built: ${unbuilt[*]}"
    [[ ${#missing[@]} -eq 0 && ${#unbuilt[@]} -eq 0 ]] && is_venv_current && exit 0
    exit $UNAVAILABLE
fi

if [[ ${#missing[@]} -eq 0 ]]; then
    say "nothing to install: all ${#wanted[@]} packages are here"
else
    install_packages
fi
is_venv_current || make_venv
if [[ $peers_wanted == yes ]]; then
    get_vegeta
    get_actionlint
    get_oha
    say "peers: $(PATH="$peers/bin:$PATH" && for tool in wrk h2load oha vegeta; do command -v "$tool" || true; done | paste -sd ' ')"
fi
if [[ $references_wanted == yes ]]; then
    build_go_references
    build_rust_references
fi
say "done"
