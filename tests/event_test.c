/* event_test.c - the event: set, cleared, waited for.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include <weft.h>

#include "crew.h"
#include "suites.h"

static void it_stays_set_until_it_is_cleared(void)
{
    weft_event e;
    CU_ASSERT_EQUAL(weft_event_init(&e), WEFT_OK);
    for (int k = 0; k < 3; k++) {
        CU_ASSERT_FALSE(weft_event_is_set(&e));
        CU_ASSERT_EQUAL(weft_event_wait(&e, 0), WEFT_TIMEOUT);
        weft_event_set(&e), weft_event_set(&e);
        CU_ASSERT_TRUE(weft_event_is_set(&e));
        CU_ASSERT_EQUAL(weft_event_wait(&e, 0), WEFT_OK);
        CU_ASSERT_EQUAL(weft_event_wait(&e, WEFT_FOREVER), WEFT_OK);
        weft_event_clear(&e), weft_event_clear(&e);
    }
    weft_event_fini(&e);
}

static void a_wait_lasts_as_long_as_its_timeout(void)
{
    static const double timeouts[] = { 5e-324, 1e-9, 1e-6, 30e-6, 100e-6, 2e-3, 30e-3 };
    weft_event e;
    weft_event_init(&e);
    for (size_t k = 0; k < COUNT(timeouts); k++) {
        const double start = weft_now();
        CU_ASSERT_EQUAL(weft_event_wait(&e, timeouts[k]), WEFT_TIMEOUT);
        CU_ASSERT(weft_now() - start >= timeouts[k]);
    }
    weft_event_fini(&e);
}

static void a_timeout_below_zero_or_nan_is_refused(void)
{
    weft_event e;
    weft_event_init(&e);
    weft_event_set(&e);
    CU_ASSERT_EQUAL(weft_event_wait(&e, -1), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_event_wait: timeout is -1 seconds: it must be 0 or more");
    CU_ASSERT_EQUAL(weft_event_wait(&e, NAN), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_event_wait(&e, 1e10), WEFT_OK);
    weft_event_fini(&e);
}

static void an_event_that_is_not_in_use_panics(void)
{
    static weft_event never;
    weft_event e;
    weft_event_init(&e), weft_event_fini(&e);
    ASSERT_TEXT(PANIC_OF((weft_event_set(&e), 0)),
                "weft_event_set: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF((weft_event_clear(&e), 0)),
                "weft_event_clear: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_event_is_set(&e)),
                "weft_event_is_set: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF((weft_event_fini(&e), 0)),
                "weft_event_fini: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_event_wait(&never, 0)),
                "weft_event_wait: the object is not initialised: it must be in use");
}

struct wait {
    weft_event *event;
    double timeout;
    weft_status status;
};

static void wait_for_it(void *arg)
{
    struct wait *const w = arg;
    w->status = weft_event_wait(w->event, w->timeout);
}

enum { sleepers = 5 };

static void start_sleepers(helper *h, struct wait *w, weft_event *e)
{
    for (size_t k = 0; k < sleepers; k++) {
        w[k] = (struct wait){ .event = e, .timeout = k % 2 ? WEFT_FOREVER : 30, .status = -1 };
        helper_start(&h[k], wait_for_it, &w[k]);
    }
    for (size_t k = 0; k < sleepers; k++)
        CU_ASSERT_TRUE(helper_sleeps(&h[k]));
}

static void all_were_woken(helper *h, const struct wait *w)
{
    for (size_t k = 0; k < sleepers; k++) {
        helper_join(&h[k]);
        CU_ASSERT_EQUAL(w[k].status, WEFT_OK);
    }
}

static void a_set_wakes_all(void)
{
    weft_event e;
    helper h[sleepers];
    struct wait w[sleepers];
    weft_event_init(&e);
    start_sleepers(h, w, &e);
    weft_event_set(&e);
    all_were_woken(h, w);
    weft_event_fini(&e);
}

static void a_waiter_sees_a_set_that_was_cleared_since(void)
{
    weft_event e;
    helper h[sleepers];
    struct wait w[sleepers];
    weft_event_init(&e);
    start_sleepers(h, w, &e);
    for (int k = 0; k < 3; k++)
        weft_event_set(&e), weft_event_clear(&e);
    all_were_woken(h, w);
    CU_ASSERT_FALSE(weft_event_is_set(&e));
    CU_ASSERT_EQUAL(weft_event_wait(&e, 1e-3), WEFT_TIMEOUT); /* who comes later does not */
    weft_event_fini(&e);
}

static void a_clear_wakes_nobody(void)
{
    weft_event e;
    helper h[sleepers];
    struct wait w[sleepers];
    weft_event_init(&e);
    start_sleepers(h, w, &e);
    weft_event_clear(&e);
    for (size_t k = 0; k < sleepers; k++)
        CU_ASSERT(helper_sleeps(&h[k]) && !helper_ended(&h[k]));
    weft_event_set(&e);
    all_were_woken(h, w);
    weft_event_fini(&e);
}

/* ---- storms ---- */

struct relay {
    weft_event go[8]; /* self waits for its own, and sets the next one's */
    size_t threads;
    long rounds;
    long order; /* not atomic: the events alone order it */
    long wrong;
};

static void run_leg(size_t self, void *ctx)
{
    struct relay *const r = ctx;
    for (long k = 0; k < r->rounds; k++) {
        const weft_status s = weft_event_wait(&r->go[self], 30);
        weft_event_clear(&r->go[self]);
        if (s != WEFT_OK || r->order++ != k * (long)r->threads + (long)self)
            __atomic_fetch_add(&r->wrong, 1, __ATOMIC_RELAXED);
        if (k % 100 == 0)
            weft_sleep(60e-6); /* the next one falls asleep */
        weft_event_set(&r->go[(self + 1) % r->threads]);
    }
}

static void no_wake_up_is_lost(void)
{
    for (size_t threads = 1; threads <= 8; threads++) {
        struct relay r = { .threads = threads, .rounds = 300 };
        for (size_t k = 0; k < threads; k++)
            weft_event_init(&r.go[k]);
        weft_event_set(&r.go[0]);
        crew_run(threads, run_leg, &r);
        CU_ASSERT(r.wrong == 0 && r.order == 300 * (long)threads);
        for (size_t k = 0; k < threads; k++)
            weft_event_fini(&r.go[k]);
    }
}

static void set_it(void *arg) { weft_event_set(arg); }

static void an_event_may_be_gone_when_its_set_returns(void)
{
    for (int k = 0; k < 200; k++) {
        helper h;
        {
            weft_event e;
            weft_event_init(&e);
            helper_start(&h, set_it, &e);
            weft_event_wait(&e, WEFT_FOREVER);
            weft_event_fini(&e);
        }
        helper_join(&h);
    }
}

static void signals_do_not_end_a_wait(void)
{
    weft_event e;
    weft_event_init(&e);
    disturbance s;
    disturb_begin(&s, pthread_self());
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_event_wait(&e, 0.1), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 0.1);
    CU_ASSERT(disturb_end(&s) > 5);
    weft_event_fini(&e);
}

CU_TestInfo event_tests[] = {
    { "it_stays_set_until_it_is_cleared", it_stays_set_until_it_is_cleared },
    { "a_wait_lasts_as_long_as_its_timeout", a_wait_lasts_as_long_as_its_timeout },
    { "a_timeout_below_zero_or_nan_is_refused", a_timeout_below_zero_or_nan_is_refused },
    { "an_event_that_is_not_in_use_panics", an_event_that_is_not_in_use_panics },
    { "a_set_wakes_all", a_set_wakes_all },
    { "a_waiter_sees_a_set_that_was_cleared_since", a_waiter_sees_a_set_that_was_cleared_since },
    { "a_clear_wakes_nobody", a_clear_wakes_nobody },
    { "no_wake_up_is_lost", no_wake_up_is_lost },
    { "an_event_may_be_gone_when_its_set_returns", an_event_may_be_gone_when_its_set_returns },
    { "signals_do_not_end_a_wait", signals_do_not_end_a_wait },
    CU_TEST_INFO_NULL,
};
