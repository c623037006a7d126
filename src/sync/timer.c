/* timer.c - a thread that waits before it runs.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Whether it goes off or is cancelled is settled by a compare-and-swap of the `pending` word in the
 * thread's record, on which the thread sleeps: whoever comes first. The storage of the timer is not
 * touched by its thread, so it may go away at any time. */
#include <weft/timer.h>

#include <stdlib.h>
#include <string.h>

#include "base/detail.h"
#include "base/futex.h"
#include "base/options.h"
#include "sync/thread/thread.h"

enum { waiting, gone_off, cancelled };

struct alarm {
    weft_run *run;
    void *arg;
    double deadline;
    size_t copied;            /* bytes of the argument that stand in copy; 0: arg is the argument */
    _Alignas(16) char copy[]; /* as malloc aligns */
};

/* True for the first of them. Relaxed: what run reads was written before its thread began. */
static bool settle(uint32_t *pending, uint32_t as)
{
    uint32_t word = waiting;
    return __atomic_compare_exchange_n(pending, &word, as, false, __ATOMIC_RELAXED,
                                       __ATOMIC_RELAXED);
}

static uint32_t settled(const uint32_t *pending)
{
    return __atomic_load_n(pending, __ATOMIC_RELAXED); /* pairs with settle() */
}

static void wait_and_run(void *alarm)
{
    struct alarm *const a = alarm;
    uint32_t *const pending = &weft__thread_known()->pending;
    bool in_time = a->deadline != weft__late;
    while (in_time && settled(pending) == waiting)
        in_time = weft__futex_wait(pending, waiting, a->deadline, false);
    if (settle(pending, gone_off))
        a->run(a->copied ? a->copy : a->arg);
}

static weft_status check(double seconds, weft_run *run, const void *arg, size_t arg_size)
{
    static const char function[] = "weft_timer_start";
    if (!(seconds >= 0))
        return weft__fail(WEFT_EINVAL, "%s: seconds is %g: it must be 0 or more", function,
                          seconds);
    if (!run)
        return weft__fail(WEFT_EINVAL, "%s: run is NULL: it must be a function", function);
    if (!arg && arg_size)
        return weft__fail(WEFT_EINVAL,
                          "%s: arg is NULL with arg_size = %zu: it must point to that many bytes",
                          function, arg_size);
    return WEFT_OK;
}

static weft_status start(weft_thread *thread, double deadline, weft_run *run, void *arg,
                         const weft_timer_opts *o)
{
    const size_t size = sizeof(struct alarm) + o->arg_size;
    struct alarm *const a = size > o->arg_size ? malloc(size) : NULL;
    if (!a)
        return weft__fail(WEFT_ENOMEM, "weft_timer_start: there is no memory for a timer");
    *a = (struct alarm){ .run = run, .arg = arg, .deadline = deadline, .copied = o->arg_size };
    if (o->arg_size)
        memcpy(a->copy, arg, o->arg_size);
    const weft_thread_opts as = { .name = o->name, .arg_size = size, .daemon = o->daemon };
    const weft_status s = weft__thread_start(thread, wait_and_run, a, &as, "Timer", true);
    free(a); /* the thread has a copy */
    return s;
}

weft_status weft_timer_start_opts(weft_timer *timer, double seconds, weft_run *run, void *arg,
                                  const weft_timer_opts *opts)
{
    weft_timer unasked;
    weft_timer_opts o;
    timer = timer ? timer : &unasked;
    *timer = (weft_timer){ { 0 }, 0 };
    weft__take_options(&o, opts);
    const weft_status s = check(seconds, run, arg, o.arg_size);
    return s ? s : start(&timer->thread, weft__deadline_in(seconds), run, arg, &o);
}

/* What the record says as long as it is this timer's, and what the handle remembers after that. The
 * lock is held. */
static bool is_cancelled(const weft_timer *timer, const struct weft__thread *t)
{
    return t ? settled(&t->pending) == cancelled
             : __atomic_load_n(&timer->cancelled_, __ATOMIC_RELAXED); /* with cancel() */
}

static bool was_cancelled(const weft_timer *timer)
{
    struct weft__thread *t;
    weft__threads_lock();
    const bool yes = weft__thread_find(&timer->thread, &t) != weft__never && is_cancelled(timer, t);
    weft__threads_unlock();
    return yes;
}

/* *off: it will not go off, and did not. */
static weft__thread_state cancel(weft_timer *timer, bool *off)
{
    struct weft__thread *t;
    weft__threads_lock();
    const weft__thread_state state = weft__thread_find(&timer->thread, &t);
    if (state == weft__runs && settle(&t->pending, cancelled))
        weft__futex_wake(&t->pending, 1, false);
    *off = state != weft__never && is_cancelled(timer, t);
    weft__threads_unlock();
    if (*off)
        /* relaxed: pairs with is_cancelled() */
        __atomic_store_n(&timer->cancelled_, 1, __ATOMIC_RELAXED);
    return state;
}

weft_status weft_timer_cancel(weft_timer *timer)
{
    bool off;
    if (cancel(timer, &off) == weft__never)
        return weft__fail(WEFT_ESTATE,
                          "weft_timer_cancel: timer was never started: start it first");
    return off ? WEFT_OK : WEFT_TIMEOUT;
}

weft_status weft_timer_join(const weft_timer *timer, double timeout)
{
    if (weft__check_timeout(timeout, "weft_timer_join"))
        return WEFT_EINVAL;
    if (was_cancelled(timer))
        return WEFT_CANCELLED;
    const weft_status s = weft__thread_join(&timer->thread, timeout, "weft_timer_join");
    return s == WEFT_OK && was_cancelled(timer) ? WEFT_CANCELLED : s;
}

void weft_timer_fini(weft_timer *timer)
{
    bool off;
    if (cancel(timer, &off) != weft__never)
        (void)weft__thread_join(&timer->thread, WEFT_FOREVER, "weft_timer_fini"); /* or it is run */
    *timer = (weft_timer){ { 0 }, 0 };
}
