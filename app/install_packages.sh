#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs those packages of packages.txt that are missing. Sourced by app/start.sh and tests/run.sh,
# from the project's root. Where there is no apt-get it names the packages and goes on: they may be there.

fail() {
    printf 'timestep: %s\n' "$*" >&2
    exit 1
}

install_packages() {
    wanted=$(grep -v '^#' app/packages.txt)
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        printf 'timestep: no apt-get here; needed are the equivalents of these Debian packages: %s\n' \
            "$(echo $wanted)" >&2
        return
    fi
    missing=
    for package in $wanted; do
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
        "install ok installed") ;;
        *) missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || fail "please install as root:$missing"
        root=sudo
    fi
    printf 'timestep: installing%s\n' "$missing"
    mkdir -p build
    { $root apt-get update &&
        $root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } \
        >build/packages.log 2>&1 ||
        fail "the packages could not be installed: $(grep -E '^(E|Err):' build/packages.log | tail -n 1) (build/packages.log has all of it)"
}

# build_preset PRESET [TARGET…]: configures and builds quietly; the log is in build/PRESET.log.
build_preset() {
    preset=$1
    shift
    mkdir -p build
    log=build/$preset.log
    cmake --preset "$preset" >"$log" 2>&1 ||
        fail "configuring $preset failed: $(grep -m 1 -A 3 'CMake Error' "$log" | tr '\n' ' ') ($log has all of it)"
    cmake --build "build/$preset" ${1:+--target "$@"} >>"$log" 2>&1 ||
        fail "building $preset failed: $(grep -m 1 -E '(error|fatal|undefined reference|FAILED)' "$log") ($log has all of it)"
}
