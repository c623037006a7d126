/* scatter.c - moves keys with what goes with them to their buckets.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Counts, places and scatters, each on the team: see keys.c. */
#include "algo/sort/on_team.h"
#include "algo/sort/plan.h"

static void count_chunks(weft_worker_ *worker, void *ctx)
{
    const struct weft__plan *const plan = ctx;
    const struct weft__part *const p = &plan->part;
    while (weft_next_(worker)) {
        const size_t c = worker->index - 1;
        const weft_range r = weft__plan_chunk(plan, c);
        const char *const x = (const char *)p->from.keys + r.begin * p->s->key_size;
        p->s->leaf->count(plan->splitter, x, r.end - r.begin, p->kind,
                          plan->count + c * plan->stride);
    }
}

/* From counts to places within each of 16 buckets; their sizes stay in bucket[]. */
static void place_buckets(weft_worker_ *worker, void *ctx)
{
    const struct weft__plan *const plan = ctx;
    while (weft_next_(worker)) {
        const size_t begin = (worker->index - 1) * 16;
        size_t sum[16] = { 0 };
        for (size_t c = 0; c < plan->chunks; c++)
            for (size_t b = 0; b < 16; b++) {
                size_t *const count = &plan->count[c * plan->stride + begin + b];
                const size_t n = *count;
                *count = sum[b];
                sum[b] += n;
            }
        for (size_t b = 0; b < 16 && begin + b < plan->splitter->buckets; b++)
            plan->bucket[begin + b] = sum[b];
    }
}

static void sizes_to_begins(size_t *bucket, size_t buckets)
{
    size_t sum = 0;
    for (size_t b = 0; b <= buckets; b++) {
        const size_t size = b < buckets ? bucket[b] : 0;
        bucket[b] = sum;
        sum += size;
    }
}

static void scatter_chunks(weft_worker_ *worker, void *ctx)
{
    const struct weft__plan *const plan = ctx;
    const struct weft__part *const p = &plan->part;
    struct weft__lines lines = weft__plan_lines(plan, worker->self);
    while (weft_next_(worker)) {
        const size_t c = worker->index - 1;
        const weft_range r = weft__plan_chunk(plan, c);
        for (size_t b = 0; b < plan->splitter->buckets; b++)
            lines.next[b] = plan->bucket[b] + plan->count[c * plan->stride + b];
        plan->moves->scatter(plan->splitter, p->from, r.begin, r.end - r.begin, p->kind, p->to,
                             &lines);
    }
}

void weft__plan_scatter(struct weft__plan *plan)
{
    const size_t threads = plan->part.s->threads;
    weft__on_team(plan->chunks, threads, count_chunks, plan);
    weft__on_team(plan->stride / 16, plan->chunks > 8 ? threads : 1, place_buckets, plan);
    sizes_to_begins(plan->bucket, plan->splitter->buckets);
    weft__on_team(plan->chunks, threads, scatter_chunks, plan);
}
