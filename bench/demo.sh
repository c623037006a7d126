#!/bin/sh
# demo.sh - this machine, and how two kernels and a foreign program scale on it.
# SPDX-License-Identifier: BSD-3-Clause
#
#     bench/demo.sh BUILD_DIR
#
# GNU sort stands for a program that nobody here wrote. Its input is text that the machine has anyway,
# gathered in one temporary file that is removed at the end, also after Ctrl-C. Its sorted output goes
# to weft, which compares all of it between thread counts. The records of the studies stay in BUILD_DIR.
set -eu

build=${1:?usage: demo.sh BUILD_DIR}
weft=$build/weft
text_bytes=60000000
export LC_ALL=C # sort compares bytes: the same work in every language

say() { printf '\n-- %s\n' "$1"; }
show() {
    printf '$ weft %s\n' "$*"
    "$weft" "$@"
}

gather_text() {
    find /usr/include /usr/share -type f \
        \( -name '*.h' -o -name '*.p[lm]' -o -name '*.txt' -o -name '*.py' -o -name copyright \) \
        -exec cat {} + 2>/dev/null | head -c "$text_bytes" >"$1"
}

text=$(mktemp "${TMPDIR:-/tmp}/weft-demo.XXXXXX")
trap 'rm -f "$text"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

say 'the machine, what limits its use, and where threads go'
show topo

say "memory bandwidth, and counting the words of text: two of weft's kernels"
show scale triad wordcount -n 32M --rounds 7 --json "$build/demo-kernels.json"

gather_text "$text"
say "a program nobody here wrote: GNU sort over $(($(wc -c <"$text") / 1000000)) MB of the machine's text"
show scale --rounds 7 --json "$build/demo-sort.json" -- sort '--parallel={threads}' "$text"

say 'every sample, with the state of the machine'
printf '%s\n' "$build/demo-kernels.json" "$build/demo-sort.json"
