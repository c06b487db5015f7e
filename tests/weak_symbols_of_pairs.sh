#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Whether weak_symbols.sh finds what it looks for: pairs of objects that share one inline function, one
# of them compiled for a larger instruction set. Each must be found; a pair of the baseline must not.
# Use: sh tests/weak_symbols_of_pairs.sh COMPILER
set -eu
compiler=$1
check=$(dirname "$0")/weak_symbols.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=

# A library of two objects that share shared(), and what the check says of it.
check_pair() { # FLAGS CODE
    printf 'typedef unsigned Words __attribute__((vector_size(16)));\ninline __attribute__((noinline)) %s\n' "$2" >"$work/shared.h"
    printf '#if 0\n#include <hwy/foreach_target.h>\n#endif\n#include "shared.h"\nextern const auto wide = &shared;\n' >"$work/wide.cpp"
    printf '#include "shared.h"\nextern const auto plain = &shared;\n' >"$work/plain.cpp"
    rm -f "$work/pair.a"
    # shellcheck disable=SC2086 # no flag is no word
    "$compiler" -O2 $1 -c "$work/wide.cpp" -o "$work/wide.cpp.o"
    "$compiler" -O2 -c "$work/plain.cpp" -o "$work/plain.cpp.o"
    ar rc "$work/pair.a" "$work/wide.cpp.o" "$work/plain.cpp.o"
    status=0
    sh "$check" "$work" "$work/pair.a" >"$work/said" 2>&1 || status=$?
}

must_be_found() { # FLAGS MNEMONIC CODE
    check_pair "$1" "$3"
    if [ "$status" != 1 ] || ! grep -q "wide.cpp.o shares shared(.*which holds: $2" "$work/said"; then
        echo "not found: $2" >&2
        cat "$work/said" >&2
        failed=1
    fi
}

must_pass() { # CODE
    check_pair '' "$1"
    if [ "$status" != 0 ] || ! grep -q '^1 weak symbols' "$work/said"; then
        echo "refused, but every processor runs it: $1" >&2
        cat "$work/said" >&2
        failed=1
    fi
}

must_be_found -mfma vfmadd 'double shared(double a, double b) { return a * a + b; }'
must_be_found -mbmi2 shlx 'unsigned long shared(unsigned long a, int b) { return a << b; }'
must_be_found -mbmi andn 'unsigned long shared(unsigned long a, unsigned long b) { return ~a & b; }'
must_be_found -mavx vmovdqu 'void shared(int* a, const int* b) { __builtin_memcpy(a, b, 16); }'
must_be_found '-mavx512f -mavx512vl' vprold 'Words shared(Words a) { return a << 5 | a >> 27; }'
must_be_found -mpopcnt popcnt 'int shared(unsigned long a) { return __builtin_popcountl(a); }'
must_be_found -mlzcnt lzcnt 'int shared(unsigned long a) { return __builtin_clzl(a); }'
must_be_found -mbmi tzcnt 'int shared(unsigned long a) { return __builtin_ctzl(a); }'
must_be_found '' haddpd 'void shared() { __asm__("haddpd %%xmm0, %%xmm0" : : : "xmm0"); }'
must_be_found -mssse3 pabsd 'Words shared(Words a) { typedef int Ints __attribute__((vector_size(16))); const Ints b = (Ints)a; return (Words)(b < 0 ? -b : b); }'
must_be_found -msse4.1 roundsd 'double shared(double a) { return __builtin_floor(a); }'
must_be_found -msse4.1 pminud 'Words shared(Words a, Words b) { return a < b ? a : b; }'
must_be_found '' ptest 'void shared() { __asm__("ptest %%xmm0, %%xmm0" : : : "cc"); }'
must_be_found '' crc32 'void shared() { __asm__("crc32l %%eax, %%edx" : : : "edx"); }'
must_pass 'float shared(float a, float b, float c, float d) { return a * b + c * d; }' # xmm2
must_pass 'void shared(int* a, const int* b) { __builtin_memcpy(a, b, 16); }'
must_pass 'int shared(unsigned short* a) { __asm__("verr %0" : : "m"(*a)); return __sync_fetch_and_add(a, 1); }'
[ -z "$failed" ] && echo "every pair was judged rightly"
