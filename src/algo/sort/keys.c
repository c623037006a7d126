/* keys.c - sorts keys of the six types with what goes with them.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     count      chunks: how many of its keys go to each bucket      team
 *     places     by bucket, then by chunk: so the order is kept      team
 *     scatter    chunks: keys to their buckets, in the room          team
 *     runs       buckets: sorted in cache, delivered                 team
 *
 * One reading to count, one reading and one writing past the cache to scatter, one of each to deliver: that is
 * all the memory sees. No step is one thread's, so it scales as memory does. A bucket that came out
 * large (splitter.c) goes through all of it once more, with the whole team; its keys lie in the room
 * by then and what was their place is the room. The result is unique, whoever does what: equal keys
 * keep their order, and without values they cannot be told apart. */
#include "algo/sort/keys.h"

#include "algo/leaf.h"
#include "algo/sort/column.h"
#include "algo/sort/on_team.h"
#include "algo/sort/order.h"
#include "algo/sort/plan.h"
#include "base/at_most.h"

enum {
    alone_most = 32 * 1024,    /* elements that one run sorts, */
    alone_most_of_team = 8192, /* where a team could be had */
    large_bytes = 1024 * 1024, /* of keys in a bucket that is cut again */
    depth_most = 3,
};

/* ---- one run ---- */

static void sort_alone(const struct weft__part *p)
{
    const struct weft__sorting *const s = p->s;
    s->leaf->encode(p->from.keys, p->to.keys, p->n, p->kind);
    if (s->value_size)
        weft__take_values(s, p->from.values, p->to.values, p->n);
    const bool in_room = s->leaf->by_value[s->value_size / 4].run(p->to, p->room, p->n);
    weft__deliver(s, in_room ? p->room : p->to, p->begin, p->n);
}

/* ---- buckets ---- */

static bool is_large(const struct weft__plan *plan, size_t bucket)
{
    const struct weft__part *const p = &plan->part;
    const size_t n = plan->bucket[bucket + 1] - plan->bucket[bucket];
    return p->depth < depth_most && n > alone_most && n * p->s->key_size > large_bytes;
}

/* On the thread's desk: the place where the result goes would have to be fetched line by line, in no
 * order, before it can be written to. */
static void sort_bucket(const struct weft__plan *plan, size_t thread, size_t bucket)
{
    const struct weft__part *const p = &plan->part;
    const size_t begin = plan->bucket[bucket], n = plan->bucket[bucket + 1] - begin;
    const struct weft__column keys = weft__column_at(p->s, p->to, begin);
    struct weft__column room = weft__plan_desk(plan, thread, n);
    if (!room.keys)
        room = weft__column_at(p->s, p->room, begin);
    const bool in_room = plan->moves->run(keys, room, n);
    weft__deliver(p->s, in_room ? room : keys, p->begin + begin, n);
}

static void sort_buckets(weft_worker_ *worker, void *ctx)
{
    const struct weft__plan *const plan = ctx;
    while (weft_next_(worker))
        if (!is_large(plan, worker->index - 1))
            sort_bucket(plan, worker->self, worker->index - 1);
}

/* ---- parts ---- */

static void deliver_units(weft_worker_ *worker, void *ctx)
{
    const struct weft__part *const p = ctx;
    while (weft_next_(worker)) {
        const size_t begin = (worker->index - 1) * alone_most;
        weft__deliver(p->s, weft__column_at(p->s, p->from, begin), p->begin + begin,
                      weft__at_most(alone_most, p->n - begin));
    }
}

static bool sort_part(const struct weft__part *p);

/* The bucket's keys lie in `to`; what they came from is the room now. */
static void sort_again(const struct weft__plan *plan, size_t bucket)
{
    const struct weft__part *const p = &plan->part;
    const size_t begin = plan->bucket[bucket], n = plan->bucket[bucket + 1] - begin;
    const struct weft__column keys = weft__column_at(p->s, p->to, begin);
    const struct weft__part again = {
        .s = p->s,
        .from = keys,
        .to = weft__column_at(p->s, p->room, begin),
        .room = keys,
        .kind = WEFT__UNSIGNED,
        .begin = p->begin + begin,
        .n = n,
        .depth = p->depth + 1,
    };
    if (weft__rises(p->s, keys.keys, WEFT__UNSIGNED, n))
        weft__on_team((n + alone_most - 1) / alone_most, p->s->threads, deliver_units,
                      (void *)&again);
    else if (!sort_part(&again))
        sort_bucket(plan, 0, bucket);
}

static bool sort_part(const struct weft__part *p)
{
    const size_t threads = p->s->threads;
    if (p->n <= (threads > 1 ? alone_most_of_team : alone_most)) {
        sort_alone(p);
        return true;
    }
    struct weft__plan plan = { .part = *p };
    if (!weft__plan_make(&plan))
        return false;
    const size_t buckets = plan.splitter->buckets;
    weft__plan_scatter(&plan);
    for (size_t b = 0; b < buckets; b++)
        if (is_large(&plan, b))
            sort_again(&plan, b);
    weft__on_team(buckets, threads, sort_buckets, &plan);
    weft__plan_drop(&plan);
    return true;
}

/* ---- */

const struct weft__sort_leaf *weft__sort_leaf_of(weft_type_ type)
{
    return &weft__leaves()->sort->by_key[weft__size_of(type) == 8];
}

enum weft__kind weft__kind_of(weft_type_ type)
{
    switch (type) {
    case WEFT_TYPE_U32_:
    case WEFT_TYPE_U64_:
        return WEFT__UNSIGNED;
    case WEFT_TYPE_I32_:
    case WEFT_TYPE_I64_:
        return WEFT__SIGNED;
    default:
        return WEFT__FLOATING;
    }
}

void weft__sort_keys(const struct weft__sorting *s)
{
    const struct weft__part all = {
        .s = s, .from = s->from, .to = s->room, .room = s->to, .kind = s->kind, .n = s->n
    };
    if (!s->room.keys || !sort_part(&all))
        weft__sort_keys_in_place(s);
}
