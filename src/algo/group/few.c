/* few.c - groups of few distinct keys: each thread has a table that stays in cache.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     parts    each thread fills a table with one after the other, and lists what it found   team
 *     merge    the lists, in the order of their parts, go into one table                     one thread
 *
 * It gives up when a part has too many keys for its table to stay in cache, or for its list to be short. */
#include <string.h>

#include "algo/group/grouping.h"
#include "algo/sort/on_team.h"
#include "algo/sort/room.h"
#include "base/assert.h"
#include "base/at_most.h"

enum {
    few_most = 32 * 1024,
    listed_most = 4096, /* of a sum, where each of 64 parts has a list */
    few_least = 1024,
    parts_most = 64,
};

struct list {
    size_t begin, length;
};

struct job {
    const struct weft__grouping *g;
    struct list list[parts_most];
    uint64_t *keys, *values; /* of all lists */
    size_t listed;           /* relaxed: it hands out places; the join of the team publishes them */
    bool over;               /* relaxed: seeing it late costs a part */
};

static void list_part(struct job *job, const struct weft__table *t, size_t part)
{
    const size_t length = weft__table_keys(t);
    const size_t begin = __atomic_fetch_add(&job->listed, length, __ATOMIC_RELAXED);
    job->list[part] = (struct list){ begin, length };
    weft__table_list(t, job->keys + begin, job->values + begin);
}

/* A list that is not much shorter than its part is of no use. */
static size_t most_keys(const struct weft__grouping *g)
{
    const size_t most = g->op == WEFT__SUM ? listed_most : few_most, quarter = g->part / 4;
    return weft__at_most(quarter > few_least ? quarter : few_least, most);
}

static void add_parts(weft_worker_ *worker, void *ctx)
{
    struct job *const job = ctx;
    struct weft__table t = weft__table_in(job->g->op, NULL, 0, most_keys(job->g));
    while (!__atomic_load_n(&job->over, __ATOMIC_RELAXED) && weft_next_(worker)) {
        const size_t part = worker->index - 1;
        if (weft__table_clear(&t, t.used ? t.used : 256) && weft__group_add(job->g, &t, part))
            list_part(job, &t, part);
        else
            __atomic_store_n(&job->over, true, __ATOMIC_RELAXED);
    }
    weft__table_free(&t);
}

static bool merge(const struct job *job, struct weft__table *t)
{
    if (!weft__table_clear(t, job->list[0].length))
        return false;
    for (size_t part = 0; part < job->g->parts; part++) {
        const struct list l = job->list[part];
        if (weft__table_add(t, job->keys + l.begin, job->values + l.begin, l.length, part) <
            l.length)
            return false;
    }
    return true;
}

size_t weft__group_few(const struct weft__grouping *g)
{
    enum { list_most = parts_most * (few_most + 1) };
    weft_assert(g->parts <= parts_most);
    struct job job = { .g = g, .keys = weft__room_take(2 * list_most * sizeof(uint64_t)) };
    if (!job.keys)
        return SIZE_MAX;
    job.values = job.keys + list_most;
    weft__on_team(g->parts, g->threads, add_parts, &job);
    const enum weft__group_op op = g->op == WEFT__COUNT ? WEFT__ADD : g->op;
    struct weft__table all = weft__table_in(op, NULL, 0, SIZE_MAX);
    const bool merged = !job.over && merge(&job, &all);
    const size_t groups = merged ? weft__group_deliver_table(g, &all) : SIZE_MAX;
    weft__table_free(&all);
    weft__room_give(job.keys);
    return groups;
}
