/* weft/rlock.h - a lock that the thread which has it may take again.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Python's threading.RLock: an owner and a count over a weft_lock. The owner is a thread, not an
 * OpenMP task: inside its own parallel loop the thread may take it again, the others of the team wait.
 * It is free again after as many releases as acquires. */
#ifndef WEFT_RLOCK_H
#define WEFT_RLOCK_H

#include <weft/api.h>
#include <weft/lock.h>
#include <weft/status.h>

WEFT_BEGIN_C

struct weft_rlock {
    weft_lock lock_;
    uint64_t owner_;
    uint64_t count_;
    uint64_t room_[2];
};

/* weft_rlock_init - as weft_lock_init, .shared too.
 *
 * weft_rlock_fini - as weft_lock_fini. */
#define weft_rlock_init(...)         WEFT_RLOCK_INIT_(__VA_ARGS__, .size = sizeof(weft_lock_opts))
#define WEFT_RLOCK_INIT_(rlock, ...) weft_rlock_init_opts((rlock), &(weft_lock_opts){ __VA_ARGS__ })
WEFT_API weft_status weft_rlock_init_opts(weft_rlock *rlock, const weft_lock_opts *opts);
WEFT_API void weft_rlock_fini(weft_rlock *rlock);

/* weft_rlock_acquire - takes it, at once where the calling thread has it already.
 *
 * timeout  seconds; 0 only tries, WEFT_FOREVER waits
 *
 * As weft_lock_acquire, but never WEFT_EDEADLK. With WEFT_EDIED the count is 1, whatever the dead
 * thread's was. */
WEFT_API weft_status weft_rlock_acquire(weft_rlock *rlock, double timeout);

/* weft_rlock_release - takes one acquire back; the last one frees the lock.
 *
 * WEFT_EPERM  the calling thread has it not */
WEFT_API weft_status weft_rlock_release(weft_rlock *rlock);

/* weft_rlock_locked - whether any thread has it at this moment; old news when it returns.
 *
 * weft_rlock_count - how many releases the calling thread owes; 0 where it has it not.
 * weft_rlock_owner_died - as weft_lock_owner_died. */
WEFT_API bool weft_rlock_locked(const weft_rlock *rlock);
WEFT_API size_t weft_rlock_count(const weft_rlock *rlock);
WEFT_API bool weft_rlock_owner_died(const weft_rlock *rlock);

/* weft_rlock_reinit - as weft_lock_reinit. */
WEFT_API weft_status weft_rlock_reinit(weft_rlock *rlock);

WEFT_END_C

#endif
