/* group.c - how often each key occurs, beside hash maps and sorts.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Keys are u64: 0, 1, 2, ... or scattered over all 64 bits; a map whose hash is the key itself is at its best
 * with the former. weft's groups come out ascending; those of the maps in no order. */
#include "peer.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

const uint64_t *peer_keys;

static uint64_t *keys, *unique;
static size_t *counts;
static double *sums;

/* ---- the keys ---- */

static uint64_t dense_at(double x, double distinct) { return (uint64_t)(x * distinct); }

static uint64_t scattered_at(double x, double distinct)
{
    return (uint64_t)(x * distinct) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint64_t zipf_at(double x, double distinct) { return (uint64_t)exp(x * log(distinct)) - 1; }
static uint64_t equal_at(double x, double distinct) { return (void)x, (uint64_t)distinct; }

/* How many distinct ones there are. */
static double make(const work *w, uint64_t at(double x, double distinct), double distinct)
{
    weft_dealloc(keys), weft_dealloc(unique), weft_dealloc(counts), weft_dealloc(sums);
    keys = weft_alloc(w->n * sizeof *keys);
    unique = weft_alloc(w->n * sizeof *unique);
    counts = weft_alloc(w->n * sizeof *counts);
    sums = weft_alloc(w->n * sizeof *sums);
    if (!keys || !unique || !counts || !sums)
        abort();
    size_t groups = w->n > 0;
    for (size_t i = 0; i < w->n; i++)
        unique[i] = keys[i] = at(w->x[i], distinct);
    peer_keys = keys;
    weft_sort(unique, w->n);
    for (size_t i = 1; i < w->n; i++)
        groups += unique[i] != unique[i - 1];
    return (double)groups;
}

static double dense_1e3(const work *w) { return make(w, dense_at, 1e3); }
static double scattered_1e3(const work *w) { return make(w, scattered_at, 1e3); }
static double zipf_1e3(const work *w) { return make(w, zipf_at, 1e3); }
static double equal(const work *w) { return make(w, equal_at, 1e3); }
static double scattered_2e4(const work *w) { return make(w, scattered_at, 2e4); }
static double dense_1e6(const work *w) { return make(w, dense_at, 1e6); }
static double scattered_1e6(const work *w) { return make(w, scattered_at, 1e6); }
static double zipf_1e6(const work *w) { return make(w, zipf_at, 1e6); }

/* For who sorts them. */
static void copy_keys(const work *w) { memcpy(w->out, keys, w->n * sizeof *keys); }

static bool groups_are(const work *w, double value) { return value == w->expected; }

/* ---- weft ---- */

static double count(const work *w)
{
    return (double)weft_count_by_key(peer_keys, w->n, unique, counts);
}

static double sum(const work *w)
{
    return (double)weft_sum_by_key(peer_keys, w->x, w->n, unique, sums);
}

static double distinct(const work *w) { return (double)weft_unique(peer_keys, w->n, unique); }

/* ---- the figures ---- */

static const contestant who_counts[] = {
    { "std::unordered_map of threads, merged", maps_count, PEER },
    { "oneTBB concurrent_unordered_map", tbb_map_count, PEER },
    { "oneTBB parallel_sort, runs", tbb_sort_count, PEER, .prepare = copy_keys },
    { "std::unordered_map, one thread", map_count, ASIDE },
    { "weft_count_by_key", count, WEFT },
    { "weft_unique", distinct, WEFT },
    { 0 },
};

static const contestant who_sums[] = {
    { "std::unordered_map of threads, merged", maps_sum, PEER },
    { "weft_sum_by_key", sum, WEFT },
    { 0 },
};

#define KEYS(input) .writes = true, .same_bits = true, .expect = input, .right = groups_are
enum { large = 10 * 1000 * 1000 };

static const figure figures[] = {
    { "weft_count_by_key, 1e3 distinct", 1000, who_counts, KEYS(scattered_1e3) },
    { "weft_count_by_key, 1e3 distinct", large, who_counts, .goal = 4, KEYS(scattered_1e3) },
    { "weft_count_by_key, 1e3 dense", large, who_counts, KEYS(dense_1e3) },
    { "weft_count_by_key, 1e3, Zipf", large, who_counts, KEYS(zipf_1e3) },
    { "weft_count_by_key, all equal", large, who_counts, KEYS(equal) },
    { "weft_count_by_key, 2e4 distinct", large, who_counts, KEYS(scattered_2e4) },
    { "weft_count_by_key, 1e6 distinct", large, who_counts, .goal = 1.3, KEYS(scattered_1e6) },
    { "weft_count_by_key, 1e6 dense", large, who_counts, .goal = 1.3, KEYS(dense_1e6) },
    { "weft_count_by_key, 1e6, Zipf", large, who_counts, KEYS(zipf_1e6) },
    { "weft_sum_by_key, 1e3 distinct", large, who_sums, KEYS(scattered_1e3) },
    { "weft_sum_by_key, 1e6 distinct", large, who_sums, KEYS(scattered_1e6) },
    { 0 },
};

const topic group_topic = { "group", figures };
