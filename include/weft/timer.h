/* weft/timer.h - calls a function after a while, unless it is cancelled before.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_timer t;
 *     weft_timer_start(&t, 30, ring, "ring");
 *     ...
 *     weft_timer_cancel(&t);
 *
 * A timer is a thread that waits before it runs; `thread` is its handle, good for all of
 * weft/thread.h. So timers do not wait for each other's functions, and one that is no daemon keeps the
 * process from ending until it has gone off. */
#ifndef WEFT_TIMER_H
#define WEFT_TIMER_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/status.h>
#include <weft/thread.h>

WEFT_BEGIN_C

typedef struct weft_timer {
    weft_thread thread;
    uint32_t cancelled_;
} weft_timer;

/* weft_timer_start - calls run(arg) `seconds` from now, on a thread of its own.
 *
 * timer      overwritten, whatever it held; NULL: nobody will ask for it. A timer that still waits in
 *            this storage goes off all the same
 * seconds    0: at once; WEFT_FOREVER: never, but it can be cancelled
 * arg        handed to run
 * .arg_size  bytes of arg to copy, as in weft_thread_start()
 * .name      NULL: "Thread-1" and so on
 * .daemon    exit does not wait for it
 *
 * run is called with all signals blocked that a thread does not raise itself. WEFT_EINVAL for seconds
 * that are negative or NaN; else as weft_thread_start(). */
typedef struct weft_timer_opts {
    size_t size;
    const char *name;
    size_t arg_size;
    bool daemon;
} weft_timer_opts;

WEFT_API weft_status weft_timer_start_opts(weft_timer *timer, double seconds, weft_run *run,
                                           void *arg, const weft_timer_opts *opts);
#define weft_timer_start(timer, seconds, run, ...) \
    WEFT_TIMER_START_(timer, seconds, run, __VA_ARGS__, )
#define WEFT_TIMER_START_(timer, seconds, run, arg, ...)    \
    weft_timer_start_opts((timer), (seconds), (run), (arg), \
                          &(weft_timer_opts){ .size = sizeof(weft_timer_opts), __VA_ARGS__ })

/* weft_timer_cancel - from here on run will not be called, if it was not before.
 *
 * WEFT_OK, also again, when it was not; WEFT_TIMEOUT, and no effect, when the timer has gone off;
 * WEFT_ESTATE for one that was never started. May be called by run itself. */
WEFT_API weft_status weft_timer_cancel(weft_timer *timer);

/* weft_timer_join - waits until run has returned; as often and by as many as one likes.
 *
 * WEFT_OK once it has, WEFT_CANCELLED when it will not be called, WEFT_TIMEOUT before; else as
 * weft_thread_join(). */
WEFT_API weft_status weft_timer_join(const weft_timer *timer, double timeout);

/* weft_timer_fini - cancels it and waits for its end: then nothing uses arg any more. In run itself it
 * does not wait. A timer that was never started is left alone. */
WEFT_API void weft_timer_fini(weft_timer *timer);

WEFT_END_C

#endif
