/* imap.c - outputs one by one, a window ahead.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     input number     0  1  2  3  4  5  6  7 ...
 *                      taken | given: window | not yet made
 *
 * An item that is given is a job of its own, with room for its input, if that is made for it, and its
 * output. Whoever takes an output gives the next input to the pool, on his own thread: nothing is ever
 * read ahead of the window. In order, item number i has slot i mod window. Without order, items that
 * are done go onto a stack, and the slot of the one that is taken is used again. */
#include <weft/imap.h>

#include <stdlib.h>
#include <string.h>

#include "base/detail.h"
#include "base/options.h"
#include "exec/patience.h"
#include "exec/pool/pool.h"

struct slot {
    weft_result job;
    struct weft_result_more_ more;
    struct weft_imap_work_ *work;
    size_t index;      /* of the input */
    struct slot *next; /* among those that are done */
};

struct weft_imap_work_ {
    weft_pool *pool;
    const weft_task *task;
    const char *in;
    weft_imap_opts o; /* .window is not 0 */
    size_t n;         /* inputs; less once we know that there are fewer */
    size_t given, taken;
    char *made, *out;          /* a slot's input, where it is made, and its output */
    struct slot *done, *ready; /* newest first, atomic; oldest first, ours alone */
    struct slot slots[];
};

/* ---- giving ---- */

static void *output(const struct weft_imap_work_ *w, const struct slot *s)
{
    return w->out + (size_t)(s - w->slots) * w->task->out_size;
}

/* The input of a slot; NULL: there are no more. */
static const void *input(struct weft_imap_work_ *w, const struct slot *s)
{
    if (!w->o.generate)
        return w->in + s->index * w->task->in_size;
    void *const in = w->made + (size_t)(s - w->slots) * w->task->in_size;
    return w->o.generate(s->index, in, w->o.generate_ctx) ? in : NULL;
}

/* On the thread that ran it. Once it is on the stack, it is the iterator's. */
static void push_done(weft_result *job, void *slot)
{
    struct slot *const s = slot;
    struct weft_imap_work_ *const w = s->work;
    weft_pool *const pool = job->pool_;
    struct slot *head = __atomic_load_n(&w->done, __ATOMIC_RELAXED);
    do
        s->next = head;
    /* release, for collect(); sequentially consistent for the bell */
    while (
        !__atomic_compare_exchange_n(&w->done, &head, s, true, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
    if (weft__bell_waits(&pool->imaps))
        weft__bell_ring_all(&pool->imaps);
}

static void give(struct weft_imap_work_ *w, struct slot *s)
{
    s->work = w, s->index = w->given;
    const void *const in = w->given < w->n ? input(w, s) : NULL;
    if (!in) {
        w->n = w->given;
        return;
    }
    weft__job_fill(&s->job, w->pool, w->task, in, 1, output(w, s));
    if (w->o.unordered) {
        s->more = (struct weft_result_more_){ .notify = push_done, .notify_ctx = s };
        s->job.more_ = &s->more;
    }
    if (weft__pool_submit(w->pool, &s->job, false, "weft_pool_imap") == WEFT_OK)
        w->given++;
    else
        w->n = w->given; /* the pool was closed meanwhile: no more inputs */
}

/* ---- taking ---- */

/* What is done so far goes behind what is ready. */
static void collect(struct weft_imap_work_ *w)
{
    struct slot *in_order = NULL, *next, **last = &w->ready;
    /* acquire, pairs with push_done() */
    for (struct slot *s = __atomic_exchange_n(&w->done, NULL, __ATOMIC_SEQ_CST); s; s = next)
        next = s->next, s->next = in_order, in_order = s;
    while (*last)
        last = &(*last)->next;
    *last = in_order;
}

static bool has_ready(struct weft_imap_work_ *w)
{
    if (!w->ready && __atomic_load_n(&w->done, __ATOMIC_SEQ_CST))
        collect(w);
    return w->ready != NULL;
}

/* Inside of a task of the pool: runs what is not begun, until something is ready. */
static void help(struct weft_imap_work_ *w, double deadline)
{
    if (!w->pool->kind->is_inside(w->pool))
        return;
    for (size_t k = 0; k < w->o.window && k < w->given && !has_ready(w); k++)
        if (!weft__job_done(&w->slots[k].job))
            w->pool->kind->help(w->pool, &w->slots[k].job, deadline);
}

static struct slot *any_ready(struct weft_imap_work_ *w, double deadline)
{
    struct weft__bell *const bell = &w->pool->imaps;
    struct weft__patience spin = { 0 };
    bool in_time = deadline != weft__late;
    if (in_time)
        help(w, deadline);
    while (in_time && !has_ready(w) && weft__patience(&spin))
        ;
    if (!has_ready(w)) {
        weft__bell_enter(bell);
        for (;;) {
            const uint32_t heard = weft__bell_listen(bell);
            if (has_ready(w) || !in_time)
                break;
            in_time = weft__bell_sleep(bell, heard, deadline);
        }
        weft__bell_leave(bell);
    }
    struct slot *const s = w->ready;
    if (s)
        w->ready = s->next;
    return s;
}

/* The next slot whose item is done, NULL at the deadline. */
static struct slot *wait_for_one(struct weft_imap_work_ *w, double deadline)
{
    if (w->o.unordered)
        return any_ready(w, deadline);
    struct slot *const s = &w->slots[w->taken % w->o.window];
    if (!weft__job_done(&s->job) && deadline != weft__late)
        w->pool->kind->help(w->pool, &s->job, deadline);
    return weft__job_wait(&s->job, deadline) ? s : NULL;
}

static weft_status tell(const struct weft_imap_work_ *w, const struct slot *s)
{
    if (s->job.status_ >= 0)
        return s->job.status_;
    weft_failure f = { .status = s->job.status_, .code = s->job.code_ };
    weft__failure_explain(&f, w->pool->o.deadline);
    return weft__fail(f.status, "weft_imap_next: item %zu failed: %s", s->index, f.reason);
}

/* ---- the calls ---- */

static weft_status check(const weft_pool *pool, const weft_imap *it, const weft_task *task,
                         const void *in, size_t n, const weft_imap_opts *o)
{
    static const char name[] = "weft_pool_imap";
    if (!it)
        return weft__fail(WEFT_EINVAL, "%s: it is NULL: it must be an iterator", name);
    const weft_status s = weft__pool_refuse(pool, name);
    if (s != WEFT_OK)
        return s;
    const weft_status t = weft__pool_check_task(pool, task, name);
    if (t != WEFT_OK)
        return t;
    if (!in && n && !o->generate)
        return weft__fail(WEFT_EINVAL, "%s: in is NULL with n = %zu: it must point to n inputs",
                          name, n);
    if (in && o->generate)
        return weft__fail(WEFT_EINVAL, "%s: in is given and .generate too: one of them", name);
    if (__atomic_load_n(&pool->closed, __ATOMIC_SEQ_CST))
        return weft__fail(WEFT_CLOSED, "%s: pool is closed: it takes no more jobs", name);
    return WEFT_OK;
}

static void give_back(struct weft_imap_work_ *w)
{
    free(w->made);
    free(w->out);
    free(w);
}

static struct weft_imap_work_ *make(const weft_pool *pool, const weft_task *task, size_t n,
                                    const weft_imap_opts *o)
{
    size_t window = o->window ? o->window : 4 * pool->o.workers, size;
    window = window < n || !n ? window : n;
    if (__builtin_mul_overflow(window, sizeof(struct slot), &size) ||
        __builtin_add_overflow(size, sizeof(struct weft_imap_work_), &size))
        return NULL;
    struct weft_imap_work_ *const w = calloc(1, size);
    if (!w)
        return NULL;
    w->o = *o, w->o.window = window, w->task = task, w->n = n;
    w->out = calloc(window, task->out_size ? task->out_size : 1);
    w->made = o->generate ? calloc(window, task->in_size ? task->in_size : 1) : NULL;
    if (w->out && (w->made || !o->generate))
        return w;
    give_back(w);
    return NULL;
}

weft_status weft_pool_imap_opts(weft_pool *pool, weft_imap *it, const weft_task *task,
                                const void *in, size_t n, const weft_imap_opts *opts)
{
    weft_imap_opts o;
    weft__take_options(&o, opts);
    if (it)
        it->work_ = NULL;
    const weft_status s = check(pool, it, task, in, n, &o);
    if (s != WEFT_OK)
        return s;
    struct weft_imap_work_ *const w = make(pool, task, n, &o);
    if (!w)
        return weft__fail(WEFT_ENOMEM,
                          "weft_pool_imap: window is %zu: there is no memory for so many items",
                          o.window);
    w->pool = pool, w->in = in;
    it->work_ = w;
    while (w->given < w->n && w->given < w->o.window)
        give(w, &w->slots[w->given]);
    return WEFT_OK;
}

weft_status weft_imap_next(weft_imap *it, void *out, size_t *which, double timeout)
{
    static const char name[] = "weft_imap_next";
    if (!it)
        return weft__fail(WEFT_EINVAL, "%s: it is NULL: it must be an iterator", name);
    if (weft__check_timeout(timeout, name))
        return WEFT_EINVAL;
    struct weft_imap_work_ *const w = it->work_;
    if (!w || w->taken == w->given)
        return WEFT_CLOSED;
    struct slot *const s = wait_for_one(w, weft__deadline_in(timeout));
    if (!s)
        return WEFT_TIMEOUT;
    const weft_status status = tell(w, s);
    if (status == WEFT_OK && out)
        memcpy(out, output(w, s), w->task->out_size);
    if (which)
        *which = s->index;
    w->taken++;
    give(w, s);
    return status;
}

void weft_imap_close(weft_imap *it)
{
    if (!it || !it->work_)
        return;
    struct weft_imap_work_ *const w = it->work_;
    const size_t used = w->given < w->o.window ? w->given : w->o.window;
    w->n = w->given;
    for (size_t k = 0; k < used; k++)
        if (!weft__job_done(&w->slots[k].job))
            (void)weft__job_withdraw(&w->slots[k].job);
    for (; w->taken < w->given; w->taken++)
        (void)wait_for_one(w, WEFT_FOREVER);
    give_back(w);
    it->work_ = NULL;
}
