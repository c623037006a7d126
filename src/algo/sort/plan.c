/* plan.c - what the steps of a sort share: chunks, a splitter from a sample, tables.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "algo/sort/plan.h"

#include <string.h>

#include <weft/alloc.h>

#include "algo/sort/splitter.h"
#include "base/at_most.h"

enum {
    bucket_bytes = 96 * 1024, /* of keys: two of them and the lines stay in the L2 cache */
    buckets_most = weft__buckets_most / 8,
    buckets_a_thread = 8,
    samples_a_bucket = 16,
    chunks_a_thread = 2,
    chunk_least = 8192,
    desk_least = 4 * bucket_bytes,
};

static size_t round_up(size_t n, size_t unit) { return (n + unit - 1) / unit * unit; }

static uint64_t mix(uint64_t k)
{
    k = (k ^ k >> 30) * 0xbf58476d1ce4e5b9u;
    k = (k ^ k >> 27) * 0x94d049bb133111ebu;
    return k ^ k >> 31;
}

/* One element of each stretch, anywhere in it: regular places may meet a regular pattern. */
static void take_sample(const struct weft__part *p, void *sample, size_t n)
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

static bool plan_buckets(struct weft__plan *plan, size_t wanted)
{
    const struct weft__sorting *const s = plan->part.s;
    const size_t n = wanted * samples_a_bucket;
    char *const sample = weft_alloc(2 * n * sizeof(uint64_t));
    if (!sample)
        return false;
    const struct weft__column keys = { .keys = sample };
    const struct weft__column room = { .keys = sample + n * sizeof(uint64_t) };
    take_sample(&plan->part, sample, n);
    void *const sorted = s->leaf->by_value[0].run(keys, room, n) ? room.keys : keys.keys;
    if (s->key_size == 4)
        widen(sorted, n);
    weft__splitter_of(plan->splitter, sorted, n, wanted);
    weft_dealloc(sample);
    return true;
}

static size_t buckets_wanted(const struct weft__part *p)
{
    const size_t by_size = p->n * p->s->key_size / bucket_bytes;
    const size_t by_team = buckets_a_thread * p->s->threads;
    return weft__at_most((by_size > by_team ? by_size : by_team) + 1, buckets_most);
}

static void plan_chunks(struct weft__plan *plan)
{
    const size_t n = plan->part.n;
    const size_t chunks =
        weft__at_most(plan->part.s->threads * chunks_a_thread, n / chunk_least + 1);
    if (plan->chunk == 0)
        plan->chunk = round_up(n / chunks + 1, 64);
    plan->chunks = (n + plan->chunk - 1) / plan->chunk;
}

/* Lines for keys and values, and two indices a bucket; later the desk. */
static size_t lines_size(const struct weft__plan *plan)
{
    const size_t arrays = plan->part.s->value_size ? 2 : 1;
    const size_t lines = plan->stride * (arrays * weft__line + 2 * sizeof(size_t));
    return lines > desk_least ? lines : desk_least;
}

struct weft__lines weft__plan_lines(const struct weft__plan *plan, size_t thread)
{
    char *const mine = plan->lines + thread * plan->lines_size;
    char *const values = mine + plan->stride * weft__line;
    char *const next = values + (plan->part.s->value_size ? plan->stride * weft__line : 0);
    return (struct weft__lines){ .keys = mine,
                                 .values = values,
                                 .next = (size_t *)next,
                                 .first = (size_t *)next + plan->stride };
}

struct weft__column weft__plan_desk(const struct weft__plan *plan, size_t thread, size_t n)
{
    const struct weft__sorting *const s = plan->part.s;
    char *const mine = plan->lines + thread * plan->lines_size;
    const size_t keys = round_up(n * s->key_size, 128);
    if (keys + n * s->value_size > plan->lines_size)
        return (struct weft__column){ NULL, NULL };
    return (struct weft__column){ mine, mine + keys };
}

static bool plan_tables(struct weft__plan *plan)
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

void weft__plan_drop(struct weft__plan *plan)
{
    weft_dealloc(plan->bucket);
    weft_dealloc(plan->splitter);
}

bool weft__plan_make(struct weft__plan *plan)
{
    plan->moves = &plan->part.s->leaf->by_value[plan->part.s->value_size / 4];
    plan->splitter = weft_alloc(sizeof *plan->splitter);
    plan_chunks(plan);
    if (plan->wanted == 0)
        plan->wanted = buckets_wanted(&plan->part);
    if (plan->splitter && plan_buckets(plan, plan->wanted) && plan_tables(plan))
        return true;
    weft__plan_drop(plan);
    return false;
}

weft_range weft__plan_chunk(const struct weft__plan *plan, size_t chunk)
{
    const size_t begin = chunk * plan->chunk;
    return (weft_range){ begin, weft__at_most(begin + plan->chunk, plan->part.n) };
}
