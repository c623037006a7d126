/* exit.c - what a process waits for before it ends.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * exit() may be called on any thread. What it runs there is the last of that thread, so it counts as
 * ended and those that join it go on - if exit waits for them. The others, main above all, must not:
 * main would return and call exit() a second time while the first still waits.
 *
 * Owns one global: the thread that exit() was called on. */
#include "sync/thread/thread.h"

static weft_thread exiting; /* under the lock */

static bool is_waited_for(const struct weft__thread *t)
{
    return !t->daemon && t->kind != weft__kind_main;
}

/* Somebody to wait for, and his turn; NULL: nobody is left. */
static struct weft__thread *somebody(const struct weft__thread *me, uint32_t *turn)
{
    weft__threads_lock();
    struct weft__thread *t = weft__threads_living();
    while (t && (t == me || !is_waited_for(t)))
        t = t->next;
    *turn = t ? t->self.turn_ : 0;
    weft__threads_unlock();
    return t;
}

void weft__threads_join(void)
{
    struct weft__thread *const me = weft__thread_known();
    if (me) {
        weft__threads_lock();
        exiting = me->self;
        weft__threads_unlock();
        weft__thread_end(me);
    }
    uint32_t turn;
    for (struct weft__thread *t; (t = somebody(me, &turn));)
        (void)weft__thread_wait(t, turn, WEFT_FOREVER);
}

bool weft__thread_exits_without_me(const weft_thread *handle)
{
    weft__threads_lock();
    const bool exits = handle->place_ == exiting.place_ && handle->turn_ == exiting.turn_;
    weft__threads_unlock();
    if (!exits)
        return false;
    const struct weft__thread *const me = weft__thread_known();
    return !me || !is_waited_for(me);
}
