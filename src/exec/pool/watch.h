/* watch.h - deadlines of tasks in threads: their stop tokens are set in time.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     struct weft__watched t;
 *     weft__watch_begin(watch, &t);
 *     run the task, whose token is t.stop
 *     if (weft__watch_end(watch, &t))
 *         it took too long */
#ifndef WEFT_EXEC_POOL_WATCH_H
#define WEFT_EXEC_POOL_WATCH_H

#include <weft/lock.h>
#include <weft/stop.h>
#include <weft/thread.h>

struct weft__watched {
    weft_stop stop;
    double until;
    struct weft__watched *before, *next;
};

struct weft__watch {
    double limit; /* seconds */
    weft_thread thread;
    weft_lock lock;
    struct weft__watched *first, *last; /* in the order of their ends; under the lock */
    uint32_t changes;                   /* what the watcher sleeps on */
    bool sleeps, over;                  /* under the lock: without a deadline; it should end */
};

weft_status weft__watch_start(struct weft__watch *watch, double limit);
void weft__watch_stop(struct weft__watch *watch);

void weft__watch_begin(struct weft__watch *watch, struct weft__watched *task);
bool weft__watch_end(struct weft__watch *watch, struct weft__watched *task);

/* Sets the tokens of all that run. */
void weft__watch_interrupt(struct weft__watch *watch);

#endif
