#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds oneTBB with the thread sanitizer into build/tbb-tsan/install, where the preset tsan looks for
# it: through the distribution's TBB the sanitizer sees neither who waits for whom nor a race in a task.
# The source is Debian's own. Source packages are asked for in a configuration of apt's that lives in
# build/tbb-tsan; the system's is read, not changed. Needs dpkg-dev. Does nothing the second time.
# Use: sh tests/build_tsan_tbb.sh      (the log is build/tbb-tsan.log)
set -u
cd "$(dirname "$0")/.." || exit 1
folder=$PWD/build/tbb-tsan
log=$PWD/build/tbb-tsan.log
[ ! -e "$folder/install" ] || exit 0

fail() {
    printf 'timestep: %s\n' "$*" >&2
    exit 1
}

# The system's package archives, as archives of sources, in either of apt's two notations.
list_source_archives() {
    mkdir -p "$folder/apt/sources.list.d" "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial"
    if [ -e /etc/apt/sources.list ]; then
        sed -n 's/^[[:space:]]*deb[[:space:]]/deb-src /p' /etc/apt/sources.list \
            >"$folder/apt/sources.list.d/system.list"
    fi
    if [ -e /etc/apt/sources.list.d/debian.sources ]; then
        sed 's/^Types:.*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources \
            >"$folder/apt/sources.list.d/debian.sources"
    fi
}

private_apt_get() {
    apt-get -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$folder/apt/sources.list.d" \
        -o Dir::State::lists="$folder/apt/lists" -o Dir::Cache="$folder/apt/cache" \
        -o APT::Sandbox::User="$(id -un)" "$@"
}

get_source() {
    list_source_archives
    private_apt_get update && private_apt_get source onetbb && mv onetbb-*/ source
}

build() {
    cmake -S source -B build -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
        -DTBBMALLOC_BUILD=OFF -DTBB_TEST=OFF -DTBB_STRICT=OFF -DTBB_SANITIZE=thread &&
        cmake --build build &&
        cmake --install build --prefix "$folder/unfinished"
}

command -v apt-get >/dev/null && command -v dpkg-source >/dev/null ||
    fail "no apt-get and dpkg-source here: put a oneTBB built with -DTBB_SANITIZE=thread into $folder/install"
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder" || exit 1
get_source >"$log" 2>&1 || fail "Debian's source of onetbb could not be had: $(grep -m 1 '^E:' "$log") ($log has all of it)"
build >>"$log" 2>&1 || fail "oneTBB could not be built: $(grep -m 1 -i 'error' "$log") ($log has all of it)"
mv unfinished install
rm -rf source build apt onetbb_*
