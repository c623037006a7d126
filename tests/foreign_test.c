/* foreign_test.c - programs that nobody here wrote, where they are installed: their threads are counted and
 * their places seen in /proc.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * `make deps-ci` installs them. What is missing is said to be missing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft/machine.h>

#include "recorded.h"
#include "suites.h"

static bool is_here(const char *program)
{
    char script[80];
    snprintf(script, sizeof script, "command -v %s", program);
    said s = program_run((char *const[]){ "sh", "-c", script, NULL }, NULL);
    if (s.status)
        printf("  %s is not installed: its test is left out (make deps-ci)\n", program);
    const bool here = s.status == 0;
    said_free(&s);
    return here;
}

static bool two_places(void)
{
    const weft_limits *l = weft_machine_limits(weft_machine_this());
    return l->can_bind && weft_cpus_count(&l->allowed) >= 2;
}

/* A study with 1 and 2 threads, each on a CPU. */
static json_t *study(const char *command)
{
    char arguments[400];
    snprintf(arguments, sizeof arguments, "-t 1,2 --rounds 1 --warmup 0 --place %s -- %s",
             two_places() ? "compact" : "none", command);
    return recorded(arguments, NULL, 0, NULL);
}

static void reaches(json_t *r, size_t point, double threads)
{
    char path[80];
    snprintf(path, sizeof path, "studies/0/points/%zu/placement/seen/threads", point);
    if (json_number(r, path) != threads)
        printf("  %g threads were seen, not %g\n", json_number(r, path), threads);
    CU_ASSERT_EQUAL(json_number(r, path), threads);
}

static void is_bound(json_t *r, size_t point, const char *how)
{
    char path[80];
    snprintf(path, sizeof path, "studies/0/points/%zu/placement/verified", point);
    if (two_places())
        ASSERT_TEXT(json_text(r, path), how);
}

/* OpenMP, and the number as an argument. */
static void primecount_has_a_thread_on_each_place(void)
{
    if (!is_here("primecount"))
        return;
    json_t *r = study("primecount 3e12 --threads={threads}");
    reaches(r, 0, 1), is_bound(r, 0, "each");
    reaches(r, 1, 2), is_bound(r, 1, "each");
    ASSERT_TEXT(json_text(r, "studies/0/points/1/output"), "same");
    json_decref(r);
}

/* pthreads: a main thread that feeds as many workers as there are blocks, up to the number. */
static void xz_keeps_its_workers_within_its_places(void)
{
    char path[] = "/tmp/weft-test-XXXXXX", command[200];
    if (!is_here("xz"))
        return;
    const int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0);
    CU_ASSERT_EQUAL(ftruncate(fd, 30000000), 0);
    snprintf(command, sizeof command, "xz -1 --block-size=5000000 -T{threads} -k -c %s", path);
    json_t *r = study(command);
    reaches(r, 0, 1), is_bound(r, 0, "each");
    reaches(r, 1, 3), is_bound(r, 1, "shared");
    json_decref(r);
    close(fd), unlink(path);
}

/* OpenMP, and the number from the environment alone. */
static void graphicsmagick_has_a_thread_on_each_place(void)
{
    if (!is_here("gm"))
        return;
    json_t *r = study("gm convert -size 900x900 plasma:fractal -blur 0x8 -depth 8 ppm:/dev/null");
    reaches(r, 0, 1), is_bound(r, 0, "each");
    reaches(r, 1, 2), is_bound(r, 1, "each");
    json_decref(r);
}

CU_TestInfo foreign_tests[] = {
    { "primecount_has_a_thread_on_each_place", primecount_has_a_thread_on_each_place },
    { "xz_keeps_its_workers_within_its_places", xz_keeps_its_workers_within_its_places },
    { "graphicsmagick_has_a_thread_on_each_place", graphicsmagick_has_a_thread_on_each_place },
    CU_TEST_INFO_NULL,
};
