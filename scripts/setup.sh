#!/usr/bin/env bash
# Installs what kvduel is built and tested with, from the packages of Debian 12 or Ubuntu 24.04.
#
#   scripts/setup.sh                 install what is missing; nothing missing, nothing done
#   scripts/setup.sh --check         only say what is missing; exit 69 if anything is
#   scripts/setup.sh --replace       agree that packages in conflict with ours are removed
#
# Works as root, or through sudo. On any other system install the list it prints by hand, then set
# KVDUEL_SKIP_SETUP=1, and run.sh and test.sh no longer come here.
set -euo pipefail

readonly OS_RELEASE="${OS_RELEASE:-/etc/os-release}"
readonly USAGE=64 UNAVAILABLE=69

build_packages=(
    g++ cmake ninja-build ccache git
    libfmt-dev nlohmann-json3-dev libcli11-dev zlib1g-dev libssl-dev libxxhash-dev libbenchmark-dev doctest-dev
    python3 python3-pytest python3-jsonschema
)
check_packages=(clang-format-14 shellcheck) # .ci/run alone needs these

say() { printf 'setup: %s\n' "$*" >&2; }
die() {
    local status=$1
    shift
    say "$*"
    exit "$status"
}

# Debian 12's libboost-dev is 1.74; ours starts at 1.81.
boost_package() {
    local ID="" VERSION_ID=""
    # shellcheck source=/dev/null
    [[ -r $OS_RELEASE ]] && . "$OS_RELEASE"
    case "$ID $VERSION_ID" in
    "debian 12") echo libboost1.81-dev ;;
    "ubuntu 24.04") echo libboost-dev ;;
    *)
        say "this is ${ID:-an unknown system}${VERSION_ID:+ $VERSION_ID}, and only Debian 12 and Ubuntu 24.04 are known here"
        say "install by hand what these packages hold: ${build_packages[*]} ${check_packages[*]}"
        say "and Boost 1.81 or later, then run again with KVDUEL_SKIP_SETUP=1"
        exit $UNAVAILABLE
        ;;
    esac
}

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

missing_packages() {
    local package
    for package in "${build_packages[@]}" "${check_packages[@]}"; do
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

check_only=no
replace=no
for argument in "$@"; do
    case $argument in
    --check) check_only=yes ;;
    --replace) replace=yes ;;
    *) die $USAGE "unknown argument $argument; allowed: --check, --replace" ;;
    esac
done

boost=$(boost_package)
build_packages+=("$boost")
mapfile -t missing < <(missing_packages)
if [[ ${#missing[@]} -eq 0 ]]; then
    say "nothing to do: all $((${#build_packages[@]} + ${#check_packages[@]})) packages are here"
    exit 0
fi
say "missing: ${missing[*]}"
[[ $check_only == yes ]] && exit $UNAVAILABLE

say "updating the package lists"
apt update -qq || say "the update failed; trying with the lists that are here"
refuse_removals
say "installing"
apt install -y -qq --no-install-recommends "${missing[@]}" ||
    die $UNAVAILABLE "apt-get could not install: ${missing[*]}; its own message stands above"
say "done"
