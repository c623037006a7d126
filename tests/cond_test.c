/* cond_test.c - who is woken by a notify: as many as were asked for, in order, each once.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft.h>

#include "crew.h"
#include "spots.h"
#include "suites.h"

enum { sleepers = 6 };

static void start_sleepers(spot *s, helper *h)
{
    for (size_t k = 0; k < sleepers; k++)
        helper_start(&h[k], wait_once, s);
    CU_ASSERT_TRUE(reaches(s, &s->waiting, sleepers)); /* and then they have freed the lock */
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

CU_TestInfo cond_tests[] = {
    { "a_notify_of_n_wakes_exactly_n", a_notify_of_n_wakes_exactly_n },
    { "who_has_waited_longest_is_woken_first", who_has_waited_longest_is_woken_first },
    { "who_waits_later_steals_no_notify", who_waits_later_steals_no_notify },
    { "a_notify_that_nobody_waits_for_is_forgotten", a_notify_that_nobody_waits_for_is_forgotten },
    { "every_ticket_is_taken_once", every_ticket_is_taken_once },
    CU_TEST_INFO_NULL,
};
