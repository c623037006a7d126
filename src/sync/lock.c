/* lock.c - one thread, or one process, at a time.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What excludes is somebody else's: libgomp's lock, taken by omp_test_lock only, or for processes a
 * robust mutex, taken by trylock only. What waits is ours and the same for both: back off, then sleep
 * on `word_`.
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
#include "sync/lock.h"

#include <weft/rlock.h>

#include <omp.h>

#include "base/futex.h"
#include "base/options.h"
#include "sync/kind.h"
#include "sync/robust.h"
#include "sync/self.h"
#include "sync/spin.h"
#include "sync/unset.h"

_Static_assert(sizeof(omp_lock_t) <= sizeof((weft_lock){ 0 }.omp_), "no room for an omp_lock_t");
_Static_assert(_Alignof(omp_lock_t) <= _Alignof(weft_lock), "an omp_lock_t would be misaligned");
_Static_assert(sizeof(weft_lock) == 128, "the size is part of the ABI");

enum { on_its_way = 1, one_sleeper = 2 };

static const double patience = 1e-3; /* seconds that a sleeper waits before it shuts the door */

enum {
    door_time = 50,   /* milliseconds that it stays shut, if nobody opens it */
    first_turn = 4,   /* 16 pauses, about a microsecond: who fights at once for each turn moves the
                         cache line to and fro, and all are slow */
    most_pauses = 512 /* between two attempts; they double up to that in one wake-up's time */
};

static omp_lock_t *omp(weft_lock *l) { return (omp_lock_t *)l->omp_; }

/* libomp's default lock lies in a table that the child of a fork() has not; the one for locks that are
 * seldom contended is a word of our own storage. Contention is our affair anyway. libgomp has only
 * that kind, and no such function. */
extern void omp_init_lock_with_hint(omp_lock_t *lock, omp_lock_hint_t hint) __attribute__((weak));

static void begin_plain(weft_lock *l)
{
    if (omp_init_lock_with_hint)
        omp_init_lock_with_hint(omp(l), omp_lock_hint_uncontended);
    else
        omp_init_lock(omp(l));
}

/* ---- taking it without waiting ---- */

static bool take_plain(weft_lock *l)
{
    if (!omp_test_lock(omp(l)))
        return false;
    /* acquire: pairs with the release in free_plain(). The runtime orders too, but not where
     * ThreadSanitizer could see it. */
    (void)__atomic_load_n(&l->held_, __ATOMIC_ACQUIRE);
    __atomic_store_n(&l->held_, 1, __ATOMIC_RELAXED);
    return true;
}

static weft_status try(weft_lock *l)
{
    if (l->kind_ == weft__shared)
        return weft__robust_try(l);
    return take_plain(l) ? WEFT_OK : WEFT_TIMEOUT;
}

/* The status of an attempt that is over; WEFT_TIMEOUT: go on. */
static weft_status try_if_free(weft_lock *l)
{
    /* relaxed: a hint, so that who waits does not take the cache line from who has the lock */
    if (l->kind_ == weft__plain && __atomic_load_n(&l->held_, __ATOMIC_RELAXED))
        return WEFT_TIMEOUT;
    return try(l);
}

/* ---- the door ---- */

/* Never 0. */
static uint32_t milliseconds(double t) { return (uint32_t)(uint64_t)(t * 1e3) | 1; }

static bool door_is_shut(weft_lock *l)
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

/* ---- waiting ---- */

/* Tries now and then, more and more seldom, for about a wake-up's time. */
static weft_status try_for_a_while(weft_lock *l, double deadline, bool is_new)
{
    struct weft__spin spin = { .turns = first_turn };
    while (weft__spin_pays() && weft__back_off(&spin, most_pauses)) {
        if (is_new && door_is_shut(l))
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

static void wake_one_unless_on_its_way(weft_lock *l, uint32_t seen)
{
    while (seen >= one_sleeper && !(seen & on_its_way))
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
                                        (seen - one_sleeper) & ~(uint32_t)on_its_way, true,
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
    __atomic_fetch_add(&l->sleepers_, one_sleeper, __ATOMIC_SEQ_CST);
    for (;;) {
        const uint32_t word = __atomic_load_n(&l->word_, __ATOMIC_SEQ_CST);
        __atomic_fetch_and(&l->sleepers_, ~(uint32_t)on_its_way, __ATOMIC_SEQ_CST);
        s = is_new && door_is_shut(l) ? WEFT_TIMEOUT : try(l);
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

static weft_status wait_for(weft_lock *l, double timeout)
{
    const double deadline = weft__deadline_in(timeout);
    weft_status s = try_for_a_while(l, deadline, true);
    if (s == WEFT_TIMEOUT && weft_now() < deadline)
        s = sleep_until(l, deadline);
    return s;
}

/* ---- freeing it ---- */

static weft_status free_plain(weft_lock *l)
{
    if (!__atomic_load_n(&l->held_, __ATOMIC_RELAXED))
        return WEFT_EPERM;
    __atomic_store_n(&l->held_, 0, __ATOMIC_RELEASE); /* pairs with take_plain() */
    omp_unset_lock(omp(l));
    return WEFT_OK;
}

weft_status weft__lock_try(weft_lock *lock)
{
    /* relaxed: see door_is_shut() */
    if (__atomic_load_n(&lock->door_, __ATOMIC_RELAXED) && door_is_shut(lock))
        return WEFT_TIMEOUT;
    return try(lock);
}

weft_status weft__lock_free(weft_lock *lock)
{
    const weft_status s = lock->kind_ == weft__shared ? weft__robust_free(lock) : free_plain(lock);
    if (s == WEFT_OK) {
        const uint32_t seen = weft__load_after_unset(&lock->sleepers_);
        if (__builtin_expect(seen >= one_sleeper, 0))
            wake_one_unless_on_its_way(lock, seen);
    }
    return s;
}

weft_status weft__lock_take(weft_lock *lock, double timeout)
{
    const weft_status s = weft__lock_try(lock);
    return s != WEFT_TIMEOUT || timeout == 0 ? s : wait_for(lock, timeout);
}

bool weft__lock_is_mine(const weft_lock *lock)
{
    const uint64_t held = __atomic_load_n(&lock->held_, __ATOMIC_RELAXED);
    return lock->kind_ == weft__shared ? held == weft__self() : held != 0;
}

/* OpenMP has no word for ending a lock that is set. */
static void end_plain(weft_lock *l)
{
    (void)free_plain(l);
    omp_destroy_lock(omp(l));
}

/* ---- public ---- */

weft_status weft_lock_init_opts(weft_lock *lock, const weft_lock_opts *opts)
{
    weft_lock_opts o;
    weft__take_options(&o, opts);
    *lock = (weft_lock){ .kind_ = o.shared ? weft__shared : weft__plain };
    if (!o.shared)
        begin_plain(lock);
    else if (weft__robust_init(lock))
        return weft__fail(WEFT_ESYS, "weft_lock_init: shared is true: this system has no robust "
                                     "mutexes between processes");
    return WEFT_OK;
}

void weft_lock_fini(weft_lock *lock)
{
    if (weft__is_shared(lock->kind_, "weft_lock_fini"))
        weft__robust_fini(lock);
    else
        end_plain(lock);
    lock->kind_ = weft__ended;
}

static weft_status refused(weft_status s)
{
    if (s == WEFT_EDEADLK)
        return weft__fail(s, "weft_lock_acquire: lock is held by the calling thread: "
                             "a shared lock is taken once");
    if (s == WEFT_EDIED)
        return weft__fail(s, "weft_lock_acquire: lock was held by a thread that died: "
                             "look at what it protects");
    return weft__fail(s, "weft_lock_acquire: lock is damaged: the system's mutex refuses it");
}

weft_status weft_lock_acquire(weft_lock *lock, double timeout)
{
    (void)weft__is_shared(lock->kind_, "weft_lock_acquire");
    if (__builtin_expect(!(timeout >= 0), 0))
        return weft__check_timeout(timeout, "weft_lock_acquire");
    const weft_status s = weft__lock_take(lock, timeout);
    return __builtin_expect(s < 0, 0) ? refused(s) : s;
}

weft_status weft_lock_release(weft_lock *lock)
{
    const bool shared = weft__is_shared(lock->kind_, "weft_lock_release");
    const weft_status s = weft__lock_free(lock);
    if (__builtin_expect(s == WEFT_OK, 1))
        return s;
    return weft__fail(s, shared ? "weft_lock_release: lock is not held by the calling thread: "
                                  "only who has a shared lock may release it"
                                : "weft_lock_release: lock is not held: it must be");
}

bool weft_lock_locked(const weft_lock *lock)
{
    (void)weft__is_shared(lock->kind_, "weft_lock_locked");
    return __atomic_load_n(&lock->held_, __ATOMIC_RELAXED) != 0;
}

bool weft_lock_owner_died(const weft_lock *lock)
{
    (void)weft__is_shared(lock->kind_, "weft_lock_owner_died");
    return lock->died_ != 0;
}

weft_status weft_lock_reinit(weft_lock *lock)
{
    if (weft__is_shared(lock->kind_, "weft_lock_reinit"))
        return weft__fail(WEFT_ESTATE, "weft_lock_reinit: lock is shared: the child has the same "
                                       "lock as its parent");
    end_plain(lock);
    return weft_lock_init_opts(lock, NULL);
}

weft_held_ weft_hold_lock_(weft_lock *lock)
{
    (void)weft__is_shared(lock->kind_, "weft_with_lock");
    const weft_status s = weft__lock_take(lock, WEFT_FOREVER);
    if (__builtin_expect(s < 0 && s != WEFT_EDIED, 0))
        weft__panic("weft_with_lock: lock is held by the calling thread: a shared lock is taken "
                    "once");
    return (weft_held_){ .lock = lock, .open = true };
}

void weft_held_end_(weft_held_ *held)
{
    if (held->lock)
        (void)weft_lock_release(held->lock); /* EPERM: the statement has released it itself */
    else
        (void)weft_rlock_release(held->rlock);
}
