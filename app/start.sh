#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds a release and opens the window. Arguments are passed on to the
# program: `sh app/start.sh bench --help`. Without a display and without arguments it makes the tour:
# every workspace as a picture, and the speed table.
set -u
here=$(pwd)
cd "$(dirname "$0")/.." || exit 1
project=$(pwd)
. app/install_packages.sh
install_packages
build_preset release timestep
program=$project/build/release/timestep

tour() {
    pictures=$project/build/tour
    mkdir -p "$pictures" || fail "cannot make the folder $pictures"
    printf 'timestep: no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so this is the tour\n'
    for view in steps attention lstm threads race training; do
        QT_QPA_PLATFORM=offscreen "$program" render --view "$view" -o "$pictures/$view.png" ||
            fail "the picture of $view could not be made"
    done
    printf '\nBare layers of width 256, 128 steps, on this machine:\n'
    threads=$(nproc)
    [ "$threads" = 1 ] || threads=1,$threads
    "$program" bench --compute lstm attention --lengths 128 --batches 1,32 --width 256 \
        --threads "$threads" --repeats 9 || fail "the speed table could not be made"
    printf '\nPictures:\n'
    printf '  %s\n' "$pictures"/*.png
    printf 'More: sh app/start.sh --help\n'
}

if [ $# = 0 ] && [ -z "${DISPLAY:-}" ] && [ -z "${WAYLAND_DISPLAY:-}" ]; then
    tour
else
    # File names among the arguments are meant from where the user stands.
    cd "$here" || exit 1
    exec "$program" "$@"
fi
