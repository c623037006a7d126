/* rlock.c - a lock that the thread which has it may take again.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Only who has the lock writes owner_ and count_, and clears owner_ before it frees the lock. So a
 * thread that finds itself there has the lock; what else it finds does not matter, and the load may
 * be relaxed. libgomp's nested lock would not do: it belongs to a task, and inside a parallel loop of
 * its own a thread is another task.
 *
 * The owner of a plain lock is the address of a thread-local: the child of a fork() keeps what the
 * forking thread had. The owner of a shared one is the kernel's number: the child is another
 * process. */
#include "sync/rlock.h"

#include "base/detail.h"
#include "base/futex.h"
#include "sync/kind.h"
#include "sync/lock.h"
#include "sync/self.h"

_Static_assert(sizeof(weft_rlock) == 160, "the size is part of the ABI");

static uint64_t me(const weft_rlock *r)
{
    static _Thread_local char here;
    return r->lock_.kind_ == weft__shared ? weft__self() : (uintptr_t)&here;
}

static void own(weft_rlock *r, uint64_t owner, size_t count)
{
    __atomic_store_n(&r->owner_, owner, __ATOMIC_RELAXED);
    r->count_ = count;
}

bool weft__rlock_is_mine(const weft_rlock *rlock)
{
    return __atomic_load_n(&rlock->owner_, __ATOMIC_RELAXED) == me(rlock);
}

size_t weft__rlock_free_all(weft_rlock *rlock)
{
    const size_t count = rlock->count_;
    own(rlock, 0, 0);
    (void)weft__lock_free(&rlock->lock_); /* it is ours */
    return count;
}

weft_status weft__rlock_take_all(weft_rlock *rlock, size_t count)
{
    const weft_status s = weft__lock_take(&rlock->lock_, WEFT_FOREVER);
    own(rlock, me(rlock), count);
    return s;
}

static weft_status take(weft_rlock *r, double timeout)
{
    if (weft__rlock_is_mine(r)) {
        r->count_++;
        return WEFT_OK;
    }
    const weft_status s = weft__lock_take(&r->lock_, timeout);
    if (s == WEFT_OK || s == WEFT_EDIED)
        own(r, me(r), 1);
    return s;
}

weft_status weft_rlock_init_opts(weft_rlock *rlock, const weft_lock_opts *opts)
{
    *rlock = (weft_rlock){ .owner_ = 0 };
    return weft_lock_init_opts(&rlock->lock_, opts);
}

void weft_rlock_fini(weft_rlock *rlock)
{
    (void)weft__is_shared(rlock->lock_.kind_, "weft_rlock_fini");
    weft_lock_fini(&rlock->lock_);
}

weft_status weft_rlock_acquire(weft_rlock *rlock, double timeout)
{
    (void)weft__is_shared(rlock->lock_.kind_, "weft_rlock_acquire");
    if (__builtin_expect(!(timeout >= 0), 0))
        return weft__check_timeout(timeout, "weft_rlock_acquire");
    const weft_status s = take(rlock, timeout);
    if (__builtin_expect(s == WEFT_EDIED, 0))
        return weft__fail(s, "weft_rlock_acquire: lock was held by a thread that died: look at "
                             "what it protects");
    return s;
}

weft_status weft_rlock_release(weft_rlock *rlock)
{
    (void)weft__is_shared(rlock->lock_.kind_, "weft_rlock_release");
    if (__builtin_expect(!weft__rlock_is_mine(rlock), 0))
        return weft__fail(WEFT_EPERM, "weft_rlock_release: lock is not held by the calling thread: "
                                      "only who has it may release it");
    if (--rlock->count_ > 0)
        return WEFT_OK;
    own(rlock, 0, 0);
    return weft__lock_free(&rlock->lock_);
}

bool weft_rlock_locked(const weft_rlock *rlock)
{
    (void)weft__is_shared(rlock->lock_.kind_, "weft_rlock_locked");
    return weft_lock_locked(&rlock->lock_);
}

size_t weft_rlock_count(const weft_rlock *rlock)
{
    (void)weft__is_shared(rlock->lock_.kind_, "weft_rlock_count");
    return weft__rlock_is_mine(rlock) ? rlock->count_ : 0;
}

bool weft_rlock_owner_died(const weft_rlock *rlock)
{
    (void)weft__is_shared(rlock->lock_.kind_, "weft_rlock_owner_died");
    return weft_lock_owner_died(&rlock->lock_);
}

weft_status weft_rlock_reinit(weft_rlock *rlock)
{
    if (weft__is_shared(rlock->lock_.kind_, "weft_rlock_reinit"))
        return weft__fail(WEFT_ESTATE, "weft_rlock_reinit: lock is shared: the child has the same "
                                       "lock as its parent");
    own(rlock, 0, 0);
    return weft_lock_reinit(&rlock->lock_);
}

weft_held_ weft_hold_rlock_(weft_rlock *rlock)
{
    (void)weft__is_shared(rlock->lock_.kind_, "weft_with_lock");
    (void)take(rlock, WEFT_FOREVER); /* EDIED: weft_rlock_owner_died() tells */
    return (weft_held_){ .rlock = rlock, .open = true };
}
