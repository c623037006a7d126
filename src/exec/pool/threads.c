/* threads.c - a pool's workers as threads.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A worker takes a chunk, calls the next worker if there is more, runs, and takes again; without work
 * it spins for about a wake-up and then sleeps at the bell. A task that waits for a job of its own pool
 * runs what of that is not begun. What is begun runs on another worker, which waits for nothing but
 * jobs that in turn run, so only tasks that wait for each other in a circle can wait for ever.
 *
 * Owns one global, a thread's: the worker that it is. */
#include "exec/pool/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft/machine.h>
#include <weft/thread.h>

#include "base/detail.h"
#include "exec/patience.h"
#include "exec/pool/watch.h"
#include "sync/robust.h"
#include "sync/thread/thread.h"

struct crew;

struct worker {
    _Alignas(128) weft_pool *pool;
    struct crew *crew;
    size_t number;
    weft_thread thread;
    weft_stop stop;
};

struct crew {
    struct weft__bell work;
    uint32_t ending;           /* atomic */
    uint32_t ready;            /* workers whose init has returned; atomic, start sleeps on it */
    int init_code;             /* of one that failed, or 0; atomic */
    size_t cores, workers;     /* of workers: started */
    struct weft__watch *watch; /* NULL: no deadline */
    weft_cpus *places;         /* NULL: bound nowhere */
    struct worker all[];
};

static _Thread_local struct worker *me;

/* ---- a chunk ---- */

/* *at tells which item runs, from first. */
static int run_items(const weft_result *job, size_t first, size_t count, volatile uint32_t *at)
{
    const weft_task *const t = job->task_;
    char *const out = job->out_ ? job->out_ + first * t->out_size : NULL;
    weft__running.base = first;
    return t->run(job->in_ + first * t->in_size, out, 0, count, at);
}

/* One item under a deadline; *late says whether it was over it. */
static int run_watched(const struct worker *w, const weft_result *job, size_t i, bool *late,
                       volatile uint32_t *at)
{
    struct weft__watched task;
    weft_stop *const before = weft__running.stop;
    weft__watch_begin(w->crew->watch, &task);
    weft__running.stop = &task.stop;
    const int code = run_items(job, i, 1, at);
    weft__running.stop = before;
    *late = weft__watch_end(w->crew->watch, &task);
    return code;
}

static int run_once(const struct worker *w, const weft_result *job, size_t i, bool *late,
                    volatile uint32_t *at)
{
    return w->crew->watch ? run_watched(w, job, i, late, at) : run_items(job, i, 1, at);
}

static size_t fail(const struct worker *w, weft_result *job, size_t i, int code, bool late)
{
    weft_failure f = { .index = i, .status = late ? WEFT_EDEADLINE : WEFT_EFAILED, .code = code };
    weft__failure_explain(&f, w->pool->o.deadline);
    weft__job_fail(job, &f);
    return 1;
}

/* An item has been run and may have failed: again, then, as often as the pool allows. Returns 0 if it
 * went well, 1 if it has failed for good. */
static size_t judge(const struct worker *w, weft_result *job, size_t i, int code, bool late,
                    volatile uint32_t *at)
{
    uint32_t since;
    for (size_t k = 0; (code || late) && k < w->pool->o.retries; k++)
        code = run_once(w, job, i, &late, at);
    return code || late || weft__holdings_grew(&since) ? fail(w, job, i, code, late) : 0;
}

/* Each of these returns how many failed. */
static size_t run_watched_chunk(const struct worker *w, const struct weft__chunk *c,
                                volatile uint32_t *at)
{
    size_t failed = 0;
    bool late;
    for (size_t i = c->begin; i < c->end; i++) {
        const int code = run_watched(w, c->job, i, &late, at);
        failed += judge(w, c->job, i, code, late, at);
    }
    return failed;
}

static size_t run_chunk(const struct worker *w, const struct weft__chunk *c, volatile uint32_t *at)
{
    size_t failed = 0;
    uint32_t since;
    for (size_t i = c->begin; i < c->end;) {
        const size_t n = c->end - i < UINT32_MAX ? c->end - i : UINT32_MAX;
        const int code = run_items(c->job, i, n, at);
        if (weft__holdings_grew(&since) && since < *at)
            failed += fail(w, c->job, i + since, 0, false);
        i += *at;
        if (code)
            failed += judge(w, c->job, i, code, false, at), i++;
    }
    return failed;
}

static void run(struct worker *w, const struct weft__chunk *c)
{
    const struct weft__running before = weft__running;
    volatile uint32_t at = 0;
    weft__running = (struct weft__running){ .ctx = w->pool->o.ctx,
                                            .worker = w->number,
                                            .at = &at,
                                            .stop = before.stop ? before.stop : &w->stop };
    const struct weft__holdings held = weft__holdings_watch(&at);
    const bool timed = c->job->n_ > 1;
    const double start = timed ? weft_now() : 0;
    const size_t failed = w->crew->watch ? run_watched_chunk(w, c, &at) : run_chunk(w, c, &at);
    const double seconds = timed ? weft_now() - start : 0;
    weft__running = before;
    weft__holdings_restore(&held);
    weft__job_settle(c->job, c->end - c->begin, failed, seconds);
}

static bool take_and_run(struct worker *w, weft_result *of)
{
    struct weft__chunk c;
    bool more;
    if (!weft__pool_take(w->pool, of, SIZE_MAX, &c, &more))
        return false;
    if (more)
        weft__bell_ring(&w->crew->work);
    run(w, &c);
    return true;
}

/* ---- a worker ---- */

static bool is_ending(const struct crew *c)
{
    return __atomic_load_n(&c->ending, __ATOMIC_SEQ_CST) != 0; /* pairs with dismiss() */
}

static void sleep_until_there_is_work(struct worker *w)
{
    struct weft__patience spin = { 0 };
    while (!weft__pool_has_work(w->pool) && !is_ending(w->crew))
        if (!weft__patience(&spin))
            break;
    weft__bell_enter(&w->crew->work);
    for (;;) {
        const uint32_t heard = weft__bell_listen(&w->crew->work);
        if (weft__pool_has_work(w->pool) || is_ending(w->crew))
            break;
        (void)weft__bell_sleep(&w->crew->work, heard, WEFT_FOREVER);
    }
    weft__bell_leave(&w->crew->work);
}

static bool initialize(const struct worker *w)
{
    const weft_pool_opts *const o = &w->pool->o;
    const int code = o->init ? o->init(o->ctx) : 0;
    if (code)
        __atomic_store_n(&w->crew->init_code, code, __ATOMIC_RELAXED); /* ordered by ready */
    __atomic_fetch_add(&w->crew->ready, 1, __ATOMIC_RELEASE); /* pairs with wait_until_ready() */
    weft__futex_wake(&w->crew->ready, 1, false);
    return code == 0;
}

static void live(void *arg)
{
    struct worker *const w = arg;
    me = w;
    weft__pool_share_cores(w->pool, w->crew->cores);
    weft__running = (struct weft__running){ .ctx = w->pool->o.ctx, .worker = w->number };
    if (!initialize(w))
        return;
    while (!is_ending(w->crew))
        if (!take_and_run(w, NULL))
            sleep_until_there_is_work(w);
    if (w->pool->o.fini)
        w->pool->o.fini(w->pool->o.ctx);
}

/* ---- the crew ---- */

static void dismiss(struct crew *c)
{
    __atomic_store_n(&c->ending, 1, __ATOMIC_SEQ_CST);
    weft__bell_ring_all(&c->work);
    for (size_t k = 0; k < c->workers; k++)
        weft__join_for_good(&c->all[k].thread);
    if (c->watch)
        weft__watch_stop(c->watch);
    free(c->watch);
    free(c->places);
    free(c);
}

static weft_status no_memory(const weft_pool *pool)
{
    return weft__fail(WEFT_ENOMEM, "weft_pool_new: workers is %zu: there is no memory for them",
                      pool->o.workers);
}

static weft_status find_places(struct crew *c, const weft_pool *pool)
{
    if (!pool->o.place)
        return WEFT_OK;
    c->places = malloc(pool->o.workers * sizeof *c->places);
    if (!c->places)
        return no_memory(pool);
    return weft_machine_places(weft_machine_this(), pool->o.place, pool->o.workers, c->places);
}

static weft_status start_watch(struct crew *c, const weft_pool *pool)
{
    if (!(pool->o.deadline > 0))
        return WEFT_OK;
    struct weft__watch *const w = calloc(1, sizeof *w);
    if (!w)
        return no_memory(pool);
    const weft_status s = weft__watch_start(w, pool->o.deadline);
    if (s == WEFT_OK)
        c->watch = w;
    else
        free(w);
    return s;
}

static weft_status start_worker(struct crew *c, weft_pool *pool, size_t k)
{
    char name[64];
    struct worker *const w = &c->all[k];
    const weft_thread_opts o = {
        .size = sizeof o, .name = name, .daemon = true, .place = c->places ? &c->places[k] : NULL
    };
    *w = (struct worker){ .pool = pool, .crew = c, .number = k };
    snprintf(name, sizeof name, "%.40s-%zu", pool->o.name, k);
    const weft_status s = weft__thread_start(&w->thread, live, w, &o, "Thread", true);
    c->workers += s == WEFT_OK;
    return s;
}

static weft_status wait_until_ready(struct crew *c)
{
    uint32_t ready;
    /* pairs with initialize() */
    while ((ready = __atomic_load_n(&c->ready, __ATOMIC_ACQUIRE)) < c->workers)
        (void)weft__futex_wait(&c->ready, ready, WEFT_FOREVER, false);
    const int code = __atomic_load_n(&c->init_code, __ATOMIC_RELAXED);
    if (!code)
        return WEFT_OK;
    return weft__fail(WEFT_EFAILED, "weft_pool_new: init returned %d: it must return 0", code);
}

static weft_status start_all(struct crew *c, weft_pool *pool)
{
    weft_status s = find_places(c, pool);
    if (s == WEFT_OK)
        s = start_watch(c, pool);
    for (size_t k = 0; k < pool->o.workers && s == WEFT_OK; k++)
        s = start_worker(c, pool, k);
    if (s == WEFT_OK)
        s = wait_until_ready(c);
    return s;
}

static weft_status start(weft_pool *pool)
{
    const size_t size = sizeof(struct crew) + pool->o.workers * sizeof(struct worker);
    struct crew *const c = aligned_alloc(_Alignof(struct worker), (size + 127) / 128 * 128);
    if (!c)
        return no_memory(pool);
    memset(c, 0, sizeof *c);
    c->cores = weft_machine_limits(weft_machine_this())->threads;
    pool->inner = c;
    const weft_status s = start_all(c, pool);
    if (s != WEFT_OK)
        dismiss(c);
    return s;
}

/* ---- what the pool asks of it ---- */

static void wake(weft_pool *pool, bool waits)
{
    (void)waits;
    struct crew *const c = pool->inner;
    weft__bell_ring(&c->work);
}

static bool is_inside(const weft_pool *pool) { return me && me->pool == pool; }

static void help(weft_pool *pool, weft_result *job, double deadline)
{
    if (!is_inside(pool) || deadline == weft__late)
        return;
    while (!weft__job_done(job) && take_and_run(me, job))
        if (deadline < WEFT_FOREVER && weft_now() > deadline)
            return;
}

static void interrupt(weft_pool *pool)
{
    struct crew *const c = pool->inner;
    for (size_t k = 0; k < c->workers; k++)
        weft_stop_set(&c->all[k].stop);
    if (c->watch)
        weft__watch_interrupt(c->watch);
}

static void end(weft_pool *pool) { dismiss(pool->inner); }

const struct weft__pool_kind weft__pool_threads = {
    .start = start,
    .wake = wake,
    .help = help,
    .is_inside = is_inside,
    .interrupt = interrupt,
    .end = end,
};
