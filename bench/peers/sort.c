/* sort.c - sorts by value, of pairs, and by comparison, beside the parallel sorts of C++ and qsort.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Every contestant sorts a fresh copy of the same keys, made before its time begins, by one thread:
 * idle workers of OpenMP would spin on the cores that others need. */
#include "peer.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#define WEFT_SORT_NAME       sort_template
#define WEFT_SORT_TYPE       uint64_t
#define WEFT_SORT_LESS(a, b) (*(a) < *(b))
#include <weft/sort_t.h>

/* ---- what is sorted: in out, made from x, which is uniform in [0, 1) ---- */

static void uniform_u64(const work *w)
{
    for (size_t i = 0; i < w->n; i++)
        ((uint64_t *)w->out)[i] = (uint64_t)(w->x[i] * 0x1p53) << 11;
}

static void uniform_u32(const work *w)
{
    for (size_t i = 0; i < w->n; i++)
        ((uint32_t *)w->out)[i] = (uint32_t)(w->x[i] * 0x1p32);
}

static void uniform_f64(const work *w) { memcpy(w->out, w->x, w->n * sizeof *w->x); }

static void rising_u64(const work *w)
{
    for (size_t i = 0; i < w->n; i++)
        ((uint64_t *)w->out)[i] = i;
}

static void falling_u64(const work *w)
{
    for (size_t i = 0; i < w->n; i++)
        ((uint64_t *)w->out)[i] = w->n - i;
}

static void few_u64(const work *w)
{
    for (size_t i = 0; i < w->n; i++)
        ((uint64_t *)w->out)[i] = UINT64_C(0x9E3779B97F4A7C15) * (uint64_t)(w->x[i] * 16);
}

/* 1 to 10^6, the k-th as often as 1 / k. */
static void zipf_u64(const work *w)
{
    for (size_t i = 0; i < w->n; i++)
        ((uint64_t *)w->out)[i] = (uint64_t)exp(w->x[i] * log(1e6));
}

/* Keys and, behind them, values: n / 2 pairs of 8 bytes each. */
static void pairs_u64(const work *w)
{
    for (size_t i = 0; i < w->n; i++)
        ((uint64_t *)w->out)[i] = i < w->n / 2 ? (uint64_t)(w->x[i] * 0x1p53) << 11 : i;
}

/* Keys and values side by side, for who sorts structures. */
static void structures_u64(const work *w)
{
    for (size_t i = 0; i < w->n / 2; i++) {
        ((uint64_t *)w->out)[2 * i] = (uint64_t)(w->x[i] * 0x1p53) << 11;
        ((uint64_t *)w->out)[2 * i + 1] = w->n / 2 + i;
    }
}

/* ---- is it right? In order, and the sum of all words as it was. ---- */

static double sum_of_words(const work *w) { return (double)weft_sum((uint32_t *)w->out, 2 * w->n); }

#define EXPECT(input)                           \
    static double expect_##input(const work *w) \
    {                                           \
        input(w);                               \
        return sum_of_words(w);                 \
    }
EXPECT(uniform_u64)
EXPECT(uniform_f64)
EXPECT(rising_u64)
EXPECT(falling_u64)
EXPECT(few_u64)
EXPECT(zipf_u64)
EXPECT(pairs_u64)

static double expect_uniform_u32(const work *w)
{
    uniform_u32(w);
    return (double)weft_sum((uint32_t *)w->out, w->n);
}

static bool right_u64(const work *w, double value)
{
    (void)value;
    return weft_is_sorted((uint64_t *)w->out, w->n) && sum_of_words(w) == w->expected;
}

static bool right_f64(const work *w, double value)
{
    (void)value;
    return weft_is_sorted(w->out, w->n) && sum_of_words(w) == w->expected;
}

static bool right_u32(const work *w, double value)
{
    const uint32_t *const x = (uint32_t *)w->out;
    (void)value;
    return weft_is_sorted(x, w->n) && (double)weft_sum(x, w->n) == w->expected;
}

/* value: words from one key to the next. */
static bool right_pairs(const work *w, double value)
{
    const uint64_t *const x = (uint64_t *)w->out;
    const size_t step = (size_t)value;
    for (size_t i = 1; i < w->n / 2; i++)
        if (x[(i - 1) * step] > x[i * step])
            return false;
    return sum_of_words(w) == w->expected;
}

/* ---- weft, and the C library ---- */

static double sort_u64(const work *w) { return weft_sort((uint64_t *)w->out, w->n), 0; }
static double sort_u32(const work *w) { return weft_sort((uint32_t *)w->out, w->n), 0; }
static double sort_f64(const work *w) { return weft_sort(w->out, w->n), 0; }

static double sort_pairs(const work *w)
{
    uint64_t *const keys = (uint64_t *)w->out;
    weft_sort_pairs(keys, keys + w->n / 2, w->n / 2);
    return 1;
}

static int compare_u64(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static int compare_with(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return compare_u64(a, b);
}

static double qsort_u64(const work *w) { return qsort(w->out, w->n, 8, compare_u64), 0; }

static double sort_with(const work *w)
{
    return weft_sort_with(w->out, w->n, 8, compare_with, NULL), 0;
}

static double template_u64(const work *w) { return sort_template((uint64_t *)w->out, w->n), 0; }

/* ---- the limit: one reading to count, and everything moved twice, to its bucket and to its place ---- */

#ifdef __x86_64__
static double passes(const work *w)
{
    limit_read(w);
    limit_copy_streamed(w);
    return limit_copy_streamed(w);
}

static double passes_u32(const work *w)
{
    const work half = { .n = w->n / 2, .x = w->x, .out = w->out };
    return passes(&half);
}
#else
#define passes     NULL
#define passes_u32 NULL
#endif

/* ---- the figures ---- */

#define MOVED_TWICE "read, and two streamed copies"

#define PEERS(type, input, limit)                                                               \
    { MOVED_TWICE, limit, LIMIT, AVX2 },                                                        \
        { "oneTBB parallel_sort", tbb_sort_##type, PEER, .prepare = input },                    \
        { "gnu_parallel::sort", gnu_sort_##type, PEER, .prepare = input },                      \
        { "std::sort par_unseq", pstl_sort_##type, PEER, .prepare = input },                    \
        { "std::sort, this thread alone", std_sort_##type, ASIDE, .prepare = input },           \
        { "Highway vqsort, this thread alone", vqsort_##type, ASIDE, .prepare = input },        \
        { "x86-simd-sort", NULL, ASIDE }, { "weft_sort", sort_##type, WEFT, .prepare = input }, \
        { 0 },

static const contestant of_u64[] = { PEERS(u64, uniform_u64, passes) };
static const contestant of_u32[] = { PEERS(u32, uniform_u32, passes_u32) };
static const contestant of_f64[] = { PEERS(f64, uniform_f64, passes) };
static const contestant rising[] = { PEERS(u64, rising_u64, passes) };
static const contestant falling[] = { PEERS(u64, falling_u64, passes) };
static const contestant few[] = { PEERS(u64, few_u64, passes) };
static const contestant zipf[] = { PEERS(u64, zipf_u64, passes) };

static const contestant of_pairs[] = {
    { "gnu_parallel::stable_sort, structures", gnu_sort_pairs, PEER, .prepare = structures_u64 },
    { "oneTBB parallel_sort, structures", tbb_sort_pairs, ASIDE, .prepare = structures_u64 },
    { "x86-simd-sort", NULL, ASIDE },
    { MOVED_TWICE, passes, LIMIT, AVX2 },
    { "weft_sort_pairs", sort_pairs, WEFT, .prepare = pairs_u64 },
    { 0 },
};

static const contestant by_function[] = {
    { "qsort", qsort_u64, PEER, .prepare = uniform_u64 },
    { "weft_sort_with", sort_with, WEFT, .prepare = uniform_u64 },
    { 0 },
};

static const contestant by_template[] = {
    { "gnu_parallel::sort", gnu_sort_u64, PEER, .prepare = uniform_u64 },
    { "gnu_parallel::stable_sort", gnu_stable_sort_u64, ASIDE, .prepare = uniform_u64 },
    { "sort_t.h", template_u64, WEFT, .prepare = uniform_u64 },
    { 0 },
};

#define KEYS(type, input) \
    .writes = true, .expect = expect_##input, .right = right_##type, .bytes = 0

static const figure figures[] = {
    { "weft_sort u64", 1000 * 1000, of_u64, .goal = 8, KEYS(u64, uniform_u64) },
    { "weft_sort u64", 10 * 1000 * 1000, of_u64, .goal = 8, KEYS(u64, uniform_u64) },
    { "weft_sort u64", 100 * 1000 * 1000, of_u64, .goal = 8, KEYS(u64, uniform_u64) },
    { "weft_sort u32", 10 * 1000 * 1000, of_u32, .goal = 8, KEYS(u32, uniform_u32) },
    { "weft_sort f64", 10 * 1000 * 1000, of_f64, .goal = 8, KEYS(f64, uniform_f64) },
    { "weft_sort u64, sorted", 10 * 1000 * 1000, rising, .at_most = 5e-3, KEYS(u64, rising_u64) },
    { "weft_sort u64, reversed", 10 * 1000 * 1000, falling, .at_most = 10e-3,
      KEYS(u64, falling_u64) },
    { "weft_sort u64, 16 values", 10 * 1000 * 1000, few, KEYS(u64, few_u64) },
    { "weft_sort u64, Zipf", 10 * 1000 * 1000, zipf, KEYS(u64, zipf_u64) },
    { "weft_sort_pairs, n / 2 of u64 + u64", 20 * 1000 * 1000, of_pairs, .goal = 3,
      KEYS(pairs, pairs_u64) },
    { "weft_sort_pairs, n / 2 of u64 + u64", 200 * 1000 * 1000, of_pairs, .goal = 3,
      KEYS(pairs, pairs_u64) },
    { "weft_sort_with, u64", 10 * 1000 * 1000, by_function, .goal = 3.5, KEYS(u64, uniform_u64) },
    { "sort_t.h, u64", 10 * 1000 * 1000, by_template, .goal = 1, KEYS(u64, uniform_u64) },
    { 0 },
};

const topic sort_topic = { "sort", figures };
