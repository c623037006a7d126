/* done.c - the count of what is done: task_done and join.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * unfinished = puts - done. The kinds know how many items were put from where their tail is, so only
 * task_done has a counter to write. */
#include "sync/queue/queue.h"

#include "base/detail.h"
#include "base/futex.h"

/* Whether `done` is all that were put. Reads done first: it is never more than puts, so if the two
 * are equal they were so when puts was read. */
static bool all_done(const weft_queue *q)
{
    /* acquire, in effect: join sees what was written before task_done; pairs with the swap in
     * add_done(), or with what a shared queue does there. It is sequentially consistent for the
     * bell. */
    const uint64_t done = __atomic_load_n(&q->done, __ATOMIC_SEQ_CST);
    return done == q->kind->puts(q);
}

/* Looks at the tail, which producers write, only when what it saw there last does not settle it. */
static bool is_put(weft_queue *q, uint64_t done)
{
    /* Relaxed: puts only ever grows, and an old value is as true as a new one. */
    const uint64_t seen = __atomic_load_n(&q->puts, __ATOMIC_RELAXED);
    if ((int64_t)(seen - done) > 0)
        return true;
    const uint64_t puts = q->kind->puts(q);
    __atomic_store_n(&q->puts, puts, __ATOMIC_RELAXED);
    return puts != done;
}

/* Adds at most n, so that done never passes puts; returns how many. */
static size_t add_done(weft_queue *q, size_t n)
{
    size_t added = 0;
    uint64_t done = __atomic_load_n(&q->done, __ATOMIC_RELAXED); /* settled by the swap */
    while (added < n && is_put(q, done))
        /* pairs with all_done */
        if (__atomic_compare_exchange_n(&q->done, &done, done + 1, false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED))
            added++, done++;
    return added;
}

static void tell_if_finished(weft_queue *q)
{
    if (weft__bell_waits(&q->finished) && all_done(q))
        weft__bell_ring_all(&q->finished);
}

static bool count_done(weft_queue *q)
{
    const size_t added = q->kind->count_done ? q->kind->count_done(q, 1) : add_done(q, 1);
    if (added)
        tell_if_finished(q);
    return added;
}

void weft__queue_count_dropped(weft_queue *q, size_t n)
{
    if (!q->kind->count_done) /* else that is done already */
        (void)add_done(q, n);
    tell_if_finished(q);
}

weft_status weft_queue_task_done(weft_queue *q)
{
    if (!q)
        return weft__queue_refuse(q, NULL, 0, 0, "weft_queue_task_done");
    if (count_done(q))
        return WEFT_OK;
    return weft__fail(WEFT_ESTATE,
                      "weft_queue_task_done: called %llu times before: that is how "
                      "many items were put",
                      (unsigned long long)q->kind->puts(q));
}

/* relaxed, as told is throughout: a number alone; each death is told of once, or by all joins that
 * waited for it */
static weft_status tell_of_the_lost(weft_queue *q, uint64_t told, uint64_t lost)
{
    __atomic_store_n(&q->told, lost, __ATOMIC_RELAXED);
    return weft__fail(WEFT_EDIED,
                      "weft_queue_join: %llu items were taken by processes that ended before "
                      "task_done: they count as done",
                      (unsigned long long)(lost - told));
}

/* What a join comes to by now; WEFT_TIMEOUT: there is work left. Nobody would call all done what the
 * dead have: so they are looked for first. */
static weft_status look_at_work(weft_queue *q, uint64_t told)
{
    const uint64_t lost = q->kind->lost ? q->kind->lost(q) : told;
    if (lost != told)
        return tell_of_the_lost(q, told, lost);
    return all_done(q) ? WEFT_OK : WEFT_TIMEOUT;
}

weft_status weft_queue_join(weft_queue *q, double timeout)
{
    if (!q || !(timeout >= 0))
        return weft__queue_refuse(q, NULL, 0, timeout, "weft_queue_join");
    const uint64_t told = __atomic_load_n(&q->told, __ATOMIC_RELAXED);
    weft_status s = look_at_work(q, told);
    if (s != WEFT_TIMEOUT)
        return s;
    const double deadline = weft__deadline_in(timeout);
    bool in_time = timeout > 0;
    weft__bell_enter(&q->finished);
    for (;;) {
        const uint32_t heard = weft__bell_listen(&q->finished);
        s = look_at_work(q, told);
        if (s != WEFT_TIMEOUT || !in_time)
            break;
        in_time = weft__bell_sleep(&q->finished, heard, deadline);
    }
    weft__bell_leave(&q->finished);
    return s;
}
