/* barrier_test.c - the barrier: places, action, timeouts, broken and reset.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include <weft.h>

#include "crew.h"
#include "suites.h"

enum { parties_most = 8 };

struct round {
    weft_barrier barrier;
    size_t parties;
    long rounds;
    int at[parties_most]; /* the round that each is in */
    size_t places[100];   /* bits: places given out in each round */
    long actions, wrong, broken, failed, timeouts, done;
    int returns;  /* by the action */
    double pause; /* of the action, in seconds */
    double timeout;
};

static void begin(struct round *r, size_t parties)
{
    *r = (struct round){ .parties = parties, .timeout = WEFT_FOREVER };
    CU_ASSERT_EQUAL_FATAL(weft_barrier_init(&r->barrier, parties), WEFT_OK);
}

static void count(long *which) { __atomic_fetch_add(which, 1, __ATOMIC_RELAXED); }

static void go_round(size_t self, void *ctx)
{
    struct round *const r = ctx;
    for (long k = 0; k < r->rounds; k++) {
        size_t place = parties_most;
        __atomic_store_n(&r->at[self], (int)k + 1, __ATOMIC_RELAXED);
        const weft_status s = weft_barrier_wait(&r->barrier, r->timeout, &place);
        for (size_t p = 0; p < r->parties; p++) /* all have come this far, nobody is further */
            if ((unsigned)(__atomic_load_n(&r->at[p], __ATOMIC_RELAXED) - (int)k - 1) > 1)
                count(&r->wrong);
        if (s != WEFT_OK || place >= r->parties)
            count(&r->wrong);
        else
            __atomic_fetch_or(&r->places[k % 100], (size_t)1 << place, __ATOMIC_RELAXED);
    }
}

static void nobody_goes_on_before_all_have_arrived(void)
{
    for (size_t n = 1; n <= parties_most; n++) {
        struct round r;
        begin(&r, n);
        r.rounds = 2000;
        crew_run(n, go_round, &r);
        CU_ASSERT_EQUAL(r.wrong, 0);
        weft_barrier_fini(&r.barrier);
    }
}

static void every_place_is_given_once_a_round(void)
{
    struct round r;
    begin(&r, 5);
    r.rounds = 100;
    crew_run(5, go_round, &r);
    size_t right = 0;
    for (size_t k = 0; k < 100; k++)
        right += r.places[k] == 31;
    CU_ASSERT(right == 100 && r.wrong == 0);
    weft_barrier_fini(&r.barrier);
}

static int act(void *ctx)
{
    struct round *const r = ctx;
    count(&r->actions);
    if (__atomic_load_n(&r->done, __ATOMIC_RELAXED) > 0)
        count(&r->wrong); /* somebody has gone on already */
    if (r->pause > 0)
        weft_sleep(r->pause);
    return r->returns;
}

static void arrive(size_t self, void *ctx)
{
    struct round *const r = ctx;
    (void)self;
    const weft_status s = weft_barrier_wait(&r->barrier, r->timeout, NULL);
    count(s == WEFT_OK        ? &r->done
          : s == WEFT_BROKEN  ? &r->broken
          : s == WEFT_EFAILED ? &r->failed
                              : &r->wrong);
}

static void arrive_alone(void *ctx) { arrive(0, ctx); }

static void begin_with_action(struct round *r, size_t parties)
{
    *r = (struct round){ .parties = parties, .timeout = WEFT_FOREVER };
    weft_barrier_init(&r->barrier, parties, .action = act, .ctx = r);
}

static void the_action_runs_once_before_anybody_goes_on(void)
{
    struct round r;
    begin_with_action(&r, 4);
    r.pause = 10e-3;
    crew_run(4, arrive, &r);
    CU_ASSERT(r.actions == 1 && r.done == 4 && r.wrong == 0);
    weft_barrier_fini(&r.barrier);
}

static void an_action_that_fails_breaks_the_barrier(void)
{
    struct round r;
    begin_with_action(&r, 4);
    r.returns = 7;
    crew_run(4, arrive, &r);
    CU_ASSERT(r.actions == 1 && r.failed == 1 && r.broken == 3);
    CU_ASSERT_TRUE(weft_barrier_broken(&r.barrier));
    CU_ASSERT_EQUAL(weft_barrier_wait(&r.barrier, 0, NULL), WEFT_BROKEN);
    weft_barrier_fini(&r.barrier);
    begin_with_action(&r, 1);
    r.returns = 7;
    CU_ASSERT_EQUAL(weft_barrier_wait(&r.barrier, 0, NULL), WEFT_EFAILED);
    ASSERT_TEXT(weft_detail(), "weft_barrier_wait: action returned 7: it must return 0");
    weft_barrier_fini(&r.barrier);
}

static void the_time_of_the_action_does_not_count(void)
{
    struct round r;
    begin_with_action(&r, 3);
    r.pause = 0.3, r.timeout = 0.2;
    crew_run(3, arrive, &r);
    CU_ASSERT(r.done == 3 && r.broken == 0);
    weft_barrier_fini(&r.barrier);
}

static void start(helper *h, size_t n, struct round *r)
{
    for (size_t k = 0; k < n; k++)
        helper_start(&h[k], arrive_alone, r);
    for (const double t = weft_now(); weft_barrier_waiting(&r->barrier) < n && weft_now() - t < 10;)
        weft_sleep(1e-3);
    CU_ASSERT_EQUAL(weft_barrier_waiting(&r->barrier), n);
}

static void join(helper *h, size_t n)
{
    for (size_t k = 0; k < n; k++)
        helper_join(&h[k]);
}

static void the_timeout_of_one_breaks_it_for_all(void)
{
    static const double timeouts[] = { 0, 5e-324, 1e-6, 20e-3 };
    for (size_t k = 0; k < COUNT(timeouts); k++) {
        struct round r;
        helper h[3];
        begin(&r, 5);
        start(h, 3, &r);
        const double t = weft_now();
        CU_ASSERT_EQUAL(weft_barrier_wait(&r.barrier, timeouts[k], NULL), WEFT_BROKEN);
        CU_ASSERT(weft_now() - t >= timeouts[k]);
        join(h, 3);
        CU_ASSERT_EQUAL(r.broken, 3);
        CU_ASSERT_TRUE(weft_barrier_broken(&r.barrier));
        CU_ASSERT_EQUAL(weft_barrier_wait(&r.barrier, WEFT_FOREVER, NULL), WEFT_BROKEN);
        weft_barrier_fini(&r.barrier);
    }
}

static void waits_without_an_end_have_the_barriers_timeout(void)
{
    weft_barrier b;
    weft_barrier_init(&b, 2, .timeout = 20e-3);
    const double t = weft_now();
    CU_ASSERT_EQUAL(weft_barrier_wait(&b, WEFT_FOREVER, NULL), WEFT_BROKEN);
    CU_ASSERT(weft_now() - t >= 20e-3);
    weft_barrier_fini(&b);
}

static void abort_breaks_it_for_those_who_wait_and_those_who_come(void)
{
    struct round r;
    helper h[2];
    begin(&r, 3);
    start(h, 2, &r);
    weft_barrier_abort(&r.barrier);
    join(h, 2);
    CU_ASSERT_EQUAL(r.broken, 2);
    CU_ASSERT_EQUAL(weft_barrier_wait(&r.barrier, WEFT_FOREVER, NULL), WEFT_BROKEN);
    CU_ASSERT_EQUAL(weft_barrier_waiting(&r.barrier), 0);
    weft_barrier_fini(&r.barrier);
}

static void reset_breaks_the_round_and_leaves_it_as_new(void)
{
    struct round r;
    helper h[2];
    begin(&r, 3);
    start(h, 2, &r);
    weft_barrier_reset(&r.barrier);
    join(h, 2);
    CU_ASSERT_EQUAL(r.broken, 2);
    CU_ASSERT_FALSE(weft_barrier_broken(&r.barrier));
    crew_run(3, arrive, &r);
    CU_ASSERT_EQUAL(r.done, 3);
    weft_barrier_abort(&r.barrier);
    weft_barrier_reset(&r.barrier);
    crew_run(3, arrive, &r);
    CU_ASSERT(r.done == 6 && r.broken == 2);
    weft_barrier_fini(&r.barrier);
}

static void a_round_that_was_completed_stays_good(void)
{
    for (int k = 0; k < 200; k++) {
        struct round r;
        helper h[3];
        begin(&r, 4);
        start(h, 3, &r);
        CU_ASSERT_EQUAL(weft_barrier_wait(&r.barrier, 30, NULL), WEFT_OK);
        weft_barrier_abort(&r.barrier); /* before they can have run */
        join(h, 3);
        CU_ASSERT_EQUAL(r.done, 3);
        weft_barrier_fini(&r.barrier);
    }
}

static void more_threads_than_parties_make_up_the_next_rounds(void)
{
    struct round r;
    begin_with_action(&r, 2);
    r.pause = 1e-3, r.done = -100;
    crew_run(8, arrive, &r);
    CU_ASSERT(r.done == -92 && r.actions == 4 && r.wrong == 0);
    weft_barrier_fini(&r.barrier);
}

static int abort_it(void *ctx)
{
    weft_barrier_abort(ctx);
    return 0;
}

static void an_action_may_break_its_own_barrier(void)
{
    weft_barrier b;
    weft_barrier_init(&b, 1, .action = abort_it, .ctx = &b);
    CU_ASSERT_EQUAL(weft_barrier_wait(&b, 1, NULL), WEFT_BROKEN);
    CU_ASSERT_TRUE(weft_barrier_broken(&b));
    weft_barrier_fini(&b);
}

static void an_end_breaks_it_for_who_still_waits(void)
{
    struct round r;
    helper h[2];
    begin(&r, 3);
    start(h, 2, &r);
    weft_barrier_fini(&r.barrier);
    join(h, 2);
    CU_ASSERT_EQUAL(r.broken, 2);
}

static void arrive_there(void *arg) { weft_barrier_wait(arg, WEFT_FOREVER, NULL); }

static void a_barrier_may_be_ended_as_soon_as_one_wait_has_returned(void)
{
    for (int k = 0; k < 200; k++) {
        helper h[2];
        {
            weft_barrier b;
            weft_barrier_init(&b, 3);
            helper_start(&h[0], arrive_there, &b), helper_start(&h[1], arrive_there, &b);
            weft_barrier_wait(&b, WEFT_FOREVER, NULL);
            weft_barrier_fini(&b);
        }
        join(h, 2);
    }
}

static void bad_arguments_are_refused(void)
{
    weft_barrier b;
    CU_ASSERT_EQUAL(weft_barrier_init(&b, 0), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_barrier_init: parties is 0: it must be 1 or more");
    CU_ASSERT_EQUAL(weft_barrier_init(&b, 2, .timeout = -1), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_barrier_init: timeout is -1 seconds: it must be 0 or more");
    CU_ASSERT_EQUAL(weft_barrier_init(&b, 2, .timeout = NAN), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_barrier_init(&b, 2), WEFT_OK);
    CU_ASSERT_EQUAL(weft_barrier_wait(&b, -1, NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_barrier_wait: timeout is -1 seconds: it must be 0 or more");
    CU_ASSERT_EQUAL(weft_barrier_wait(&b, NAN, NULL), WEFT_EINVAL);
    CU_ASSERT(weft_barrier_waiting(&b) == 0 && !weft_barrier_broken(&b));
    CU_ASSERT_EQUAL(weft_barrier_parties(&b), 2);
    weft_barrier_fini(&b);
}

static void a_barrier_that_is_not_in_use_panics(void)
{
    static weft_barrier never;
    weft_barrier b;
    weft_barrier_init(&b, 2), weft_barrier_fini(&b);
    ASSERT_TEXT(PANIC_OF(weft_barrier_wait(&b, 0, NULL)),
                "weft_barrier_wait: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF((weft_barrier_reset(&b), 0)),
                "weft_barrier_reset: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF((weft_barrier_abort(&b), 0)),
                "weft_barrier_abort: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF((weft_barrier_fini(&b), 0)),
                "weft_barrier_fini: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_barrier_broken(&never)),
                "weft_barrier_broken: the object is not initialised: it must be in use");
}

static void signals_do_not_end_a_wait(void)
{
    weft_barrier b;
    weft_barrier_init(&b, 2);
    disturbance s;
    disturb_begin(&s, pthread_self());
    const double t = weft_now();
    CU_ASSERT_EQUAL(weft_barrier_wait(&b, 0.1, NULL), WEFT_BROKEN);
    CU_ASSERT(weft_now() - t >= 0.1);
    CU_ASSERT(disturb_end(&s) > 5);
    weft_barrier_fini(&b);
}

CU_TestInfo barrier_tests[] = {
    { "nobody_goes_on_before_all_have_arrived", nobody_goes_on_before_all_have_arrived },
    { "every_place_is_given_once_a_round", every_place_is_given_once_a_round },
    { "the_action_runs_once_before_anybody_goes_on", the_action_runs_once_before_anybody_goes_on },
    { "an_action_that_fails_breaks_the_barrier", an_action_that_fails_breaks_the_barrier },
    { "the_time_of_the_action_does_not_count", the_time_of_the_action_does_not_count },
    { "the_timeout_of_one_breaks_it_for_all", the_timeout_of_one_breaks_it_for_all },
    { "waits_without_an_end_have_the_barriers_timeout",
      waits_without_an_end_have_the_barriers_timeout },
    { "abort_breaks_it_for_those_who_wait_and_those_who_come",
      abort_breaks_it_for_those_who_wait_and_those_who_come },
    { "reset_breaks_the_round_and_leaves_it_as_new", reset_breaks_the_round_and_leaves_it_as_new },
    { "a_round_that_was_completed_stays_good", a_round_that_was_completed_stays_good },
    { "more_threads_than_parties_make_up_the_next_rounds",
      more_threads_than_parties_make_up_the_next_rounds },
    { "an_action_may_break_its_own_barrier", an_action_may_break_its_own_barrier },
    { "an_end_breaks_it_for_who_still_waits", an_end_breaks_it_for_who_still_waits },
    { "a_barrier_may_be_ended_as_soon_as_one_wait_has_returned",
      a_barrier_may_be_ended_as_soon_as_one_wait_has_returned },
    { "bad_arguments_are_refused", bad_arguments_are_refused },
    { "a_barrier_that_is_not_in_use_panics", a_barrier_that_is_not_in_use_panics },
    { "signals_do_not_end_a_wait", signals_do_not_end_a_wait },
    CU_TEST_INFO_NULL,
};
