/* weft/stop.h - a stop token: set once by whoever wants an end, looked at by whoever works.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_stop enough = { 0 };                                  weft_stop_set(&enough);
 *     for (size_t b = 0; b < blocks && !weft_stop_is_set(&enough); b++)
 *         work(b);
 *
 * Nobody is interrupted: work ends where it looks at the token. */
#ifndef WEFT_STOP_H
#define WEFT_STOP_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/status.h>

WEFT_BEGIN_C

/* In the caller's storage. All zero is a token of one process that is not set; it owns nothing, so it
 * ends with its storage. */
typedef struct weft_stop {
    uint32_t word_;
} weft_stop;

/* The bits of word_. */
enum { WEFT_STOP_SET_ = 1, WEFT_STOP_SLEEPERS_ = 2, WEFT_STOP_SHARED_ = 4 };

/* weft_stop_init - a token that is not set.
 *
 * .shared  several processes use it: it lies in memory that they share
 *
 * Nobody may be waiting for it. */
typedef struct weft_stop_opts {
    size_t size;
    bool shared;
} weft_stop_opts;

WEFT_API void weft_stop_init_opts(weft_stop *stop, const weft_stop_opts *opts);
#define weft_stop_init(...) WEFT_STOP_INIT_(__VA_ARGS__, )
#define WEFT_STOP_INIT_(stop, ...) \
    weft_stop_init_opts((stop), &(weft_stop_opts){ .size = sizeof(weft_stop_opts), __VA_ARGS__ })

/* weft_stop_set - sets it, for good, and wakes who waits; again is nothing new.
 *
 * May be called in a signal handler. What was written before it, who sees the token set sees too. */
WEFT_API void weft_stop_set(weft_stop *stop);

/* weft_stop_is_set - a load and a test: cheap enough for every block of a loop. */
static inline bool weft_stop_is_set(const weft_stop *stop)
{
    /* pairs with the release in weft_stop_set() */
    return (__atomic_load_n(&stop->word_, __ATOMIC_ACQUIRE) & WEFT_STOP_SET_) != 0;
}

/* weft_stop_wait - sleeps until it is set.
 *
 * WEFT_OK once it is, WEFT_TIMEOUT before; a timeout that is negative or NaN is WEFT_EINVAL. In place
 * of weft_sleep() it makes a pause that a stop cuts short. */
WEFT_API weft_status weft_stop_wait(weft_stop *stop, double timeout);

WEFT_END_C

#endif
