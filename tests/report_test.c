/* report_test.c - from given samples to the words of a report.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Nothing is measured here: times are made up, so every figure can be checked by hand. */
#include "cli/report.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "launch.h"
#include "made_up.h"
#include "suites.h"

/* The whole report. */
static char reported[8000];

static void report(const made_up *m)
{
    FILE *f = fmemopen(reported, sizeof reported, "w");
    analysis a = analysis_of(m->points, m->study.count);
    report_command(f, &m->study, &a, &(warnings){ 0 });
    analysis_free(&a);
    fclose(f);
}

/* The table, with its head. */
static void expect_table(const made_up *m, const char *expected)
{
    report(m);
    char *table = strstr(reported, "\nthreads"), *below = strstr(reported, "fastest: ");
    CU_ASSERT_FATAL(table && below);
    *below = '\0';
    ASSERT_TEXT(table + 1, expected);
}

/* What stands below it. */
static void expect_below(const made_up *m, const char *expected)
{
    report(m);
    const char *below = strstr(reported, "fastest: ");
    CU_ASSERT_PTR_NOT_NULL_FATAL(below);
    ASSERT_TEXT(below, expected);
}

/* ---- the table ---- */

static const char intervals[] =
    "intervals: 95 %, of the median by order statistics, of the speedup by bootstrap\n";

/* What stands above the table. */
static void expect_head(const made_up *m, const char *rounds, const char *base)
{
    char expected[500];
    snprintf(expected, sizeof expected,
             "a.out\n%s\n%sspeedup: against %s of the same program; busy: CPUs used\n", rounds,
             intervals, base);
    report(m);
    reported[strlen(expected)] = '\0';
    ASSERT_TEXT(reported, expected);
}

static void a_table_follows_from_samples(void)
{
    made_up m;
    make_up_one_two_four(&m);
    expect_table(&m, "threads  median   interval  speedup   interval   eff.  busy  output\n"
                     "      1  8.10 s  7.90-8.30     1.00          -  100 %  1.00    same\n"
                     "      2  4.10 s  4.00-4.30     1.98  1.90-2.02   99 %  2.00    same\n"
                     "      4  3.00 s  2.90-3.20     2.70  2.58-2.73   68 %  4.00    same\n");
}

static void reported_times_replace_wall_times_and_bytes_give_a_rate(void)
{
    made_up m;
    make_up_one_two_four(&m);
    for (size_t k = 0; k < 3; k++)
        for (size_t r = 0; r < 7; r++) {
            sample *s = &m.samples[k][r];
            s->seconds = 0.001 * s->wall, s->cpu = 0.002 * s->wall, s->bytes = 8.1e6;
        }
    expect_table(
        &m, "threads   median   interval  speedup   interval   eff.       rate  busy  output\n"
            "      1  8.10 ms  7.90-8.30     1.00          -  100 %  1.00 GB/s  2.00    same\n"
            "      2  4.10 ms  4.00-4.30     1.98  1.90-2.02   99 %  1.98 GB/s  2.00    same\n"
            "      4  3.00 ms  2.90-3.20     2.70  2.58-2.73   68 %  2.70 GB/s  2.00    same\n");
}

static void operations_give_a_rate_where_bytes_do_not(void)
{
    made_up m;
    make_up_one_two_four(&m);
    for (size_t k = 0; k < 3; k++)
        for (size_t r = 0; r < 7; r++)
            m.samples[k][r].items = 5, m.samples[k][r].flops = 8.1e9;
    expect_table(
        &m, "threads  median   interval  speedup   interval   eff.       rate  busy  output\n"
            "      1  8.10 s  7.90-8.30     1.00          -  100 %  1.00 GF/s  1.00    same\n"
            "      2  4.10 s  4.00-4.30     1.98  1.90-2.02   99 %  1.98 GF/s  2.00    same\n"
            "      4  3.00 s  2.90-3.20     2.70  2.58-2.73   68 %  2.70 GF/s  4.00    same\n");
}

static void items_give_a_rate_where_nothing_else_does(void)
{
    made_up m;
    make_up_one_two_four(&m);
    for (size_t k = 0; k < 3; k++)
        for (size_t r = 0; r < 7; r++)
            m.samples[k][r].items = 8.1e6;
    expect_table(&m,
                 "threads  median   interval  speedup   interval   eff.      rate  busy  output\n"
                 "      1  8.10 s  7.90-8.30     1.00          -  100 %  1.00 M/s  1.00    same\n"
                 "      2  4.10 s  4.00-4.30     1.98  1.90-2.02   99 %  1.98 M/s  2.00    same\n"
                 "      4  3.00 s  2.90-3.20     2.70  2.58-2.73   68 %  2.70 M/s  4.00    same\n");
}

static void too_few_rounds_have_no_interval_in_the_table(void)
{
    made_up m;
    static const double times[][made_up_rounds] = { { 6 } };
    make_up(&m, 1, 1, (const size_t[]){ 1 }, times);
    expect_table(&m, "threads  median  interval  speedup  interval   eff.  busy  output\n"
                     "      1  6.00 s         -     1.00         -  100 %  1.00    same\n");
}

/* ---- what stands above ---- */

static void the_head_says_what_was_timed_and_why_it_stopped(void)
{
    made_up m;
    make_up_one_two_four(&m);
    expect_head(&m, "7 rounds after 1 to warm up, as asked; times: of the whole process",
                "1 thread");
    m.study.end = study_precise, m.study.precision = 0.02;
    expect_head(&m, "7 rounds after 1 to warm up, until within 2 %; times: of the whole process",
                "1 thread");
    m.study.end = study_over_time, m.study.budget = 30;
    expect_head(&m,
                "7 rounds after 1 to warm up, until 30 s were over; times: of the whole process",
                "1 thread");
    m.study.end = study_cut;
    expect_head(&m, "7 rounds after 1 to warm up, until interrupted; times: of the whole process",
                "1 thread");
}

static void the_head_names_the_base(void)
{
    made_up m;
    static const double times[][made_up_rounds] = { { 6, 6 }, { 3, 3 } };
    make_up(&m, 2, 2, (const size_t[]){ 4, 16 }, times);
    expect_head(&m, "2 rounds after 1 to warm up, as asked; times: of the whole process",
                "4 threads");
}

/* ---- what stands below ---- */

static void what_follows_stands_below_the_table(void)
{
    made_up m;
    make_up_one_two_four(&m);
    expect_below(&m,
                 "fastest: 4 threads, 3.00 s\n"
                 "most threads at 70 % efficiency or better: 2\n"
                 "Amdahl's law: 11.5 % serial (95 %: 10.7 to 14.2 %)\n"
                 "Karp and Flatt: 1.2 % serial with 2 threads, 16.0 % with 4\n"
                 "USL is not fitted: it takes 5 thread counts with a core for each, here are 3\n"
                 "threads seen: with 1, with 2, with 4: it ended before a look\n");
}

static void counts_that_may_be_as_fast_are_named(void)
{
    made_up m;
    static const double times[][made_up_rounds] = { { 8, 8, 8, 8, 8, 8 },
                                                    { 4, 5, 4, 5, 4, 5 },
                                                    { 5, 4, 4, 4, 5, 5 } };
    make_up(&m, 6, 3, (const size_t[]){ 1, 2, 4 }, times);
    expect_below(&m,
                 "fastest: 2 threads, 4.50 s (as fast, for all we know: 4)\n"
                 "most threads at 70 % efficiency or better: 2\n"
                 "Amdahl's law: 32.7 % serial (95 %: 23.1 to 42.3 %)\n"
                 "Karp and Flatt: 12.5 % serial with 2 threads, 41.7 % with 4\n"
                 "USL is not fitted: it takes 5 thread counts with a core for each, here are 3\n"
                 "threads seen: with 1, with 2, with 4: it ended before a look\n");
}

static void five_counts_are_enough_for_the_scalability_law(void)
{
    made_up m;
    double times[5][made_up_rounds];
    for (size_t k = 0; k < 5; k++) /* contention 0.1, coherency 0.01 */
        for (size_t r = 0; r < 6; r++) {
            const double p = (double)k + 1;
            times[k][r] = 12 * (1 + 0.1 * (p - 1) + 0.01 * p * (p - 1)) / p;
        }
    make_up(&m, 6, 5, (const size_t[]){ 1, 2, 3, 4, 5 }, times);
    expect_below(&m,
                 "fastest: 5 threads, 3.84 s\n"
                 "most threads at 70 % efficiency or better: 4\n"
                 "Amdahl's law: 13.8 % serial (95 %: 13.8 to 13.8 %)\n"
                 "Karp and Flatt: 12.0 % serial with 2 threads, 13.0 % with 3, ..., 15.0 % with 5\n"
                 "USL: contention 0.1, coherency 0.01, off by 0.0 %; peak at 9 threads\n"
                 "threads seen: with 1, with 2, ..., with 5: it ended before a look\n");
}

static void laws_are_refused_without_the_time_of_one_thread(void)
{
    made_up m;
    static const double times[][made_up_rounds] = { { 6, 6 }, { 3, 3 } };
    make_up(&m, 2, 2, (const size_t[]){ 4, 16 }, times);
    expect_below(&m, "fastest: 16 threads, 3.00 s\n"
                     "most threads at 70 % efficiency or better: 4\n"
                     "no law is fitted: that takes the time with 1 thread\n"
                     "threads seen: with 4, with 16: it ended before a look\n");
}

static void what_was_seen_is_said_for_each_kind_of_binding(void)
{
    made_up m;
    make_up_one_two_four(&m);
    weft_cpus places[4] = { { { 0 } } };
    for (size_t k = 0; k < 4; k++)
        weft_cpus_add(&places[k], k);
    for (size_t k = 0; k < 3; k++) {
        point *p = &m.points[k];
        p->places = places;
        p->seen =
            (watcher){ .places = places, .count = p->threads, .looks = 9, .threads = p->threads };
        p->seen.allowed = launch_union(places, p->threads);
        p->seen.held = k < 2 ? p->threads : 0;
    }
    expect_below(&m,
                 "fastest: 4 threads, 3.00 s\n"
                 "most threads at 70 % efficiency or better: 2\n"
                 "Amdahl's law: 11.5 % serial (95 %: 10.7 to 14.2 %)\n"
                 "Karp and Flatt: 1.2 % serial with 2 threads, 16.0 % with 4\n"
                 "USL is not fitted: it takes 5 thread counts with a core for each, here are 3\n"
                 "threads seen: 1 of 1, 2 of 2: each bound to a place of its own;\n"
                 "  4 of 4: bound to all their places together\n");
}

/* ---- failure ---- */

static void expect_failure(const sample *failure, const char *words, const char *expected)
{
    made_up m;
    make_up_one_two_four(&m);
    m.study.failed = &m.points[1];
    m.study.failure = *failure;
    m.study.timeout = 2.5;
    snprintf(m.study.words.text, sizeof m.study.words.text, "%s", words);
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    report_failure(f, &m.study);
    fclose(f);
    ASSERT_TEXT(text, expected);
    free(text);
}

static void a_failure_names_count_command_and_reason(void)
{
    expect_failure(&(sample){ .status = 3 << 8 }, "no\n\nlast",
                   "weft: failed with 2 threads: a.out: exit status 3\n    no\n    \n    last\n");
    expect_failure(&(sample){ .status = SIGKILL }, "",
                   "weft: failed with 2 threads: a.out: ended by signal 9 (Killed)\n");
    expect_failure(&(sample){ .exec_error = ENOENT }, "",
                   "weft: failed with 2 threads: a.out: cannot be started: "
                   "No such file or directory\n");
}

static void a_timeout_counts_more_than_the_signal_that_ended_it(void)
{
    expect_failure(&(sample){ .end = child_timed_out, .status = SIGKILL }, "",
                   "weft: failed with 2 threads: a.out: took longer than --timeout 2.5\n");
}

CU_TestInfo report_tests[] = {
    { "a_table_follows_from_samples", a_table_follows_from_samples },
    { "reported_times_replace_wall_times_and_bytes_give_a_rate",
      reported_times_replace_wall_times_and_bytes_give_a_rate },
    { "operations_give_a_rate_where_bytes_do_not", operations_give_a_rate_where_bytes_do_not },
    { "items_give_a_rate_where_nothing_else_does", items_give_a_rate_where_nothing_else_does },
    { "too_few_rounds_have_no_interval_in_the_table",
      too_few_rounds_have_no_interval_in_the_table },
    { "the_head_says_what_was_timed_and_why_it_stopped",
      the_head_says_what_was_timed_and_why_it_stopped },
    { "the_head_names_the_base", the_head_names_the_base },
    { "what_follows_stands_below_the_table", what_follows_stands_below_the_table },
    { "counts_that_may_be_as_fast_are_named", counts_that_may_be_as_fast_are_named },
    { "five_counts_are_enough_for_the_scalability_law",
      five_counts_are_enough_for_the_scalability_law },
    { "laws_are_refused_without_the_time_of_one_thread",
      laws_are_refused_without_the_time_of_one_thread },
    { "what_was_seen_is_said_for_each_kind_of_binding",
      what_was_seen_is_said_for_each_kind_of_binding },
    { "a_failure_names_count_command_and_reason", a_failure_names_count_command_and_reason },
    { "a_timeout_counts_more_than_the_signal_that_ended_it",
      a_timeout_counts_more_than_the_signal_that_ended_it },
    CU_TEST_INFO_NULL,
};
