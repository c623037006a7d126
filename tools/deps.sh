#!/bin/sh
# deps.sh - installs what weft needs and this machine lacks.
# SPDX-License-Identifier: BSD-3-Clause
#
#     tools/deps.sh GROUP...
#
# build  to build, test and show a demo        ci  for lint, sanitizers, models, foreign programs
# bench  the peers of `make bench-peers`
#
# Does nothing, and says nothing, when all is there. Installs with apt, dnf, pacman or zypper, by sudo
# when not root; where it cannot, it says what is missing and ends with status 1.
#
# A row of the table: group, how to see that it is there, and its package for apt, dnf, pacman and
# zypper ("-": the system has none). To see: cmd:NAME on the path, pkg:NAME by pkg-config, inc:HEADER
# or cxx:HEADER by the compiler, file:PATTERN.
set -eu

table() {
    cat <<'ROWS'
build cmd:cc|gcc                         gcc                  gcc              gcc              gcc
build cmd:pkg-config                     pkg-config           pkgconf          pkgconf          pkg-config
build pkg:hwloc                          libhwloc-dev         hwloc-devel      hwloc            hwloc-devel
build pkg:cunit                          libcunit1-dev        CUnit-devel      cunit            cunit-devel
build pkg:jansson                        libjansson-dev       jansson-devel    jansson          libjansson-devel
build inc:omp.h                          libgomp1             libgomp          gcc-libs         libgomp1
ci    cmd:git                            git                  git              git              git
ci    cmd:clang                          clang                clang            clang            clang
ci    cmd:clang-format                   clang-format         clang-tools-extra clang           clang
ci    file:/usr/lib*/llvm-*/lib/libomp.so|/usr/lib*/libomp.so libomp-dev libomp-devel openmp    libomp-devel
ci    file:/usr/lib*/llvm-*/lib/clang/*/lib/linux/libclang_rt.tsan-*.a|/usr/lib*/clang/*/lib/*/libclang_rt.tsan* libclang-rt-dev compiler-rt compiler-rt clang
ci    cmd:g++                            g++                  gcc-c++          gcc              gcc-c++
ci    cmd:shellcheck                         shellcheck           ShellCheck       shellcheck       ShellCheck
ci    cmd:spin                           spin                 -                -                -
ci    cmd:mandoc                         mandoc               mandoc           mandoc           mandoc
ci    cmd:primecount                     primecount           primecount       primecount       -
ci    cmd:xz                             xz-utils             xz               xz               xz
ci    cmd:gm                             graphicsmagick       GraphicsMagick   graphicsmagick   GraphicsMagick
bench cmd:g++                            g++                  gcc-c++          gcc              gcc-c++
bench cmd:python3                        python3              python3          python           python3
bench cxx:tbb/version.h                  libtbb-dev           tbb-devel        onetbb           tbb-devel
bench inc:pthreadpool.h                  libpthreadpool-dev   pthreadpool-devel -               -
bench pkg:openblas                       libopenblas-dev      openblas-devel   openblas         openblas-devel
bench cxx:hwy/highway.h                  libhwy-dev           highway-devel    highway          -
bench cxx:Random123/philox.h             librandom123-dev     Random123-devel  -                -
bench cxx:concurrentqueue/moodycamel/blockingconcurrentqueue.h|concurrentqueue/blockingconcurrentqueue.h libconcurrentqueue-dev concurrentqueue-devel - -
ROWS
}

each() { # each SEEN A|B|C: true when SEEN holds for one of them
    seen=$1
    set -f
    IFS='|'
    # shellcheck disable=SC2086 # parted at the bars
    set -- $2
    unset IFS
    set +f
    for name; do
        "$seen" "$name" && return 0
    done
    return 1
}

on_path() { command -v "$1" >/dev/null 2>&1; }
in_pkg_config() { pkg-config --exists "$1" 2>/dev/null; }
in_c() { echo "#include <$1>" | ${CC:-cc} -fopenmp -E -x c - >/dev/null 2>&1; }
in_cxx() { echo "#include <$1>" | ${CXX:-c++} -E -x c++ - >/dev/null 2>&1; }
is_file() {
    for file in $1; do
        [ -e "$file" ] && return 0
    done
    return 1
}

is_there() {
    case $1 in
    cmd:*) each on_path "${1#cmd:}" ;;
    pkg:*) each in_pkg_config "${1#pkg:}" ;;
    inc:*) each in_c "${1#inc:}" ;;
    cxx:*) each in_cxx "${1#cxx:}" ;;
    file:*) each is_file "${1#file:}" ;;
    esac
}

column_of() {
    case $1 in
    apt-get) echo 3 ;; dnf) echo 4 ;; pacman) echo 5 ;; zypper) echo 6 ;;
    esac
}

manager() { # the one that is there, or nothing
    for m in apt-get dnf pacman zypper; do
        on_path $m && echo $m && break
    done
    return 0
}

missing_rows() { # what is missing of the groups "$@"
    table | while read -r group test packages; do
        case " $* " in
        *" $group "*) is_there "$test" || echo "$group $test $packages" ;;
        esac
    done
}

install_with() { # install_with MANAGER PACKAGE...
    m=$1
    shift
    root=
    if [ "$(id -u)" != 0 ]; then
        on_path sudo || return 1
        root=sudo
    fi
    case $m in
    apt-get)
        $root apt-get update -qq &&
            $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
        ;;
    dnf) $root dnf install -y -q "$@" ;;
    pacman) $root pacman -Sy --noconfirm --needed "$@" ;;
    zypper) $root zypper --non-interactive --quiet install "$@" ;;
    esac
}

missing=$(missing_rows "$@")
[ -n "$missing" ] || exit 0

m=$(manager)
if [ -n "$m" ]; then
    packages=$(echo "$missing" | awk -v c="$(column_of "$m")" '$c != "-" { print $c }' | sort -u | tr '\n' ' ')
    echo "installing with $m: $packages"
    # shellcheck disable=SC2086 # one word a package
    [ -z "$packages" ] || install_with "$m" $packages || true
    missing=$(missing_rows "$@")
fi
[ -n "$missing" ] || exit 0

echo "still missing; install by hand (in brackets the Debian package):" >&2
echo "$missing" | awk '{ sub(/^[a-z]+:/, "", $2); printf "  %s (%s)\n", $2, $3 }' >&2
# A peer or a model checker that the system does not have is left out by who would use it.
echo "$missing" | grep -q '^build ' && exit 1
case " $* " in
*' ci '*) echo "$missing" | grep -q '^ci cmd:clang' && exit 1 ;;
esac
exit 0
