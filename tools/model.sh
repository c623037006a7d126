#!/bin/sh
# model.sh - checks every model in model/ with spin, and that each bug planted there is found.
# SPDX-License-Identifier: BSD-3-Clause
#
# usage: tools/model.sh [FILE.pml ...]
#
# In the head comment of a model each line `model: FLAGS` is a variant that must hold and each line
# `bug: FLAGS  what it is` one that must fail. Exit status: 0 all as it must be, 1 not, 2 no spin.

command -v spin > /dev/null || { echo "spin is not installed: make deps-ci"; exit 2; }
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
[ $# -gt 0 ] || set -- model/*.pml

# check FILE FLAGS: 0 no error, 1 an error, 2 not checked
check() {
    model=$(realpath "$1")
    cd "$dir" && rm -f pan* ./*.trail ./*.log || return 2
    # shellcheck disable=SC2086 # several flags
    if spin $2 -a "$model" > spin.log 2>&1 &&
        ${CC:-gcc} -O2 -w -DSAFETY -DCOLLAPSE -DVECTORSZ=2048 -DMEMLIM=6000 -o pan pan.c 2> cc.log; then
        timeout 600 ./pan -m1000000 > pan.log 2>&1
    else
        cat ./*.log
    fi
    cd - > /dev/null || return 2
    [ -f "$dir/pan.log" ] || return 2
    grep -q 'max search depth too small\|reached -DMEMLIM' "$dir/pan.log" && return 2
    grep -q 'errors: 0' "$dir/pan.log" && return 0
    grep -q 'errors: 1' "$dir/pan.log" && return 1
    return 2
}

say() { printf '  %-10s %-16s %s\n' "$1" "$(basename "$2")" "$3"; }

bad=0
for file; do
    while read -r kind flags; do
        flags=$(echo "$flags" | grep -o -- '^\(-D[A-Z_0-9=]* *\)*')
        check "$file" "$flags"
        case $kind$? in
        model:0) say holds "$file" "$flags $(grep -o '[0-9.e+]* states, stored' "$dir/pan.log")" ;;
        bug:1) say found "$file" "$flags" ;;
        *) say WRONG "$file" "$kind $flags" && bad=1 ;;
        esac
    done <<LINES
$(sed -n 's/^ \* \(model:\|bug:\) /\1 /p' "$file")
LINES
done
exit $bad
