/* lock_wait.c - how one waits for a lock: tries now and then, and then sleeps on `word_`.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     sleepers_   2 a thread that is registered as a sleeper, + 1 while one that was woken is on its
 *                 way: meanwhile nobody else need be woken
 *     word_       changes with every wake-up; what the sleepers sleep on
 *     door_       0, or the millisecond until which who comes new does not try at all
 *
 *     sleeper  registers; reads word_; clears the + 1; tries; sleeps while word_ is as it was
 *     release  frees; reads sleepers_; sets the + 1; changes word_; wakes one
 *
 * No wake-up is lost: of register and try, free and read one side sees the other (unset.h). And the + 1
 * does not stay: who sets it found a sleeper registered, which reads word_ before the change and
 * does not fall asleep, or is woken, or reads word_ later; in each case it clears the + 1 and then tries.
 *
 * The door: a free lock goes to who is there first, and that is never who has to be woken. So a
 * sleeper that has waited for a millisecond shuts the door, until it has the lock or gives up. The door
 * opens by itself after a while, in case that who shut it was killed. */
#include "sync/lock_wait.h"

#include <weft/clock.h>

#include "base/futex.h"
#include "sync/kind.h"
#include "sync/spin.h"

enum { on_its_way = 1 };

static const double patience = 1e-3; /* seconds that a sleeper waits before it shuts the door */

enum {
    door_time = 50,   /* milliseconds that it stays shut, if nobody opens it */
    first_turn = 4,   /* 16 pauses, about a microsecond: who fights at once for each turn moves the
                         cache line to and fro, and all are slow */
    most_pauses = 512 /* between two attempts; they double up to that in one wake-up's time */
};

/* ---- the door ---- */

/* Never 0. */
static uint32_t milliseconds(double t) { return (uint32_t)(uint64_t)(t * 1e3) | 1; }

bool weft__lock_door_is_shut(weft_lock *l)
{
    /* relaxed, as all of the door: it holds off, it orders nothing */
    const uint32_t until = __atomic_load_n(&l->door_, __ATOMIC_RELAXED);
    return until && (int32_t)(until - milliseconds(weft_now())) > 0;
}

static void shut_door(weft_lock *l, double now)
{
    __atomic_store_n(&l->door_, milliseconds(now) + door_time, __ATOMIC_RELAXED);
}

static void open_door(weft_lock *l) { __atomic_store_n(&l->door_, 0, __ATOMIC_RELAXED); }

/* ---- sleeping and waking ---- */

/* The status of an attempt that is over; WEFT_TIMEOUT: go on. */
static weft_status try_if_free(weft_lock *l)
{
    /* relaxed: a hint, so that who waits does not take the cache line from who has the lock */
    if (l->kind_ == weft__plain && __atomic_load_n(&l->held_, __ATOMIC_RELAXED))
        return WEFT_TIMEOUT;
    return weft__lock_attempt(l);
}

/* Tries now and then, more and more seldom, for about a wake-up's time. */
static weft_status try_for_a_while(weft_lock *l, double deadline, bool is_new)
{
    struct weft__spin spin = { .turns = first_turn };
    while (weft__spin_pays() && weft__back_off(&spin, most_pauses)) {
        if (is_new && weft__lock_door_is_shut(l))
            break;
        const weft_status s = try_if_free(l);
        if (s != WEFT_TIMEOUT)
            return s;
        if (spin.now >= deadline)
            break;
    }
    return WEFT_TIMEOUT;
}

static void wake_one(weft_lock *l)
{
    /* the order of both counts: see above */
    __atomic_fetch_add(&l->word_, 1, __ATOMIC_SEQ_CST);
    weft__futex_wake(&l->word_, 1, l->kind_ == weft__shared);
}

void weft__lock_wake_unless_on_its_way(weft_lock *l, uint32_t seen)
{
    while (seen >= weft__one_sleeper && !(seen & on_its_way))
        if (__atomic_compare_exchange_n(&l->sleepers_, &seen, seen | on_its_way, true,
                                        __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
            wake_one(l);
            return;
        }
}

/* Ends a wait: with the lock, or without. */
static void leave(weft_lock *l, bool has_shut_door, bool has_lock)
{
    uint32_t seen = __atomic_load_n(&l->sleepers_, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&l->sleepers_, &seen,
                                        (seen - weft__one_sleeper) & ~(uint32_t)on_its_way, true,
                                        __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))
        ;
    if (!has_shut_door)
        return;
    open_door(l);
    if (!has_lock) /* who slept before a shut door counted on us to come by and release */
        wake_one(l);
}

static weft_status sleep_until(weft_lock *l, double deadline)
{
    const double start = weft_now();
    bool is_new = true, has_shut_door = false, on_time = true;
    weft_status s;
    __atomic_fetch_add(&l->sleepers_, weft__one_sleeper, __ATOMIC_SEQ_CST);
    for (;;) {
        const uint32_t word = __atomic_load_n(&l->word_, __ATOMIC_SEQ_CST);
        __atomic_fetch_and(&l->sleepers_, ~(uint32_t)on_its_way, __ATOMIC_SEQ_CST);
        s = is_new && weft__lock_door_is_shut(l) ? WEFT_TIMEOUT : weft__lock_attempt(l);
        if (s != WEFT_TIMEOUT || !on_time)
            break;
        const double now = weft_now();
        if (now - start > patience)
            shut_door(l, now), has_shut_door = true;
        on_time = weft__futex_wait(&l->word_, word, deadline, l->kind_ == weft__shared);
        is_new = false;
        if (on_time && (s = try_for_a_while(l, deadline, is_new)) != WEFT_TIMEOUT)
            break;
    }
    leave(l, has_shut_door, s != WEFT_TIMEOUT);
    return s;
}

weft_status weft__lock_wait(weft_lock *l, double timeout)
{
    const double deadline = weft__deadline_in(timeout);
    weft_status s = try_for_a_while(l, deadline, true);
    if (s == WEFT_TIMEOUT && weft_now() < deadline)
        s = sleep_until(l, deadline);
    return s;
}
