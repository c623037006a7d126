/* watch.c - a thread that sets the stop tokens of tasks which are over their deadline.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All tasks of a pool have the same time, so the list of those that run is in the order of their ends:
 * the watcher sleeps until the first one's, and a new task has to wake it only if there was none. */
#include "exec/pool/watch.h"

#include "base/futex.h"
#include "exec/patience.h"
#include "sync/thread/thread.h"

static void lock(struct weft__watch *w) { weft_lock_acquire(&w->lock, WEFT_FOREVER); }
static void unlock(struct weft__watch *w) { weft_lock_release(&w->lock); }

/* Tells those who are late; the deadline of the first who is not. Under the lock. */
static double tell(struct weft__watch *w)
{
    const double now = weft_now();
    for (struct weft__watched *t = w->first; t; t = t->next) {
        if (t->until > now)
            return t->until;
        weft_stop_set(&t->stop);
    }
    return WEFT_FOREVER;
}

static void watch(void *arg)
{
    struct weft__watch *const w = arg;
    for (;;) {
        lock(w);
        const double next = tell(w);
        const uint32_t seen = __atomic_load_n(&w->changes, __ATOMIC_RELAXED); /* under the lock */
        const bool over = w->over;
        w->sleeps = next == WEFT_FOREVER;
        unlock(w);
        if (over)
            return;
        (void)weft__futex_wait(&w->changes, seen, next, false);
    }
}

/* Under the lock. */
static void wake(struct weft__watch *w)
{
    w->sleeps = false;
    __atomic_fetch_add(&w->changes, 1, __ATOMIC_RELAXED); /* under the lock */
    weft__futex_wake(&w->changes, 1, false);
}

weft_status weft__watch_start(struct weft__watch *w, double limit)
{
    const weft_thread_opts o = { .size = sizeof o, .name = "deadlines", .daemon = true };
    w->limit = limit;
    weft_lock_init(&w->lock);
    return weft__thread_start(&w->thread, watch, w, &o, "Thread", true);
}

void weft__watch_stop(struct weft__watch *w)
{
    lock(w);
    w->over = true;
    wake(w);
    unlock(w);
    weft__join_for_good(&w->thread);
    weft_lock_fini(&w->lock);
}

void weft__watch_begin(struct weft__watch *w, struct weft__watched *t)
{
    t->stop = (weft_stop){ 0 };
    lock(w);
    t->until = weft_now() + w->limit;
    t->next = NULL, t->before = w->last;
    *(w->last ? &w->last->next : &w->first) = t;
    w->last = t;
    if (w->sleeps)
        wake(w);
    unlock(w);
}

bool weft__watch_end(struct weft__watch *w, struct weft__watched *t)
{
    lock(w);
    *(t->before ? &t->before->next : &w->first) = t->next;
    *(t->next ? &t->next->before : &w->last) = t->before;
    unlock(w);
    return weft_now() > t->until;
}

void weft__watch_interrupt(struct weft__watch *w)
{
    lock(w);
    for (struct weft__watched *t = w->first; t; t = t->next)
        weft_stop_set(&t->stop);
    unlock(w);
}
