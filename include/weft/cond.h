/* weft/cond.h - waits, under a lock, until another thread or process says that something has changed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_lock_acquire(&lock, WEFT_FOREVER);         weft_with_lock (&lock) {
 *     while (!full)                                       full = true;
 *         weft_cond_wait(&changed, WEFT_FOREVER);         weft_cond_notify(&changed, 1);
 *     weft_lock_release(&lock);                       }
 *
 * Python's threading.Condition, in the caller's storage, over a weft_lock or a weft_rlock. A wait ends
 * because of a notify or of its timeout, never by chance. Using a condition that is not initialised,
 * or was ended, panics. It must not be copied or moved. */
#ifndef WEFT_COND_H
#define WEFT_COND_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/lock.h>
#include <weft/rlock.h>
#include <weft/status.h>

WEFT_BEGIN_C

/* Threads that wait at a shared condition at once. At a plain one there may be any number. */
#define WEFT_COND_SHARED_MAX 64

typedef struct weft_cond {
    uint32_t kind_, recursive_;
    int64_t lock_; /* bytes from here to the lock: they may lie elsewhere in another process */
    void *first_, *last_;
    uint64_t turn_;
    uint64_t room_[3];
    struct {
        uint32_t word, more;
        uint64_t life, turn;
    } slots_[WEFT_COND_SHARED_MAX];
} weft_cond;

typedef struct weft_cond_opts {
    size_t size;
    bool shared; /* may be left out: a condition is shared where its lock is */
} weft_cond_opts;

/* weft_cond_init - makes a condition over a lock, or a recursive one, in the caller's storage.
 *
 * lock  initialised; must live as long as the condition. A shared condition lies in one block of
 *       memory with it.
 *
 * WEFT_EINVAL  .shared is true and the lock's is not
 *
 * weft_cond_fini - ends it. Nobody may wait: it panics where somebody does, unless it is shared. */
#define weft_cond_init(cond, ...) WEFT_COND_INIT_(cond, __VA_ARGS__, .size = sizeof(weft_cond_opts))
#define WEFT_COND_INIT_(cond, lock, ...) \
    WEFT_COND_INIT_OVER_(lock)((cond), (lock), &(weft_cond_opts){ __VA_ARGS__ })
#define WEFT_COND_INIT_OVER_(lock) \
    _Generic((lock), weft_rlock * : weft_cond_init_rlock_opts, default : weft_cond_init_opts)
WEFT_API weft_status weft_cond_init_opts(weft_cond *cond, weft_lock *lock,
                                         const weft_cond_opts *opts);
WEFT_API weft_status weft_cond_init_rlock_opts(weft_cond *cond, weft_rlock *rlock,
                                               const weft_cond_opts *opts);
WEFT_API void weft_cond_fini(weft_cond *cond);

/* weft_cond_wait - frees the lock, waits for a notify, and takes the lock again.
 *
 * timeout  seconds, of the wait for a notify; 0 frees the lock and takes it again
 *
 * A recursive lock is freed entirely and taken as often as before. Where the lock is held when the
 * wait begins, it is held when it ends, whatever the status.
 *
 * WEFT_OK         notified
 * WEFT_TIMEOUT    not notified in time
 * WEFT_EDIED      shared: a thread that had the lock died; it may be notified or not: look
 * WEFT_EPERM      the lock is not held (of a plain weft_lock, which has no owner: by nobody)
 * WEFT_EOVERFLOW  shared: WEFT_COND_SHARED_MAX threads wait already
 * WEFT_EINVAL     timeout is negative or NaN */
WEFT_API weft_status weft_cond_wait(weft_cond *cond, double timeout);

/* weft_cond_wait_for - waits until ready(ctx) is true.
 *
 *     while (!ready(ctx)) wait
 *
 * ready    called with the lock held: at first, and after each notify
 * timeout  seconds for all of it
 *
 * As weft_cond_wait; after WEFT_OK ready(ctx) holds, after WEFT_TIMEOUT it does not. */
typedef bool weft_ready(void *ctx);
WEFT_API weft_status weft_cond_wait_for(weft_cond *cond, weft_ready *ready, void *ctx,
                                        double timeout);

/* weft_cond_notify - wakes n of those who wait at this moment, or all if there are fewer; longest
 * first. Who begins to wait later is not woken by it and takes no one's place. Shared: the dead are
 * passed over.
 *
 * WEFT_EPERM  the lock is not held, as for weft_cond_wait */
WEFT_API weft_status weft_cond_notify(weft_cond *cond, size_t n);
WEFT_API weft_status weft_cond_notify_all(weft_cond *cond);

WEFT_END_C

#endif
