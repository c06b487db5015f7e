#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, then builds and runs every test without a display.
# Use: sh tests/run.sh [release] [asan] [tsan] [dev]      (default: release)
set -u
cd "$(dirname "$0")/.." || exit 1
. app/install_packages.sh

for preset in "${@:-release}"; do
    case $preset in
    release | asan | tsan | dev) ;;
    *) fail "no preset named '$preset'; there are release, asan, tsan and dev" ;;
    esac
done

install_packages
failed=
for preset in "${@:-release}"; do
    printf 'timestep: building %s\n' "$preset"
    if [ "$preset" = tsan ]; then
        sh tests/build_tsan_tbb.sh || fail "the instrumented TBB could not be built (build/tbb-tsan.log has all of it)"
    fi
    build_preset "$preset"
    ctest --preset "$preset" -j "$(nproc)" || failed="$failed $preset"
done
[ -z "$failed" ] || fail "tests failed in:$failed"
