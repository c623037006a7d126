/* jobs.c - jobs: given, cut into chunks, settled, taken back.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Who submits pushes onto a stack, by one compare-and-swap; who takes turns the stack over into the
 * list, under the lock, when the list is empty. So those two do not meet for every job, and jobs begin
 * in the order they were given.
 *
 * How many items a worker takes at once follows from how long they took so far: about 100 us worth of
 * them. The first chunk is one item. Towards the end chunks shrink, so that all workers end together.
 *
 * Owns one global: the bell of those who wait for one of several results. */
#include "exec/pool/pool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/detail.h"
#include "exec/patience.h"

static const double chunk_seconds = 100e-6;

struct weft__bell weft__any_result;

void weft__job_fill(weft_result *job, weft_pool *pool, const weft_task *task, const void *in,
                    size_t n, void *out)
{
    *job = (weft_result){ .word_ = weft__job_begun,
                          .n_ = n,
                          .first_ = SIZE_MAX,
                          .pool_ = pool,
                          .task_ = task,
                          .in_ = in,
                          .out_ = out };
}

/* ---- giving ---- */

static void push(weft_pool *pool, weft_result *job)
{
    weft_result *head = __atomic_load_n(&pool->inbox, __ATOMIC_RELAXED);
    do
        job->next_ = head;
    /* release, for gather(); sequentially consistent for the bell */
    while (!__atomic_compare_exchange_n(&pool->inbox, &head, job, true, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED));
}

static void count_settled(weft_pool *pool, size_t jobs)
{
    /* sequentially consistent: join sets closed and reads settled, we do it the other way round */
    struct weft__counter *const mine = &pool->settled[weft__running.worker % weft__counters];
    __atomic_fetch_add(&mine->n, jobs, __ATOMIC_SEQ_CST);
    if (__builtin_expect(__atomic_load_n(&pool->closed, __ATOMIC_SEQ_CST), 0))
        weft__bell_ring_all(&pool->idle);
}

bool weft__pool_is_idle(const weft_pool *pool)
{
    /* settled first: all together never are more than submitted, so where they are equal nothing was
     * under way when submitted was read. Pairs with count_settled() and the submit. */
    size_t settled = 0;
    for (size_t k = 0; k < weft__counters; k++)
        settled += __atomic_load_n(&pool->settled[k].n, __ATOMIC_SEQ_CST);
    return settled == __atomic_load_n(&pool->submitted, __ATOMIC_SEQ_CST);
}

weft_status weft__pool_submit(weft_pool *pool, weft_result *job, bool waits, const char *function)
{
    /* pairs with weft_pool_close: it is counted, or seen to be closed */
    __atomic_fetch_add(&pool->submitted, 1, __ATOMIC_SEQ_CST);
    if (__builtin_expect(__atomic_load_n(&pool->closed, __ATOMIC_SEQ_CST), 0)) {
        count_settled(pool, 1);
        return weft__fail(WEFT_CLOSED, "%s: pool is closed: it takes no more jobs", function);
    }
    push(pool, job);
    pool->kind->wake(pool, waits);
    return WEFT_OK;
}

/* ---- the list, under the lock ---- */

static void append(weft_pool *pool, weft_result *job)
{
    job->next_ = NULL, job->before_ = pool->last, job->listed_ = 1;
    if (pool->last)
        pool->last->next_ = job;
    else
        __atomic_store_n(&pool->first, job, __ATOMIC_SEQ_CST); /* with weft__pool_has_work */
    pool->last = job;
}

static void unlist(weft_pool *pool, weft_result *job)
{
    if (job->before_)
        job->before_->next_ = job->next_;
    else
        __atomic_store_n(&pool->first, job->next_, __ATOMIC_SEQ_CST); /* with weft__pool_has_work */
    if (job->next_)
        job->next_->before_ = job->before_;
    else
        pool->last = job->before_;
    job->listed_ = 0;
}

static void gather(weft_pool *pool)
{
    weft_result *in_order = NULL, *next;
    if (!__atomic_load_n(&pool->inbox, __ATOMIC_RELAXED))
        return;
    /* acquire, pairs with push() */
    for (weft_result *j = __atomic_exchange_n(&pool->inbox, NULL, __ATOMIC_SEQ_CST); j; j = next)
        next = j->next_, j->next_ = in_order, in_order = j;
    for (; in_order; in_order = next)
        next = in_order->next_, append(pool, in_order);
}

bool weft__pool_has_work(const weft_pool *pool)
{
    /* pairs with push(), append() and unlist() */
    return __atomic_load_n(&pool->first, __ATOMIC_SEQ_CST) ||
           __atomic_load_n(&pool->inbox, __ATOMIC_SEQ_CST);
}

/* ---- taking ---- */

/* Items for one chunk. */
static size_t chunk_of(const weft_result *job, size_t workers, size_t room)
{
    const size_t each = job->task_->in_size + job->task_->out_size;
    const size_t left = job->n_ - job->begun_, fair = left / (2 * workers) + 1;
    double seconds; /* relaxed: any estimate will do */
    __atomic_load(&job->item_seconds_, &seconds, __ATOMIC_RELAXED);
    size_t n = seconds > 0 ? (size_t)(chunk_seconds / seconds) : 0;
    n = n < fair ? n : fair;
    n = n < room / (each ? each : 1) ? n : room / (each ? each : 1);
    return n ? n : 1;
}

static bool is_stopped(const weft_result *job)
{
    return job->more_ && job->more_->o.stop && weft_stop_is_set(job->more_->o.stop);
}

static void take_chunk(weft_pool *pool, weft_result *job, size_t room, struct weft__chunk *chunk)
{
    const size_t n = job->n_ == 1 ? 1 : chunk_of(job, pool->o.workers, room);
    *chunk = (struct weft__chunk){ job, job->begun_, job->begun_ + n, 0 };
    job->begun_ += n;
    if (job->begun_ == job->n_)
        unlist(pool, job);
}

/* Of the items that are not begun none will be; returns how many. */
static size_t drop(weft_pool *pool, weft_result *job)
{
    const size_t n = job->n_ - job->begun_;
    job->begun_ = job->n_;
    if (job->status_ == WEFT_OK)
        job->status_ = WEFT_CANCELLED;
    unlist(pool, job);
    return n;
}

bool weft__pool_take(weft_pool *pool, weft_result *of, size_t room, struct weft__chunk *chunk,
                     bool *more)
{
    weft_result *job, *dropped = NULL;
    bool found = false;
    size_t n = 0;
    weft_lock_acquire(&pool->lock, WEFT_FOREVER);
    if (of || !pool->first)
        gather(pool);
    job = of ? of : pool->first;
    if (job && (!of || of->listed_)) {
        if (__builtin_expect(is_stopped(job), 0))
            n = drop(pool, job), dropped = job;
        else
            take_chunk(pool, job, room, chunk), found = true;
    }
    *more = pool->first != NULL;
    weft_lock_release(&pool->lock);
    if (!dropped)
        return found;
    weft__job_settle(dropped, n, 0, 0);
    return of ? false : weft__pool_take(pool, NULL, room, chunk, more);
}

/* ---- failures ---- */

void weft__failure_explain(weft_failure *f, double deadline)
{
    const size_t room = sizeof f->reason;
    if (f->status == WEFT_EDEADLINE && deadline > 0)
        snprintf(f->reason, room, "over its deadline of %g s", deadline);
    else if (f->status == WEFT_EDEADLINE)
        snprintf(f->reason, room, "over its deadline");
    else if (f->status == WEFT_EFAILED && f->code == 0)
        snprintf(f->reason, room, "returned with a shared lock held");
    else if (f->status == WEFT_EFAILED)
        snprintf(f->reason, room, "returned %d", f->code);
    else if (f->status == WEFT_ESYS)
        snprintf(f->reason, room, "its pool has no workers left");
    else if (f->code >= 0)
        snprintf(f->reason, room, "exited with code %d", f->code);
    else if (sigabbrev_np(-f->code))
        snprintf(f->reason, room, "killed by SIG%s", sigabbrev_np(-f->code));
    else
        snprintf(f->reason, room, "killed by signal %d", -f->code);
}

/* The first so many by index, in order. */
static void keep(struct weft_result_more_ *m, const weft_failure *f)
{
    size_t k = m->kept;
    if (k == m->o.failed_max) {
        if (k == 0 || m->o.failed[k - 1].index < f->index)
            return;
        k--;
    } else {
        m->kept++;
    }
    for (; k > 0 && m->o.failed[k - 1].index > f->index; k--)
        m->o.failed[k] = m->o.failed[k - 1];
    m->o.failed[k] = *f;
}

void weft__job_fail(weft_result *job, const weft_failure *f)
{
    weft_pool *const pool = job->pool_;
    weft_lock_acquire(&pool->lock, WEFT_FOREVER);
    if (f->index <= job->first_)
        job->first_ = f->index, job->status_ = f->status, job->code_ = f->code;
    if (job->more_)
        job->more_->failed++, keep(job->more_, f);
    weft_lock_release(&pool->lock);
}

/* ---- the end of a job ---- */

static void finish_more(weft_result *job, struct weft_result_more_ *m)
{
    weft__progress_end(&m->progress);
    if (m->o.failed_count)
        *m->o.failed_count = m->failed;
    if (m->o.callback)
        m->o.callback(job->status_, job->out_, m->o.callback_ctx);
}

/* Everything about the job is written; nobody else has it any more. */
static void complete(weft_result *job)
{
    weft_pool *const pool = job->pool_;
    struct weft_result_more_ *const m = job->more_;
    void (*const notify)(weft_result *, void *) = m ? m->notify : NULL;
    void *const notify_ctx = m ? m->notify_ctx : NULL;
    if (m) {
        finish_more(job, m);
        if (m->ours)
            free(m);
    }
    uint32_t *const word = &job->word_;
    /* release, for weft__job_done(); acquire and the old value, for who sleeps. Sequentially consistent
     * for the bell. From here on the job may be gone: waking nobody at its address does no harm. */
    const uint32_t before =
        __atomic_exchange_n(word, weft__job_begun | weft__job_is_done, __ATOMIC_SEQ_CST);
    if (before & weft__job_sleepers)
        weft__futex_wake(word, SIZE_MAX, false);
    if (__builtin_expect(weft__bell_waits(&weft__any_result), 0))
        weft__bell_ring_all(&weft__any_result);
    if (notify)
        notify(job, notify_ctx);
    count_settled(pool, 1);
}

static void estimate(weft_result *job, size_t count, double seconds)
{
    double each = seconds / (double)count;
    __atomic_store(&job->item_seconds_, &each, __ATOMIC_RELAXED);
}

void weft__job_settle(weft_result *job, size_t count, size_t failed, double seconds)
{
    const size_t n = job->n_; /* once our items are counted, another one may end the job */
    if (job->more_)
        weft__progress_add(&job->more_->progress, count, failed);
    if (n == 1) {
        __atomic_store_n(&job->done_, 1, __ATOMIC_RELAXED); /* complete() orders it */
        complete(job);
        return;
    }
    if (seconds > 0)
        estimate(job, count, seconds);
    /* acquire and release: the last one sees what all others wrote */
    if (__atomic_add_fetch(&job->done_, count, __ATOMIC_ACQ_REL) == n)
        complete(job);
}

void weft__job_drop(weft_result *job, size_t count)
{
    weft_pool *const pool = job->pool_;
    weft_lock_acquire(&pool->lock, WEFT_FOREVER);
    if (job->status_ == WEFT_OK)
        job->status_ = WEFT_CANCELLED;
    weft_lock_release(&pool->lock);
    weft__job_settle(job, count, 0, 0);
}

size_t weft__job_withdraw(weft_result *job)
{
    weft_pool *const pool = job->pool_;
    weft_lock_acquire(&pool->lock, WEFT_FOREVER);
    gather(pool);
    const size_t n = job->listed_ ? drop(pool, job) : 0;
    weft_lock_release(&pool->lock);
    if (n)
        weft__job_settle(job, n, 0, 0);
    return n;
}

void weft__pool_withdraw_all(weft_pool *pool)
{
    for (;;) {
        weft_lock_acquire(&pool->lock, WEFT_FOREVER);
        gather(pool);
        weft_result *const job = pool->first;
        const size_t n = job ? drop(pool, job) : 0;
        weft_lock_release(&pool->lock);
        if (!job)
            return;
        weft__job_settle(job, n, 0, 0);
    }
}

/* ---- waiting ---- */

bool weft__job_wait(weft_result *job, double deadline)
{
    struct weft__patience spin = { 0 };
    while (!weft__job_done(job))
        if (deadline == weft__late || !weft__patience(&spin))
            break;
    for (;;) {
        /* pairs with complete(): it sees the sleepers, or we see that it is done */
        const uint32_t word = weft__job_begun | weft__job_sleepers;
        if (weft__job_done(job))
            return true;
        if (deadline == weft__late)
            return false;
        if (__atomic_fetch_or(&job->word_, weft__job_sleepers, __ATOMIC_SEQ_CST) &
            weft__job_is_done)
            return true;
        if (!weft__futex_wait(&job->word_, word, deadline, false))
            return weft__job_done(job);
    }
}
