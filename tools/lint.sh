#!/bin/sh
# lint.sh - what a compiler does not check: form, layers, headers that stand alone, pragmas in place.
# SPDX-License-Identifier: BSD-3-Clause
#
#     tools/lint.sh FILE...     (make lint)
#
# Every check prints what is wrong and the run goes on; the exit status is 1 when anything was.
set -u

CC=${CC:-gcc}
CXX=${CXX:-g++}
bad=0
wrong() {
    printf 'lint: %s\n' "$1" >&2
    bad=1
}

# ---- form -------------------------------------------------------------------------------------

if command -v clang-format >/dev/null; then
    clang-format --dry-run -Werror "$@" || wrong 'not formatted: make format'
else
    wrong 'clang-format is not there: make deps-ci'
fi
grep -L 'SPDX-License-Identifier: BSD-3-Clause' "$@" | grep -v '^examples/' | grep . &&
    wrong 'files without a licence line'

# ---- layers: whose headers a folder may include -----------------------------------------------

layers='
base    base
place   base place
team    base place team
algo    base place team algo
sync    base place sync
exec    base place sync exec
mpi     base place team algo exec mpi
'
echo "$layers" | while read -r layer may; do
    [ -d "src/${layer:-none}" ] || continue
    allowed=$(echo "$may" | tr ' ' '|')
    grep -rnE '^ *# *include "' "src/$layer" --include='*.[ch]' | grep -vE "include \"($allowed)/"
done | grep . && wrong 'a layer includes what stands higher (DESIGN: who may know whom)'
for folder in src/*/; do
    echo "$layers" | grep -q "^$(basename "$folder") " || wrong "$folder is not in the table of layers"
done
grep -rnE '^ *# *include "(\.\./)*(base|place|team|algo|sync|exec|mpi)/' kernels bench tests examples \
    --include='*.[ch]' 2>/dev/null && wrong 'only src/ may include the headers of src/'
grep -nE '^ *# *include <(omp|hwloc|pthread)\.h>' include/weft.h include/weft/*.h &&
    wrong 'public headers include neither omp.h nor hwloc.h nor pthread.h'

# ---- the parallel regions of the library come from two places -------------------------------------

grep -rnE 'omp +parallel' src include --include='*.[ch]' | grep -vE '^[^:]+:[0-9]+: *(/?\*|//)' |
    grep -vE '^(src/team/fork\.c|include/weft/region\.h):' | grep . && wrong 'omp parallel stands in src/team/fork.c and include/weft/region.h only'

# ---- headers stand alone, in C and in C++ ---------------------------------------------------------

for header in include/weft.h include/weft/*.h; do
    for language in 'c -std=gnu11' 'c++ -std=gnu++17'; do
        compiler=$CC
        [ "${language%% *}" = c ] || compiler=$CXX
        command -v "${compiler%% *}" >/dev/null || continue
        # shellcheck disable=SC2086 # a compiler and a language are several words
        printf '#include <%s>\nextern int weft_;\n' "${header#include/}" | $compiler -x $language -Iinclude -fopenmp -Wall -Wextra \
            -Wshadow -Wpedantic -Werror -fsyntax-only - || wrong "$header does not stand alone ($language)"
    done
done

# ---- every block of C in a guide is a file of examples/ --------------------------------------------

blocks=$(mktemp -d)
trap 'rm -rf "$blocks"' EXIT
for guide in README.md docs/*.md; do
    [ -f "$guide" ] || continue
    rm -f "$blocks"/*
    awk -v out="$blocks" -f tools/blocks.awk "$guide"
    for block in "$blocks"/*.c; do
        [ -f "$block" ] || continue
        for example in examples/*.c; do
            cmp -s "$block" "$example" && continue 2
        done
        wrong "$guide: no file of examples/ is its block \"$(head -n 1 "$block")\""
    done
done

# ---- manual pages and scripts ---------------------------------------------------------------------

if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning docs/*.[1-9] || wrong 'a man page is not well formed'
fi
if command -v shellcheck >/dev/null; then
    shellcheck -S warning tools/*.sh bench/*.sh || wrong 'a shell script has a trap in it'
fi

exit $bad
