/* warnings_test.c - what makes the numbers doubtful, and the advice.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Nothing is measured here: times are made up, so every figure can be checked by hand. */
#include "cli/warnings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "launch.h"
#include "made_up.h"
#include "suites.h"

/* The warnings of the command and then of the machine. */
static void expect_warnings(const made_up *m, const granted *machine, const char *expected)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    analysis a = analysis_of(m->points, m->study.count);
    warnings all = { 0 };
    warnings_of_results(&all, &a);
    warnings_of_machine(&all, &m->study, machine);
    warnings_print(f, &all);
    analysis_free(&a);
    fclose(f);
    ASSERT_TEXT(text, expected);
    free(text);
}

static const granted big = { .cores = 8, .cpus = 16, .quota = INFINITY };

static void a_good_study_has_no_warnings(void)
{
    made_up m;
    make_up_one_two_four(&m);
    expect_warnings(&m, &big, "");
}

static void few_rounds_are_warned_about(void)
{
    made_up m;
    static const double times[][made_up_rounds] = { { 6 }, { 3 } };
    make_up(&m, 1, 2, (const size_t[]){ 1, 2 }, times);
    expect_warnings(&m, &big,
                    "warning: 1 round has no 95 % interval\n"
                    "  take six or more: --rounds 10 is the default\n");
}

static void noise_is_warned_about_where_it_is_worst(void)
{
    made_up m;
    static const double times[][made_up_rounds] = { { 10, 10, 10, 11, 11, 11 },
                                                    { 4, 5, 6, 7, 8, 6 } };
    make_up(&m, 6, 2, (const size_t[]){ 1, 2 }, times);
    expect_warnings(&m, &big,
                    "warning: the spread is 12.5 % with 2 threads: half the interquartile range\n"
                    "  take more --rounds, or measure again when the machine is quiet\n");
}

static void runs_that_only_start_and_end_are_warned_about(void)
{
    made_up m;
    static const double times[][made_up_rounds] = { { 1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3 } };
    make_up(&m, 6, 1, (const size_t[]){ 1 }, times);
    expect_warnings(&m, &big,
                    "warning: a run of 1.00 ms is mostly the start and end of a process\n"
                    "  give it more work\n");
}

static void a_program_that_does_not_hear_its_number_is_warned_about(void)
{
    made_up m;
    make_up_one_two_four(&m);
    for (size_t k = 0; k < 3; k++) {
        m.points[k].told = false;
        for (size_t r = 0; r < 7; r++)
            m.samples[k][r].user = m.samples[k][r].wall;
    }
    expect_warnings(&m, &big,
                    "warning: 1.00 CPUs were busy with 1 thread, 1.00 with 4\n"
                    "  where it takes the number of threads as an argument, write {threads}\n");
}

static void output_that_depends_on_the_threads_is_warned_about(void)
{
    made_up m;
    make_up_one_two_four(&m);
    for (size_t r = 0; r < 7; r++)
        m.samples[2][r].hash = 8;
    expect_warnings(&m, &big,
                    "warning: the output with 4 threads is not that with 1\n"
                    "  compare it yourself before you trust the speedup\n");
}

static void output_that_varies_is_warned_about_and_no_difference(void)
{
    made_up m;
    make_up_one_two_four(&m);
    m.samples[1][3].hash = 8;
    expect_warnings(&m, &big,
                    "warning: the output varies from run to run with 2 threads\n"
                    "  is there a time, a seed or the name of a temporary file in it?\n");
}

static void hardware_threads_are_no_cores(void)
{
    made_up m;
    make_up_one_two_four(&m);
    expect_warnings(&m, &(granted){ .cores = 2, .cpus = 4, .quota = INFINITY },
                    "warning: 4 threads share 2 cores\n"
                    "  hardware threads of one core share it: efficiency falls there\n");
}

static void more_threads_than_cpus_take_turns(void)
{
    made_up m;
    make_up_one_two_four(&m);
    expect_warnings(&m, &(granted){ .cores = 1, .cpus = 2, .quota = INFINITY },
                    "warning: 4 threads share 1 core\n"
                    "  they take turns: read the table up to that many\n");
}

static void a_small_quota_is_warned_about(void)
{
    made_up m;
    make_up_one_two_four(&m);
    expect_warnings(&m, &(granted){ .cores = 8, .cpus = 16, .quota = 2.5 },
                    "warning: 4 threads share a quota of 2.5 CPUs\n"
                    "  they are stopped for a part of the time: raise the quota, or take fewer\n");
}

static void others_on_the_machine_are_warned_about(void)
{
    made_up m;
    make_up_one_two_four(&m);
    m.study.after = (load){ .clock = 100, .busy = 150 };
    expect_warnings(&m, &big, "");
    m.study.after.busy = 170;
    expect_warnings(&m, &big,
                    "warning: others used 1.7 of 16 CPUs meanwhile\n"
                    "  measure again when the machine is quiet\n");
}

static void what_the_hypervisor_takes_is_warned_about(void)
{
    made_up m;
    make_up_one_two_four(&m);
    m.study.after = (load){ .clock = 100, .steal = 15 };
    expect_warnings(&m, &big, "");
    m.study.after.steal = 40;
    expect_warnings(&m, &big,
                    "warning: the hypervisor took 0.40 of 16 CPUs meanwhile\n"
                    "  measure again when its host is quiet, or on a machine of your own\n");
}

static void a_quota_that_stopped_threads_is_warned_about(void)
{
    made_up m;
    make_up_one_two_four(&m);
    for (size_t r = 0; r < 7; r++)
        m.samples[0][r].throttled = 0, m.samples[2][r].throttled = 0.5;
    expect_warnings(&m, &big,
                    "warning: the quota stopped threads for 500 ms in an average run with 4 "
                    "threads\n"
                    "  the time is that of the quota: raise it, or take fewer threads\n");
}

/* Ten rounds, each slower than the one before. */
static void a_drift_is_warned_about(void)
{
    made_up m;
    static const double times[][made_up_rounds] = {
        { 8.00, 8.01, 8.02, 8.03, 8.04, 8.05, 8.06, 8.07, 8.08, 8.09 },
        { 4.01, 4.00, 4.02, 4.03, 4.00, 4.01, 4.03, 4.02, 4.01, 4.00 },
    };
    make_up(&m, 10, 2, (const size_t[]){ 1, 2 }, times);
    expect_warnings(&m, &big,
                    "warning: times with 1 thread rise or fall from round to round (p = 8e-05)\n"
                    "  take more --warmup rounds; does it leave more work to each next run?\n");
}

/* ---- what was seen in /proc ---- */

/* Each point was seen with as many threads as asked for, on its places. */
static void make_up_seen(made_up *m, weft_cpus *places)
{
    make_up_one_two_four(m);
    for (size_t k = 0; k < 4; k++) {
        places[k] = (weft_cpus){ { 0 } };
        weft_cpus_add(&places[k], k);
    }
    for (size_t k = 0; k < 3; k++) {
        point *p = &m->points[k];
        p->places = places;
        p->seen = (watcher){ .places = places,
                             .count = p->threads,
                             .looks = 9,
                             .threads = p->threads,
                             .held = p->threads };
        p->seen.allowed = launch_union(places, p->threads);
    }
}

static void threads_on_their_places_are_no_reason_to_doubt(void)
{
    made_up m;
    weft_cpus places[4];
    make_up_seen(&m, places);
    expect_warnings(&m, &big, "");
}

static void missing_threads_are_warned_about(void)
{
    made_up m;
    weft_cpus places[4];
    make_up_seen(&m, places);
    m.points[2].seen.threads = 1;
    expect_warnings(&m, &big,
                    "warning: 1 thread was seen at most where 4 were asked for\n"
                    "  does it know {threads} or OMP_NUM_THREADS? has it work for so many?\n");
    m.points[2].seen.looks = 2; /* they may have come and gone between two looks */
    expect_warnings(&m, &big, "");
}

static void a_binding_that_did_not_hold_is_warned_about(void)
{
    made_up m;
    weft_cpus places[4];
    make_up_seen(&m, places);
    weft_cpus_add(&m.points[1].seen.allowed, 7);
    expect_warnings(&m, &big,
                    "warning: with 2 threads: its threads may run on CPUs 0-1,7, their places are "
                    "0-1\n"
                    "  does it bind its threads itself? turn that off, or take --place none\n");
}

static void threads_that_share_one_cpu_of_many_are_warned_about(void)
{
    made_up m;
    weft_cpus places[4];
    make_up_seen(&m, places);
    m.points[2].seen.huddle = places[3];
    m.points[2].seen.full = 5, m.points[2].seen.crowded = 4;
    expect_warnings(&m, &big,
                    "warning: with 4 threads: its threads may run on CPUs 3, their places are "
                    "0-3\n"
                    "  does it bind its threads itself? turn that off, or take --place none\n");
}

CU_TestInfo warnings_tests[] = {
    { "a_good_study_has_no_warnings", a_good_study_has_no_warnings },
    { "few_rounds_are_warned_about", few_rounds_are_warned_about },
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
    { "what_the_hypervisor_takes_is_warned_about", what_the_hypervisor_takes_is_warned_about },
    { "a_quota_that_stopped_threads_is_warned_about",
      a_quota_that_stopped_threads_is_warned_about },
    { "a_drift_is_warned_about", a_drift_is_warned_about },
    { "threads_on_their_places_are_no_reason_to_doubt",
      threads_on_their_places_are_no_reason_to_doubt },
    { "missing_threads_are_warned_about", missing_threads_are_warned_about },
    { "a_binding_that_did_not_hold_is_warned_about", a_binding_that_did_not_hold_is_warned_about },
    { "threads_that_share_one_cpu_of_many_are_warned_about",
      threads_that_share_one_cpu_of_many_are_warned_about },
    CU_TEST_INFO_NULL,
};
