#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where two objects hold the same weak symbol the linker keeps one of them for both. If the one kept
# was compiled for a larger instruction set, the program breaks on processors without it. So: no
# weak symbol that the kernels share with another object may use registers beyond the baseline.
# Use: sh tests/weak_symbols.sh LIBENGINE.A
set -eu
library=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
kernels=vector_kernels.cpp.o

(cd "$work" && ar x "$library" "$kernels")
weak() { awk 'NF >= 2 && $(NF - 1) ~ /^[WVu]$/ { print $NF }' | sort -u; }
nm --defined-only "$work/$kernels" | weak >"$work/ours"
nm --defined-only "$library" | awk -v skip="$kernels:" '/:$/ { inside = $0 != skip } inside' | weak >"$work/others"
comm -12 "$work/ours" "$work/others" >"$work/shared"
[ -s "$work/ours" ] || { echo "no weak symbols in $kernels: is this the right library?" >&2; exit 1; }

failed=
while read -r symbol; do
    if objdump -d --no-show-raw-insn --disassemble="$symbol" "$work/$kernels" | grep -Eq '%([yz]mm|xmm(1[6-9]|2|3[01]))[0-9]*\b|\bv[a-z0-9]+ps'; then
        echo "weak symbol shared by objects of different instruction sets: $(echo "$symbol" | c++filt)" >&2
        failed=1
    fi
done <"$work/shared"
echo "$(wc -l <"$work/shared") weak symbols of $kernels are shared with other objects"
[ -z "$failed" ]
