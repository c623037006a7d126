/* misuse_test.c - bad arguments of every algorithm: the panic names function, argument and rule.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A new algorithm adds a line for each array that it takes to NEEDS, and one for each rule to `rules`. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <weft.h>

#include "crew.h"
#include "suites.h"

/* ---- NULL, where there are n elements ---- */

/* function; argument; a call with `none`, which is NULL, for it, and `some` for the others */
#define NEEDS(X, t)                                                                \
    X(weft_sum, x, weft_sum(none, n), t)                                           \
    X(weft_dot, x, weft_dot(none, some, n), t)                                     \
    X(weft_dot, y, weft_dot(some, none, n), t)                                     \
    X(weft_min, x, weft_min(none, n), t)                                           \
    X(weft_max, x, weft_max(none, n), t)                                           \
    X(weft_argmin, x, weft_argmin(none, n), t)                                     \
    X(weft_argmax, x, weft_argmax(none, n), t)                                     \
    X(weft_map, y, weft_map(none, i, n, 0), t)                                     \
    X(weft_filter, out, weft_filter(none, i, n, true, 0), t)                       \
    X(weft_partition, out, weft_partition(none, i, n, true, 0), t)                 \
    X(weft_copy, out, weft_copy(none, some, n), t)                                 \
    X(weft_copy, x, weft_copy(some, none, n), t)                                   \
    X(weft_fill, out, weft_fill(none, n, 0), t)                                    \
    X(weft_gather, out, weft_gather(none, some, places, n), t)                     \
    X(weft_gather, x, weft_gather(some, none, places, n), t)                       \
    X(weft_gather, index, weft_gather(some, some, no_places, n), t)                \
    X(weft_scatter, out, weft_scatter(none, some, places, n), t)                   \
    X(weft_scatter, x, weft_scatter(some, none, places, n), t)                     \
    X(weft_scatter, index, weft_scatter(some, some, no_places, n), t)              \
    X(weft_shuffle, x, weft_shuffle(none, n, &random_one), t)                      \
    X(weft_sort, x, weft_sort(none, n), t)                                         \
    X(weft_is_sorted, x, weft_is_sorted(none, n), t)                               \
    X(weft_sort_pairs, keys, weft_sort_pairs(none, some, n), t)                    \
    X(weft_sort_pairs, values, weft_sort_pairs(some, none, n), t)                  \
    X(weft_argsort, x, weft_argsort(none, n, places), t)                           \
    X(weft_argsort, index, weft_argsort(some, n, no_places), t)                    \
    X(weft_sort_by, base, weft_sort_by(p, none, n, *p), t)                         \
    X(weft_sort_with, base, weft_sort_with(none, n, sizeof *none, never, NULL), t) \
    SCANS(X, weft_scan, t)                                                         \
    SCANS(X, weft_scan_inclusive, t)                                               \
    SCANS(X, weft_scan_min, t)                                                     \
    SCANS(X, weft_scan_max, t)                                                     \
    SCANS(X, weft_scan_min_inclusive, t)                                           \
    SCANS(X, weft_scan_max_inclusive, t)
#define SCANS(X, scan, t)                \
    X(scan, x, scan(none, some, n), t)   \
    X(scan, out, scan(some, none, n), t) \
    X(scan##_of, out, scan##_of(none, i, n, 0), t)
#define FLOATS_NEED(X, t)                                               \
    X(weft_sum_exact, x, weft_sum_exact(none, n), t)                    \
    X(weft_dot_exact, x, weft_dot_exact(none, some, n), t)              \
    X(weft_dot_exact, y, weft_dot_exact(some, none, n), t)              \
    X(weft_fill_uniform, x, weft_fill_uniform(none, n, &random_one), t) \
    X(weft_fill_normal, x, weft_fill_normal(none, n, &random_one), t)

#define TYPES(X)     \
    X(i32, int32_t)  \
    X(i64, int64_t)  \
    X(u32, uint32_t) \
    X(u64, uint64_t) \
    X(f32, float)    \
    X(f64, double)

static size_t places[4], *const no_places = NULL;
static size_t comparisons;
static const weft_random random_one = { .key = { 1 } };

static int never(const void *a, const void *b, void *ctx)
{
    (void)a, (void)b, (void)ctx;
    comparisons++;
    return 0;
}

#define ARRAYS(t, T) static T *const none_##t = NULL, some_##t[4];
TYPES(ARRAYS)

#define CALL(f, argument, call, t)                                       \
    static void f##_##argument##_##t(size_t n)                           \
    {                                                                    \
        __typeof__(&some_##t[0]) const none = none_##t, some = some_##t; \
        (void)none, (void)some;                                          \
        call;                                                            \
    }
#define CALLS(t, T) NEEDS(CALL, t)
TYPES(CALLS)
FLOATS_NEED(CALL, f32)
FLOATS_NEED(CALL, f64)

static const struct need {
    const char *function, *argument;
    void (*call)(size_t n);
} needs[] = {
#define ROW(f, argument, call, t) { #f, #argument, f##_##argument##_##t },
#define ROWS(t, T)                NEEDS(ROW, t)
    TYPES(ROWS) FLOATS_NEED(ROW, f32) FLOATS_NEED(ROW, f64)
};

static const char *panic_of(const struct need *need, size_t n)
{
    return PANIC_OF((need->call(n), 0));
}

static void null_panics_with_function_argument_and_rule(void)
{
    static const size_t sizes[] = { 1, 2, 100000, SIZE_MAX / 8 };
    char expected[200];
    for (size_t k = 0; k < COUNT(needs); k++)
        for (size_t s = 0; s < COUNT(sizes); s++) {
            snprintf(expected, sizeof expected,
                     "%s: %s is NULL with n = %zu: it must point to n elements", needs[k].function,
                     needs[k].argument, sizes[s]);
            ASSERT_TEXT(panic_of(&needs[k], sizes[s]), expected);
        }
    CU_ASSERT_EQUAL(comparisons, 0);
}

static void no_elements_need_no_array(void)
{
    for (size_t k = 0; k < COUNT(needs); k++)
        ASSERT_TEXT(panic_of(&needs[k], 0), "");
}

/* ---- other rules ---- */

static void no_fold(void *acc, weft_range r, void *ctx) { (void)acc, (void)r, (void)ctx; }
static void no_merge(void *into, const void *from) { (void)into, (void)from; }

static double acc, x[4];

/* What is to be said; a call */
#define RULES(X)                                                                            \
    X("weft_for_range: body is NULL: it must be a function", weft_for_range(2, NULL, NULL)) \
    X("weft_reduce: acc is NULL of 8 bytes: it must hold an accumulator",                   \
      weft_reduce(2, NULL, 8, no_fold, no_merge, NULL))                                     \
    X("weft_reduce: acc is memory of 0 bytes: it must hold an accumulator",                 \
      weft_reduce(2, &acc, 0, no_fold, no_merge, NULL))                                     \
    X("weft_reduce: fold is NULL: it must be a function",                                   \
      weft_reduce(2, &acc, 8, NULL, no_merge, NULL))                                        \
    X("weft_reduce: merge is NULL: it must be a function",                                  \
      weft_reduce(2, &acc, 8, no_fold, NULL, NULL))                                         \
    X("weft_scan_with: acc is NULL of 8 bytes: it must hold an accumulator",                \
      weft_scan_with(2, NULL, 8, no_fold, no_merge, no_fold, NULL))                         \
    X("weft_scan_with: acc is memory of 0 bytes: it must hold an accumulator",              \
      weft_scan_with(2, &acc, 0, no_fold, no_merge, no_fold, NULL))                         \
    X("weft_scan_with: fold is NULL: it must be a function",                                \
      weft_scan_with(2, &acc, 8, NULL, no_merge, no_fold, NULL))                            \
    X("weft_scan_with: merge is NULL: it must be a function",                               \
      weft_scan_with(2, &acc, 8, no_fold, NULL, no_fold, NULL))                             \
    X("weft_scan_with: walk is NULL: it must be a function",                                \
      weft_scan_with(2, &acc, 8, no_fold, no_merge, NULL, NULL))                            \
    X("weft_sort_with: compare is NULL: it must be a function",                             \
      weft_sort_with(x, 2, 8, NULL, NULL))                                                  \
    X("weft_sort_pairs: size is 3: a value must have 4 or 8 bytes",                         \
      weft_sort_pairs_f64(x, x + 2, 3, 2))                                                  \
    OVERLAPS(X, weft_scan)                                                                  \
    OVERLAPS(X, weft_scan_inclusive)                                                        \
    OVERLAPS(X, weft_scan_min)                                                              \
    OVERLAPS(X, weft_scan_max)                                                              \
    OVERLAPS(X, weft_scan_min_inclusive)                                                    \
    OVERLAPS(X, weft_scan_max_inclusive)
#define OVERLAPS(X, scan)                                                                \
    X(#scan ": out overlaps x: it must be x itself or apart from it", scan(x, x + 1, 2)) \
    X(#scan ": out overlaps x: it must be x itself or apart from it", scan(x + 1, x, 2))

static void every_rule_panics_with_its_name(void)
{
#define EXPECT(text, call) ASSERT_TEXT(PANIC_OF((call, 0)), text);
    RULES(EXPECT)
#undef EXPECT
}

static void neighbours_do_not_overlap(void)
{
    x[0] = 1, x[1] = 2;
    CU_ASSERT_EQUAL(weft_scan(x, x + 2, 2), 3.0);
    CU_ASSERT_EQUAL(weft_scan(x, x, 2), 3.0);
}

CU_TestInfo misuse_tests[] = {
    { "null_panics_with_function_argument_and_rule", null_panics_with_function_argument_and_rule },
    { "no_elements_need_no_array", no_elements_need_no_array },
    { "every_rule_panics_with_its_name", every_rule_panics_with_its_name },
    { "neighbours_do_not_overlap", neighbours_do_not_overlap },
    CU_TEST_INFO_NULL,
};
