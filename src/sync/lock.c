/* lock.c - one thread, or one process, at a time.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What excludes is somebody else's: libgomp's lock, taken by omp_test_lock only, or for processes a
 * robust mutex, taken by trylock only. What waits is ours and the same for both: lock_wait.c. */
#include "sync/lock.h"

#include <weft/rlock.h>

#include <omp.h>

#include "base/futex.h"
#include "base/options.h"
#include "sync/kind.h"
#include "sync/lock_wait.h"
#include "sync/robust.h"
#include "sync/self.h"

_Static_assert(sizeof(omp_lock_t) <= sizeof((weft_lock){ 0 }.omp_), "no room for an omp_lock_t");
_Static_assert(_Alignof(omp_lock_t) <= _Alignof(weft_lock), "an omp_lock_t would be misaligned");
_Static_assert(sizeof(weft_lock) == 128, "the size is part of the ABI");

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

weft_status weft__lock_attempt(weft_lock *l)
{
    if (l->kind_ == weft__shared)
        return weft__robust_try(l);
    return take_plain(l) ? WEFT_OK : WEFT_TIMEOUT;
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
    /* relaxed: see weft__lock_door_is_shut() */
    if (__atomic_load_n(&lock->door_, __ATOMIC_RELAXED) && weft__lock_door_is_shut(lock))
        return WEFT_TIMEOUT;
    return weft__lock_attempt(lock);
}

weft_status weft__lock_free(weft_lock *lock)
{
    const weft_status s = lock->kind_ == weft__shared ? weft__robust_free(lock) : free_plain(lock);
    if (s == WEFT_OK)
        weft__lock_wake(lock);
    return s;
}

weft_status weft__lock_take(weft_lock *lock, double timeout)
{
    const weft_status s = weft__lock_try(lock);
    return s != WEFT_TIMEOUT || timeout == 0 ? s : weft__lock_wait(lock, timeout);
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
