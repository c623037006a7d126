/* sem_test.c - the semaphore: tokens, bounds, timeouts, storms.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <limits.h>
#include <stdio.h>

#include <weft.h>

#include "crew.h"
#include "suites.h"

static void tokens_are_taken_and_given_back(void)
{
    weft_sem s;
    CU_ASSERT_EQUAL(weft_sem_init(&s, 2), WEFT_OK);
    for (long left = 2; left > 0; left--) {
        CU_ASSERT_EQUAL(weft_sem_value(&s), left);
        CU_ASSERT_EQUAL(weft_sem_acquire(&s, WEFT_FOREVER), WEFT_OK);
    }
    CU_ASSERT_EQUAL(weft_sem_acquire(&s, 0), WEFT_TIMEOUT);
    CU_ASSERT_EQUAL(weft_sem_release(&s), WEFT_OK);
    CU_ASSERT_EQUAL(weft_sem_value(&s), 1);
    CU_ASSERT_EQUAL(weft_sem_acquire(&s, 0), WEFT_OK);
    weft_sem_fini(&s);
}

static void a_value_below_zero_or_too_large_is_refused(void)
{
    static const long bad[] = { -1, LONG_MIN, WEFT_SEM_MAX + 1, LONG_MAX };
    for (size_t k = 0; k < COUNT(bad); k++) {
        weft_sem s;
        char text[100];
        CU_ASSERT_EQUAL(weft_sem_init(&s, bad[k]), WEFT_EINVAL);
        snprintf(text, sizeof text, "weft_sem_init: value is %ld: it must be 0 to 2147483647",
                 bad[k]);
        ASSERT_TEXT(weft_detail(), text);
    }
}

static void a_bounded_one_refuses_more_than_it_began_with(void)
{
    weft_sem s;
    weft_sem_init(&s, 2, .bounded = true);
    CU_ASSERT_EQUAL(weft_sem_release(&s), WEFT_EOVERFLOW);
    ASSERT_TEXT(weft_detail(), "weft_sem_release: n is 1 with 2 tokens: there may be 2");
    CU_ASSERT_EQUAL(weft_sem_value(&s), 2);
    weft_sem_acquire(&s, 0);
    CU_ASSERT_EQUAL(weft_sem_release_many(&s, 2), WEFT_EOVERFLOW);
    CU_ASSERT_EQUAL(weft_sem_release_many(&s, SIZE_MAX), WEFT_EOVERFLOW);
    CU_ASSERT_EQUAL(weft_sem_value(&s), 1);
    CU_ASSERT_EQUAL(weft_sem_release(&s), WEFT_OK);
    weft_sem_fini(&s);
}

static void an_unbounded_one_holds_as_many_as_it_can_count(void)
{
    weft_sem s;
    weft_sem_init(&s, 0);
    CU_ASSERT_EQUAL(weft_sem_release_many(&s, WEFT_SEM_MAX), WEFT_OK);
    CU_ASSERT_EQUAL(weft_sem_value(&s), WEFT_SEM_MAX);
    CU_ASSERT_EQUAL(weft_sem_release(&s), WEFT_EOVERFLOW);
    CU_ASSERT_EQUAL(weft_sem_acquire(&s, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_sem_release(&s), WEFT_OK);
    weft_sem_fini(&s);
}

static void releasing_nothing_is_refused(void)
{
    weft_sem s;
    weft_sem_init(&s, 1);
    CU_ASSERT_EQUAL(weft_sem_release_many(&s, 0), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_sem_release_many: n is 0: it must be 1 or more");
    weft_sem_fini(&s);
}

static void a_wait_lasts_as_long_as_its_timeout(void)
{
    static const double timeouts[] = { 5e-324, 1e-9, 1e-6, 30e-6, 100e-6, 2e-3, 30e-3 };
    weft_sem s;
    weft_sem_init(&s, 0);
    for (size_t k = 0; k < COUNT(timeouts); k++) {
        const double start = weft_now();
        CU_ASSERT_EQUAL(weft_sem_acquire(&s, timeouts[k]), WEFT_TIMEOUT);
        CU_ASSERT(weft_now() - start >= timeouts[k]);
    }
    weft_sem_release(&s);
    CU_ASSERT_EQUAL(weft_sem_acquire(&s, 1e10), WEFT_OK);
    weft_sem_fini(&s);
}

static void a_timeout_below_zero_or_nan_is_refused(void)
{
    weft_sem s;
    weft_sem_init(&s, 1);
    CU_ASSERT_EQUAL(weft_sem_acquire(&s, -1), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_sem_acquire: timeout is -1 seconds: it must be 0 or more");
    CU_ASSERT_EQUAL(weft_sem_acquire(&s, NAN), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_sem_value(&s), 1);
    weft_sem_fini(&s);
}

static void a_semaphore_that_is_not_in_use_panics(void)
{
    static weft_sem never;
    weft_sem s;
    weft_sem_init(&s, 1), weft_sem_fini(&s);
    ASSERT_TEXT(PANIC_OF(weft_sem_acquire(&s, 0)),
                "weft_sem_acquire: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_sem_release(&s)),
                "weft_sem_release: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_sem_value(&s)),
                "weft_sem_value: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF((weft_sem_fini(&s), 0)),
                "weft_sem_fini: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_sem_release_many(&never, 3)),
                "weft_sem_release_many: the object is not initialised: it must be in use");
}

struct wait {
    weft_sem *sem;
    double timeout;
    weft_status status;
};

static void wait_for_it(void *arg)
{
    struct wait *const w = arg;
    w->status = weft_sem_acquire(w->sem, w->timeout);
}

static void a_release_of_n_wakes_n_sleepers(void)
{
    enum { sleepers = 5, given = 3 };
    weft_sem s;
    helper h[sleepers];
    struct wait w[sleepers];
    weft_sem_init(&s, 0);
    for (size_t k = 0; k < sleepers; k++) {
        w[k] = (struct wait){ .sem = &s, .timeout = k % 2 ? WEFT_FOREVER : 1e10 };
        helper_start(&h[k], wait_for_it, &w[k]);
    }
    for (size_t k = 0; k < sleepers; k++)
        CU_ASSERT_TRUE(helper_sleeps(&h[k]));
    CU_ASSERT_EQUAL(weft_sem_release_many(&s, given), WEFT_OK);
    size_t ended = 0;
    for (const double start = weft_now(); ended < given && weft_now() - start < 10;)
        for (size_t k = ended = 0; k < sleepers; k++)
            ended += helper_ended(&h[k]);
    weft_sleep(0.01);
    for (size_t k = ended = 0; k < sleepers; k++)
        ended += helper_ended(&h[k]);
    CU_ASSERT_EQUAL(ended, given);
    CU_ASSERT_EQUAL(weft_sem_value(&s), 0);
    weft_sem_release_many(&s, sleepers - given);
    for (size_t k = 0; k < sleepers; k++) {
        helper_join(&h[k]);
        CU_ASSERT_EQUAL(w[k].status, WEFT_OK);
    }
    weft_sem_fini(&s);
}

/* ---- storms ---- */

struct seats {
    weft_sem sem;
    long turns;
    double timeout;
    long inside, most, taken, timeouts;
};

static void sit(size_t self, void *ctx)
{
    struct seats *const c = ctx;
    (void)self;
    for (long k = 0; k < c->turns; k++) {
        while (weft_sem_acquire(&c->sem, c->timeout) == WEFT_TIMEOUT)
            __atomic_fetch_add(&c->timeouts, 1, __ATOMIC_RELAXED);
        const long inside = __atomic_add_fetch(&c->inside, 1, __ATOMIC_RELAXED);
        long most = __atomic_load_n(&c->most, __ATOMIC_RELAXED);
        while (inside > most && !__atomic_compare_exchange_n(&c->most, &most, inside, true,
                                                             __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            ;
        if (k % 50 == 0)
            weft_sleep(100e-6); /* so that others come to sleep */
        __atomic_fetch_sub(&c->inside, 1, __ATOMIC_RELAXED);
        __atomic_fetch_add(&c->taken, 1, __ATOMIC_RELAXED);
        weft_sem_release(&c->sem);
    }
}

static void sits_right(double timeout)
{
    for (size_t threads = 1; threads <= 8; threads++)
        for (long value = 1; value <= 3; value += 2) {
            struct seats c = { .turns = 500, .timeout = timeout };
            weft_sem_init(&c.sem, value, .bounded = true);
            crew_run(threads, sit, &c);
            CU_ASSERT_EQUAL(c.taken, 500 * (long)threads);
            CU_ASSERT(c.most <= value);
            CU_ASSERT_EQUAL(weft_sem_value(&c.sem), value);
            weft_sem_fini(&c.sem);
        }
}

static void never_more_are_inside_than_there_are_tokens(void) { sits_right(WEFT_FOREVER); }
static void no_token_is_lost_where_waiters_give_up(void) { sits_right(100e-6); }

struct ping {
    weft_sem there, back;
    long rounds;
};

static void play(size_t self, void *ctx)
{
    struct ping *const p = ctx;
    for (long k = 0; k < p->rounds; k++) {
        if (k % 32 == 0)
            weft_sleep(60e-6); /* longer than a spin: the other one sleeps */
        if (self == 0) {
            weft_sem_release(&p->there);
            weft_sem_acquire(&p->back, WEFT_FOREVER);
        } else {
            weft_sem_acquire(&p->there, WEFT_FOREVER);
            weft_sem_release(&p->back);
        }
    }
}

static void no_wake_up_is_lost(void)
{
    struct ping p = { .rounds = 5000 };
    weft_sem_init(&p.there, 0), weft_sem_init(&p.back, 0);
    crew_run(2, play, &p);
    CU_ASSERT(weft_sem_value(&p.there) == 0 && weft_sem_value(&p.back) == 0);
    weft_sem_fini(&p.there), weft_sem_fini(&p.back);
}

static void release_it(void *arg) { weft_sem_release(arg); }

static void a_semaphore_may_be_gone_when_its_release_returns(void)
{
    for (int k = 0; k < 200; k++) {
        helper h;
        {
            weft_sem s;
            weft_sem_init(&s, 0);
            helper_start(&h, release_it, &s);
            weft_sem_acquire(&s, WEFT_FOREVER);
            weft_sem_fini(&s);
        }
        helper_join(&h);
    }
}

static void signals_do_not_end_a_wait(void)
{
    weft_sem sem;
    weft_sem_init(&sem, 0);
    disturbance s;
    disturb_begin(&s, pthread_self());
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_sem_acquire(&sem, 0.1), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 0.1);
    CU_ASSERT(disturb_end(&s) > 5);
    weft_sem_fini(&sem);
}

CU_TestInfo sem_tests[] = {
    { "tokens_are_taken_and_given_back", tokens_are_taken_and_given_back },
    { "a_value_below_zero_or_too_large_is_refused", a_value_below_zero_or_too_large_is_refused },
    { "a_bounded_one_refuses_more_than_it_began_with",
      a_bounded_one_refuses_more_than_it_began_with },
    { "an_unbounded_one_holds_as_many_as_it_can_count",
      an_unbounded_one_holds_as_many_as_it_can_count },
    { "releasing_nothing_is_refused", releasing_nothing_is_refused },
    { "a_wait_lasts_as_long_as_its_timeout", a_wait_lasts_as_long_as_its_timeout },
    { "a_timeout_below_zero_or_nan_is_refused", a_timeout_below_zero_or_nan_is_refused },
    { "a_semaphore_that_is_not_in_use_panics", a_semaphore_that_is_not_in_use_panics },
    { "a_release_of_n_wakes_n_sleepers", a_release_of_n_wakes_n_sleepers },
    { "never_more_are_inside_than_there_are_tokens", never_more_are_inside_than_there_are_tokens },
    { "no_token_is_lost_where_waiters_give_up", no_token_is_lost_where_waiters_give_up },
    { "no_wake_up_is_lost", no_wake_up_is_lost },
    { "a_semaphore_may_be_gone_when_its_release_returns",
      a_semaphore_may_be_gone_when_its_release_returns },
    { "signals_do_not_end_a_wait", signals_do_not_end_a_wait },
    CU_TEST_INFO_NULL,
};
