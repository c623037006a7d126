/* many.c - groups of many distinct keys: they are scattered to ranges, each of which has a table in cache.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     scatter    to buckets, ascending, by a sampled splitter: as a sort does, in order       team
 *     tables     one after the other, its groups sorted and listed                            team
 *     deliver    the lists, in the order of their buckets                                     team
 *
 * The chunks that are scattered are the parts of a sum, so a bucket still knows where each of them begins. */
#include <string.h>

#include <weft/alloc.h>

#include "algo/group/grouping.h"
#include "algo/sort/column.h"
#include "algo/sort/on_team.h"
#include "algo/sort/plan.h"
#include "algo/sort/room.h"
#include "base/at_most.h"

enum {
    bucket_keys = 16 * 1024, /* elements of a bucket, about */
    buckets_most = weft__buckets_most / 4,
    buckets_a_thread = 8,
    encode_unit = 16 * 1024, /* elements */
};

struct list {
    size_t begin, length, at; /* the last is its place among all groups */
};

struct job {
    const struct weft__grouping *g;
    struct weft__sorting sorting;
    struct weft__plan plan;
    struct list *list;       /* of each bucket */
    uint64_t *keys, *values; /* of all lists */
    size_t listed;           /* relaxed: it hands out places; the join of the team publishes them */
    bool failed;             /* relaxed: seeing it late costs a bucket */
};

/* ---- floating-point keys: made one where they are equal, before anything else ---- */

static void encode_units(weft_worker_ *worker, void *ctx)
{
    const struct job *const job = ctx;
    uint64_t key[weft__group_tile];
    while (weft_next_(worker)) {
        const size_t begin = (worker->index - 1) * encode_unit;
        const size_t end = weft__at_most(begin + encode_unit, job->g->n);
        for (size_t i = begin; i < end; i += weft__group_tile) {
            const size_t n = weft__at_most(weft__group_tile, end - i);
            weft__group_keys(job->g, i, n, key);
            if (job->g->key_size == 8)
                memcpy((uint64_t *)job->plan.part.from.keys + i, key, n * sizeof *key);
            else
                for (size_t k = 0; k < n; k++)
                    ((uint32_t *)job->plan.part.from.keys)[i + k] = (uint32_t)key[k];
        }
    }
}

/* ---- a bucket ---- */

struct worker {
    struct weft__table table;
    uint64_t *room; /* to sort in */
    size_t space;   /* groups that it has room for */
};

/* Elements of a bucket, as keys. */
static bool add_range(const struct job *job, struct weft__table *t, size_t begin, size_t end,
                      size_t part)
{
    uint64_t key[weft__group_tile], room[weft__group_tile];
    const struct weft__sorting *const s = &job->sorting;
    for (size_t i = begin, n; i < end; i += n) {
        n = weft__at_most(weft__group_tile, end - i);
        const struct weft__column c = weft__column_at(s, job->plan.part.to, i);
        if (s->key_size == sizeof *key)
            memcpy(key, c.keys, n * sizeof *key);
        else
            for (size_t k = 0; k < n; k++)
                key[k] = ((const uint32_t *)c.keys)[k];
        if (weft__table_add(t, key, weft__group_values(job->g, c.values, n, room), n, part) < n)
            return false;
    }
    return true;
}

/* All of a bucket; of sums one part after the other. */
static bool add_bucket(const struct job *job, struct weft__table *t, size_t bucket)
{
    const struct weft__plan *const plan = &job->plan;
    const size_t begin = plan->bucket[bucket], end = plan->bucket[bucket + 1];
    if (job->g->op != WEFT__SUM)
        return add_range(job, t, begin, end, 0);
    for (size_t part = 0; part < plan->chunks; part++) {
        const size_t *const first = &plan->count[part * plan->stride + bucket];
        const size_t last = part + 1 < plan->chunks ? begin + first[plan->stride] : end;
        if (!add_range(job, t, begin + *first, last, part))
            return false;
    }
    return true;
}

static bool make_space(struct worker *w, size_t groups)
{
    if (groups <= w->space)
        return true;
    weft_dealloc(w->room);
    w->space = 2 * groups;
    w->room = weft_alloc(2 * w->space * sizeof *w->room);
    if (!w->room)
        w->space = 0;
    return w->room;
}

static bool list_bucket(struct job *job, struct worker *w, size_t bucket)
{
    struct list l = { .length = weft__table_keys(&w->table) };
    if (!make_space(w, l.length))
        return false;
    l.begin = __atomic_fetch_add(&job->listed, l.length, __ATOMIC_RELAXED);
    weft__table_list(&w->table, job->keys + l.begin, job->values + l.begin);
    weft__group_sort(job->keys + l.begin, job->values + l.begin, w->room, l.length);
    job->list[bucket] = l;
    return true;
}

static void group_buckets(weft_worker_ *worker, void *ctx)
{
    struct job *const job = ctx;
    struct worker w = { .table = weft__table_in(job->g->op, NULL, 0, SIZE_MAX) };
    while (!__atomic_load_n(&job->failed, __ATOMIC_RELAXED) && weft_next_(worker)) {
        const size_t bucket = worker->index - 1;
        if (!weft__table_clear(&w.table, w.table.used) || !add_bucket(job, &w.table, bucket) ||
            !list_bucket(job, &w, bucket))
            __atomic_store_n(&job->failed, true, __ATOMIC_RELAXED);
    }
    weft__table_free(&w.table);
    weft_dealloc(w.room);
}

/* ---- all of it ---- */

static void deliver_buckets(weft_worker_ *worker, void *ctx)
{
    const struct job *const job = ctx;
    while (weft_next_(worker)) {
        const struct list l = job->list[worker->index - 1];
        weft__group_deliver(job->g, l.at, job->keys + l.begin, job->values + l.begin, l.length);
    }
}

static size_t place_lists(struct job *job)
{
    size_t groups = 0;
    for (size_t b = 0; b < job->plan.splitter->buckets; b++) {
        job->list[b].at = groups;
        groups += job->list[b].length;
    }
    return groups;
}

static size_t group_scattered(struct job *job)
{
    const size_t threads = job->g->threads, buckets = job->plan.splitter->buckets;
    weft__plan_scatter(&job->plan);
    weft__on_team(buckets, threads, group_buckets, job);
    if (job->failed)
        return SIZE_MAX;
    const size_t groups = place_lists(job);
    weft__on_team(buckets, threads, deliver_buckets, job);
    return groups;
}

static size_t group_in(struct job *job)
{
    struct weft__plan *const plan = &job->plan;
    const size_t buckets = job->g->n / bucket_keys, least = buckets_a_thread * job->g->threads;
    plan->wanted = weft__at_most(buckets > least ? buckets : least, buckets_most);
    plan->chunk = job->g->op == WEFT__SUM ? job->g->part : 0;
    if (!weft__plan_make(plan))
        return SIZE_MAX;
    job->list = weft_alloc(plan->splitter->buckets * sizeof *job->list);
    const size_t groups = job->list ? group_scattered(job) : SIZE_MAX;
    weft_dealloc(job->list);
    weft__plan_drop(plan);
    return groups;
}

size_t weft__group_many(const struct weft__grouping *g)
{
    const bool floating = g->kind == WEFT__FLOATING;
    struct job job = { .g = g };
    struct weft__sorting *const s = &job.sorting;
    *s = (struct weft__sorting){
        .leaf = weft__sort_leaf_of(g->key_type),
        .kind = floating ? WEFT__UNSIGNED : g->kind,
        .key_size = g->key_size,
        .value_size = g->value_size,
        .n = g->n,
        .threads = g->threads,
    };
    const size_t column = weft__column_bytes(s), lists = g->n * sizeof(uint64_t);
    char *const memory = weft__room_take(2 * lists + column + (floating ? g->n * g->key_size : 0));
    if (!memory)
        return SIZE_MAX;
    job.keys = (uint64_t *)memory;
    job.values = (uint64_t *)(memory + lists);
    struct weft__part *const p = &job.plan.part;
    *p = (struct weft__part){ .s = s, .kind = s->kind, .n = g->n };
    p->to = weft__column_in(s, memory + 2 * lists);
    p->from.keys = floating ? memory + 2 * lists + column : (void *)g->keys;
    p->from.values = (void *)g->values;
    if (floating)
        weft__on_team((g->n - 1) / encode_unit + 1, g->threads, encode_units, &job);
    const size_t groups = group_in(&job);
    weft__room_give(memory);
    return groups;
}
