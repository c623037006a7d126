/* timer_test.c - timers: they go off, or are cancelled before.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/timer.h>

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <weft/stop.h>

#include "storm.h"
#include "suites.h"

enum { late = 60 }; /* seconds; no test waits for it */

struct ring {
    weft_stop rang, go;
    int times;
    double at;
};

static void ring(void *arg)
{
    struct ring *const r = arg;
    r->at = weft_now();
    __atomic_add_fetch(&r->times, 1, __ATOMIC_RELAXED);
    weft_stop_set(&r->rang);
}

/* For many at once. */
static void count(void *arg)
{
    __atomic_add_fetch(&((struct ring *)arg)->times, 1, __ATOMIC_RELAXED);
}

static void ring_and_wait(void *arg)
{
    ring(arg);
    (void)weft_stop_wait(&((struct ring *)arg)->go, 30);
}

static void start_ok(weft_timer *t, double seconds, weft_run *run, void *arg)
{
    CU_ASSERT_EQUAL_FATAL(weft_timer_start(t, seconds, run, arg), WEFT_OK);
}

static int times(const struct ring *r) { return __atomic_load_n(&r->times, __ATOMIC_RELAXED); }

static void a_timer_goes_off_once_and_not_too_early(void)
{
    struct ring r = { .times = 0 };
    weft_timer t;
    const double start = weft_now();
    start_ok(&t, 0.03, ring, &r);
    CU_ASSERT_EQUAL(weft_timer_join(&t, 30), WEFT_OK);
    CU_ASSERT_EQUAL(times(&r), 1);
    CU_ASSERT(r.at - start >= 0.03);
    weft_timer_fini(&t);
    CU_ASSERT_EQUAL(times(&r), 1);
}

static void zero_seconds_are_over_at_once(void)
{
    struct ring r = { .times = 0 };
    weft_timer t;
    start_ok(&t, 0, ring, &r);
    CU_ASSERT_EQUAL(weft_timer_join(&t, 30), WEFT_OK);
    CU_ASSERT_EQUAL(times(&r), 1);
    weft_timer_fini(&t);
}

static void a_timer_cancelled_in_time_does_not_go_off(void)
{
    static const double seconds[] = { late, 1e10, WEFT_FOREVER };
    for (size_t k = 0; k < COUNT(seconds); k++) {
        struct ring r = { .times = 0 };
        weft_timer t;
        start_ok(&t, seconds[k], ring, &r);
        CU_ASSERT_EQUAL(weft_timer_join(&t, 0), WEFT_TIMEOUT);
        CU_ASSERT_EQUAL(weft_timer_cancel(&t), WEFT_OK);
        CU_ASSERT_EQUAL(weft_timer_cancel(&t), WEFT_OK);
        CU_ASSERT_EQUAL(weft_timer_join(&t, 0), WEFT_CANCELLED);
        CU_ASSERT_EQUAL(weft_thread_join(&t.thread, 30), WEFT_OK);
        CU_ASSERT_EQUAL(weft_timer_join(&t, 0), WEFT_CANCELLED);
        CU_ASSERT_EQUAL(weft_timer_cancel(&t), WEFT_OK);
        CU_ASSERT_EQUAL(times(&r), 0);
        weft_timer_fini(&t);
    }
}

static void cancelling_after_it_went_off_has_no_effect(void)
{
    struct ring r = { .times = 0 };
    weft_timer t;
    start_ok(&t, 0, ring_and_wait, &r);
    CU_ASSERT_EQUAL(weft_stop_wait(&r.rang, 30), WEFT_OK);
    CU_ASSERT_EQUAL(weft_timer_cancel(&t), WEFT_TIMEOUT);
    CU_ASSERT_EQUAL(weft_timer_join(&t, 0.01), WEFT_TIMEOUT);
    weft_stop_set(&r.go);
    CU_ASSERT_EQUAL(weft_timer_join(&t, 30), WEFT_OK);
    CU_ASSERT_EQUAL(weft_timer_cancel(&t), WEFT_TIMEOUT);
    CU_ASSERT_EQUAL(weft_timer_join(&t, 0), WEFT_OK);
    weft_timer_fini(&t);
}

static void functions_of_different_timers_overlap(void)
{
    enum { timers = 5 };
    struct ring r[timers] = { { .times = 0 } };
    weft_timer t[timers];
    for (int k = 0; k < timers; k++)
        start_ok(&t[k], 0.001 * k, ring_and_wait, &r[k]);
    for (int k = 0; k < timers; k++)
        CU_ASSERT_EQUAL(weft_stop_wait(&r[k].rang, 30), WEFT_OK);
    for (int k = 0; k < timers; k++) /* all of them are inside */
        CU_ASSERT_EQUAL(weft_timer_join(&t[k], 0), WEFT_TIMEOUT);
    for (int k = 0; k < timers; k++)
        weft_stop_set(&r[k].go);
    for (int k = 0; k < timers; k++)
        weft_timer_fini(&t[k]);
}

static void storage_may_be_started_again_after_its_timer_ended(void)
{
    struct ring r = { .times = 0 };
    weft_timer t;
    for (int k = 1; k <= 3; k++) {
        start_ok(&t, 0, ring, &r);
        CU_ASSERT_EQUAL(weft_timer_join(&t, 30), WEFT_OK);
        CU_ASSERT_EQUAL(times(&r), k);
    }
    start_ok(&t, late, ring, &r);
    CU_ASSERT_EQUAL(weft_timer_cancel(&t), WEFT_OK);
    start_ok(&t, 0, ring, &r);
    CU_ASSERT_EQUAL(weft_timer_join(&t, 30), WEFT_OK);
    CU_ASSERT_EQUAL(times(&r), 4);
    weft_timer_fini(&t);
}

struct inside {
    weft_timer timer;
    weft_stop ready;
    weft_status cancel, join;
    sigset_t mask;
    char text[WEFT_DESCRIBE_MAX];
};

static void act_inside(void *arg)
{
    struct inside *const i = arg;
    (void)weft_stop_wait(&i->ready, 30);
    i->cancel = weft_timer_cancel(&i->timer);
    i->join = weft_timer_join(&i->timer, WEFT_FOREVER);
    pthread_sigmask(SIG_BLOCK, NULL, &i->mask);
    weft_thread_describe(weft_thread_current(), i->text);
}

static struct inside seen_inside(void)
{
    struct inside i = { .cancel = WEFT_OK };
    start_ok(&i.timer, 0, act_inside, &i);
    weft_stop_set(&i.ready);
    CU_ASSERT_EQUAL(weft_thread_join(&i.timer.thread, 30), WEFT_OK);
    return i;
}

static void its_function_may_try_to_cancel_it_and_cannot_join_it(void)
{
    struct inside i = seen_inside();
    CU_ASSERT_EQUAL(i.cancel, WEFT_TIMEOUT);
    CU_ASSERT_EQUAL(i.join, WEFT_EDEADLK);
    weft_timer_fini(&i.timer);
}

static void its_function_runs_with_signals_blocked(void)
{
    struct inside i = seen_inside();
    CU_ASSERT(sigismember(&i.mask, SIGINT) && sigismember(&i.mask, SIGTERM));
    CU_ASSERT_FALSE(sigismember(&i.mask, SIGSEGV));
    weft_timer_fini(&i.timer);
}

static void a_timer_is_a_thread_called_timer(void)
{
    struct inside i = seen_inside();
    char expected[WEFT_DESCRIBE_MAX];
    snprintf(expected, sizeof expected, "<Timer(%s, started %lu)>",
             weft_thread_name(&i.timer.thread), weft_thread_ident(&i.timer.thread));
    ASSERT_TEXT(i.text, expected);
    weft_timer_fini(&i.timer);
}

static void fini_inside(void *arg)
{
    struct inside *const i = arg;
    (void)weft_stop_wait(&i->ready, 30);
    weft_timer_fini(&i->timer);
}

static void fini_in_its_function_does_not_wait(void)
{
    struct inside i = { .cancel = WEFT_OK };
    start_ok(&i.timer, 0, fini_inside, &i);
    const weft_thread thread = i.timer.thread;
    weft_stop_set(&i.ready);
    CU_ASSERT_EQUAL(weft_thread_join(&thread, 30), WEFT_OK);
}

static void fini_cancels_a_timer_that_waits(void)
{
    struct ring r = { .times = 0 };
    weft_timer t;
    start_ok(&t, late, ring, &r);
    const weft_thread thread = t.thread;
    weft_timer_fini(&t);
    CU_ASSERT_FALSE(weft_thread_is_alive(&thread));
    CU_ASSERT_EQUAL(times(&r), 0);
    CU_ASSERT_EQUAL(weft_timer_join(&t, 0), WEFT_ESTATE);
}

static void mark_end(void *arg)
{
    struct ring *const r = arg;
    weft_stop_set(&r->rang);
    (void)weft_sleep(0.02);
    r->times = 1; /* plain: fini orders it */
}

static void after_fini_nothing_of_the_timer_runs(void)
{
    struct ring r = { .times = 0 };
    weft_timer t;
    start_ok(&t, 0, mark_end, &r);
    CU_ASSERT_EQUAL(weft_stop_wait(&r.rang, 30), WEFT_OK);
    weft_timer_fini(&t);
    CU_ASSERT_EQUAL(r.times, 1);
}

static int copy_seen;

static void look_at_copy(void *number)
{
    __atomic_store_n(&copy_seen, *(int *)number, __ATOMIC_RELAXED);
}

static void a_copied_argument_may_change_at_once(void)
{
    int number = 42;
    weft_timer t;
    CU_ASSERT_EQUAL_FATAL(weft_timer_start(&t, 0.01, look_at_copy, &number,
                                           .arg_size = sizeof number, .name = "alarm",
                                           .daemon = true),
                          WEFT_OK);
    number = 0;
    ASSERT_TEXT(weft_thread_name(&t.thread), "alarm");
    CU_ASSERT(weft_thread_is_daemon(&t.thread));
    CU_ASSERT_EQUAL(weft_timer_join(&t, 30), WEFT_OK);
    CU_ASSERT_EQUAL(copy_seen, 42);
    weft_timer_fini(&t);
}

static void either_cancel_is_in_time_or_the_function_runs(void)
{
    size_t wrong = 0;
    for (int k = 0; k < 300; k++) {
        struct ring r = { .times = 0 };
        weft_timer t;
        start_ok(&t, 1e-6 * (k % 60), ring, &r);
        const bool in_time = weft_timer_cancel(&t) == WEFT_OK;
        wrong += weft_timer_join(&t, 30) != (in_time ? WEFT_CANCELLED : WEFT_OK);
        weft_timer_fini(&t);
        wrong += times(&r) != !in_time;
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void a_cancelled_timer_stays_cancelled_however_many_threads_come_after(void)
{
    struct ring r = { .times = 0 };
    weft_timer off, on;
    start_ok(&off, late, count, &r);
    start_ok(&on, 0, count, &r);
    CU_ASSERT_EQUAL(weft_timer_cancel(&off), WEFT_OK);
    CU_ASSERT_EQUAL(weft_timer_join(&on, 30), WEFT_OK);
    for (int k = 0; k < 1000; k++)
        if (weft_timer_start(NULL, 0, count, &r))
            CU_FAIL_FATAL("a timer could not be started");
    CU_ASSERT_EQUAL(weft_timer_join(&off, 0), WEFT_CANCELLED);
    CU_ASSERT_EQUAL(weft_timer_cancel(&off), WEFT_OK);
    CU_ASSERT_EQUAL(weft_timer_join(&on, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_timer_cancel(&on), WEFT_TIMEOUT);
    while (times(&r) < 1001) /* all use r */
        (void)weft_sleep(0.001);
    while (weft_thread_active_count() > 1)
        (void)weft_sleep(0.001);
    weft_timer_fini(&off), weft_timer_fini(&on);
}

static void signals_do_not_end_a_join(void)
{
    struct ring r = { .times = 0 };
    weft_timer t;
    storm_begin(NULL);
    const double start = weft_now();
    start_ok(&t, 0.1, ring, &r);
    CU_ASSERT_EQUAL(weft_timer_join(&t, 0.02), WEFT_TIMEOUT);
    CU_ASSERT_EQUAL(weft_timer_join(&t, 30), WEFT_OK);
    CU_ASSERT(storm_end() > 5);
    CU_ASSERT(r.at - start >= 0.1);
    weft_timer_fini(&t);
}

static void what_is_no_time_is_refused(void)
{
    weft_timer t;
    struct ring r = { .times = 0 };
    CU_ASSERT_EQUAL(weft_timer_start(&t, -1, ring, &r), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_timer_start: seconds is -1: it must be 0 or more");
    CU_ASSERT_EQUAL(weft_timer_start(&t, NAN, ring, &r), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_timer_join(&t, 0), WEFT_ESTATE);
    start_ok(&t, 0, ring, &r);
    CU_ASSERT_EQUAL(weft_timer_join(&t, -1), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_timer_join: timeout is -1 seconds: it must be 0 or more");
    CU_ASSERT_EQUAL(weft_timer_join(&t, NAN), WEFT_EINVAL);
    weft_timer_fini(&t);
}

static void no_function_and_no_argument_are_refused(void)
{
    weft_timer t;
    CU_ASSERT_EQUAL(weft_timer_start(&t, 0, NULL, NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_timer_start: run is NULL: it must be a function");
    CU_ASSERT_EQUAL(weft_timer_start(&t, 0, ring, NULL, .arg_size = 8), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_timer_start: arg is NULL with arg_size = 8: it must point to "
                               "that many bytes");
}

static void a_timer_that_was_never_started_is_refused_and_has_nothing_to_end(void)
{
    weft_timer t = { .cancelled_ = 0 };
    CU_ASSERT_EQUAL(weft_timer_cancel(&t), WEFT_ESTATE);
    ASSERT_TEXT(weft_detail(), "weft_timer_cancel: timer was never started: start it first");
    CU_ASSERT_EQUAL(weft_timer_join(&t, WEFT_FOREVER), WEFT_ESTATE);
    weft_timer_fini(&t);
}

CU_TestInfo timer_tests[] = {
    { "a_timer_goes_off_once_and_not_too_early", a_timer_goes_off_once_and_not_too_early },
    { "zero_seconds_are_over_at_once", zero_seconds_are_over_at_once },
    { "a_timer_cancelled_in_time_does_not_go_off", a_timer_cancelled_in_time_does_not_go_off },
    { "cancelling_after_it_went_off_has_no_effect", cancelling_after_it_went_off_has_no_effect },
    { "functions_of_different_timers_overlap", functions_of_different_timers_overlap },
    { "storage_may_be_started_again_after_its_timer_ended",
      storage_may_be_started_again_after_its_timer_ended },
    { "its_function_may_try_to_cancel_it_and_cannot_join_it",
      its_function_may_try_to_cancel_it_and_cannot_join_it },
    { "its_function_runs_with_signals_blocked", its_function_runs_with_signals_blocked },
    { "a_timer_is_a_thread_called_timer", a_timer_is_a_thread_called_timer },
    { "fini_in_its_function_does_not_wait", fini_in_its_function_does_not_wait },
    { "fini_cancels_a_timer_that_waits", fini_cancels_a_timer_that_waits },
    { "after_fini_nothing_of_the_timer_runs", after_fini_nothing_of_the_timer_runs },
    { "a_copied_argument_may_change_at_once", a_copied_argument_may_change_at_once },
    { "either_cancel_is_in_time_or_the_function_runs",
      either_cancel_is_in_time_or_the_function_runs },
    { "a_cancelled_timer_stays_cancelled_however_many_threads_come_after",
      a_cancelled_timer_stays_cancelled_however_many_threads_come_after },
    { "signals_do_not_end_a_join", signals_do_not_end_a_join },
    { "what_is_no_time_is_refused", what_is_no_time_is_refused },
    { "no_function_and_no_argument_are_refused", no_function_and_no_argument_are_refused },
    { "a_timer_that_was_never_started_is_refused_and_has_nothing_to_end",
      a_timer_that_was_never_started_is_refused_and_has_nothing_to_end },
    CU_TEST_INFO_NULL,
};
