/* group_test.c - distinct keys, counts and reductions by key: which keys are one, skew, memory, misuse.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * That they equal the loops for every type, input and team is in laws/groups.c. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "memory.h"
#include "races.h"
#include "sort_input.h"
#include "suites.h"

/* ---- which keys are one ---- */

static void groups_are_ascending(void)
{
    const int32_t keys[] = { 3, -1, 3, 2, -1, 3 };
    const double values[] = { 1, 2, 4, 8, 16, 32 };
    int32_t unique[6];
    size_t counts[6];
    double sums[6];
    CU_ASSERT_EQUAL(weft_unique(keys, 6, unique), 3);
    CU_ASSERT_EQUAL(memcmp(unique, (int32_t[]){ -1, 2, 3 }, 12), 0);
    CU_ASSERT_EQUAL(weft_count_by_key(keys, 6, unique, counts), 3);
    CU_ASSERT_EQUAL(memcmp(counts, (size_t[]){ 2, 1, 3 }, sizeof(size_t[3])), 0);
    CU_ASSERT_EQUAL(weft_sum_by_key(keys, values, 6, unique, sums), 3);
    CU_ASSERT_EQUAL(memcmp(sums, (double[]){ 18, 8, 37 }, sizeof(double[3])), 0);
    CU_ASSERT_EQUAL(weft_max_by_key(keys, values, 6, unique, sums), 3);
    CU_ASSERT_EQUAL(memcmp(sums, (double[]){ 16, 8, 32 }, sizeof(double[3])), 0);
}

static void zeros_are_one_key_and_so_are_nans(void)
{
    const double keys[] = { NAN, -0.0, 1, -NAN, 0.0, INFINITY, -INFINITY, -0.0 };
    const double expected[] = { -INFINITY, 0.0, 1, INFINITY, (double)NAN };
    const float narrow[] = { NAN, -0.0f, 0.0f, -NAN };
    double unique[8];
    float unique_f32[4];
    size_t counts[8];
    CU_ASSERT_EQUAL(weft_count_by_key(keys, 8, unique, counts), 5);
    CU_ASSERT_EQUAL(memcmp(unique, expected, sizeof expected), 0);
    CU_ASSERT_EQUAL(counts[1], 3);
    CU_ASSERT_EQUAL(counts[4], 2);
    CU_ASSERT_EQUAL(weft_unique(narrow, 4, unique_f32), 2);
    CU_ASSERT_EQUAL(memcmp(unique_f32, (float[]){ 0.0f, NAN }, 8), 0);
}

/* Also where tables are scattered to: one key in two buckets would be two groups. */
static void zeros_and_nans_are_one_among_many_keys(void)
{
    enum { n = 300001 };
    double *const x = malloc(n * sizeof *x);
    size_t groups[2];
    for (size_t i = 0; i < n; i++) {
        const uint64_t nan = UINT64_C(0x7ff0000000000001) | i % 4 << 62 | i << 20;
        x[i] = (double)i - 1e5;
        if (i % 3 == 0)
            memcpy(&x[i], &nan, sizeof nan);
        else if (i % 3 == 1)
            x[i] = i % 2 ? 0.0 : -0.0;
    }
    weft_with_threads (1)
        groups[0] = weft_unique(x, n, x);
    CU_ASSERT_TRUE(isnan(x[groups[0] - 1]));
    CU_ASSERT_FALSE(isnan(x[groups[0] - 2]));
    groups[1] = weft_unique(x, groups[0], x);
    CU_ASSERT_EQUAL(groups[0], n / 3 + 2);
    CU_ASSERT_EQUAL(groups[1], groups[0]);
    free(x);
}

/* Free slots of a table are marked by it. */
static void the_greatest_number_is_a_key_like_any(void)
{
    static const size_t sizes[] = { 10, 40000, 200000 };
    for (size_t k = 0; k < COUNT(sizes); k++)
        for (size_t distinct = 3; distinct < 1000000; distinct *= 300) {
            const size_t n = sizes[k];
            uint64_t *const x = malloc(n * sizeof *x), *const unique = malloc(n * sizeof *x);
            size_t *const counts = malloc(n * sizeof *counts), wrong = 0;
            double *const ones = malloc(n * sizeof *ones), *const sums = malloc(n * sizeof *sums);
            for (size_t i = 0; i < n; i++)
                x[i] = UINT64_MAX - i % distinct, ones[i] = 1;
            const size_t groups = weft_count_by_key(x, n, unique, counts);
            CU_ASSERT_EQUAL(groups, n < distinct ? n : distinct);
            CU_ASSERT_EQUAL(unique[groups - 1], UINT64_MAX);
            CU_ASSERT_EQUAL(weft_sum_by_key(x, ones, n, unique, sums), groups);
            for (size_t g = 0; g < groups; g++)
                wrong += (double)counts[g] != sums[g] || counts[g] < n / distinct;
            CU_ASSERT_EQUAL(wrong, 0);
            free(x), free(unique), free(counts), free(ones), free(sums);
        }
}

/* ---- values ---- */

static void a_sum_that_is_nan_is_nan(void)
{
    const int keys[] = { 1, 1, 2, 2, 3 };
    const double values[] = { INFINITY, -INFINITY, -NAN, 1, -0.0 };
    const double expected[] = { (double)NAN, (double)NAN, 0.0 };
    int unique[5];
    double sums[5];
    CU_ASSERT_EQUAL(weft_sum_by_key(keys, values, 5, unique, sums), 3);
    CU_ASSERT_EQUAL(memcmp(sums, expected, sizeof expected), 0);
}

static void extremes_skip_nan_and_order_zeros(void)
{
    const int keys[] = { 1, 1, 1, 2, 3, 3 };
    const float values[] = { NAN, 0.0f, -0.0f, -NAN, NAN, -INFINITY };
    int unique[6];
    float least[6], greatest[6];
    CU_ASSERT_EQUAL(weft_min_by_key(keys, values, 6, unique, least), 3);
    CU_ASSERT_EQUAL(weft_max_by_key(keys, values, 6, unique, greatest), 3);
    CU_ASSERT_EQUAL(memcmp(least, (float[]){ -0.0f, INFINITY, -INFINITY }, 12), 0);
    CU_ASSERT_EQUAL(memcmp(greatest, (float[]){ 0.0f, -INFINITY, -INFINITY }, 12), 0);
}

static void sums_of_integers_are_wide_and_wrap(void)
{
    const int keys[] = { 1, 1, 2, 2 };
    const int32_t a[] = { INT32_MAX, 1, INT32_MIN, -1 };
    const uint32_t b[] = { UINT32_MAX, 1, 0, 5 };
    const int64_t c[] = { INT64_MAX, 1, 2, 3 };
    const long long d[] = { 1, 2, 3, 4 };
    int unique[4];
    int64_t sums[4];
    uint64_t more[4];
    long long most[4];
    CU_ASSERT_EQUAL(weft_sum_by_key(keys, a, 4, unique, sums), 2);
    CU_ASSERT_EQUAL(sums[0], (int64_t)INT32_MAX + 1);
    CU_ASSERT_EQUAL(sums[1], (int64_t)INT32_MIN - 1);
    CU_ASSERT_EQUAL(weft_sum_by_key(keys, b, 4, unique, more), 2);
    CU_ASSERT_EQUAL(more[0], (uint64_t)UINT32_MAX + 1);
    CU_ASSERT_EQUAL(weft_sum_by_key(keys, c, 4, unique, sums), 2);
    CU_ASSERT_EQUAL(sums[0], INT64_MIN);
    CU_ASSERT_EQUAL(weft_sum_by_key(keys, d, 4, unique, most), 2);
    CU_ASSERT_EQUAL(most[1], 7);
}

static void nothing_has_no_groups(void)
{
    const double *const none = NULL;
    double *const out = NULL;
    CU_ASSERT_EQUAL(weft_unique(none, 0, out), 0);
    CU_ASSERT_EQUAL(weft_count_by_key(none, 0, out, NULL), 0);
    CU_ASSERT_EQUAL(weft_sum_by_key(none, none, 0, out, out), 0);
}

/* ---- teams and skew ---- */

enum { most = RACES_ARE_LOOKED_FOR ? 70001 : 300001 };

struct columns {
    uint64_t *keys, *unique;
    double *values, *sums;
    size_t *counts;
};

static struct columns columns_new(void)
{
    return (struct columns){ malloc(most * 8), malloc(most * 8), malloc(most * 8), malloc(most * 8),
                             malloc(most * 8) };
}

static void columns_free(struct columns c)
{
    free(c.keys), free(c.unique), free(c.values), free(c.sums), free(c.counts);
}

/* Keys 0, 1, ...: all of one, most of one, two, few, Zipf's, in order, any. */
enum { skews = 8 };
static uint64_t key_at(size_t skew, size_t i, size_t n)
{
    const uint64_t r = random_bits(i + 1);
    const uint64_t zipf = (uint64_t)exp(log((double)n) * (double)(r >> 11) * 0x1p-53);
    const uint64_t key[skews] = {
        7, r >> 60 ? 7 : r % n, r % 2, r % 1000, zipf, i / 7, (n - i) / 7, r % n,
    };
    return key[skew];
}

/* Of keys below n: by the loop, whose sums are those of the header. */
struct expected {
    size_t groups;
    size_t counts[most];
    double sum[most], total[most];
};

static struct expected *loop(const struct columns *c, size_t n)
{
    struct expected *const e = calloc(1, sizeof *e);
    const size_t part = weft_group_part(n);
    for (size_t begin = 0; begin < n; begin += part) {
        for (size_t i = begin; i < n && i < begin + part; i++) {
            e->groups += e->counts[c->keys[i]]++ == 0;
            e->sum[c->keys[i]] += c->values[i];
        }
        for (size_t k = 0; k < n; k++)
            e->total[k] += e->sum[k], e->sum[k] = 0;
    }
    return e;
}

static void fill_columns(const struct columns *c, size_t skew, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        c->keys[i] = key_at(skew, i, n);
        c->values[i] = ldexp((double)(random_bits(i) >> 11), -(int)(i % 40));
    }
}

static size_t wrong_groups(const struct columns *c, const struct expected *e, size_t n)
{
    size_t wrong = weft_count_by_key(c->keys, n, c->unique, c->counts) != e->groups;
    for (size_t g = 0; g < e->groups && !wrong; g++)
        wrong += c->counts[g] != e->counts[c->unique[g]] || (g && c->unique[g - 1] >= c->unique[g]);
    wrong += weft_sum_by_key(c->keys, c->values, n, c->unique, c->sums) != e->groups;
    for (size_t g = 0; g < e->groups && !wrong; g++)
        wrong += memcmp(&c->sums[g], &e->total[c->unique[g]], sizeof(double)) != 0 ||
                 (g && c->unique[g - 1] >= c->unique[g]);
    return wrong;
}

static void every_team_groups_skewed_input_alike(void)
{
    const struct columns c = columns_new();
    for (size_t skew = 0; skew < skews; skew++) {
        fill_columns(&c, skew, most);
        struct expected *const e = loop(&c, most);
        for (size_t threads = skew % 2 + 1; threads <= 16; threads += RACES_ARE_LOOKED_FOR ? 7 : 2)
            weft_with_threads (threads)
                CU_ASSERT_EQUAL(wrong_groups(&c, e, most), 0);
        free(e);
    }
    columns_free(c);
}

/* Around what tables begin with, what a team is asked for, and parts. */
static void every_size_is_grouped(void)
{
    static const size_t sizes[] = { 1,     2,     63,    64,    65,    127,   128,   129,
                                    511,   512,   513,   2047,  2048,  2049,  16383, 16384,
                                    16385, 32767, 32768, 32769, 65535, 65536, 65537 };
    const struct columns c = columns_new();
    for (size_t s = 0; s < COUNT(sizes); s++)
        for (size_t skew = 2; skew < skews; skew += 1 + s % 2) {
            fill_columns(&c, skew, sizes[s]);
            /* keys below n */
            for (size_t i = 0; i < sizes[s]; i++)
                c.keys[i] %= sizes[s];
            struct expected *const e = loop(&c, sizes[s]);
            CU_ASSERT_EQUAL(wrong_groups(&c, e, sizes[s]), 0);
            free(e);
        }
    columns_free(c);
}

/* ---- memory that is not there ---- */

static void without_memory_groups_are_found_in_the_output(void)
{
    static const size_t sizes[] = { 1500, 2500, 33001 };
    const struct columns c = columns_new();
    for (size_t s = 0; s < (RACES_ARE_LOOKED_FOR ? 2 : COUNT(sizes)); s++)
        for (size_t skew = 3; skew < skews; skew += 2) {
            const size_t n = sizes[s];
            fill_columns(&c, skew, n);
            for (size_t i = 0; i < n; i++)
                c.keys[i] %= n;
            struct expected *const e = loop(&c, n);
            memory_lasts(0);
            CU_ASSERT_EQUAL(wrong_groups(&c, e, n), 0);
            CU_ASSERT_TRUE(memory_ran_out());
            memory_lasts(SIZE_MAX);
            free(e);
        }
    columns_free(c);
}

static void a_failure_at_any_allocation_changes_nothing(void)
{
    enum { n = 33001 };
    const struct columns c = columns_new();
    for (size_t skew = 3; skew < skews; skew += 4) {
        fill_columns(&c, skew, n);
        struct expected *const e = loop(&c, n);
        for (size_t k = 1; k < (RACES_ARE_LOOKED_FOR ? 6 : 24); k++)
            weft_with_threads (2) {
                memory_lasts(k);
                CU_ASSERT_EQUAL(wrong_groups(&c, e, n), 0);
                memory_lasts(SIZE_MAX);
                fault_begin(k - 1);
                CU_ASSERT_EQUAL(wrong_groups(&c, e, n), 0);
                fault_end();
            }
        free(e);
    }
    columns_free(c);
}

static void nothing_is_left_allocated(void)
{
    enum { n = 60001 };
    const struct columns c = columns_new();
    fill_columns(&c, 7, n);
    struct expected *const e = loop(&c, n);
    (void)wrong_groups(&c, e, n); /* what is kept is kept now */
    const long before = fault_live();
    CU_ASSERT_EQUAL(wrong_groups(&c, e, n), 0);
    CU_ASSERT_EQUAL(fault_live(), before);
    free(e);
    columns_free(c);
}

/* ---- misuse ---- */

static void null_panics_with_function_argument_and_rule(void)
{
    const double x[] = { 2, 1 }, *const none = NULL;
    double out[2], unique[2], *const nowhere = NULL;
    size_t counts[2];
    ASSERT_TEXT(PANIC_OF(weft_unique(none, SIZE_MAX / 8, out)),
                "weft_unique: x is NULL with n = 2305843009213693951: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_unique(x, 2, nowhere)),
                "weft_unique: out is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_count_by_key(none, 2, unique, counts)),
                "weft_count_by_key: keys is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_count_by_key(x, 2, nowhere, counts)),
                "weft_count_by_key: unique is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_count_by_key(x, 2, unique, NULL)),
                "weft_count_by_key: counts is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_sum_by_key(none, x, 2, unique, out)),
                "weft_sum_by_key: keys is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_sum_by_key(x, none, 2, unique, out)),
                "weft_sum_by_key: values is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_min_by_key(x, x, 2, nowhere, out)),
                "weft_min_by_key: unique is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_max_by_key(x, x, 2, unique, nowhere)),
                "weft_max_by_key: the output is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(
        PANIC_OF(weft_reduce_by_key_f64(x, x, WEFT_TYPE_F64_, WEFT_OP_DOT_, 2, unique, out)),
        "weft_reduce_by_key: op is 1: it must be a sum, min or max");
    ASSERT_TEXT(
        PANIC_OF(weft_reduce_by_key_f64(x, x, WEFT_TYPE_BYTE_, WEFT_OP_SUM_, 2, unique, out)),
        "weft_reduce_by_key: type is 6: it must be one of the six types");
}

CU_TestInfo group_tests[] = {
    { "groups_are_ascending", groups_are_ascending },
    { "zeros_are_one_key_and_so_are_nans", zeros_are_one_key_and_so_are_nans },
    { "zeros_and_nans_are_one_among_many_keys", zeros_and_nans_are_one_among_many_keys },
    { "the_greatest_number_is_a_key_like_any", the_greatest_number_is_a_key_like_any },
    { "a_sum_that_is_nan_is_nan", a_sum_that_is_nan_is_nan },
    { "extremes_skip_nan_and_order_zeros", extremes_skip_nan_and_order_zeros },
    { "sums_of_integers_are_wide_and_wrap", sums_of_integers_are_wide_and_wrap },
    { "nothing_has_no_groups", nothing_has_no_groups },
    { "every_team_groups_skewed_input_alike", every_team_groups_skewed_input_alike },
    { "every_size_is_grouped", every_size_is_grouped },
    { "without_memory_groups_are_found_in_the_output",
      without_memory_groups_are_found_in_the_output },
    { "a_failure_at_any_allocation_changes_nothing", a_failure_at_any_allocation_changes_nothing },
    { "nothing_is_left_allocated", nothing_is_left_allocated },
    { "null_panics_with_function_argument_and_rule", null_panics_with_function_argument_and_rule },
    CU_TEST_INFO_NULL,
};
