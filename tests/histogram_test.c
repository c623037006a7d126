/* histogram_test.c - histograms: which bin an element is in, whoever counts it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * That they equal the loops for every input and team is in laws/histograms.c. Here too the greatest edge
 * that is not above an element is looked for one by one. */
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "isa.h"
#include "memory.h"
#include "probe.h"
#include "races.h"
#include "sort_input.h"
#include "suites.h"

/* ---- the loops ---- */

struct axis {
    double low, high;
    size_t bins;
};

static double edge(const struct axis *a, size_t k)
{
    const double width = (a->high - a->low) / (double)a->bins, offset = (double)k * width;
    return a->low + offset;
}

/* `bins` where it is in none. Begins near, since there may be millions. */
static size_t bin_of(const struct axis *a, double x)
{
    if (x == a->high)
        return a->bins - 1;
    if (!(a->low <= x && x < a->high))
        return a->bins;
    const double near = (x - a->low) / (a->high - a->low) * (double)a->bins;
    size_t k = near < (double)a->bins ? (size_t)near : a->bins - 1;
    while (k > 0 && edge(a, k) > x)
        k--;
    while (k + 1 < a->bins && edge(a, k + 1) <= x)
        k++;
    return k;
}

/* ---- edges of equal bins ---- */

static size_t single_bin(const struct axis *a, double x)
{
    size_t *const counts = malloc(a->bins * sizeof *counts);
    size_t bin = weft_histogram(&x, 1, a->low, a->high, counts, a->bins) ? a->bins : 0;
    while (bin < a->bins && counts[bin] == 0)
        bin++;
    free(counts);
    return bin;
}

static size_t wrong_around_edges(const struct axis *a)
{
    size_t wrong = 0;
    for (size_t k = 0; k <= a->bins; k++) {
        const double x = edge(a, k);
        const double near[] = { nextafter(x, -INFINITY), x, nextafter(x, INFINITY) };
        for (size_t j = 0; j < COUNT(near); j++)
            wrong += single_bin(a, near[j]) != bin_of(a, near[j]);
    }
    return wrong;
}

static void an_element_at_an_edge_is_in_the_bin_above_it(void)
{
    static const struct axis axes[] = {
        { 0, 1, 10 },          { 0, 1, 3 },           { -1, 1, 49 },         { 0.1, 0.7, 333 },
        { 1e9, 1e9 + 1, 7 },   { -1e300, 1e300, 97 }, { 0, 256, 256 },       { -3, 1e-9, 71 },
        { 1e-310, 3e-310, 9 }, { 5, 6, 1 },           { 0, 2147483647, 11 },
    };
    for (size_t k = 0; k < COUNT(axes); k++)
        CU_ASSERT_EQUAL(wrong_around_edges(&axes[k]), 0);
}

/* More bins than there are numbers between low and high: most are empty. */
static void bins_may_be_finer_than_numbers(void)
{
    static const struct axis axes[] = {
        { 1e16, 1e16 + 16, 1000 },       { 0, 20 * DBL_TRUE_MIN, 7 },
        { 0, 2 * DBL_TRUE_MIN, 9 },      { 1, 1 + 8 * DBL_EPSILON, 100 },
        { -1 - 4 * DBL_EPSILON, -1, 3 },
    };
    for (size_t k = 0; k < COUNT(axes); k++)
        CU_ASSERT_EQUAL(wrong_around_edges(&axes[k]), 0);
}

static void both_ends_are_inside(void)
{
    const double x[] = { 0, -0.0, 1, nextafter(0, -1), nextafter(1, 2) };
    size_t counts[4];
    CU_ASSERT_EQUAL(weft_histogram(x, 5, 0.0, 1.0, counts, 4), 2);
    CU_ASSERT_EQUAL(counts[0], 2);
    CU_ASSERT_EQUAL(counts[3], 1);
}

static void nan_and_infinity_are_outside(void)
{
    const float x[] = { NAN, -NAN, INFINITY, -INFINITY, FLT_MAX, 0.5f };
    size_t counts[3];
    CU_ASSERT_EQUAL(weft_histogram(x, 6, 0.0, 1.0, counts, 3), 5);
    CU_ASSERT_EQUAL(counts[1], 1);
    const double all_nan[] = { NAN, NAN };
    CU_ASSERT_EQUAL(weft_histogram(all_nan, 2, -1e308, 1e300, counts, 3), 2);
}

static void wide_integers_count_as_the_nearest_double(void)
{
    const int64_t x[] = { (INT64_C(1) << 53) + 1, (INT64_C(1) << 53) + 3, INT64_MAX };
    const uint64_t y[] = { UINT64_MAX };
    size_t counts[4];
    CU_ASSERT_EQUAL(weft_histogram(x, 3, 0x1p53, 0x1p53 + 8, counts, 4), 1);
    CU_ASSERT_EQUAL(counts[0], 1); /* to even: 2^53 */
    CU_ASSERT_EQUAL(counts[2], 1); /* 2^53 + 4 */
    CU_ASSERT_EQUAL(weft_histogram(y, 1, 0.0, 0x1p64, counts, 4), 0);
    CU_ASSERT_EQUAL(counts[3], 1);
}

static void no_bins_have_nothing(void)
{
    const double x[] = { 1, 2 }, edges[] = { 1 };
    CU_ASSERT_EQUAL(weft_histogram(x, 2, 0.0, 3.0, NULL, 0), 2);
    CU_ASSERT_EQUAL(weft_histogram_edges(x, 2, edges, 0, NULL), 2);
    CU_ASSERT_EQUAL(weft_histogram_of(NULL, 0, i, 3, i), 3);
}

static void no_elements_clear_the_counts(void)
{
    const double *const none = NULL, edges[] = { 1, 2, 3 };
    size_t counts[2] = { 7, 7 }, more[2] = { 7, 7 }, most[2] = { 7, 7 };
    CU_ASSERT_EQUAL(weft_histogram(none, 0, 0.0, 3.0, counts, 2), 0);
    CU_ASSERT_EQUAL(weft_histogram_edges(none, 0, edges, 2, more), 0);
    CU_ASSERT_EQUAL(weft_histogram_of(most, 2, i, 0, i), 0);
    CU_ASSERT_EQUAL(counts[0] + counts[1] + more[0] + more[1] + most[0] + most[1], 0);
}

/* ---- edges of any kind ---- */

#define BETWEEN(t, T)                                                                      \
    static size_t wrong_between_##t(const T *x, size_t n, const T *edges, size_t bins)     \
    {                                                                                      \
        size_t *const counts = malloc(bins * sizeof *counts), wrong = 0;                   \
        size_t *const expected = calloc(bins + 1, sizeof *expected);                       \
        const size_t outside = weft_histogram_edges(x, n, edges, bins, counts);            \
        for (size_t i = 0; i < n; i++) {                                                   \
            size_t k = bins;                                                               \
            if (x[i] >= edges[0] && x[i] <= edges[bins])                                   \
                for (k = bins - 1; edges[k] > x[i];)                                       \
                    k--;                                                                   \
            expected[k]++;                                                                 \
        }                                                                                  \
        for (size_t k = 0; k < bins; k++)                                                  \
            wrong += counts[k] != expected[k];                                             \
        wrong += outside != expected[bins];                                                \
        free(counts), free(expected);                                                      \
        return wrong;                                                                      \
    }                                                                                      \
    static size_t wrong_with_##t(size_t n, size_t bins)                                    \
    {                                                                                      \
        T *const x = malloc(n * sizeof *x), *const edges = malloc((bins + 1) * sizeof *x); \
        fill(x, ELEMENT_##t, 6, n); /* few values: some are edges */                       \
        fill(x, ELEMENT_##t, 0, n / 2);                                                    \
        fill(edges, ELEMENT_##t, 0, bins + 1);                                             \
        memcpy(edges, x + n / 2, bins / 2 * sizeof *x);                                    \
        for (size_t k = 0; k <= bins; k++)                                                 \
            edges[k] = edges[k] == edges[k] ? edges[k] : 0;                                \
        weft_sort(edges, bins + 1);                                                        \
        const size_t wrong = wrong_between_##t(x, n, edges, bins);                         \
        free(x), free(edges);                                                              \
        return wrong;                                                                      \
    }
ELEMENTS(BETWEEN)

static void elements_are_between_their_edges(void)
{
    static const size_t bins[] = { 1, 2, 3, 64, 100, 1000 };
    for (size_t k = 0; k < COUNT(bins); k++) {
#define RIGHT_(t, T)                                   \
    CU_ASSERT_EQUAL(wrong_with_##t(5003, bins[k]), 0); \
    weft_with_threads (k + 1)                          \
        CU_ASSERT_EQUAL(wrong_with_##t(70001, bins[k]), 0);
        ELEMENTS(RIGHT_)
#undef RIGHT_
    }
}

static void equal_edges_have_what_equals_them_in_the_last_bin(void)
{
    const int x[] = { 0, 1, 1, 2, 3, 4 }, edges[] = { 1, 1, 3, 3 };
    size_t counts[3];
    CU_ASSERT_EQUAL(weft_histogram_edges(x, 6, edges, 3, counts), 2);
    CU_ASSERT_EQUAL(counts[0], 0);
    CU_ASSERT_EQUAL(counts[1], 3);
    CU_ASSERT_EQUAL(counts[2], 1);
}

static void infinite_edges_take_all_but_nan(void)
{
    const double x[] = { NAN, -INFINITY, -5, 0, INFINITY }, edges[] = { -INFINITY, 0, INFINITY };
    size_t counts[2];
    CU_ASSERT_EQUAL(weft_histogram_edges(x, 5, edges, 2, counts), 1);
    CU_ASSERT_EQUAL(counts[0], 2);
    CU_ASSERT_EQUAL(counts[1], 2);
}

/* ---- expressions ---- */

static void a_value_that_is_no_bin_is_outside(void)
{
    size_t counts[3];
    CU_ASSERT_EQUAL(weft_histogram_of(counts, 3, i, 10, (int)i - 4), 7);
    CU_ASSERT_EQUAL(counts[0] + counts[1] + counts[2], 3);
    CU_ASSERT_EQUAL(weft_histogram_of(counts, 3, i, 4, INT64_MAX - (int64_t)i), 4);
    CU_ASSERT_EQUAL(weft_histogram_of(counts, 3, i, 4, UINT64_MAX - i), 4);
    CU_ASSERT_EQUAL(weft_histogram_of(counts, 3, i, 4, (UINT64_C(1) << 32) + i), 4);
    CU_ASSERT_EQUAL(weft_histogram_of(counts, 3, i, 4, (signed char)-1), 4);
    CU_ASSERT_EQUAL(weft_histogram_of(counts, 3, i, 4, i == 2), 0);
    CU_ASSERT_EQUAL(counts[1], 1);
}

static void histograms_nest(void)
{
    enum { n = 40 };
    size_t counts[n];
    const size_t outside = weft_histogram_of(counts, n, i, n, __extension__({
                                                 size_t inner[3];
                                                 weft_histogram_of(inner, 3, j, i, j % 4);
                                             }));
    CU_ASSERT_EQUAL(outside, 0);
    CU_ASSERT_EQUAL(counts[0], 4);
    CU_ASSERT_EQUAL(counts[9], 4);
}

static size_t busy(size_t i)
{
    const double start = weft_now();
    while (weft_now() - start < 2e-4)
        ;
    return i;
}

static void a_few_costly_expressions_get_a_team(void)
{
    enum { n = 40 };
    static _Thread_local char here;
    const void *where[n];
    size_t counts[2], elsewhere = 0;
    weft_with_threads (2)
        CU_ASSERT_EQUAL(weft_histogram_of(counts, 2, i, n, (where[i] = &here, busy(i) % 2)), 0);
    for (size_t i = 0; i < n; i++)
        elsewhere += where[i] != where[0];
    CU_ASSERT_TRUE(elsewhere > 0);
    CU_ASSERT_EQUAL(counts[0], n / 2);
    CU_ASSERT_EQUAL(counts[1], n / 2);
}

/* ---- teams, skew, memory ---- */

enum { team = RACES_ARE_LOOKED_FOR ? 70003 : 400003 };

/* All of one, most of one, the k-th as often as 1 / k, any. */
static size_t skewed(size_t kind, size_t i, size_t bins)
{
    const uint64_t r = random_bits(i + 1);
    const size_t any = (size_t)(r % bins);
    return kind == 0   ? bins - 1
           : kind == 1 ? (r >> 60 ? bins / 2 : any)
           : kind == 2 ? (size_t)exp(log((double)bins) * (double)(r >> 11) * 0x1p-53) % bins
                       : any;
}

static size_t wrong_counts(size_t kind, size_t bins)
{
    size_t *const counts = malloc(bins * sizeof *counts), *const expected = calloc(bins, 8);
    uint32_t *const x = malloc(team * sizeof *x);
    size_t wrong = 0;
    for (size_t i = 0; i < team; i++) {
        x[i] = (uint32_t)skewed(kind, i, bins);
        expected[x[i]]++;
    }
    wrong += weft_histogram(x, team, 0.0, (double)bins, counts, bins);
    wrong += memcmp(counts, expected, bins * sizeof *counts) != 0;
    wrong += weft_histogram_of(counts, bins, i, team, x[i]);
    wrong += memcmp(counts, expected, bins * sizeof *counts) != 0;
    free(counts), free(expected), free(x);
    return wrong;
}

static const size_t every_kind_of_table[] = { 1, 2, 256, 2000, 60000, 3 * team };

static void every_team_counts_skewed_input_alike(void)
{
    for (size_t threads = 1; threads <= 16; threads++)
        for (size_t k = 0; k < COUNT(every_kind_of_table); k++)
            weft_with_threads (threads)
                CU_ASSERT_EQUAL(wrong_counts((threads + k) % 4, every_kind_of_table[k]), 0);
}

static void without_memory_the_calling_thread_counts(void)
{
    weft_with_threads (3)
        for (size_t k = 0; k < COUNT(every_kind_of_table); k++) {
            memory_lasts(0);
            CU_ASSERT_EQUAL(wrong_counts(3, every_kind_of_table[k]), 0);
            CU_ASSERT_TRUE(memory_ran_out());
        }
    memory_lasts(SIZE_MAX);
}

static void a_failure_at_any_allocation_changes_nothing(void)
{
    static size_t counts[3 * team];
    size_t wrong = 0;
    weft_with_threads (2)
        for (size_t bins = 10; bins <= 3 * team; bins += 3 * team - 10)
            for (size_t n = 0; n < 12; n++) {
                fault_begin(n);
                wrong += weft_histogram_of(counts, bins, i, team, i % 10);
                fault_end();
                for (size_t k = 0; k < 10; k++)
                    wrong += counts[k] != (team - k + 9) / 10;
            }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void the_hosts_rounding_leaves_no_trace(void)
{
    static const struct axis axis = { 0.1, 0.7, 333 };
    enum { n = 50001 };
    double *const x = malloc(n * sizeof *x);
    size_t expected[333], counts[333];
    for (size_t i = 0; i < n; i++)
        x[i] = i % 2 ? edge(&axis, i % 334) : (double)(random_bits(i) >> 11) * 0x1p-53;
    const size_t outside = weft_histogram(x, n, axis.low, axis.high, expected, axis.bins);
    fesetround(FE_UPWARD);
    const size_t small = weft_histogram(x, 1001, axis.low, axis.high, counts, axis.bins);
    const size_t again = weft_histogram(x, n, axis.low, axis.high, counts, axis.bins);
    const int after = fegetround();
    fesetround(FE_TONEAREST);
    CU_ASSERT_EQUAL(after, FE_UPWARD);
    CU_ASSERT_EQUAL(again, outside);
    CU_ASSERT_EQUAL(memcmp(counts, expected, sizeof counts), 0);
    CU_ASSERT_EQUAL(small, weft_histogram(x, 1001, axis.low, axis.high, counts, axis.bins));
    free(x);
}

/* More numbers than there is room for at once, and more than a table can count: minutes. */
static void long_inputs_are_counted_in_batches(void)
{
    if (!getenv("WEFT_SOAK"))
        return;
    enum { many = 2200000 };
    const size_t n = ((size_t)1 << 28) + 12345, most = ((size_t)1 << 32) + ((size_t)1 << 31);
    size_t *const counts = malloc(many * sizeof *counts), wrong = 0;
    wrong += weft_histogram_of(counts, many, i, n, i % many);
    for (size_t k = 0; k < many; k++)
        wrong += counts[k] != (n - k + many - 1) / many;
    weft_with_threads (1)
        wrong += weft_histogram_of(counts, 1, i, most, 0);
    wrong += counts[0] != most;
    CU_ASSERT_EQUAL(wrong, 0);
    free(counts);
}

/* ---- instruction sets ---- */

/* Prints a digest of the counts of every type. */
int histogram_probe(int argc, char **argv)
{
    (void)argc, (void)argv;
    enum { n = 40009, bins = 1001 };
    void *const x = malloc(n * 8), *const edges = malloc((bins + 1) * 8);
    size_t counts[bins];
    uint64_t h = 0;
    for (size_t p = 0; p < pattern_count; p++) {
#define DIGEST_(t, T)                                                          \
    {                                                                          \
        T *const e = edges, *const v = x;                                      \
        fill(v, ELEMENT_##t, p, n);                                            \
        fill(e, ELEMENT_##t, 0, bins + 1);                                     \
        for (size_t k = 0; k <= bins; k++)                                     \
            e[k] = e[k] == e[k] ? e[k] : 0;                                    \
        weft_sort(e, bins + 1);                                                \
        h = random_bits(h ^ weft_histogram(v, n, -1e6, 3e6, counts, bins));    \
        for (size_t k = 0; k < bins; k++)                                      \
            h = random_bits(h ^ counts[k]);                                    \
        h = random_bits(h ^ weft_histogram_edges(v, n, e, bins, counts));      \
        for (size_t k = 0; k < bins; k++)                                      \
            h = random_bits(h ^ counts[k]);                                    \
        printf("%s %s %016llx\n", #t, pattern_name(p), (unsigned long long)h); \
    }
        ELEMENTS(DIGEST_)
#undef DIGEST_
    }
    free(x), free(edges);
    return 0;
}

static void every_instruction_set_counts_the_same(void) { every_isa_says("histogram", NULL); }

/* ---- misuse ---- */

static void misuse_panics_with_function_argument_and_rule(void)
{
    const double x[] = { 1, 2 }, *const none = NULL;
    const double falling[] = { 1, 3, 2 }, broken[] = { 1, NAN, 2 };
    size_t counts[2];
    ASSERT_TEXT(PANIC_OF(weft_histogram(none, 2, 0.0, 1.0, counts, 2)),
                "weft_histogram: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_histogram(x, 2, 0.0, 1.0, NULL, 2)),
                "weft_histogram: counts is NULL with bins = 2: it must point to bins counts");
    ASSERT_TEXT(PANIC_OF(weft_histogram(x, 2, 0.0, 1.0, counts, (size_t)1 << 31)),
                "weft_histogram: bins is 2147483648: it must be below 2^31");
    ASSERT_TEXT(PANIC_OF(weft_histogram(x, 2, 1.0, 1.0, counts, 2)),
                "weft_histogram: low is 1, high is 1: low must be below high, and their difference "
                "finite");
    ASSERT_TEXT(PANIC_OF(weft_histogram(x, 2, (double)NAN, 1.0, counts, 2)),
                "weft_histogram: low is nan, high is 1: low must be below high, and their "
                "difference finite");
    ASSERT_TEXT(PANIC_OF(weft_histogram(x, 2, -DBL_MAX, DBL_MAX, counts, 2)),
                "weft_histogram: low is -1.79769e+308, high is 1.79769e+308: low must be below "
                "high, and their difference finite");
    ASSERT_TEXT(PANIC_OF(weft_histogram_edges(none, 2, x, 1, counts)),
                "weft_histogram_edges: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_histogram_edges(x, 2, none, 1, counts)),
                "weft_histogram_edges: edges is NULL with bins = 1: it must point to bins + 1 "
                "edges");
    ASSERT_TEXT(PANIC_OF(weft_histogram_edges(x, 2, falling, 2, counts)),
                "weft_histogram_edges: edges[2] is below edges[1], or one is NaN: they must rise");
    ASSERT_TEXT(PANIC_OF(weft_histogram_edges(x, 2, broken, 2, counts)),
                "weft_histogram_edges: edges[1] is below edges[0], or one is NaN: they must rise");
    ASSERT_TEXT(PANIC_OF(weft_histogram_of(NULL, 2, i, 2, i)),
                "weft_histogram_of: counts is NULL with bins = 2: it must point to bins counts");
    ASSERT_TEXT(PANIC_OF(weft_histogram_of(counts, SIZE_MAX, i, 2, i)),
                "weft_histogram_of: bins is 18446744073709551615: it must be below 2^31");
}

CU_TestInfo histogram_tests[] = {
    { "an_element_at_an_edge_is_in_the_bin_above_it",
      an_element_at_an_edge_is_in_the_bin_above_it },
    { "bins_may_be_finer_than_numbers", bins_may_be_finer_than_numbers },
    { "both_ends_are_inside", both_ends_are_inside },
    { "nan_and_infinity_are_outside", nan_and_infinity_are_outside },
    { "wide_integers_count_as_the_nearest_double", wide_integers_count_as_the_nearest_double },
    { "no_bins_have_nothing", no_bins_have_nothing },
    { "no_elements_clear_the_counts", no_elements_clear_the_counts },
    { "elements_are_between_their_edges", elements_are_between_their_edges },
    { "equal_edges_have_what_equals_them_in_the_last_bin",
      equal_edges_have_what_equals_them_in_the_last_bin },
    { "infinite_edges_take_all_but_nan", infinite_edges_take_all_but_nan },
    { "a_value_that_is_no_bin_is_outside", a_value_that_is_no_bin_is_outside },
    { "histograms_nest", histograms_nest },
    { "a_few_costly_expressions_get_a_team", a_few_costly_expressions_get_a_team },
    { "every_team_counts_skewed_input_alike", every_team_counts_skewed_input_alike },
    { "without_memory_the_calling_thread_counts", without_memory_the_calling_thread_counts },
    { "a_failure_at_any_allocation_changes_nothing", a_failure_at_any_allocation_changes_nothing },
    { "the_hosts_rounding_leaves_no_trace", the_hosts_rounding_leaves_no_trace },
    { "long_inputs_are_counted_in_batches", long_inputs_are_counted_in_batches },
    { "every_instruction_set_counts_the_same", every_instruction_set_counts_the_same },
    { "misuse_panics_with_function_argument_and_rule",
      misuse_panics_with_function_argument_and_rule },
    CU_TEST_INFO_NULL,
};
