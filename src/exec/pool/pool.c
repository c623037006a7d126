/* pool.c - pools: made, closed, joined, freed; what jobs are made of.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Owns two globals: the count of forks, and whether they are counted. */
#include "exec/pool/pool.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <weft/machine.h>

#include "base/assert.h"
#include "base/detail.h"
#include "base/options.h"

size_t weft__generation;

static void count_fork(void) { weft__generation++; }
static void watch_forks(void) { (void)pthread_atfork(NULL, NULL, count_fork); }

/* ---- making one ---- */

static weft_status check_options(const weft_pool_opts *o)
{
    static const char name[] = "weft_pool_new";
    if (o->workers > WEFT_WORKERS_MAX)
        return weft__fail(WEFT_EINVAL, "%s: workers is %zu: it must be at most %d", name,
                          o->workers, WEFT_WORKERS_MAX);
    if (o->kind > WEFT_PROCESSES)
        return weft__fail(WEFT_EINVAL, "%s: kind is %u: it must be one of weft_pool_kind", name,
                          o->kind);
    if (!(o->deadline >= 0))
        return weft__fail(WEFT_EINVAL, "%s: deadline is %g seconds: it must be 0 or more", name,
                          o->deadline);
    if (o->max_tasks && o->kind == WEFT_THREADS)
        return weft__fail(WEFT_EINVAL, "%s: max_tasks is %zu: only processes are replaced", name,
                          o->max_tasks);
    if (o->place) {
        weft_cpus one;
        return weft_machine_places(weft_machine_this(), o->place, 1, &one);
    }
    return WEFT_OK;
}

static void give_back(weft_pool *pool)
{
    weft_lock_fini(&pool->lock);
    free(pool->name);
    free(pool->place);
    free(pool);
}

static bool copy_text(char **copy, const char **text)
{
    if (!*text)
        return true;
    *text = *copy = strdup(*text);
    return *copy != NULL;
}

static weft_pool *make(const weft_pool_opts *o)
{
    weft_pool *const pool = aligned_alloc(_Alignof(weft_pool), sizeof *pool);
    if (!pool)
        return NULL;
    memset(pool, 0, sizeof *pool);
    pool->o = *o;
    if (!pool->o.name)
        pool->o.name = "pool";
    if (!pool->o.workers)
        pool->o.workers = weft_machine_limits(weft_machine_this())->threads;
    if (pool->o.workers > WEFT_WORKERS_MAX)
        pool->o.workers = WEFT_WORKERS_MAX;
    if (pool->o.deadline == WEFT_FOREVER)
        pool->o.deadline = 0;
    pool->item_most = SIZE_MAX;
    pool->kind = o->kind == WEFT_THREADS ? &weft__pool_threads : &weft__pool_processes;
    weft_lock_init(&pool->lock);
    if (copy_text(&pool->name, &pool->o.name) && copy_text(&pool->place, &pool->o.place))
        return pool;
    give_back(pool);
    return NULL;
}

weft_pool *weft_pool_new_opts(const weft_pool_opts *opts)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    weft_pool_opts o;
    weft__take_options(&o, opts);
    if (check_options(&o))
        return NULL;
    pthread_once(&once, watch_forks);
    weft_pool *const pool = make(&o);
    if (!pool) {
        weft__fail(WEFT_ENOMEM, "weft_pool_new: there is no memory for a pool");
        return NULL;
    }
    pool->generation = weft__generation;
    if (pool->kind->start(pool) == WEFT_OK)
        return pool;
    give_back(pool);
    return NULL;
}

size_t weft_pool_workers(const weft_pool *pool)
{
    if (!pool)
        weft__panic("weft_pool_workers: pool is NULL: it must be one");
    return pool->o.workers;
}

/* ---- the end ---- */

weft_status weft__pool_refuse(const weft_pool *pool, const char *function)
{
    if (!pool)
        return weft__fail(WEFT_EINVAL, "%s: pool is NULL: it must be one", function);
    if (pool->generation != weft__generation)
        return weft__fail(WEFT_ESTATE,
                          "%s: pool was made before this process was forked: its workers are the "
                          "parent's",
                          function);
    return WEFT_OK;
}

weft_status weft_pool_close(weft_pool *pool)
{
    const weft_status s = weft__pool_refuse(pool, "weft_pool_close");
    if (s == WEFT_OK)
        __atomic_store_n(&pool->closed, 1, __ATOMIC_SEQ_CST); /* pairs with weft__pool_submit */
    return s;
}

weft_status weft_pool_terminate(weft_pool *pool)
{
    const weft_status s = weft__pool_refuse(pool, "weft_pool_terminate");
    if (s != WEFT_OK)
        return s;
    (void)weft_pool_close(pool);
    weft__pool_withdraw_all(pool);
    pool->kind->interrupt(pool);
    return WEFT_OK;
}

static bool wait_until_idle(weft_pool *pool, double deadline)
{
    bool idle, in_time = true;
    weft__bell_enter(&pool->idle);
    for (;;) {
        const uint32_t heard = weft__bell_listen(&pool->idle);
        idle = weft__pool_is_idle(pool);
        if (idle || !in_time)
            break;
        in_time = weft__bell_sleep(&pool->idle, heard, deadline);
    }
    weft__bell_leave(&pool->idle);
    return idle;
}

weft_status weft_pool_join(weft_pool *pool, double timeout)
{
    static const char name[] = "weft_pool_join";
    if (weft__pool_refuse(pool, name))
        return pool ? WEFT_ESTATE : WEFT_EINVAL;
    if (weft__check_timeout(timeout, name))
        return WEFT_EINVAL;
    if (!__atomic_load_n(&pool->closed, __ATOMIC_SEQ_CST))
        return weft__fail(WEFT_ESTATE, "%s: pool is open: close or terminate it first", name);
    if (pool->kind->is_inside(pool))
        return weft__fail(WEFT_EDEADLK,
                          "%s: called by a task of the pool: it would wait for itself", name);
    return wait_until_idle(pool, weft__deadline_in(timeout)) ? WEFT_OK : WEFT_TIMEOUT;
}

void weft_pool_free(weft_pool *pool)
{
    if (!pool)
        return;
    if (weft__pool_refuse(pool, "weft_pool_free"))
        weft__panic("%s", weft_detail());
    if (pool->kind->is_inside(pool))
        weft__panic("weft_pool_free: called by a task of the pool: it would wait for itself");
    (void)weft_pool_close(pool);
    (void)wait_until_idle(pool, WEFT_FOREVER);
    pool->kind->end(pool);
    give_back(pool);
}

/* ---- jobs ---- */

weft_status weft__pool_check_task(const weft_pool *pool, const weft_task *task,
                                  const char *function)
{
    if (!task)
        return weft__fail(WEFT_EINVAL, "%s: task is NULL: it must be one", function);
    if (task->in_size > pool->item_most || task->out_size > pool->item_most - task->in_size)
        return weft__fail(
            WEFT_EINVAL,
            "%s: task is %s of %zu bytes in and %zu out: together they must be at most "
            "the pool's .item_size, %zu",
            function, task->name, task->in_size, task->out_size, pool->item_most);
    return WEFT_OK;
}

static weft_status check_job(const weft_pool *pool, const weft_task *task, const void *in, size_t n,
                             const weft_job_opts *o, const char *function)
{
    const weft_status s = weft__pool_refuse(pool, function);
    if (s != WEFT_OK)
        return s;
    const weft_status t = weft__pool_check_task(pool, task, function);
    if (t != WEFT_OK)
        return t;
    if (!in && n)
        return weft__fail(WEFT_EINVAL, "%s: in is NULL with n = %zu: it must point to n inputs",
                          function, n);
    if (o->failed_max && !o->failed)
        return weft__fail(WEFT_EINVAL,
                          "%s: failed is NULL with .failed_max = %zu: it must have room for them",
                          function, o->failed_max);
    return WEFT_OK;
}

static bool is_plain(const weft_job_opts *o)
{
    return !o->failed_max && !o->failed_count && !o->progress && !o->stop && !o->callback;
}

static void fill_more(weft_result *r, struct weft_result_more_ *m, const weft_job_opts *o)
{
    *m = (struct weft_result_more_){ .o = *o };
    weft__progress_begin(&m->progress, o->progress, o->progress_ctx, r->n_);
    r->more_ = m;
}

/* No items: done at once, whatever the pool is doing. */
static weft_status complete_empty(weft_result *r, const weft_job_opts *o)
{
    struct weft_result_more_ m;
    fill_more(r, &m, o);
    weft__progress_end(&m.progress);
    if (o->failed_count)
        *o->failed_count = 0;
    if (o->callback)
        o->callback(WEFT_OK, r->out_, o->callback_ctx);
    r->more_ = NULL;
    __atomic_store_n(&r->word_, weft__job_begun | weft__job_is_done, __ATOMIC_RELEASE);
    return WEFT_OK;
}

static weft_status closed(const weft_pool *pool, const char *function)
{
    if (!__atomic_load_n(&pool->closed, __ATOMIC_SEQ_CST))
        return WEFT_OK;
    return weft__fail(WEFT_CLOSED, "%s: pool is closed: it takes no more jobs", function);
}

weft_status weft_pool_map_opts(weft_pool *pool, const weft_task *task, const void *in, size_t n,
                               void *out, const weft_job_opts *opts)
{
    static const char name[] = "weft_pool_map";
    weft_job_opts o;
    struct weft_result_more_ m;
    weft_result r;
    weft__take_options(&o, opts);
    weft_status s = check_job(pool, task, in, n, &o, name);
    if (s != WEFT_OK)
        return s;
    weft__job_fill(&r, pool, task, in, n, out);
    if (n == 0)
        return (s = closed(pool, name)) ? s : complete_empty(&r, &o);
    if (!is_plain(&o))
        fill_more(&r, &m, &o);
    s = weft__pool_submit(pool, &r, true, name);
    return s == WEFT_OK ? weft_result_get(&r, WEFT_FOREVER) : s;
}

/* Of a job that nobody will ask for: the end of its storage. */
static void forget(weft_result *r, void *unused)
{
    (void)unused;
    free(r);
}

static weft_status submit_async(weft_result *r, const weft_job_opts *o, bool dropped,
                                const char *function)
{
    struct weft_result_more_ *m = NULL;
    if (!is_plain(o) || dropped) {
        m = malloc(sizeof *m);
        if (!m)
            return weft__fail(WEFT_ENOMEM, "%s: there is no memory for the job", function);
        fill_more(r, m, o);
        m->ours = true;
        m->notify = dropped ? forget : NULL;
    }
    const weft_status s = weft__pool_submit(r->pool_, r, false, function);
    if (s != WEFT_OK)
        free(m);
    return s;
}

weft_status weft_pool_map_async_opts(weft_pool *pool, weft_result *r, const weft_task *task,
                                     const void *in, size_t n, void *out, const weft_job_opts *opts)
{
    static const char name[] = "weft_pool_map_async";
    weft_job_opts o;
    weft__take_options(&o, opts);
    if (r)
        r->word_ = 0;
    weft_status s = check_job(pool, task, in, n, &o, name);
    if (s == WEFT_OK && n == 0)
        s = closed(pool, name);
    if (s != WEFT_OK)
        return s;
    weft_result *const job = r ? r : malloc(sizeof *job);
    if (!job)
        return weft__fail(WEFT_ENOMEM, "%s: there is no memory for the job", name);
    weft__job_fill(job, pool, task, in, n, out);
    s = n ? submit_async(job, &o, !r, name) : complete_empty(job, &o);
    if (s != WEFT_OK)
        job->word_ = 0;
    if (!r && (s != WEFT_OK || n == 0))
        free(job);
    return s;
}
