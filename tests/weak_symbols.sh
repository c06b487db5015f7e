#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where two objects hold the same weak symbol the linker keeps one of them for both. If the one kept
# was compiled for a larger instruction set, the program breaks on processors without it. So: what an
# object with code for several instruction sets (its source includes Highway's foreach_target.h)
# shares with any other object may hold only instructions that every x86-64 processor has.
# Use: sh tests/weak_symbols.sh SOURCES LIBRARY.A [OTHER.A]...
set -eu
sources=$1
library=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() { printf 'weak_symbols: %s\n' "$*" >&2; exit 1; }
weak() { awk 'NF >= 2 && $(NF - 1) ~ /^[WVu]$/ { print $NF }' | sort -u; }

# Mnemonic and operands, one instruction a line, of a function and of what was split from it (.cold,
# .part, …), without prefixes, comments and the names of targets. By section, of which each shared
# function has its own: constructors and destructors have two names for one place.
instructions() { # OBJECT SYMBOL
    objdump -t "$1" | awk -v name="$2" '
        $NF == name || index($NF, name ".") == 1 { for (i = 2; i < NF; ++i) if ($i ~ /^\.text/) print $i }' |
        sort -u | while read -r section; do
        objdump -d --no-show-raw-insn -j "$section" "$1"
    done | sed -nE 's/^ *[0-9a-f]+:\t//; T
        s/ *<.*//; s/ *#.*//
        s/^((lock|rep|repn?[ez]|bnd|notrack|data16|addr32|rex[.A-Z]*|[c-gs]s) +)+//; p'
}

# Beyond SSE2: AVX and all after it (v…, mask registers, registers that are wider or numbered beyond
# 15), then by name the bit manipulations and SSE3, SSSE3, SSE4.1, SSE4.2 and their company.
beyond='^v|^k(add|and|mov|not|or|shift|test|unpck|xn?or)|^\{|%[yz]mm|%xmm(1[6-9]|2[0-9]|3[01])|%k[0-7]'
beyond="$beyond"'|^(andn|bextr|blsi|blsmsk|blsr|bzhi|mulx|pdep|pext|rorx|sarx|shlx|shrx)[wlq]?( |$)'
beyond="$beyond"'|^(popcnt|lzcnt|tzcnt|movbe|adcx|adox|crc32|rdrand|rdseed)[bwlq]*( |$)'
beyond="$beyond"'|^(addsubp[sd]|haddp[sd]|hsubp[sd]|lddqu|mov(d|sh|sl)dup|fisttp[sl]*|monitor|mwait)( |$)'
beyond="$beyond"'|^(pabs[bwd]|palignr|ph(add|sub)(s?w|d)|pmaddubsw|pmulhrsw|pshufb|psign[bwd])( |$)'
beyond="$beyond"'|^(p?blendv?(p[sd]|b|w)|dpp[sd]|extractps|insertps|movntdqa|mpsadbw|packusdw)( |$)'
beyond="$beyond"'|^(pcmp(eq|gt)q|p(ext|ins)r[bdq]|phminposuw|pm(ax|in)(s[bd]|u[wd])|pmov[sz]x[bwdq]+)( |$)'
beyond="$beyond"'|^(pmuldq|pmulld|ptest|round[ps][sd]|pcmp[ei]str[im]|pextrw .*\))'
beyond="$beyond"'|^(aes[a-z0-9]+|pclmul[a-z]+|sha(1|256)[a-z0-9]+|gf2p8[a-z]+|extrq|insertq|movnts[sd])( |$)'

grep -rlE --include='*.cpp' '^ *# *include .*foreach_target\.h' "$sources" >"$work/several" ||
    fail "no source in $sources includes foreach_target.h: is this the right folder?"
failed=
while read -r source; do
    object=$(basename "$source").o
    [ "$(ar t "$library" | grep -cxF "$object")" = 1 ] || fail "$library holds not one $object"
    (cd "$work" && ar x "$library" "$object")
    nm --defined-only "$work/$object" | weak >"$work/ours"
    [ -s "$work/ours" ] || fail "no weak symbols in $object: is this the right library?"
    nm --defined-only "$library" | awk -v skip="$object:" '/:$/ { inside = $0 != skip } inside' >"$work/rest"
    for other in "$@"; do
        nm --defined-only "$other" >>"$work/rest"
    done
    weak <"$work/rest" >"$work/others"
    comm -12 "$work/ours" "$work/others" >"$work/shared"
    while read -r symbol; do
        instructions "$work/$object" "$symbol" >"$work/instructions"
        if grep -E "$beyond" "$work/instructions" | grep -vE '^ver[rw]( |$)' >"$work/found"; then
            echo "weak_symbols: $object shares $(echo "$symbol" | c++filt), which holds: $(head -n 1 "$work/found")" >&2
            failed=1
        elif nm --defined-only "$work/$object" | grep -qE " W $symbol\$" && [ ! -s "$work/instructions" ]; then
            fail "cannot disassemble $symbol of $object"
        fi
    done <"$work/shared"
    echo "$(wc -l <"$work/shared") weak symbols of $object are shared with other objects"
done <"$work/several"
[ -z "$failed" ]
