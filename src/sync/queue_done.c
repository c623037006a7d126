/* queue_done.c - the count of what is done: task_done and join.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * unfinished = puts - done. The kinds know how many items were put from where their tail is, so only
 * task_done has a counter to write. */
#include "sync/queue.h"

#include "base/detail.h"
#include "base/futex.h"

/* Whether `done` is all that were put. Reads done first: it is never more than puts, so if the two
 * are equal they were so when puts was read. */
static bool all_done(const weft_queue *q)
{
    /* acquire, in effect: join sees what was written before task_done; pairs with the swap in
     * weft__queue_count_done(). It is sequentially consistent for the bell. */
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

size_t weft__queue_count_done(weft_queue *q, size_t n)
{
    size_t added = 0;
    uint64_t done = __atomic_load_n(&q->done, __ATOMIC_RELAXED); /* settled by the swap */
    while (added < n && is_put(q, done))
        /* pairs with all_done */
        if (__atomic_compare_exchange_n(&q->done, &done, done + 1, false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED))
            added++, done++;
    if (added && weft__bell_waits(&q->finished) && all_done(q))
        weft__bell_ring_all(&q->finished);
    return added;
}

weft_status weft_queue_task_done(weft_queue *q)
{
    if (!q)
        return weft__queue_refuse(q, NULL, 0, 0, "weft_queue_task_done");
    if (weft__queue_count_done(q, 1) == 1)
        return WEFT_OK;
    return weft__fail(WEFT_ESTATE,
                      "weft_queue_task_done: called %llu times before: that is how "
                      "many items were put",
                      (unsigned long long)q->kind->puts(q));
}

weft_status weft_queue_join(weft_queue *q, double timeout)
{
    if (!q || !(timeout >= 0))
        return weft__queue_refuse(q, NULL, 0, timeout, "weft_queue_join");
    if (all_done(q))
        return WEFT_OK;
    const double deadline = weft__deadline_in(timeout);
    bool done, in_time = timeout > 0;
    weft__bell_enter(&q->finished);
    for (;;) {
        const uint32_t heard = weft__bell_listen(&q->finished);
        done = all_done(q);
        if (done || !in_time)
            break;
        in_time = weft__bell_sleep(&q->finished, heard, deadline);
    }
    weft__bell_leave(&q->finished);
    return done ? WEFT_OK : WEFT_TIMEOUT;
}
