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

enum { rounds_most = 4, points_most = 3, runs_most = 40 };

/* A study of one command at 1, 2 and 3 threads; the order of its runs as it was seen. */
typedef struct trial {
    study study;
    point points[points_most];
    sample samples[points_most][rounds_most];
} trial;

static void prepare(trial *t, char *const *argv, size_t rounds, size_t warmups)
{
    *t = (trial){ .study = { .points = t->points,
                             .count = points_most,
                             .rounds = rounds,
                             .warmups = warmups,
                             .seed = 1 } };
    for (size_t k = 0; k < points_most; k++)
        t->points[k] =
            (point){ .title = "trial", .argv = argv, .threads = k + 1, .samples = t->samples[k] };
}

static char *const nothing[] = { "true", NULL };

static void every_round_has_every_point_once(void)
{
    trial t;
    prepare(&t, nothing, 4, 2);
    CU_ASSERT(study_run(&t.study, NULL));
    CU_ASSERT_EQUAL(t.study.done, 4);
    CU_ASSERT_PTR_NULL(t.study.failed);
    for (size_t k = 0; k < points_most; k++)
        CU_ASSERT_EQUAL(t.points[k].count, 4);
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
}

static void each_run_is_told_its_threads(void)
{
    trial t;
    char *const argv[] = { "sh", "-c", "echo weft: seconds $OMP_NUM_THREADS; echo {threads}",
                           NULL };
    prepare(&t, argv, 1, 0);
    CU_ASSERT(study_run(&t.study, NULL));
    for (size_t k = 0; k < points_most; k++)
        CU_ASSERT_EQUAL(t.samples[k][0].seconds, (double)k + 1);
    CU_ASSERT_NOT_EQUAL(t.samples[0][0].hash, t.samples[1][0].hash);
}

static void the_first_failure_ends_the_study(void)
{
    trial t;
    char *const argv[] = { "sh", "-c", "echo no >&2; test {threads} != 2", NULL };
    prepare(&t, argv, 4, 0);
    CU_ASSERT_FALSE(study_run(&t.study, NULL));
    CU_ASSERT_PTR_EQUAL(t.study.failed, &t.points[1]);
    CU_ASSERT_EQUAL(WEXITSTATUS(t.study.failure.status), 1);
    CU_ASSERT_STRING_EQUAL(t.study.words.text, "no\n");
    CU_ASSERT_EQUAL(t.study.done, 0);
    CU_ASSERT_EQUAL(t.points[0].count, 0);
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
    CU_ASSERT_EQUAL(t.study.done, 1);
    for (size_t k = 0; k < points_most; k++)
        CU_ASSERT_EQUAL(t.points[k].count, 1);
}

/* ---- order ---- */

static void a_shuffle_is_a_permutation(void)
{
    uint64_t state = 42;
    for (size_t n = 0; n <= runs_most; n++) {
        size_t order[runs_most], times[runs_most] = { 0 };
        study_shuffle(order, n, &state);
        for (size_t k = 0; k < n; k++)
            times[order[k]]++;
        for (size_t k = 0; k < n; k++)
            CU_ASSERT_EQUAL(times[k], 1);
    }
}

static void a_seed_decides_the_order(void)
{
    size_t a[runs_most], b[runs_most], c[runs_most];
    uint64_t one = 1, again = 1, two = 2;
    study_shuffle(a, runs_most, &one);
    study_shuffle(b, runs_most, &again);
    study_shuffle(c, runs_most, &two);
    CU_ASSERT_EQUAL(memcmp(a, b, sizeof a), 0);
    CU_ASSERT_NOT_EQUAL(memcmp(a, c, sizeof a), 0);
}

static void rounds_differ_in_their_order(void)
{
    size_t a[runs_most], b[runs_most];
    uint64_t state = 1;
    study_shuffle(a, runs_most, &state);
    study_shuffle(b, runs_most, &state);
    CU_ASSERT_NOT_EQUAL(memcmp(a, b, sizeof a), 0);
}

/* Chi-squared of 6000 draws over the 6 orders of 3: below 20.5 in 999 of 1000 seeds. */
static void all_orders_are_equally_likely(void)
{
    enum { draws = 6000 };
    size_t times[27] = { 0 };
    uint64_t state = 7;
    for (size_t k = 0; k < draws; k++) {
        size_t o[3];
        study_shuffle(o, 3, &state);
        times[9 * o[0] + 3 * o[1] + o[2]]++;
    }
    double chi = 0;
    for (size_t k = 0; k < 27; k++)
        if (times[k])
            chi += pow((double)times[k] - draws / 6, 2) / (draws / 6);
    CU_ASSERT(chi < 20.5);
}

CU_TestInfo study_tests[] = {
    { "every_round_has_every_point_once", every_round_has_every_point_once },
    { "progress_is_told_before_each_run", progress_is_told_before_each_run },
    { "each_run_is_told_its_threads", each_run_is_told_its_threads },
    { "the_first_failure_ends_the_study", the_first_failure_ends_the_study },
    { "an_interrupted_study_keeps_its_complete_rounds",
      an_interrupted_study_keeps_its_complete_rounds },
    { "a_shuffle_is_a_permutation", a_shuffle_is_a_permutation },
    { "a_seed_decides_the_order", a_seed_decides_the_order },
    { "rounds_differ_in_their_order", rounds_differ_in_their_order },
    { "all_orders_are_equally_likely", all_orders_are_equally_likely },
    CU_TEST_INFO_NULL,
};
