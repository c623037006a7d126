/* reduce_test.c - sums, extremes and places over arrays and expressions.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * That they equal the serial loop at every size and team is in laws_test.c; here is what a serial loop
 * does not say: the shape of a sum, NaN, ties, types, misuse. */
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "crew.h"
#include "suites.h"

static bool same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

/* n numbers of both signs and many magnitudes: any other order of adding them gives other bits. */
static double *make_rough(size_t n)
{
    double *const x = malloc(n * sizeof *x);
    uint64_t r = 1;
    for (size_t i = 0; i < n; i++) {
        r = r * 6364136223846793005u + 1442695040888963407u;
        x[i] = ldexp((double)(int64_t)r, -(int)(r >> 59) - 40);
    }
    return x;
}

/* ---- the shape of a sum, as reduce.h describes it ---- */

enum { block = 2048, lanes = 64 };

static double add_lanes(const double *lane, size_t first, size_t apart)
{
    if (apart == lanes)
        return lane[first];
    return add_lanes(lane, first, 2 * apart) + add_lanes(lane, first + apart, 2 * apart);
}

static double sum_of_block(const double *x, size_t n)
{
    double lane[lanes] = { 0 };
    for (size_t i = 0; i < n; i++)
        lane[i % lanes] += x[i];
    return add_lanes(lane, 0, 1);
}

static double sum_of_blocks(const double *x, size_t n)
{
    if (n <= block)
        return sum_of_block(x, n);
    size_t left = block;
    while (2 * left < n)
        left *= 2;
    return sum_of_blocks(x, left) + sum_of_blocks(x + left, n - left);
}

static void a_sum_has_the_documented_shape(void)
{
    static const size_t sizes[] = { 1, 63, 64, 65, 2047, 2048, 2049, 6144, 14337, 100003, 3000001 };
    const size_t most = sizes[COUNT(sizes) - 1];
    double *const x = make_rough(most);
    for (size_t k = 0; k < COUNT(sizes); k++) {
        const size_t n = sizes[k];
        const double expected = sum_of_blocks(x, n);
        CU_ASSERT_TRUE(same_bits(weft_sum(x, n), expected));
        CU_ASSERT_TRUE(same_bits(weft_sum_of(i, n, x[i]), expected));
    }
    free(x);
}

static void a_misaligned_array_has_the_same_sum(void)
{
    enum { n = 5000 };
    double *const x = make_rough(n);
    char *const room = malloc(n * sizeof *x + 64);
    for (size_t shift = 8; shift < 64; shift += 8) {
        memcpy(room + shift, x, n * sizeof *x);
        CU_ASSERT_TRUE(same_bits(weft_sum((double *)(room + shift), n), weft_sum(x, n)));
    }
    free(room);
    free(x);
}

static void the_hosts_rounding_leaves_no_trace(void)
{
    enum { n = 100000 };
    double *const x = make_rough(n);
    const double expected = weft_sum(x, n), expected_small = weft_sum(x, 100);
    const int before = fegetround();
    fesetround(FE_UPWARD);
    const double sum = weft_sum(x, n), small = weft_sum(x, 100), of = weft_sum_of(i, n, x[i]);
    const int after = fegetround();
    fesetround(before);
    CU_ASSERT_TRUE(same_bits(sum, expected));
    CU_ASSERT_TRUE(same_bits(small, expected_small));
    CU_ASSERT_TRUE(same_bits(of, expected));
    CU_ASSERT_EQUAL(after, FE_UPWARD);
    free(x);
}

/* ---- nothing, NaN, infinity, zero, ties ---- */

static void empty_input_gives_the_identity(void)
{
    const double *const x = NULL;
    const int32_t *const k = NULL;
    CU_ASSERT_EQUAL(weft_sum(x, 0), 0.0);
    CU_ASSERT_EQUAL(weft_dot(x, x, 0), 0.0);
    CU_ASSERT_EQUAL(weft_min(x, 0), INFINITY);
    CU_ASSERT_EQUAL(weft_max(x, 0), -INFINITY);
    CU_ASSERT_EQUAL(weft_min(k, 0), INT32_MAX);
    CU_ASSERT_EQUAL(weft_max(k, 0), INT32_MIN);
    CU_ASSERT_EQUAL(weft_argmin(x, 0), 0);
    CU_ASSERT_EQUAL(weft_argmax(k, 0), 0);
    CU_ASSERT_EQUAL(weft_sum_of(i, 0, (double)i), 0.0);
    CU_ASSERT_EQUAL(weft_min_of(i, 0, (int)i), INT32_MAX);
    CU_ASSERT_EQUAL(weft_count_of(i, 0, i == 0), 0);
    CU_ASSERT_FALSE(weft_any_of(i, 0, i == 0));
    CU_ASSERT_TRUE(weft_all_of(i, 0, i != 0));
}

/* n times 1.0, with NaN at the places given. */
static double *make_holes(size_t n, const size_t *hole, size_t holes)
{
    double *const x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = 1;
    for (size_t k = 0; k < holes; k++)
        x[hole[k]] = NAN;
    return x;
}

static void a_place_is_found_behind_a_run_of_nan(void)
{
    enum { n = 100001, at = 70000 };
    double *const x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = NAN;
    CU_ASSERT_EQUAL(weft_argmin(x, n), n);
    CU_ASSERT_EQUAL(weft_argmax(x, n), n);
    x[at] = INFINITY;
    CU_ASSERT_EQUAL(weft_argmin(x, n), at);
    x[at] = -INFINITY;
    CU_ASSERT_EQUAL(weft_argmax(x, n), at);
    free(x);
}

static void extremes_skip_nan(void)
{
    enum { n = 100001 };
    static const size_t holes[] = { 0, 1, 2047, 2048, 50000, n - 1 };
    double *const x = make_holes(n, holes, COUNT(holes));
    x[49999] = -3;
    x[50001] = 7;
    CU_ASSERT_EQUAL(weft_min(x, n), -3.0);
    CU_ASSERT_EQUAL(weft_max(x, n), 7.0);
    CU_ASSERT_EQUAL(weft_argmin(x, n), 49999);
    CU_ASSERT_EQUAL(weft_argmax(x, n), 50001);
    CU_ASSERT_EQUAL(weft_argmin_of(i, n, x[i]), 49999);
    CU_ASSERT_TRUE(isnan(weft_sum(x, n)));
    free(x);
}

static void all_nan_has_no_place(void)
{
    enum { n = 5000 };
    double *const x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = NAN;
    CU_ASSERT_EQUAL(weft_argmin(x, n), n);
    CU_ASSERT_EQUAL(weft_argmax_of(i, n, x[i]), n);
    CU_ASSERT_EQUAL(weft_min(x, n), INFINITY);
    free(x);
}

/* The sign and payload of a NaN depend on the order of operands, unless somebody sees to it. */
static void every_nan_sum_is_the_same_nan(void)
{
    enum { n = 60000 };
    static const size_t holes[] = { 5, 30000 };
    double *const x = make_holes(n, holes, COUNT(holes));
    x[30000] = -x[30000];
    CU_ASSERT_TRUE(same_bits(weft_sum(x, n), (double)NAN));
    CU_ASSERT_TRUE(same_bits(weft_sum(x, 3000), (double)NAN));
    x[5] = INFINITY, x[30000] = -INFINITY;
    CU_ASSERT_TRUE(same_bits(weft_sum(x, n), (double)NAN));
    free(x);
}

static void infinity_propagates_and_is_an_extreme(void)
{
    const double x[] = { 1, -INFINITY, 3, INFINITY };
    CU_ASSERT_EQUAL(weft_sum(x, 3), -INFINITY);
    CU_ASSERT_EQUAL(weft_argmin(x, 4), 1);
    CU_ASSERT_EQUAL(weft_argmax(x, 4), 3);
    CU_ASSERT_EQUAL(weft_argmax(x + 1, 1), 0);
}

static void the_lowest_index_wins_a_tie(void)
{
    enum { n = 70000 };
    int32_t *const x = calloc(n, sizeof *x);
    x[2047] = x[2048] = x[30000] = x[n - 1] = -1;
    x[2046] = x[4096] = x[65535] = 1;
    CU_ASSERT_EQUAL(weft_argmin(x, n), 2047);
    CU_ASSERT_EQUAL(weft_argmax(x, n), 2046);
    CU_ASSERT_EQUAL(weft_argmin_of(i, n, x[i]), 2047);
    CU_ASSERT_EQUAL(weft_argmin(x + 4096, 1000), 1);
    free(x);
}

/* ---- types ---- */

static void integer_sums_are_wide_and_wrap(void)
{
    const int32_t a[] = { INT32_MAX, INT32_MAX, -5 };
    const uint32_t b[] = { UINT32_MAX, UINT32_MAX };
    const int64_t c[] = { INT64_MAX, 1 };
    const uint64_t d[] = { UINT64_MAX, 2 };
    CU_ASSERT_EQUAL(weft_sum(a, 3), 2 * (int64_t)INT32_MAX - 5);
    CU_ASSERT_EQUAL(weft_dot(a, a, 1), (int64_t)INT32_MAX * INT32_MAX);
    CU_ASSERT_EQUAL(weft_sum(b, 2), 2 * (uint64_t)UINT32_MAX);
    CU_ASSERT_EQUAL(weft_sum(c, 2), INT64_MIN);
    CU_ASSERT_EQUAL(weft_sum(d, 2), 1);
    CU_ASSERT_EQUAL(weft_sum_of(i, 3, a[i]), 2 * (int64_t)INT32_MAX - 5);
}

#define TYPE_OF(value)         \
    _Generic((value), int      \
             : "int", int64_t  \
             : "i64", uint64_t \
             : "u64", float    \
             : "f32", double   \
             : "f64", default  \
             : "other")

static void results_have_the_documented_types(void)
{
    const int32_t i32[] = { 1 };
    const uint32_t u32[] = { 1 };
    const float f32[] = { 1 };
    const long long ll[] = { 1 };
    CU_ASSERT_STRING_EQUAL(TYPE_OF(weft_sum(i32, 1)), "i64");
    CU_ASSERT_STRING_EQUAL(TYPE_OF(weft_sum(u32, 1)), "u64");
    CU_ASSERT_STRING_EQUAL(TYPE_OF(weft_sum(f32, 1)), "f32");
    CU_ASSERT_STRING_EQUAL(TYPE_OF(weft_sum(ll, 1)), "i64");
    CU_ASSERT_STRING_EQUAL(TYPE_OF(weft_min(i32, 1)), "int");
    CU_ASSERT_STRING_EQUAL(TYPE_OF(weft_sum_of(i, 1, f32[i])), "f32");
    CU_ASSERT_STRING_EQUAL(TYPE_OF(weft_sum_of(i, 1, f32[i] * 2.0)), "f64");
    CU_ASSERT_STRING_EQUAL(TYPE_OF(weft_sum_of(i, 1, (short)i)), "i64");
    CU_ASSERT_STRING_EQUAL(TYPE_OF(weft_sum_of(i, 1, i)), "u64");
    CU_ASSERT_STRING_EQUAL(TYPE_OF(weft_max_of(i, 1, (short)i)), "int");
}

/* ---- expressions ---- */

static void expressions_nest(void)
{
    enum { n = 100, m = 50 };
    const double total = weft_sum_of(i, n, weft_sum_of(j, m, (double)(i * j)));
    CU_ASSERT_EQUAL(total, (n * (n - 1) / 2.0) * (m * (m - 1) / 2.0));
}

static void an_expression_sees_its_surroundings(void)
{
    enum { n = 10 };
    const double weight[] = { 0.25, 0.5, 0.25 };
    double x[n + 2];
    for (size_t i = 0; i < n + 2; i++)
        x[i] = (double)i;
    const double least =
        weft_min_of(i, n, weight[0] * x[i] + weight[1] * x[i + 1] + weight[2] * x[i + 2]);
    CU_ASSERT_EQUAL(least, 1.0);
}

static void a_value_keeps_the_sign_of_zero(void)
{
    const double x[] = { -0.0 };
    CU_ASSERT_TRUE(same_bits(weft_min(x, 1), -0.0));
    CU_ASSERT_TRUE(same_bits(weft_min_of(i, 1, x[i]), -0.0));
    CU_ASSERT_TRUE(same_bits(weft_max_of(i, 1, x[i]), -0.0));
}

static void any_of_stops_soon(void)
{
    enum { n = 10 * 1000 * 1000 };
    size_t visited = 0;
    weft_with_threads (1)
        CU_ASSERT_TRUE(weft_any_of(i, n, (visited++, i == 1000)));
    CU_ASSERT_TRUE(visited < 3000);
}

static size_t busy(size_t i)
{
    const double start = weft_now();
    while (weft_now() - start < 2e-4)
        ;
    return i;
}

/* A handful of indices is enough for a team when each takes long. */
static void a_costly_expression_gets_a_team(void)
{
    enum { n = 40 };
    static _Thread_local char here;
    const void *where[n];
    weft_with_threads (2)
        CU_ASSERT_EQUAL(weft_sum_of(i, n, (where[i] = &here, busy(i))), n * (n - 1) / 2);
    CU_ASSERT_EQUAL(weft_any_of(i, n, where[i] != where[0]), 1);
}

/* ---- misuse ---- */

static void no_fold(void *acc, weft_range r, void *ctx) { (void)acc, (void)r, (void)ctx; }
static void no_merge(void *into, const void *from) { (void)into, (void)from; }

static void null_panics_with_function_argument_and_rule(void)
{
    const double x[] = { 1, 2 }, *const none = NULL;
    double acc = 0;
    ASSERT_TEXT(PANIC_OF(weft_sum(none, 2)),
                "weft_sum: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_dot(x, none, 2)),
                "weft_dot: y is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_argmax(none, 1)),
                "weft_argmax: x is NULL with n = 1: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_reduce(2, NULL, 8, no_fold, no_merge, NULL)),
                "weft_reduce: acc is NULL of 8 bytes: it must hold an accumulator");
    ASSERT_TEXT(PANIC_OF(weft_reduce(2, &acc, 0, no_fold, no_merge, NULL)),
                "weft_reduce: acc is memory of 0 bytes: it must hold an accumulator");
    ASSERT_TEXT(PANIC_OF(weft_reduce(2, &acc, 8, NULL, no_merge, NULL)),
                "weft_reduce: fold is NULL: it must be a function");
    ASSERT_TEXT(PANIC_OF(weft_reduce(2, &acc, 8, no_fold, NULL, NULL)),
                "weft_reduce: merge is NULL: it must be a function");
    CU_ASSERT_EQUAL(weft_sum(x, 2), 3.0);
}

CU_TestInfo reduce_tests[] = {
    { "a_sum_has_the_documented_shape", a_sum_has_the_documented_shape },
    { "a_misaligned_array_has_the_same_sum", a_misaligned_array_has_the_same_sum },
    { "the_hosts_rounding_leaves_no_trace", the_hosts_rounding_leaves_no_trace },
    { "empty_input_gives_the_identity", empty_input_gives_the_identity },
    { "extremes_skip_nan", extremes_skip_nan },
    { "a_place_is_found_behind_a_run_of_nan", a_place_is_found_behind_a_run_of_nan },
    { "all_nan_has_no_place", all_nan_has_no_place },
    { "every_nan_sum_is_the_same_nan", every_nan_sum_is_the_same_nan },
    { "infinity_propagates_and_is_an_extreme", infinity_propagates_and_is_an_extreme },
    { "the_lowest_index_wins_a_tie", the_lowest_index_wins_a_tie },
    { "integer_sums_are_wide_and_wrap", integer_sums_are_wide_and_wrap },
    { "results_have_the_documented_types", results_have_the_documented_types },
    { "expressions_nest", expressions_nest },
    { "an_expression_sees_its_surroundings", an_expression_sees_its_surroundings },
    { "a_value_keeps_the_sign_of_zero", a_value_keeps_the_sign_of_zero },
    { "any_of_stops_soon", any_of_stops_soon },
    { "a_costly_expression_gets_a_team", a_costly_expression_gets_a_team },
    { "null_panics_with_function_argument_and_rule", null_panics_with_function_argument_and_rule },
    CU_TEST_INFO_NULL,
};
