/* study_test.c - the order of a study, and how it ends.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "study.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "interrupt.h"
#include "suites.h"

enum { points_most = 3 };

/* A study of one command at 1, 2 and 3 threads; the order of its runs as it was seen. */
typedef struct trial {
    study study;
    point points[points_most];
} trial;

static void prepare(trial *t, char *const *argv, size_t rounds, size_t warmups)
{
    *t = (trial){ .study = { .points = t->points,
                             .count = points_most,
                             .rounds = rounds,
                             .warmups = warmups,
                             .seed = 1 } };
    for (size_t k = 0; k < points_most; k++)
        t->points[k] = (point){ .title = "trial", .argv = argv, .threads = k + 1 };
}

static void finish(trial *t) { study_free(&t->study); }

static char *const nothing[] = { "true", NULL };
static char *const steady[] = { "echo", "weft: seconds 1", NULL };

static void every_round_has_every_point_once(void)
{
    trial t;
    prepare(&t, nothing, 4, 2);
    CU_ASSERT(study_run(&t.study, NULL));
    CU_ASSERT_EQUAL(t.study.done, 4);
    CU_ASSERT_PTR_NULL(t.study.failed);
    for (size_t k = 0; k < points_most; k++)
        CU_ASSERT_EQUAL(t.points[k].count, 4);
    finish(&t);
}

static size_t told_runs, told_of;

static void listen_to_progress(const study *s, size_t run, size_t runs)
{
    (void)s;
    told_runs += run == told_runs;
    told_of = runs;
}

static void progress_is_told_before_each_run(void)
{
    trial t;
    prepare(&t, nothing, 3, 1);
    told_runs = 0;
    CU_ASSERT(study_run(&t.study, listen_to_progress));
    CU_ASSERT_EQUAL(told_runs, 12);
    CU_ASSERT_EQUAL(told_of, 12);
    finish(&t);
}

static void each_run_is_told_its_threads(void)
{
    trial t;
    char *const argv[] = { "sh", "-c", "echo weft: seconds $OMP_NUM_THREADS; echo {threads}",
                           NULL };
    prepare(&t, argv, 1, 0);
    CU_ASSERT(study_run(&t.study, NULL));
    for (size_t k = 0; k < points_most; k++)
        CU_ASSERT_EQUAL(t.points[k].samples[0].seconds, (double)k + 1);
    CU_ASSERT_NOT_EQUAL(t.points[0].samples[0].hash, t.points[1].samples[0].hash);
    finish(&t);
}

static void the_first_failure_ends_the_study(void)
{
    trial t;
    char *const argv[] = { "sh", "-c", "echo no >&2; test {threads} != 2", NULL };
    prepare(&t, argv, 4, 0);
    CU_ASSERT_FALSE(study_run(&t.study, NULL));
    CU_ASSERT_PTR_EQUAL(t.study.failed, &t.points[1]);
    CU_ASSERT_EQUAL(t.study.end, study_failed);
    CU_ASSERT_EQUAL(WEXITSTATUS(t.study.failure.status), 1);
    CU_ASSERT_STRING_EQUAL(t.study.words.text, "no\n");
    CU_ASSERT_EQUAL(t.study.done, 0);
    CU_ASSERT_EQUAL(t.points[0].count, 0);
    finish(&t);
}

/* ---- what is kept ---- */

static void warm_up_runs_are_kept_apart(void)
{
    trial t;
    prepare(&t, steady, 2, 3);
    CU_ASSERT(study_run(&t.study, NULL));
    for (size_t k = 0; k < points_most; k++) {
        CU_ASSERT_EQUAL(t.points[k].warmed, 3);
        CU_ASSERT_EQUAL(t.points[k].taken, 2);
        CU_ASSERT(t.points[k].warmups[2].warmup);
        CU_ASSERT_EQUAL(t.points[k].warmups[2].round, 2);
        CU_ASSERT_FALSE(t.points[k].samples[0].warmup);
        CU_ASSERT_EQUAL(t.points[k].samples[0].round, 3);
    }
    finish(&t);
}

static void every_run_has_a_number_of_its_own(void)
{
    trial t;
    size_t times[2 * points_most] = { 0 };
    prepare(&t, nothing, 2, 0);
    CU_ASSERT(study_run(&t.study, NULL));
    for (size_t k = 0; k < points_most; k++)
        for (size_t round = 0; round < 2; round++)
            times[t.points[k].samples[round].order]++;
    for (size_t run = 0; run < 2 * points_most; run++)
        CU_ASSERT_EQUAL(times[run], 1);
    finish(&t);
}

/* At all points: a busy machine may leave no time for a look at one. */
static size_t looks_at(const trial *t)
{
    size_t looks = 0;
    for (size_t k = 0; k < points_most; k++)
        looks += t->points[k].seen.looks;
    return looks;
}

static void only_runs_that_warm_up_are_looked_at(void)
{
    trial t;
    char *const argv[] = { "sleep", "0.1", NULL };
    prepare(&t, argv, 1, 1);
    CU_ASSERT(study_run(&t.study, NULL));
    for (size_t k = 0; k < points_most; k++) {
        CU_ASSERT(t.points[k].warmups[0].watched);
        CU_ASSERT_FALSE(t.points[k].samples[0].watched);
    }
    CU_ASSERT(looks_at(&t) > 0);
    finish(&t);
}

static void without_a_warm_up_the_first_round_is_looked_at(void)
{
    trial t;
    char *const argv[] = { "sleep", "0.1", NULL };
    prepare(&t, argv, 2, 0);
    CU_ASSERT(study_run(&t.study, NULL));
    CU_ASSERT(t.points[0].samples[0].watched);
    CU_ASSERT_FALSE(t.points[0].samples[1].watched);
    CU_ASSERT(looks_at(&t) > 0);
    finish(&t);
}

/* ---- when it stops ---- */

static void rounds_that_were_asked_for_end_it(void)
{
    trial t;
    prepare(&t, nothing, 3, 0);
    CU_ASSERT(study_run(&t.study, NULL));
    CU_ASSERT_EQUAL(t.study.end, study_rounds);
    finish(&t);
}

static void narrow_intervals_end_it_but_not_before_the_rounds(void)
{
    trial t;
    prepare(&t, steady, 8, 0);
    t.study.precision = 0.02;
    CU_ASSERT(study_run(&t.study, NULL));
    CU_ASSERT_EQUAL(t.study.end, study_precise);
    CU_ASSERT_EQUAL(t.study.done, 8);
    finish(&t);
}

/* Six samples are the least that have an interval. */
static void no_interval_is_not_narrow(void)
{
    trial t;
    prepare(&t, steady, 2, 0);
    t.study.precision = 0.02;
    CU_ASSERT(study_run(&t.study, NULL));
    CU_ASSERT_EQUAL(t.study.end, study_precise);
    CU_ASSERT_EQUAL(t.study.done, 6);
    finish(&t);
}

/* Its times lie so far apart that no interval is ever narrow. */
static void a_spent_budget_ends_it(void)
{
    trial t;
    char *const argv[] = { "sh", "-c", "echo weft: seconds 0.$(date +%N)", NULL };
    prepare(&t, argv, 2, 0);
    t.study.precision = 1e-6;
    t.study.budget = 0.3;
    CU_ASSERT(study_run(&t.study, NULL));
    CU_ASSERT_EQUAL(t.study.end, study_over_time);
    CU_ASSERT(t.study.after.clock - t.study.before.clock >= 0.3);
    CU_ASSERT_EQUAL(t.points[0].taken, t.study.done);
    finish(&t);
}

/* The third run of the second round. */
static void interrupt_later(const study *s, size_t run, size_t runs)
{
    (void)s, (void)runs;
    if (run == 5)
        pthread_kill(pthread_self(), SIGTERM);
}

static void an_interrupted_study_keeps_its_complete_rounds(void)
{
    trial t;
    prepare(&t, nothing, 4, 0);
    interrupt_catch();
    CU_ASSERT_FALSE(study_run(&t.study, interrupt_later));
    CU_ASSERT_EQUAL(interrupt_came(), SIGTERM);
    interrupt_release();
    CU_ASSERT_PTR_NULL(t.study.failed);
    CU_ASSERT_EQUAL(t.study.end, study_cut);
    CU_ASSERT_EQUAL(t.study.done, 1);
    size_t taken = 0;
    for (size_t k = 0; k < points_most; k++) {
        CU_ASSERT_EQUAL(t.points[k].count, 1);
        taken += t.points[k].taken;
    }
    CU_ASSERT_EQUAL(taken, 5); /* also those of the round that is not complete */
    finish(&t);
}

CU_TestInfo study_tests[] = {
    { "every_round_has_every_point_once", every_round_has_every_point_once },
    { "progress_is_told_before_each_run", progress_is_told_before_each_run },
    { "each_run_is_told_its_threads", each_run_is_told_its_threads },
    { "the_first_failure_ends_the_study", the_first_failure_ends_the_study },
    { "warm_up_runs_are_kept_apart", warm_up_runs_are_kept_apart },
    { "every_run_has_a_number_of_its_own", every_run_has_a_number_of_its_own },
    { "only_runs_that_warm_up_are_looked_at", only_runs_that_warm_up_are_looked_at },
    { "without_a_warm_up_the_first_round_is_looked_at",
      without_a_warm_up_the_first_round_is_looked_at },
    { "rounds_that_were_asked_for_end_it", rounds_that_were_asked_for_end_it },
    { "narrow_intervals_end_it_but_not_before_the_rounds",
      narrow_intervals_end_it_but_not_before_the_rounds },
    { "no_interval_is_not_narrow", no_interval_is_not_narrow },
    { "a_spent_budget_ends_it", a_spent_budget_ends_it },
    { "an_interrupted_study_keeps_its_complete_rounds",
      an_interrupted_study_keeps_its_complete_rounds },
    CU_TEST_INFO_NULL,
};
