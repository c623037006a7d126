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

#include <string.h>

#include <weft/alloc.h>

#include "algo/leaf.h"
#include "algo/sort/on_team.h"
#include "algo/sort/order.h"
#include "algo/sort/splitter.h"

enum {
    alone_most = 32 * 1024,    /* elements that one run sorts, */
    alone_most_of_team = 8192, /* where a team could be had */
    bucket_bytes = 64 * 1024,  /* of keys */
    bucket_count_most = weft__buckets_most / 2,
    large_bytes = 1024 * 1024, /* of a bucket that is cut again */
    depth_most = 3,
    samples_a_bucket = 16,
    chunks_a_thread = 2,
    chunk_least = 8192,
};

/* A part of the elements on its way from `from` over `to` to its place. */
struct part {
    const struct weft__sorting *s;
    struct weft__column from, to, room; /* room may be from */
    enum weft__kind kind;               /* of the elements in from */
    size_t begin, n;                    /* its place in the whole */
    size_t depth;
};

/* What the steps of a part share. */
struct plan {
    struct part part;
    const struct weft__sort_moves *moves;
    struct weft__splitter *splitter;
    size_t chunks, chunk; /* how many, and elements in one */
    size_t *count; /* of chunk c, bucket b at c * stride + b; then the place behind bucket[b] */
    size_t stride;
    size_t *bucket; /* where it begins; one more than there are */
    char *lines;    /* of all threads */
    size_t lines_size;
};

static size_t at_most(size_t n, size_t most) { return n < most ? n : most; }
static size_t round_up(size_t n, size_t unit) { return (n + unit - 1) / unit * unit; }

/* ---- delivery ---- */

static void deliver_index(const struct weft__sorting *s, const void *values, size_t begin, size_t n)
{
    size_t *const index = s->index + begin;
    if (s->value_size == 8)
        for (size_t i = 0; i < n; i++)
            index[i] = (size_t)((const uint64_t *)values)[i];
    else
        for (size_t i = 0; i < n; i++)
            index[i] = ((const uint32_t *)values)[i];
}

/* From keys to elements, at their place. */
static void deliver(const struct weft__sorting *s, struct weft__column c, size_t begin, size_t n)
{
    if (s->index) {
        deliver_index(s, c.values, begin, n);
        return;
    }
    const struct weft__column place = weft__column_at(s, s->to, begin);
    s->leaf->decode(c.keys, place.keys, n, s->kind);
    if (s->value_size && place.values != c.values)
        memcpy(place.values, c.values, n * s->value_size);
}

/* ---- one run ---- */

static void take_values(const struct part *p)
{
    const size_t size = p->s->value_size;
    if (p->from.values)
        memcpy(p->to.values, p->from.values, p->n * size);
    else if (size == 8)
        for (size_t i = 0; i < p->n; i++)
            ((uint64_t *)p->to.values)[i] = i;
    else if (size == 4)
        for (size_t i = 0; i < p->n; i++)
            ((uint32_t *)p->to.values)[i] = (uint32_t)i;
}

static void sort_alone(const struct part *p)
{
    const struct weft__sorting *const s = p->s;
    s->leaf->encode(p->from.keys, p->to.keys, p->n, p->kind);
    if (s->value_size)
        take_values(p);
    s->leaf->by_value[s->value_size / 4].run(p->to, p->room, p->n);
    deliver(s, p->to, p->begin, p->n);
}

/* ---- the plan ---- */

static uint64_t mix(uint64_t k)
{
    k = (k ^ k >> 30) * 0xbf58476d1ce4e5b9u;
    k = (k ^ k >> 27) * 0x94d049bb133111ebu;
    return k ^ k >> 31;
}

/* One element of each stretch, anywhere in it: regular places may meet a regular pattern. */
static void take_sample(const struct part *p, void *sample, size_t n)
{
    const size_t size = p->s->key_size, stretch = p->n / n;
    for (size_t k = 0; k < n; k++) {
        const size_t at = k * stretch + mix(k + p->depth) % stretch;
        memcpy((char *)sample + k * size, (const char *)p->from.keys + at * size, size);
    }
    p->s->leaf->encode(sample, sample, n, p->kind);
}

/* Back to front: the wide keys overwrite narrow ones that are done. */
static void widen(void *sample, size_t n)
{
    const uint32_t *const narrow = sample;
    for (size_t k = n; k-- > 0;) {
        const uint64_t key = narrow[k];
        memcpy((char *)sample + k * sizeof key, &key, sizeof key);
    }
}

static bool plan_buckets(struct plan *plan, size_t wanted)
{
    const struct weft__sorting *const s = plan->part.s;
    const size_t n = wanted * samples_a_bucket;
    char *const sample = weft_alloc(2 * n * sizeof(uint64_t));
    if (!sample)
        return false;
    const struct weft__column keys = { .keys = sample };
    const struct weft__column room = { .keys = sample + n * sizeof(uint64_t) };
    take_sample(&plan->part, sample, n);
    s->leaf->by_value[0].run(keys, room, n);
    if (s->key_size == 4)
        widen(sample, n);
    weft__splitter_of(plan->splitter, (const uint64_t *)sample, n, wanted);
    weft_dealloc(sample);
    return true;
}

static size_t buckets_wanted(const struct part *p)
{
    const size_t by_size = p->n * p->s->key_size / bucket_bytes;
    const size_t by_team = 8 * p->s->threads;
    return at_most((by_size > by_team ? by_size : by_team) + 1, bucket_count_most / 2);
}

static void plan_chunks(struct plan *plan)
{
    const size_t n = plan->part.n;
    const size_t chunks = at_most(plan->part.s->threads * chunks_a_thread, n / chunk_least + 1);
    plan->chunk = round_up(n / chunks + 1, 64);
    plan->chunks = (n + plan->chunk - 1) / plan->chunk;
}

/* Lines for keys and values, and two indices a bucket. */
static size_t lines_size(const struct plan *plan)
{
    const size_t arrays = plan->part.s->value_size ? 2 : 1;
    return plan->stride * (arrays * weft__line + 2 * sizeof(size_t));
}

static struct weft__lines lines_of(const struct plan *plan, size_t thread)
{
    char *const mine = plan->lines + thread * plan->lines_size;
    char *const values = mine + plan->stride * weft__line;
    char *const next = values + (plan->part.s->value_size ? plan->stride * weft__line : 0);
    return (struct weft__lines){ .keys = mine,
                                 .values = values,
                                 .next = (size_t *)next,
                                 .first = (size_t *)next + plan->stride };
}

static bool plan_tables(struct plan *plan)
{
    const size_t buckets = plan->splitter->buckets, threads = plan->part.s->threads;
    plan->stride = round_up(buckets, 16); /* two cache lines of counts */
    plan->lines_size = lines_size(plan);
    const size_t bucket = round_up(buckets + 1, 16), count = plan->chunks * plan->stride;
    char *const all = weft_alloc((bucket + count) * sizeof(size_t) + threads * plan->lines_size);
    if (!all)
        return false;
    plan->bucket = (size_t *)all;
    plan->count = plan->bucket + bucket;
    plan->lines = (char *)(plan->count + count);
    memset(plan->count, 0, count * sizeof(size_t));
    return true;
}

static void drop(struct plan *plan)
{
    weft_dealloc(plan->bucket);
    weft_dealloc(plan->splitter);
}

static bool make_plan(struct plan *plan)
{
    plan->moves = &plan->part.s->leaf->by_value[plan->part.s->value_size / 4];
    plan->splitter = weft_alloc(sizeof *plan->splitter);
    plan_chunks(plan);
    if (plan->splitter && plan_buckets(plan, buckets_wanted(&plan->part)) && plan_tables(plan))
        return true;
    drop(plan);
    return false;
}

/* ---- the steps ---- */

static weft_range chunk_of(const struct plan *plan, size_t chunk)
{
    const size_t begin = chunk * plan->chunk;
    return (weft_range){ begin, at_most(begin + plan->chunk, plan->part.n) };
}

static void count_chunks(weft_worker_ *worker, void *ctx)
{
    const struct plan *const plan = ctx;
    const struct part *const p = &plan->part;
    while (weft_next_(worker)) {
        const size_t c = worker->index - 1;
        const weft_range r = chunk_of(plan, c);
        const char *const x = (const char *)p->from.keys + r.begin * p->s->key_size;
        p->s->leaf->count(plan->splitter, x, r.end - r.begin, p->kind,
                          plan->count + c * plan->stride);
    }
}

/* From counts to places within each of 16 buckets; their sizes stay in bucket[]. */
static void place_buckets(weft_worker_ *worker, void *ctx)
{
    const struct plan *const plan = ctx;
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
    const struct plan *const plan = ctx;
    const struct part *const p = &plan->part;
    struct weft__lines lines = lines_of(plan, worker->self);
    while (weft_next_(worker)) {
        const size_t c = worker->index - 1;
        const weft_range r = chunk_of(plan, c);
        for (size_t b = 0; b < plan->splitter->buckets; b++)
            lines.next[b] = plan->bucket[b] + plan->count[c * plan->stride + b];
        plan->moves->scatter(plan->splitter, p->from, r.begin, r.end - r.begin, p->kind, p->to,
                             &lines);
    }
}

static bool is_large(const struct plan *plan, size_t bucket)
{
    const struct part *const p = &plan->part;
    const size_t n = plan->bucket[bucket + 1] - plan->bucket[bucket];
    return p->depth < depth_most && n > alone_most && n * p->s->key_size > large_bytes;
}

static void sort_bucket(const struct plan *plan, size_t bucket)
{
    const struct part *const p = &plan->part;
    const size_t begin = plan->bucket[bucket], n = plan->bucket[bucket + 1] - begin;
    const struct weft__column keys = weft__column_at(p->s, p->to, begin);
    plan->moves->run(keys, weft__column_at(p->s, p->room, begin), n);
    deliver(p->s, keys, p->begin + begin, n);
}

static void sort_buckets(weft_worker_ *worker, void *ctx)
{
    const struct plan *const plan = ctx;
    while (weft_next_(worker))
        if (!is_large(plan, worker->index - 1))
            sort_bucket(plan, worker->index - 1);
}

/* ---- parts ---- */

static void deliver_units(weft_worker_ *worker, void *ctx)
{
    const struct part *const p = ctx;
    while (weft_next_(worker)) {
        const size_t begin = (worker->index - 1) * alone_most;
        deliver(p->s, weft__column_at(p->s, p->from, begin), p->begin + begin,
                at_most(alone_most, p->n - begin));
    }
}

static bool sort_part(const struct part *p);

/* The bucket's keys lie in `to`; what they came from is the room now. */
static void sort_again(const struct plan *plan, size_t bucket)
{
    const struct part *const p = &plan->part;
    const size_t begin = plan->bucket[bucket], n = plan->bucket[bucket + 1] - begin;
    const struct weft__column keys = weft__column_at(p->s, p->to, begin);
    const struct part again = {
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
        sort_bucket(plan, bucket);
}

static bool sort_part(const struct part *p)
{
    const size_t threads = p->s->threads;
    if (p->n <= (threads > 1 ? alone_most_of_team : alone_most)) {
        sort_alone(p);
        return true;
    }
    struct plan plan = { .part = *p };
    if (!make_plan(&plan))
        return false;
    const size_t buckets = plan.splitter->buckets;
    weft__on_team(plan.chunks, threads, count_chunks, &plan);
    weft__on_team(plan.stride / 16, plan.chunks > 8 ? threads : 1, place_buckets, &plan);
    sizes_to_begins(plan.bucket, buckets);
    weft__on_team(plan.chunks, threads, scatter_chunks, &plan);
    for (size_t b = 0; b < buckets; b++)
        if (is_large(&plan, b))
            sort_again(&plan, b);
    weft__on_team(buckets, threads, sort_buckets, &plan);
    drop(&plan);
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

bool weft__sort_keys(const struct weft__sorting *s)
{
    return sort_part(&(struct part){
        .s = s,
        .from = s->from,
        .to = s->room,
        .room = s->to,
        .kind = s->kind,
        .n = s->n,
    });
}
