/* example_test.c - every program of examples/ runs as it stands and prints what it promises.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The examples mostly sleep, so all of them run side by side, and the tests look at what came. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include <weft.h>

#include "program.h"
#include "suites.h"

static const double late_most = 3; /* seconds; the machine may be busy */

/* A program, its argument, and how long it must take, in seconds. */
static struct example {
    const char *name, *argument;
    double seconds;
    started run;
    double start, took;
    said said;
} examples[] = {
    { .name = "accumulate" },
    { .name = "first" },
};

enum { example_count = sizeof examples / sizeof *examples };

static void start(struct example *e)
{
    char path[64];
    snprintf(path, sizeof path, "examples/%s", e->name);
    char *argv[] = { (char *)built(path), (char *)e->argument, NULL };
    e->start = weft_now();
    e->run = program_start(argv, NULL);
}

static void wait_for_all(void)
{
    struct pollfd ends[example_count];
    for (size_t k = 0; k < example_count; k++)
        ends[k] = (struct pollfd){ pidfd_open(examples[k].run.process, 0), POLLIN, 0 };
    for (size_t left = example_count; left > 0;) {
        poll(ends, example_count, -1);
        for (size_t k = 0; k < example_count; k++)
            if (ends[k].revents) {
                examples[k].took = weft_now() - examples[k].start;
                close(ends[k].fd);
                ends[k] = (struct pollfd){ .fd = -1 };
                left--;
            }
    }
}

static void run_all(void)
{
    for (size_t k = 0; k < example_count; k++)
        start(&examples[k]);
    wait_for_all();
    for (size_t k = 0; k < example_count; k++)
        examples[k].said = program_end(&examples[k].run);
}

static const struct example *example(const char *name)
{
    static bool ran;
    if (!ran)
        run_all();
    ran = true;
    for (size_t k = 0; k < example_count; k++)
        if (strcmp(examples[k].name, name) == 0)
            return &examples[k];
    abort();
}

static const char *out(const char *name) { return example(name)->said.out; }

static void every_example_ends_well_and_in_its_time(void)
{
    (void)example("accumulate");
    for (size_t k = 0; k < example_count; k++) {
        const struct example *const e = &examples[k];
        const bool good = e->said.status == 0 && e->said.err[0] == '\0' && e->took >= e->seconds &&
                          e->took < e->seconds + late_most;
        if (!good)
            printf("%s: status %d after %.2f s\n%s%s\n", e->name, e->said.status, e->took,
                   e->said.out, e->said.err);
        CU_ASSERT_TRUE(good);
    }
}

/* ---- algorithms ---- */

/* The text that an example prints when it runs on so many threads; freed by the caller. */
static char *on_threads(const char *name, const char *threads)
{
    char path[64], variable[40];
    snprintf(path, sizeof path, "examples/%s", name);
    snprintf(variable, sizeof variable, "WEFT_NUM_THREADS=%s", threads);
    char *argv[] = { (char *)built(path), NULL };
    said s = program_run(argv, (const char *[]){ variable, NULL });
    free(s.err);
    return s.out;
}

static void assert_same_on_all_teams(const char *name)
{
    static const char *const teams[] = { "1", "2", "3", "7" };
    for (size_t k = 0; k < sizeof teams / sizeof *teams; k++) {
        char *const text = on_threads(name, teams[k]);
        ASSERT_TEXT(text, out(name));
        free(text);
    }
}

static void accumulate_prints_the_serial_moments(void)
{
    enum { n = 1000 * 1000 };
    double mean = 0, m2 = 0, got_n = 0, got_mean = 0, got_variance = 0;
    for (size_t i = 0; i < n; i++) {
        const double x = (double)((i * 2654435761u) % 1000), d = x - mean;
        mean += d / (double)(i + 1), m2 += d * (x - mean);
    }
    CU_ASSERT_EQUAL(
        sscanf(out("accumulate"), "n %lf mean %lf variance %lf", &got_n, &got_mean, &got_variance),
        3);
    CU_ASSERT_EQUAL(got_n, n);
    CU_ASSERT_DOUBLE_EQUAL(got_mean, mean, 1e-12 * mean);
    CU_ASSERT_DOUBLE_EQUAL(got_variance, m2 / n, 1e-12 * m2 / n);
}

static void accumulate_prints_the_same_on_all_teams(void)
{
    assert_same_on_all_teams("accumulate");
}

static void first_prints_the_same_on_all_teams(void) { assert_same_on_all_teams("first"); }

CU_TestInfo example_tests[] = {
    { "every_example_ends_well_and_in_its_time", every_example_ends_well_and_in_its_time },
    { "first_prints_the_same_on_all_teams", first_prints_the_same_on_all_teams },
    { "accumulate_prints_the_serial_moments", accumulate_prints_the_serial_moments },
    { "accumulate_prints_the_same_on_all_teams", accumulate_prints_the_same_on_all_teams },
    CU_TEST_INFO_NULL,
};
