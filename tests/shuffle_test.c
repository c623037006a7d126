/* shuffle_test.c - arrays in random order and samples: every outcome as likely, the same everywhere.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Seeds are fixed: no test here can fail by chance. Bounds are at 5 standard deviations or so. */
#include <weft/random.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "memory.h"
#include "suites.h"

/* From 262144 elements on they are dealt into 4 buckets first. */
enum { few = 262143, many = 262147 };

static size_t *indices_new(size_t n)
{
    size_t *const x = malloc((n + 1) * sizeof *x);
    CU_ASSERT_PTR_NOT_NULL_FATAL(x);
    for (size_t i = 0; i < n; i++)
        x[i] = i;
    return x;
}

static size_t *shuffled_new(size_t n, uint64_t seed)
{
    size_t *const x = indices_new(n);
    const weft_random r = weft_random_seed(seed);
    weft_shuffle(x, n, &r);
    return x;
}

/* In standard deviations from its mean, for counts that are expected to be equal. */
static double deviation(const size_t *count, size_t bins, double expected)
{
    double chi2 = 0;
    for (size_t k = 0; k < bins; k++)
        chi2 += ((double)count[k] - expected) * ((double)count[k] - expected) / expected;
    return (chi2 - (double)(bins - 1)) / sqrt(2.0 * (double)(bins - 1));
}

/* ---- shuffle ---- */

/* The rank of an order of n elements among all of them. */
static size_t rank_of(const unsigned char *x, size_t n)
{
    size_t rank = 0;
    for (size_t i = 0; i < n; i++) {
        size_t smaller = 0;
        for (size_t j = i + 1; j < n; j++)
            smaller += x[j] < x[i];
        rank = rank * (n - i) + smaller;
    }
    return rank;
}

static void every_order_of_a_few_elements_is_as_likely(void)
{
    static const size_t orders[] = { 1, 1, 2, 6, 24, 120, 720 };
    for (size_t n = 2; n <= 6; n++) {
        size_t count[720] = { 0 };
        for (size_t seed = 0; seed < 200 * orders[n]; seed++) {
            unsigned char x[] = { 0, 1, 2, 3, 4, 5 };
            const weft_random r = weft_random_seed(seed, .stream = n);
            weft_shuffle(x, n, &r);
            count[rank_of(x, n)]++;
        }
        CU_ASSERT(fabs(deviation(count, orders[n], 200)) < 5);
    }
}

/* Element i in one of 16 parts of the array, over many shuffles: its first 16 and last 16 elements. */
static void every_place_of_many_elements_is_as_likely(void)
{
    enum { shuffles = 120, parts = 16, watched = 32 };
    size_t place[parts] = { 0 }, pairs[parts * parts] = { 0 }, fixed = 0, rises = 0;
    for (size_t seed = 0; seed < shuffles; seed++) {
        size_t *const x = shuffled_new(many, seed), part[watched];
        for (size_t i = 0; i < many; i++) {
            const size_t w = x[i] < 16          ? x[i]
                             : x[i] < many - 16 ? watched
                                                : x[i] - (many - watched);
            if (w < watched)
                place[part[w] = i * parts / many]++;
            fixed += x[i] == i;
            rises += i > 0 && x[i] > x[i - 1];
        }
        for (size_t w = 0; w + 1 < watched; w++)
            pairs[part[w] * parts + part[w + 1]]++;
        free(x);
    }
    CU_ASSERT(fabs(deviation(place, parts, shuffles * watched / (double)parts)) < 5);
    CU_ASSERT(fabs(deviation(pairs, parts * parts,
                             shuffles * (watched - 1) / (double)(parts * parts))) < 5);
    CU_ASSERT(fabs((double)fixed - shuffles) < 5 * sqrt(shuffles));
    CU_ASSERT(fabs((double)rises - shuffles * (many - 1) / 2.0) < 5 * sqrt(shuffles * many / 12.0));
}

static void every_element_is_there_once(void)
{
    static const size_t sizes[] = { 0, 1, 2, 511, 512, 513, few, few + 1, many };
    for (size_t s = 0; s < COUNT(sizes); s++) {
        const size_t n = sizes[s];
        size_t *const x = shuffled_new(n, 7), wrong = 0;
        weft_sort(x, n);
        for (size_t i = 0; i < n; i++)
            wrong += x[i] != i;
        CU_ASSERT_EQUAL(wrong, 0);
        free(x);
    }
}

static void every_team_gives_the_same_order(void)
{
    size_t *one = NULL;
    weft_with_threads (1)
        one = shuffled_new(many, 8);
    for (size_t threads = 2; threads <= 16; threads += threads < 5 ? 1 : 11)
        weft_with_threads (threads) {
            size_t *const x = shuffled_new(many, 8);
            CU_ASSERT_EQUAL(memcmp(x, one, many * sizeof *x), 0);
            free(x);
        }
    free(one);
}

/* An element of `size` bytes begins with its index, and repeats that byte by byte behind it. */
static bool same_order(const size_t *order, size_t n, size_t size)
{
    const weft_random r = weft_random_seed(9);
    const size_t head = size < sizeof *order ? size : sizeof *order;
    size_t wrong = 0;
    unsigned char *const x = malloc(n * size + 1);
    for (size_t i = 0; i < n; i++) {
        memcpy(x + i * size, &i, head);
        memset(x + i * size + head, (int)(i & 255), size - head);
    }
    weft_shuffle_size(x, n, size, &r);
    for (size_t i = 0; i < n; i++) {
        wrong += memcmp(x + i * size, &order[i], head) != 0;
        for (size_t k = head; k < size; k++)
            wrong += x[i * size + k] != (order[i] & 255);
    }
    free(x);
    return wrong == 0;
}

static void the_order_does_not_depend_on_the_type(void)
{
    static const size_t sizes[] = { 1, 2, 3, 4, 8, 12, 16, 100 }, counts[] = { 1000, many };
    for (size_t c = 0; c < COUNT(counts); c++) {
        size_t *const order = shuffled_new(counts[c], 9);
        for (size_t s = 0; s < COUNT(sizes); s++)
            CU_ASSERT_TRUE(same_order(order, counts[c], sizes[s]));
        free(order);
    }
}

static void without_memory_the_order_is_the_same(void)
{
    static const size_t sizes[] = { 1, 100, few + 1, many };
    for (size_t s = 0; s < COUNT(sizes); s++) {
        const size_t n = sizes[s];
        size_t *const x = shuffled_new(n, 10), *const y = indices_new(n);
        const weft_random r = weft_random_seed(10);
        memory_lasts(0);
        weft_shuffle(y, n, &r);
        CU_ASSERT_EQUAL(memory_ran_out(), n > few);
        memory_lasts(SIZE_MAX);
        CU_ASSERT_EQUAL(memcmp(x, y, n * sizeof *x), 0);
        free(x), free(y);
    }
}

/* The team's own allocations too. */
static void any_allocation_may_fail(void)
{
    size_t *const x = shuffled_new(many, 11);
    const weft_random r = weft_random_seed(11);
    for (size_t n = 0;; n++) {
        size_t *const y = indices_new(many);
        fault_begin(n);
        weft_shuffle(y, many, &r);
        const bool failed = fault_end();
        CU_ASSERT_EQUAL(memcmp(x, y, many * sizeof *x), 0);
        free(y);
        if (!failed)
            break;
    }
    free(x);
}

static void a_permutation_is_the_indices_shuffled(void)
{
    size_t *const x = shuffled_new(many, 12), *const y = malloc(many * sizeof *y);
    const weft_random r = weft_random_seed(12);
    weft_permutation(y, many, &r);
    CU_ASSERT_EQUAL(memcmp(x, y, many * sizeof *x), 0);
    free(x), free(y);
}

static void streams_give_different_orders(void)
{
    size_t *const x = indices_new(1000), *const y = indices_new(1000), same = 0;
    const weft_random r = weft_random_seed(13), s = weft_random_seed(13, .stream = 1);
    weft_shuffle(x, 1000, &r);
    weft_shuffle(y, 1000, &s);
    for (size_t i = 0; i < 1000; i++)
        same += x[i] == y[i];
    CU_ASSERT(same < 10);
    free(x), free(y);
}

/* ---- sample ---- */

static void every_set_of_a_few_is_as_likely(void)
{
    enum { rounds = 20000 };
    static const size_t sets[] = { 1, 6, 15, 20, 15, 6, 1 };
    for (size_t k = 1; k <= 5; k++) {
        size_t count[64] = { 0 }, seen[64], found = 0;
        for (size_t seed = 0; seed < rounds; seed++) {
            size_t out[6], set = 0;
            const weft_random r = weft_random_seed(seed, .stream = k);
            weft_sample(out, k, 6, &r);
            for (size_t i = 0; i < k; i++)
                set |= (size_t)1 << out[i];
            count[set]++;
        }
        for (size_t set = 0; set < 64; set++)
            if (count[set])
                seen[found++] = count[set];
        CU_ASSERT_EQUAL_FATAL(found, sets[k]);
        CU_ASSERT(fabs(deviation(seen, found, rounds / (double)found)) < 5);
    }
}

static void numbers_of_a_sample_rise_below_n(void)
{
    static const size_t ks[] = { 0, 1, 511, 512, 513, 50000 },
                        ns[] = { 50000, 50001, 99999, 1000000007, SIZE_MAX };
    for (size_t a = 0; a < COUNT(ks); a++)
        for (size_t b = 0; b < COUNT(ns); b++) {
            const weft_random r = weft_random_seed(a, .stream = b);
            size_t *const out = calloc(ks[a] + 1, sizeof *out), wrong = 0;
            weft_sample(out, ks[a], ns[b], &r);
            for (size_t i = 0; i < ks[a]; i++)
                wrong += out[i] >= ns[b] || (i > 0 && out[i] <= out[i - 1]);
            CU_ASSERT_EQUAL(wrong, 0);
            CU_ASSERT_EQUAL(out[ks[a]], 0);
            free(out);
        }
}

static void a_large_sample_is_spread_evenly(void)
{
    enum { k = 100000, parts = 64 };
    const size_t n = (size_t)1 << 40;
    size_t *const out = malloc(k * sizeof *out), count[parts] = { 0 };
    const weft_random r = weft_random_seed(21);
    weft_sample(out, k, n, &r);
    for (size_t i = 0; i < k; i++)
        count[out[i] / (n / parts)]++;
    CU_ASSERT(fabs(deviation(count, parts, k / (double)parts)) < 5);
    free(out);
}

static void a_sample_of_all_is_all(void)
{
    size_t out[1000], wrong = 0;
    const weft_random r = weft_random_seed(22);
    weft_sample(out, 1000, 1000, &r);
    for (size_t i = 0; i < 1000; i++)
        wrong += out[i] != i;
    CU_ASSERT_EQUAL(wrong, 0);
}

static void a_sample_is_the_same_without_memory_and_on_every_team(void)
{
    enum { k = 20000, n = 30000 };
    size_t *const x = malloc(k * sizeof *x), *const y = malloc(k * sizeof *y);
    const weft_random r = weft_random_seed(23, .generator = WEFT_THREEFRY);
    weft_sample(x, k, n, &r);
    for (size_t threads = 1; threads <= 4; threads++)
        for (size_t calls = 0; calls < 3; calls++)
            weft_with_threads (threads) {
                memory_lasts(calls);
                weft_sample(y, k, n, &r);
                memory_lasts(SIZE_MAX);
                CU_ASSERT_EQUAL(memcmp(x, y, k * sizeof *x), 0);
            }
    free(x), free(y);
}

/* ---- misuse ---- */

static void misuse_panics(void)
{
    const weft_random r = weft_random_seed(1);
    size_t *const none = NULL, out[3];
    ASSERT_TEXT(PANIC_OF(weft_shuffle(none, 2, &r)),
                "weft_shuffle: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_permutation(none, 2, &r)),
                "weft_permutation: out is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_sample(none, 2, 3, &r)),
                "weft_sample: out is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_sample(out, 3, 2, &r)),
                "weft_sample: k is 3: it must be at most n = 2");
}

static void empty_arrays_may_be_null(void)
{
    const weft_random r = weft_random_seed(1);
    size_t *const none = NULL;
    ASSERT_TEXT(PANIC_OF(weft_shuffle(none, 0, &r)), "");
    ASSERT_TEXT(PANIC_OF(weft_permutation(none, 0, &r)), "");
    ASSERT_TEXT(PANIC_OF(weft_sample(none, 0, 5, &r)), "");
    ASSERT_TEXT(PANIC_OF(weft_sample(none, 0, 0, &r)), "");
}

CU_TestInfo shuffle_tests[] = {
    { "every_order_of_a_few_elements_is_as_likely", every_order_of_a_few_elements_is_as_likely },
    { "every_place_of_many_elements_is_as_likely", every_place_of_many_elements_is_as_likely },
    { "every_element_is_there_once", every_element_is_there_once },
    { "every_team_gives_the_same_order", every_team_gives_the_same_order },
    { "the_order_does_not_depend_on_the_type", the_order_does_not_depend_on_the_type },
    { "without_memory_the_order_is_the_same", without_memory_the_order_is_the_same },
    { "any_allocation_may_fail", any_allocation_may_fail },
    { "a_permutation_is_the_indices_shuffled", a_permutation_is_the_indices_shuffled },
    { "streams_give_different_orders", streams_give_different_orders },
    { "every_set_of_a_few_is_as_likely", every_set_of_a_few_is_as_likely },
    { "numbers_of_a_sample_rise_below_n", numbers_of_a_sample_rise_below_n },
    { "a_large_sample_is_spread_evenly", a_large_sample_is_spread_evenly },
    { "a_sample_of_all_is_all", a_sample_of_all_is_all },
    { "a_sample_is_the_same_without_memory_and_on_every_team",
      a_sample_is_the_same_without_memory_and_on_every_team },
    { "misuse_panics", misuse_panics },
    { "empty_arrays_may_be_null", empty_arrays_may_be_null },
    CU_TEST_INFO_NULL,
};
