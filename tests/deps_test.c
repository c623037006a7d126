/* deps_test.c - tools/deps.sh: what it installs, with whom, and what it says when it cannot.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * It runs with a path of its own, where pkg-config finds nothing and the package managers are scripts
 * that only print how they were called. */
#include <stdio.h>
#include <string.h>

#include "program.h"
#include "suites.h"

static const char setting[] =
    "d=$(mktemp -d) && trap 'rm -rf \"$d\"' EXIT\n"
    "for t in sh awk grep sort tr cat cc env; do ln -s \"$(command -v $t)\" \"$d\"; done\n"
    "fake() { printf '#!/bin/sh\\n%s\\n' \"$2\" >\"$d/$1\" && chmod +x \"$d/$1\"; }\n"
    "fake pkg-config 'exit 1'\n"
    "fake id 'echo 0'\n";

/* Runs deps.sh after more lines of setting. */
static said deps(const char *more)
{
    char script[2000];
    snprintf(script, sizeof script, "%s%s\nPATH=$d tools/deps.sh build", setting, more);
    char *argv[] = { "sh", "-c", script, NULL };
    return program_run(argv, NULL);
}

static void nothing_is_said_when_all_is_there(void)
{
    char *argv[] = { "tools/deps.sh", "build", NULL };
    said s = program_run(argv, NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, "");
    ASSERT_TEXT(s.err, "");
    said_free(&s);
}

static const char by_hand[] = "still missing; install by hand (in brackets the Debian package):\n"
                              "  hwloc (libhwloc-dev)\n"
                              "  cunit (libcunit1-dev)\n"
                              "  jansson (libjansson-dev)\n";

static void without_a_package_manager_it_says_what_is_missing(void)
{
    said s = deps("");
    CU_ASSERT_EQUAL(s.status, 1);
    ASSERT_TEXT(s.out, "");
    ASSERT_TEXT(s.err, by_hand);
    said_free(&s);
}

static void each_package_manager_is_asked_for_its_own_names(void)
{
    static const struct {
        const char *fake, *call;
    } managers[] = {
        { "fake dnf 'echo dnf \"$@\"'",
          "dnf install -y -q CUnit-devel hwloc-devel jansson-devel\n" },
        { "fake pacman 'echo pacman \"$@\"'",
          "pacman -Sy --noconfirm --needed cunit hwloc jansson\n" },
        { "fake zypper 'echo zypper \"$@\"'",
          "zypper --non-interactive --quiet install cunit-devel hwloc-devel libjansson-devel\n" },
    };
    for (size_t k = 0; k < COUNT(managers); k++) {
        said s = deps(managers[k].fake);
        CU_ASSERT_PTR_NOT_NULL(strstr(s.out, managers[k].call));
        CU_ASSERT_EQUAL(s.status, 1);
        ASSERT_TEXT(s.err, by_hand);
        said_free(&s);
    }
}

static void who_is_not_root_goes_through_sudo(void)
{
    said s = deps("fake id 'echo 1000'\nfake dnf 'echo never'\nfake sudo 'echo sudo \"$@\"'");
    CU_ASSERT_PTR_NOT_NULL(
        strstr(s.out, "sudo dnf install -y -q CUnit-devel hwloc-devel jansson-devel\n"));
    CU_ASSERT_PTR_NULL(strstr(s.out, "never"));
    said_free(&s);
}

static void without_sudo_nothing_is_installed(void)
{
    said s = deps("fake id 'echo 1000'\nfake dnf 'echo never'");
    CU_ASSERT_PTR_NULL(strstr(s.out, "never"));
    CU_ASSERT_EQUAL(s.status, 1);
    ASSERT_TEXT(s.err, by_hand);
    said_free(&s);
}

CU_TestInfo deps_tests[] = {
    { "nothing_is_said_when_all_is_there", nothing_is_said_when_all_is_there },
    { "without_a_package_manager_it_says_what_is_missing",
      without_a_package_manager_it_says_what_is_missing },
    { "each_package_manager_is_asked_for_its_own_names",
      each_package_manager_is_asked_for_its_own_names },
    { "who_is_not_root_goes_through_sudo", who_is_not_root_goes_through_sudo },
    { "without_sudo_nothing_is_installed", without_sudo_nothing_is_installed },
    CU_TEST_INFO_NULL,
};
