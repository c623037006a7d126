/* weft/lock.h - one thread, or one process, at a time.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_lock lock;
 *     weft_lock_init(&lock);
 *     weft_with_lock (&lock)
 *         total += x;
 *     weft_lock_fini(&lock);
 *
 * Python's threading.Lock, in the caller's storage. A plain lock has no owner: any thread may release
 * it. A shared one lies in memory that processes share and belongs to the thread that took it; when
 * that thread, or its process, dies, the next one to acquire it is told so by WEFT_EDIED.
 *
 * No order among those who wait is promised, but nobody waits for ever: who has waited for a
 * millisecond shuts the door to those who come later.
 *
 * Using a lock that is not initialised, or was ended, panics. A lock must not be copied or moved. */
#ifndef WEFT_LOCK_H
#define WEFT_LOCK_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/status.h>

WEFT_BEGIN_C

typedef struct weft_lock {
    uint32_t kind_, died_;
    uint64_t held_;
    uint64_t omp_[2];
    uint32_t sleepers_, word_, door_, more_;
    uint64_t robust_[6];
    uint64_t room_[4];
} weft_lock;

typedef struct weft_lock_opts {
    size_t size;
    bool shared; /* the lock lies in memory that several processes share (of one PID namespace) */
} weft_lock_opts;

/* weft_lock_init - makes an unlocked lock in the caller's storage.
 *
 *     weft_lock_init(&lock);
 *     weft_lock_init(&lock, .shared = true);
 *
 * WEFT_ESYS where the system has no locks that survive a death. */
#define weft_lock_init(...)        WEFT_LOCK_INIT_(__VA_ARGS__, .size = sizeof(weft_lock_opts))
#define WEFT_LOCK_INIT_(lock, ...) weft_lock_init_opts((lock), &(weft_lock_opts){ __VA_ARGS__ })
WEFT_API weft_status weft_lock_init_opts(weft_lock *lock, const weft_lock_opts *opts);

/* weft_lock_fini - ends it, locked or not.
 *
 * Nobody may wait for it, and every release must have returned: a thread that learns under the lock
 * that it is the last one may not end it while another one is still in its release. */
WEFT_API void weft_lock_fini(weft_lock *lock);

/* weft_lock_acquire - waits until the lock is free and takes it.
 *
 * timeout  seconds; 0 only tries, WEFT_FOREVER waits
 *
 * WEFT_OK       the caller has it
 * WEFT_TIMEOUT  somebody else has it, or is about to: a try does not overtake who has waited long
 * WEFT_EDIED    shared: the caller has it, and who had it before died: look at what it protects
 * WEFT_EDEADLK  shared: the calling thread has it already
 * WEFT_EINVAL   timeout is negative or NaN
 *
 * The thread that has a plain lock waits for another one to release it, as any thread does.
 * Signals neither end a wait nor shorten it. */
WEFT_API weft_status weft_lock_acquire(weft_lock *lock, double timeout);

/* weft_lock_release - frees the lock and wakes one of those who wait.
 *
 * WEFT_EPERM  nobody has it; shared: the calling thread has not */
WEFT_API weft_status weft_lock_release(weft_lock *lock);

/* weft_lock_locked - whether somebody has it at this moment; old news when it returns.
 *
 * weft_lock_owner_died - to be asked by who has it: whether it came with WEFT_EDIED. */
WEFT_API bool weft_lock_locked(const weft_lock *lock);
WEFT_API bool weft_lock_owner_died(const weft_lock *lock);

/* weft_lock_reinit - for the child of a fork(): makes a plain lock unlocked there, whoever had it in
 * the parent. WEFT_ESTATE for a shared one, which is the same lock in both. */
WEFT_API weft_status weft_lock_reinit(weft_lock *lock);

/* weft_with_lock - holds a lock, or a recursive one, for one statement:
 *
 *     weft_with_lock (&account->lock)
 *         account->balance++;
 *
 * The lock is released on every way out that stays in the function: at the end, by break and continue
 * (which leave the statement, not a loop around it), by return and by goto. Where a shared lock's
 * owner died, the statement runs; weft_lock_owner_died() tells. Panics where the calling thread has
 * the shared lock already. longjmp() out of it leaves the lock locked. */
#define weft_with_lock(lock) WEFT_UNIQUE_(WEFT_WITH_LOCK_, lock)
#define WEFT_WITH_LOCK_(held, lock)                                                         \
    for (__attribute__((cleanup(weft_held_end_))) weft_held_ held = WEFT_HOLD_(lock)(lock); \
         held.open; held.open = false)

/* What weft_with_lock expands to. */
typedef struct weft_rlock weft_rlock;
typedef struct weft_held_ {
    weft_lock *lock;
    weft_rlock *rlock;
    bool open;
} weft_held_;

#ifdef __cplusplus
#define WEFT_HOLD_(lock) weft_hold_lock_
#else
#define WEFT_HOLD_(lock) \
    _Generic((lock), weft_rlock * : weft_hold_rlock_, default : weft_hold_lock_)
#endif
WEFT_API weft_held_ weft_hold_lock_(weft_lock *lock);
WEFT_API weft_held_ weft_hold_rlock_(weft_rlock *rlock);
WEFT_API void weft_held_end_(weft_held_ *held);

WEFT_END_C

#endif
