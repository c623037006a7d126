/* cond_test.c - the condition, over a lock and over a recursive one.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Most tests run over both: a `spot` has either. */
#include <math.h>

#include <weft.h>

#include "crew.h"
#include "suites.h"

typedef struct spot {
    bool recursive;
    weft_lock lock;
    weft_rlock rlock;
    weft_cond cond;
    size_t waiting, woken, late; /* under the lock */
    long tickets, taken;
} spot;

static void spot_init(spot *s, bool recursive)
{
    *s = (spot){ .recursive = recursive };
    weft_lock_init(&s->lock), weft_rlock_init(&s->rlock);
    CU_ASSERT_EQUAL_FATAL(recursive ? weft_cond_init(&s->cond, &s->rlock)
                                    : weft_cond_init(&s->cond, &s->lock),
                          WEFT_OK);
}

static void spot_fini(spot *s)
{
    weft_cond_fini(&s->cond);
    weft_lock_fini(&s->lock), weft_rlock_fini(&s->rlock);
}

static void take(spot *s)
{
    s->recursive ? weft_rlock_acquire(&s->rlock, WEFT_FOREVER)
                 : weft_lock_acquire(&s->lock, WEFT_FOREVER);
}

static void give(spot *s)
{
    s->recursive ? weft_rlock_release(&s->rlock) : weft_lock_release(&s->lock);
}

static bool is_locked(const spot *s)
{
    return s->recursive ? weft_rlock_locked(&s->rlock) : weft_lock_locked(&s->lock);
}

static void wait_once(void *arg)
{
    spot *const s = arg;
    take(s);
    s->waiting++;
    if (weft_cond_wait(&s->cond, WEFT_FOREVER) == WEFT_OK)
        s->woken++;
    give(s);
}

static size_t under_lock(spot *s, const size_t *count)
{
    take(s);
    const size_t n = *count;
    give(s);
    return n;
}

static bool reaches(spot *s, const size_t *count, size_t n)
{
    for (const double start = weft_now(); weft_now() - start < 10; weft_sleep(1e-3))
        if (under_lock(s, count) == n)
            return true;
    return false;
}

enum { sleepers = 6 };

static void start_sleepers(spot *s, helper *h)
{
    for (size_t k = 0; k < sleepers; k++)
        helper_start(&h[k], wait_once, s);
    CU_ASSERT_TRUE(reaches(s, &s->waiting, sleepers)); /* and then they have freed the lock */
}

static void notify(spot *s, size_t n)
{
    take(s);
    CU_ASSERT_EQUAL(weft_cond_notify(&s->cond, n), WEFT_OK);
    give(s);
}

/* Runs a test over both sorts of lock. */
static void over_both(void (*test)(spot *s))
{
    for (int recursive = 0; recursive < 2; recursive++) {
        spot s;
        spot_init(&s, recursive);
        test(&s);
        spot_fini(&s);
    }
}

static void exactly_n(spot *s)
{
    helper h[sleepers];
    start_sleepers(s, h);
    notify(s, 0);
    weft_sleep(5e-3);
    CU_ASSERT_EQUAL(under_lock(s, &s->woken), 0);
    notify(s, 1);
    CU_ASSERT_TRUE(reaches(s, &s->woken, 1));
    notify(s, 3);
    CU_ASSERT_TRUE(reaches(s, &s->woken, 4));
    weft_sleep(20e-3); /* no spurious wake-up either */
    CU_ASSERT_EQUAL(under_lock(s, &s->woken), 4);
    take(s);
    CU_ASSERT_EQUAL(weft_cond_notify_all(&s->cond), WEFT_OK);
    give(s);
    for (size_t k = 0; k < sleepers; k++)
        helper_join(&h[k]);
    CU_ASSERT_EQUAL(s->woken, sleepers);
}
static void a_notify_of_n_wakes_exactly_n(void) { over_both(exactly_n); }

struct place_in_line {
    spot *spot;
    size_t woken; /* how many were before */
};

static void wait_in_line(void *arg)
{
    struct place_in_line *const l = arg;
    take(l->spot);
    l->spot->waiting++;
    (void)weft_cond_wait(&l->spot->cond, WEFT_FOREVER);
    l->woken = l->spot->woken++;
    give(l->spot);
}

static void in_line(spot *s)
{
    helper h[sleepers];
    struct place_in_line l[sleepers];
    for (size_t k = 0; k < sleepers; k++) {
        l[k] = (struct place_in_line){ .spot = s };
        helper_start(&h[k], wait_in_line, &l[k]);
        CU_ASSERT_TRUE(reaches(s, &s->waiting, k + 1));
    }
    for (size_t k = 0; k < sleepers; k++) {
        notify(s, 1);
        helper_join(&h[k]);
        CU_ASSERT_EQUAL(l[k].woken, k);
    }
}
static void who_has_waited_longest_is_woken_first(void) { over_both(in_line); }

static void wait_late(void *arg)
{
    spot *const s = arg;
    take(s);
    s->late++;
    (void)weft_cond_wait(&s->cond, WEFT_FOREVER);
    s->late--;
    give(s);
}

/* Notifies, and begins a wait of its own before those who were notified can have the lock. */
static void no_stealing(spot *s)
{
    helper h[sleepers], late;
    start_sleepers(s, h);
    take(s);
    weft_cond_notify(&s->cond, sleepers);
    helper_start(&late, wait_late, s);
    CU_ASSERT_EQUAL(weft_cond_wait(&s->cond, 0.05), WEFT_TIMEOUT);
    give(s);
    CU_ASSERT_TRUE(reaches(s, &s->woken, sleepers));
    CU_ASSERT_EQUAL(under_lock(s, &s->late), 1);
    notify(s, 1);
    helper_join(&late);
    for (size_t k = 0; k < sleepers; k++)
        helper_join(&h[k]);
}
static void who_waits_later_steals_no_notify(void) { over_both(no_stealing); }

static void unheard(spot *s)
{
    notify(s, 3);
    take(s);
    CU_ASSERT_EQUAL(weft_cond_wait(&s->cond, 1e-3), WEFT_TIMEOUT);
    give(s);
}
static void a_notify_that_nobody_waits_for_is_forgotten(void) { over_both(unheard); }

static void timeouts(spot *s)
{
    static const double seconds[] = { 0, 5e-324, 1e-9, 1e-6, 30e-6, 100e-6, 2e-3, 30e-3 };
    take(s);
    for (size_t k = 0; k < COUNT(seconds); k++) {
        const double start = weft_now();
        CU_ASSERT_EQUAL(weft_cond_wait(&s->cond, seconds[k]), WEFT_TIMEOUT);
        CU_ASSERT(weft_now() - start >= seconds[k]);
        CU_ASSERT_TRUE(is_locked(s));
    }
    CU_ASSERT_EQUAL(weft_cond_wait(&s->cond, -1), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_cond_wait: timeout is -1 seconds: it must be 0 or more");
    CU_ASSERT_EQUAL(weft_cond_wait(&s->cond, NAN), WEFT_EINVAL);
    CU_ASSERT_TRUE(is_locked(s));
    give(s);
}
static void a_wait_lasts_as_long_as_its_timeout_and_has_the_lock_again(void)
{
    over_both(timeouts);
}

static bool never(void *ctx) { return ctx != NULL && false; }

static void lockless(spot *s)
{
    CU_ASSERT_EQUAL(weft_cond_wait(&s->cond, 1), WEFT_EPERM);
    ASSERT_TEXT(weft_detail(), "weft_cond_wait: the condition's lock is not held: it must be");
    CU_ASSERT_EQUAL(weft_cond_wait_for(&s->cond, never, s, 1), WEFT_EPERM);
    CU_ASSERT_EQUAL(weft_cond_notify(&s->cond, 1), WEFT_EPERM);
    ASSERT_TEXT(weft_detail(), "weft_cond_notify: the condition's lock is not held: it must be");
    CU_ASSERT_EQUAL(weft_cond_notify_all(&s->cond), WEFT_EPERM);
    CU_ASSERT_FALSE(is_locked(s));
}
static void without_the_lock_nobody_waits_or_notifies(void) { over_both(lockless); }

static void take_and_end(void *arg) { take(arg); }

static void a_recursive_lock_of_another_thread_will_not_do(void)
{
    spot s;
    helper h;
    spot_init(&s, true);
    helper_start(&h, take_and_end, &s);
    helper_join(&h);
    CU_ASSERT_EQUAL(weft_cond_wait(&s.cond, 0), WEFT_EPERM);
    CU_ASSERT_EQUAL(weft_cond_notify(&s.cond, 1), WEFT_EPERM);
    spot_fini(&s);
}

static void a_recursive_lock_is_freed_entirely_and_taken_as_often(void)
{
    spot s;
    helper h;
    spot_init(&s, true);
    for (int k = 0; k < 3; k++)
        take(&s);
    helper_start(&h, wait_once, &s); /* gets the lock only while we wait */
    while (s.waiting == 0)
        CU_ASSERT_EQUAL(weft_cond_wait(&s.cond, 5e-3), WEFT_TIMEOUT);
    CU_ASSERT_EQUAL(weft_rlock_count(&s.rlock), 3);
    weft_cond_notify(&s.cond, 1);
    for (int k = 0; k < 3; k++)
        CU_ASSERT_EQUAL(weft_rlock_release(&s.rlock), WEFT_OK);
    helper_join(&h);
    CU_ASSERT_EQUAL(s.woken, 1);
    spot_fini(&s);
}

static bool has_ticket(void *ctx) { return ((const spot *)ctx)->tickets > 0; }

static void wait_for_ticket(void *arg)
{
    spot *const s = arg;
    take(s);
    s->waiting++;
    if (weft_cond_wait_for(&s->cond, has_ticket, s, WEFT_FOREVER) == WEFT_OK)
        s->tickets--, s->woken++;
    give(s);
}

static void predicates(spot *s)
{
    helper h;
    helper_start(&h, wait_for_ticket, s);
    CU_ASSERT_TRUE(reaches(s, &s->waiting, 1));
    for (int k = 0; k < 5; k++)
        notify(s, 1); /* in vain */
    CU_ASSERT_EQUAL(under_lock(s, &s->woken), 0);
    take(s);
    s->tickets = 2;
    weft_cond_notify(&s->cond, 1);
    give(s);
    helper_join(&h);
    CU_ASSERT_EQUAL(s->woken, 1);
    take(s);
    CU_ASSERT_EQUAL(weft_cond_wait_for(&s->cond, has_ticket, s, 0), WEFT_OK);
    s->tickets = 0;
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_cond_wait_for(&s->cond, has_ticket, s, 20e-3), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 20e-3);
    CU_ASSERT_EQUAL(weft_cond_wait_for(&s->cond, has_ticket, s, -1), WEFT_EINVAL);
    give(s);
}
static void a_wait_for_ends_when_its_predicate_holds(void) { over_both(predicates); }

static void a_condition_that_is_not_in_use_panics(void)
{
    static weft_lock no_lock;
    static weft_cond no_cond;
    spot s;
    spot_init(&s, false);
    spot_fini(&s);
    ASSERT_TEXT(PANIC_OF(weft_cond_wait(&s.cond, 0)),
                "weft_cond_wait: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_cond_notify(&s.cond, 0)),
                "weft_cond_notify: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF((weft_cond_fini(&no_cond), 0)),
                "weft_cond_fini: the object is not initialised: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_cond_init(&no_cond, &no_lock)),
                "weft_cond_init: the object is not initialised: it must be in use");
}

static void a_condition_where_somebody_waits_is_not_ended(void)
{
    spot s;
    helper h;
    spot_init(&s, false);
    helper_start(&h, wait_once, &s);
    CU_ASSERT_TRUE(reaches(&s, &s.waiting, 1));
    take(&s);
    ASSERT_TEXT(PANIC_OF((weft_cond_fini(&s.cond), 0)),
                "weft_cond_fini: somebody waits: nobody may");
    give(&s);
    notify(&s, 1);
    helper_join(&h);
    spot_fini(&s);
}

static void a_shared_condition_wants_a_shared_lock(void)
{
    weft_lock l;
    weft_cond c;
    weft_lock_init(&l);
    CU_ASSERT_EQUAL(weft_cond_init(&c, &l, .shared = true), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_cond_init: shared is true: the lock must be shared, too");
    weft_lock_fini(&l);
}

/* ---- storms ---- */

enum { turns = 2000 };

/* Even ones give tickets, odd ones take them, by waits that time out now and then. */
static void trade(size_t self, void *ctx)
{
    spot *const s = ctx;
    for (long k = 0; k < turns; k++) {
        take(s);
        if (self % 2 == 0) {
            s->tickets++;
            weft_cond_notify(&s->cond, 1);
        } else {
            while (s->tickets == 0)
                (void)weft_cond_wait(&s->cond, k % 3 ? WEFT_FOREVER : 50e-6);
            s->tickets--, s->taken++;
        }
        give(s);
    }
}

static void trades(spot *s)
{
    for (size_t pairs = 1; pairs <= 4; pairs++) {
        s->tickets = s->taken = 0;
        crew_run(2 * pairs, trade, s);
        CU_ASSERT(s->tickets == 0 && s->taken == turns * (long)pairs);
    }
}
static void every_ticket_is_taken_once(void) { over_both(trades); }

static void signals(spot *s)
{
    disturbance st;
    disturb_begin(&st, pthread_self());
    take(s);
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_cond_wait(&s->cond, 0.1), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 0.1);
    give(s);
    CU_ASSERT(disturb_end(&st) > 5);
}
static void signals_do_not_end_a_wait(void) { over_both(signals); }

CU_TestInfo cond_tests[] = {
    { "a_notify_of_n_wakes_exactly_n", a_notify_of_n_wakes_exactly_n },
    { "who_has_waited_longest_is_woken_first", who_has_waited_longest_is_woken_first },
    { "who_waits_later_steals_no_notify", who_waits_later_steals_no_notify },
    { "a_notify_that_nobody_waits_for_is_forgotten", a_notify_that_nobody_waits_for_is_forgotten },
    { "a_wait_lasts_as_long_as_its_timeout_and_has_the_lock_again",
      a_wait_lasts_as_long_as_its_timeout_and_has_the_lock_again },
    { "without_the_lock_nobody_waits_or_notifies", without_the_lock_nobody_waits_or_notifies },
    { "a_recursive_lock_of_another_thread_will_not_do",
      a_recursive_lock_of_another_thread_will_not_do },
    { "a_recursive_lock_is_freed_entirely_and_taken_as_often",
      a_recursive_lock_is_freed_entirely_and_taken_as_often },
    { "a_wait_for_ends_when_its_predicate_holds", a_wait_for_ends_when_its_predicate_holds },
    { "a_condition_that_is_not_in_use_panics", a_condition_that_is_not_in_use_panics },
    { "a_condition_where_somebody_waits_is_not_ended",
      a_condition_where_somebody_waits_is_not_ended },
    { "a_shared_condition_wants_a_shared_lock", a_shared_condition_wants_a_shared_lock },
    { "every_ticket_is_taken_once", every_ticket_is_taken_once },
    { "signals_do_not_end_a_wait", signals_do_not_end_a_wait },
    CU_TEST_INFO_NULL,
};
