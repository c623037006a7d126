/* study_test.c - the order of a study, and how it ends.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "study.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "interrupt.h"
#include "suites.h"

enum { rounds_most = 4, points_most = 3 };

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

CU_TestInfo study_tests[] = {
    { "every_round_has_every_point_once", every_round_has_every_point_once },
    { "progress_is_told_before_each_run", progress_is_told_before_each_run },
    { "each_run_is_told_its_threads", each_run_is_told_its_threads },
    { "the_first_failure_ends_the_study", the_first_failure_ends_the_study },
    { "an_interrupted_study_keeps_its_complete_rounds",
      an_interrupted_study_keeps_its_complete_rounds },
    CU_TEST_INFO_NULL,
};
