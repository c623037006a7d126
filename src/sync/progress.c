/* progress.c - counts what is done and reports it now and then.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Whoever adds when a report is due makes it, on his own thread. While he does, others only count. */
#include "sync/progress.h"

#include <weft/clock.h>

static const uint64_t between_reports = 100 * 1000 * 1000; /* nanoseconds */

void weft__progress_begin(struct weft__progress *p, weft_progress_hook *hook, void *ctx,
                          size_t total)
{
    *p = (struct weft__progress){ .hook = hook, .ctx = ctx, .total = total, .before = -1 };
    if (hook)
        p->start = weft_now(), p->next = between_reports;
}

static void report(struct weft__progress *p, double seconds, bool last)
{
    const size_t done = __atomic_load_n(&p->done, __ATOMIC_RELAXED),
                 failed = __atomic_load_n(&p->failed, __ATOMIC_RELAXED);
    const double rate = seconds > 0 ? (double)done / seconds : 0;
    const bool known = rate > 0 && p->total >= done && p->total > 0;
    const weft_progress now = {
        .done = done,
        .failed = failed < done ? failed : done, /* counted a moment later */
        .total = p->total,
        .seconds = seconds,
        .before = p->before,
        .rate = rate,
        .left = known ? (double)(p->total - done) / rate : WEFT_FOREVER,
        .last = last,
    };
    p->before = seconds;
    p->hook(&now, p->ctx);
}

void weft__progress_add(struct weft__progress *p, size_t done, size_t failed)
{
    if (!p->hook)
        return;
    __atomic_fetch_add(&p->failed, failed, __ATOMIC_RELAXED);
    __atomic_fetch_add(&p->done, done, __ATOMIC_RELAXED);
    const double seconds = weft_now() - p->start;
    const uint64_t now = (uint64_t)(1e9 * seconds);
    if (now < __atomic_load_n(&p->next, __ATOMIC_RELAXED))
        return;
    /* acquire and release: one reporter sees what the one before him wrote */
    if (__atomic_exchange_n(&p->reporting, 1, __ATOMIC_ACQUIRE))
        return;
    if (now >= __atomic_load_n(&p->next, __ATOMIC_RELAXED)) {
        __atomic_store_n(&p->next, now + between_reports, __ATOMIC_RELAXED);
        report(p, seconds, false);
    }
    __atomic_store_n(&p->reporting, 0, __ATOMIC_RELEASE);
}

void weft__progress_end(struct weft__progress *p)
{
    if (p->hook)
        report(p, weft_now() - p->start, true);
}
