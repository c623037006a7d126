/* report_test.c - from given samples to the words of a report.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Nothing is measured here: times are made up, so every figure can be checked by hand. */
#include "report.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "result.h"
#include "suites.h"
#include "warnings.h"

enum { rounds_most = 5, points_most = 4 };

/* A study whose samples are all made up. */
typedef struct made_up {
    study study;
    point points[points_most];
    sample samples[points_most][rounds_most];
} made_up;

/* Every sample of a point: its wall time, one CPU a thread, the same output, nothing reported. */
static void make_up(made_up *m, size_t rounds, size_t count, const size_t *threads,
                    const double times[][rounds_most])
{
    *m = (made_up){ .study = { .points = m->points,
                               .count = count,
                               .rounds = rounds,
                               .warmups = 1,
                               .done = rounds,
                               .others = NAN } };
    for (size_t k = 0; k < count; k++) {
        m->points[k] = (point){ .title = "a.out",
                                .told = true,
                                .threads = threads[k],
                                .samples = m->samples[k],
                                .count = rounds };
        for (size_t r = 0; r < rounds; r++) {
            const double t = times[k][r];
            m->samples[k][r] = (sample){ .wall = t,
                                         .user = t * (double)threads[k],
                                         .seconds = NAN,
                                         .cpu = NAN,
                                         .bytes = NAN,
                                         .hash = 7 };
        }
    }
}

static void one_two_four(made_up *m)
{
    static const double times[][rounds_most] = { { 8.0, 8.1, 8.2, 7.9, 8.3 },
                                                 { 4.1, 4.0, 4.2, 4.3, 4.1 },
                                                 { 3.0, 3.1, 3.0, 3.2, 2.9 } };
    make_up(m, 5, 3, (const size_t[]){ 1, 2, 4 }, times);
}

static void one_alone(made_up *m, double seconds)
{
    const double times[][rounds_most] = { { seconds, seconds } };
    make_up(m, 2, 1, (const size_t[]){ 1 }, times);
}

static void expect_report(const made_up *m, const char *expected)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    report_command(f, &m->study, m->points, m->study.count);
    fclose(f);
    ASSERT_TEXT(text, expected);
    free(text);
}

/* The warnings of the command and then of the machine. */
static void expect_warnings(const made_up *m, const granted *machine, const char *expected)
{
    char *text = NULL;
    size_t size;
    result results[points_most];
    FILE *f = open_memstream(&text, &size);
    results_of(m->points, m->study.count, results);
    warnings_of_results(f, results, m->study.count);
    warnings_of_machine(f, &m->study, machine);
    fclose(f);
    ASSERT_TEXT(text, expected);
    free(text);
}

static const granted big = { .cores = 8, .cpus = 16, .quota = INFINITY };

/* ---- the table ---- */

static void a_table_follows_from_samples(void)
{
    made_up m;
    one_two_four(&m);
    expect_report(&m, "a.out\n"
                      "5 rounds after 1 to warm up; a time is that of the whole process\n"
                      "spread: half the interquartile range; speedup: against 1 thread\n"
                      "threads  median  spread  speedup  efficiency  CPUs used  output\n"
                      "      1  8.10 s   1.2 %     1.00       100 %       1.00    same\n"
                      "      2  4.10 s   1.2 %     1.98        99 %       2.00    same\n"
                      "      4  3.00 s   1.7 %     2.70        68 %       4.00    same\n"
                      "fastest: 4 threads, 3.00 s; most threads at 70 % efficiency or better: 2\n");
}

static void reported_times_replace_wall_times_and_bytes_give_a_rate(void)
{
    made_up m;
    one_two_four(&m);
    for (size_t k = 0; k < 3; k++)
        for (size_t r = 0; r < 5; r++) {
            sample *s = &m.samples[k][r];
            s->seconds = 0.001 * s->wall, s->cpu = 0.002 * s->wall, s->bytes = 8.1e6;
        }
    expect_report(&m,
                  "a.out\n"
                  "5 rounds after 1 to warm up; a time is that of the measured part, as reported\n"
                  "spread: half the interquartile range; speedup: against 1 thread\n"
                  "threads   median  spread  speedup  efficiency       rate  CPUs used  output\n"
                  "      1  8.10 ms   1.2 %     1.00       100 %  1.00 GB/s       2.00    same\n"
                  "      2  4.10 ms   1.2 %     1.98        99 %  1.98 GB/s       2.00    same\n"
                  "      4  3.00 ms   1.7 %     2.70        68 %  2.70 GB/s       2.00    same\n"
                  "fastest: 4 threads, 3.00 ms; most threads at 70 % efficiency or better: 2\n");
}

static void one_silent_sample_makes_all_of_them_wall_times(void)
{
    made_up m;
    one_two_four(&m);
    result results[3];
    for (size_t k = 0; k < 3; k++)
        for (size_t r = 0; r < 5; r++)
            m.samples[k][r].seconds = 1e-3;
    results_of(m.points, 3, results);
    CU_ASSERT_EQUAL(results[0].time.median, 1e-3);
    m.samples[2][4].seconds = NAN;
    results_of(m.points, 3, results);
    CU_ASSERT_EQUAL(results[0].time.median, 8.1);
}

static void the_base_is_the_least_thread_count(void)
{
    made_up m;
    static const double times[][rounds_most] = { { 6, 6 }, { 3, 3 } };
    make_up(&m, 2, 2, (const size_t[]){ 4, 16 }, times);
    result results[2];
    results_of(m.points, 2, results);
    CU_ASSERT_EQUAL(results[1].speedup, 2);
    CU_ASSERT_EQUAL(results[1].efficiency, 0.5);
}

/* ---- warnings ---- */

static void a_good_study_has_no_warnings(void)
{
    made_up m;
    one_two_four(&m);
    expect_warnings(&m, &big, "");
}

static void one_round_is_warned_about(void)
{
    made_up m;
    static const double times[][rounds_most] = { { 6 }, { 3 } };
    make_up(&m, 1, 2, (const size_t[]){ 1, 2 }, times);
    expect_warnings(&m, &big,
                    "warning: one round shows no spread\n"
                    "  take five or more: --rounds 10 is the default\n");
}

static void one_round_has_no_spread_in_the_table(void)
{
    made_up m;
    static const double times[][rounds_most] = { { 6 } };
    make_up(&m, 1, 1, (const size_t[]){ 1 }, times);
    expect_report(&m, "a.out\n"
                      "1 round after 1 to warm up; a time is that of the whole process\n"
                      "spread: half the interquartile range; speedup: against 1 thread\n"
                      "threads  median  spread  speedup  efficiency  CPUs used  output\n"
                      "      1  6.00 s       -     1.00       100 %       1.00    same\n"
                      "fastest: 1 thread, 6.00 s; most threads at 70 % efficiency or better: 1\n"
                      "warning: one round shows no spread\n"
                      "  take five or more: --rounds 10 is the default\n");
}

static void noise_is_warned_about_where_it_is_worst(void)
{
    made_up m;
    static const double times[][rounds_most] = { { 10, 10, 10, 11, 11 }, { 4, 5, 6, 7, 8 } };
    make_up(&m, 5, 2, (const size_t[]){ 1, 2 }, times);
    expect_warnings(&m, &big,
                    "warning: the spread is 16.7 % with 2 threads\n"
                    "  take more --rounds, or measure again when the machine is quiet\n");
}

static void runs_that_only_start_and_end_are_warned_about(void)
{
    made_up m;
    one_alone(&m, 0.001);
    expect_warnings(&m, &big,
                    "warning: a run of 1.00 ms is mostly the start and end of a process\n"
                    "  give it more work\n");
}

static void a_program_that_does_not_hear_its_number_is_warned_about(void)
{
    made_up m;
    one_two_four(&m);
    for (size_t k = 0; k < 3; k++) {
        m.points[k].told = false;
        for (size_t r = 0; r < 5; r++)
            m.samples[k][r].user = m.samples[k][r].wall;
    }
    expect_warnings(&m, &big,
                    "warning: 1.00 CPUs were busy with 1 thread, 1.00 with 4\n"
                    "  where it takes the number of threads as an argument, write {threads}\n");
}

static void output_that_depends_on_the_threads_is_warned_about(void)
{
    made_up m;
    one_two_four(&m);
    for (size_t r = 0; r < 5; r++)
        m.samples[2][r].hash = 8;
    expect_warnings(&m, &big,
                    "warning: the output with 4 threads is not that with 1\n"
                    "  compare it yourself before you trust the speedup\n");
}

static void output_that_varies_is_warned_about_and_no_difference(void)
{
    made_up m;
    one_two_four(&m);
    m.samples[1][3].hash = 8;
    result results[3];
    results_of(m.points, 3, results);
    CU_ASSERT_EQUAL(results[0].output, output_same);
    CU_ASSERT_EQUAL(results[1].output, output_varies);
    CU_ASSERT_EQUAL(results[2].output, output_same);
    expect_warnings(&m, &big,
                    "warning: the output varies from run to run with 2 threads\n"
                    "  is there a time, a seed or the name of a temporary file in it?\n");
}

static void hardware_threads_are_no_cores(void)
{
    made_up m;
    one_two_four(&m);
    expect_warnings(&m, &(granted){ .cores = 2, .cpus = 4, .quota = INFINITY },
                    "warning: 4 threads share 2 cores\n"
                    "  hardware threads of one core share it: efficiency falls there\n");
}

static void more_threads_than_cpus_take_turns(void)
{
    made_up m;
    one_two_four(&m);
    expect_warnings(&m, &(granted){ .cores = 1, .cpus = 2, .quota = INFINITY },
                    "warning: 4 threads share 1 core\n"
                    "  they take turns: read the table up to that many\n");
}

static void a_small_quota_is_warned_about(void)
{
    made_up m;
    one_two_four(&m);
    expect_warnings(&m, &(granted){ .cores = 8, .cpus = 16, .quota = 2.5 },
                    "warning: 4 threads share a quota of 2.5 CPUs\n"
                    "  they are stopped for a part of the time: raise the quota, or take fewer\n");
}

static void others_on_the_machine_are_warned_about(void)
{
    made_up m;
    one_two_four(&m);
    m.study.others = 1.5;
    expect_warnings(&m, &big, "");
    m.study.others = 1.7;
    expect_warnings(&m, &big,
                    "warning: others used 1.7 of 16 CPUs meanwhile\n"
                    "  measure again when the machine is quiet\n");
}

/* ---- failure ---- */

static void expect_failure(const sample *failure, const char *words, const char *expected)
{
    made_up m;
    one_two_four(&m);
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
    { "one_silent_sample_makes_all_of_them_wall_times",
      one_silent_sample_makes_all_of_them_wall_times },
    { "the_base_is_the_least_thread_count", the_base_is_the_least_thread_count },
    { "a_good_study_has_no_warnings", a_good_study_has_no_warnings },
    { "one_round_is_warned_about", one_round_is_warned_about },
    { "one_round_has_no_spread_in_the_table", one_round_has_no_spread_in_the_table },
    { "noise_is_warned_about_where_it_is_worst", noise_is_warned_about_where_it_is_worst },
    { "runs_that_only_start_and_end_are_warned_about",
      runs_that_only_start_and_end_are_warned_about },
    { "a_program_that_does_not_hear_its_number_is_warned_about",
      a_program_that_does_not_hear_its_number_is_warned_about },
    { "output_that_depends_on_the_threads_is_warned_about",
      output_that_depends_on_the_threads_is_warned_about },
    { "output_that_varies_is_warned_about_and_no_difference",
      output_that_varies_is_warned_about_and_no_difference },
    { "hardware_threads_are_no_cores", hardware_threads_are_no_cores },
    { "more_threads_than_cpus_take_turns", more_threads_than_cpus_take_turns },
    { "a_small_quota_is_warned_about", a_small_quota_is_warned_about },
    { "others_on_the_machine_are_warned_about", others_on_the_machine_are_warned_about },
    { "a_failure_names_count_command_and_reason", a_failure_names_count_command_and_reason },
    { "a_timeout_counts_more_than_the_signal_that_ended_it",
      a_timeout_counts_more_than_the_signal_that_ended_it },
    CU_TEST_INFO_NULL,
};
