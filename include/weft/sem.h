/* weft/sem.h - a few at a time: a count of tokens that threads, or processes, take and give back.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_sem seats;
 *     weft_sem_init(&seats, 2, .bounded = true);
 *     weft_sem_acquire(&seats, WEFT_FOREVER);
 *     ...
 *     weft_sem_release(&seats);
 *
 * Python's threading.Semaphore and, with .bounded, BoundedSemaphore, in the caller's storage. Any
 * thread may release. No order among those who wait is promised. Using a semaphore that is not
 * initialised, or was ended, panics. */
#ifndef WEFT_SEM_H
#define WEFT_SEM_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/status.h>

WEFT_BEGIN_C

/* Tokens that a semaphore holds at most. */
#define WEFT_SEM_MAX 2147483647L

typedef struct weft_sem {
    uint32_t kind_, bound_;
    uint64_t state_;
    uint64_t room_[6];
} weft_sem;

typedef struct weft_sem_opts {
    size_t size;
    bool bounded; /* more tokens than at the start are refused */
    bool shared;  /* it lies in memory that several processes share */
} weft_sem_opts;

/* weft_sem_init - makes a semaphore of `value` tokens in the caller's storage.
 *
 * WEFT_EINVAL  value is below 0 or above WEFT_SEM_MAX
 *
 * weft_sem_fini - ends it. Nobody may wait for it; a release whose token was taken may still be on its
 * way out. */
#define weft_sem_init(sem, ...) WEFT_SEM_INIT_(sem, __VA_ARGS__, .size = sizeof(weft_sem_opts))
#define WEFT_SEM_INIT_(sem, value, ...) \
    weft_sem_init_opts((sem), (value), &(weft_sem_opts){ __VA_ARGS__ })
WEFT_API weft_status weft_sem_init_opts(weft_sem *sem, long value, const weft_sem_opts *opts);
WEFT_API void weft_sem_fini(weft_sem *sem);

/* weft_sem_acquire - waits for a token and takes it.
 *
 * timeout  seconds; 0 only tries, WEFT_FOREVER waits
 *
 * WEFT_OK, WEFT_TIMEOUT; WEFT_EINVAL where timeout is negative or NaN. Shared: nobody is told of a
 * death, and the tokens that a process had when it died are lost; who must have them back uses locks. */
WEFT_API weft_status weft_sem_acquire(weft_sem *sem, double timeout);

/* weft_sem_release - gives one token back, weft_sem_release_many n of them, and wakes as many of those
 * who wait.
 *
 * WEFT_EOVERFLOW  there would be more than WEFT_SEM_MAX, or, bounded, than at the start; nothing was
 *                 given back
 * WEFT_EINVAL     n is 0 */
WEFT_API weft_status weft_sem_release(weft_sem *sem);
WEFT_API weft_status weft_sem_release_many(weft_sem *sem, size_t n);

/* weft_sem_value - how many tokens there are at this moment; old news when it returns. */
WEFT_API long weft_sem_value(const weft_sem *sem);

WEFT_END_C

#endif
