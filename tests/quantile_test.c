/* quantile_test.c - quantiles are those of the sorted array, which stays as it is.
 * SPDX-License-Identifier: BSD-3-Clause */
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
#include "modes.h"
#include "probe.h"
#include "sort_input.h"
#include "suites.h"

static const double probabilities[] = {
    0.5, 0, 1, 0.25, 0.75, 1e-4, 0.9999, 1.0 / 3, 0.1, 0.95, 0.5
};
enum { asked = sizeof probabilities / sizeof probabilities[0], many = 300 };

static bool same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

/* ---- the calls, by type ---- */

struct calls {
    double (*quantile)(const void *x, size_t n, double p);
    void (*quantiles)(const void *x, size_t n, const double *p, size_t count, double *out);
    double (*at)(const void *x, size_t k);
    bool (*is_number)(const void *x, size_t k);
};

#define CALLS(t, T)                                                                     \
    static double quantile_##t(const void *px, size_t n, double p)                      \
    {                                                                                   \
        const T *const x = px;                                                          \
        return weft_quantile(x, n, p);                                                  \
    }                                                                                   \
    static void quantiles_##t(const void *px, size_t n, const double *p, size_t count,  \
                              double *out)                                              \
    {                                                                                   \
        const T *const x = px;                                                          \
        weft_quantiles(x, n, p, count, out);                                            \
    }                                                                                   \
    static double at_##t(const void *x, size_t k) { return (double)((const T *)x)[k]; } \
    static bool is_number_##t(const void *x, size_t k) { return !isnan(at_##t(x, k)); }
ELEMENTS(CALLS)

static const struct calls calls[element_count] = {
#define ROW_(t, T) { quantile_##t, quantiles_##t, at_##t, is_number_##t },
    ELEMENTS(ROW_)
#undef ROW_
};

/* ---- the formula, over a sorted copy ---- */

static enum element compared;

static int compare(const void *a, const void *b) { return compare_elements(compared, a, b); }

/* The numbers of x, sorted; how many. */
static size_t sorted_numbers(enum element e, const void *x, size_t n, void *sorted)
{
    const size_t size = element_size(e);
    size_t numbers = 0;
    for (size_t k = 0; k < n; k++)
        if (calls[e].is_number(x, k))
            memcpy((char *)sorted + size * numbers++, (const char *)x + size * k, size);
    compared = e;
    qsort(sorted, numbers, size, compare);
    return numbers;
}

struct expected {
    long double value, scale; /* of the neighbours it comes from */
};

static struct expected formula(enum element e, const void *sorted, size_t n, double p)
{
    if (n == 0)
        return (struct expected){ NAN, 0 };
    const double h = (double)(n - 1) * p;
    const size_t k = (size_t)h;
    const long double a = calls[e].at(sorted, k), b = calls[e].at(sorted, k + 1 < n ? k + 1 : k);
    const long double t = (long double)h - k, scale = fabsl(a) > fabsl(b) ? fabsl(a) : fabsl(b);
    return (struct expected){ t == 0 || a == b ? a : a * (1 - t) + b * t, scale };
}

/* Interpolation adds up three rounded numbers. */
static bool near(double value, struct expected right)
{
    if (!isfinite(right.value))
        return isnan(right.value) ? isnan(value) : value == right.value;
    return fabsl(value - right.value) <= 4 * DBL_EPSILON * right.scale + ldexp(1, -1074);
}

struct bench {
    size_t most;
    void *x, *copy, *sorted;
};

static struct bench make_bench(size_t most)
{
    return (struct bench){ most, malloc(most * 8 + 8), malloc(most * 8 + 8), malloc(most * 8 + 8) };
}

static void free_bench(struct bench b)
{
    free(b.x);
    free(b.copy);
    free(b.sorted);
}

/* What is wrong with the quantiles of a pattern, or NULL. */
static const char *fault(const struct bench *b, enum element e, size_t pattern, size_t n)
{
    double out[asked];
    fill(b->x, e, pattern, n);
    memcpy(b->copy, b->x, n * element_size(e));
    const size_t numbers = sorted_numbers(e, b->x, n, b->sorted);
    calls[e].quantiles(b->x, n, probabilities, asked, out);
    for (size_t k = 0; k < asked; k++) {
        if (!near(out[k], formula(e, b->sorted, numbers, probabilities[k])))
            return "not that of the sorted array";
        if (k < 4 && !same_bits(calls[e].quantile(b->x, n, probabilities[k]), out[k]))
            return "not the same alone";
    }
    return memcmp(b->x, b->copy, n * element_size(e)) ? "the array is another one" : NULL;
}

/* Every type, and each step-th pattern. */
static void expect_right(const struct bench *b, size_t n, size_t step)
{
    for (enum element e = 0; e < element_count; e++)
        for (size_t p = n % step; p < pattern_count; p += step) {
            const char *const wrong = fault(b, e, p, n);
            if (wrong)
                printf("\n    %s, %s, n = %zu: %s", element_name(e), pattern_name(p), n, wrong);
            CU_ASSERT_PTR_NULL(wrong);
        }
}

static void quantiles_are_those_of_the_sorted_array(void)
{
    static const size_t sizes[] = { 0, 1, 2, 3, 100, 2049, 4095, 4096, 4097, 16385, 25001 };
    const struct bench b = make_bench(sizes[COUNT(sizes) - 1]);
    for (size_t s = 0; s < COUNT(sizes); s++)
        expect_right(&b, sizes[s], sizes[s] > 5000 ? 2 : 1);
    free_bench(b);
}

static void every_team_gives_the_same_bits(void)
{
    static const size_t teams[] = { 1, 2, 3, 7, 16 };
    enum { n = 200003 };
    const struct bench b = make_bench(n);
    double first[many], now[many], p[many];
    for (size_t k = 0; k < many; k++)
        p[k] = (double)(random_bits(k) >> 11) * 0x1p-53;
    for (enum element e = 0; e < element_count; e++) {
        fill(b.x, e, e, n);
        for (size_t t = 0; t < COUNT(teams); t++) {
            weft_with_threads (teams[t])
                calls[e].quantiles(b.x, n, p, many, t ? now : first);
            CU_ASSERT_TRUE(t == 0 || memcmp(now, first, sizeof first) == 0);
        }
    }
    free_bench(b);
}

static void many_probabilities_are_as_one(void)
{
    enum { n = 30011 };
    const struct bench b = make_bench(n);
    double out[many], p[many];
    for (size_t k = 0; k < many; k++)
        p[k] = k / (many - 1.0);
    fill(b.x, ELEMENT_f64, 0, n);
    const size_t numbers = sorted_numbers(ELEMENT_f64, b.x, n, b.sorted);
    calls[ELEMENT_f64].quantiles(b.x, n, p, many, out);
    for (size_t k = 0; k < many; k++) {
        CU_ASSERT_TRUE(near(out[k], formula(ELEMENT_f64, b.sorted, numbers, p[k])));
        CU_ASSERT_TRUE(same_bits(out[k], weft_quantile((double *)b.x, n, p[k])));
    }
    free_bench(b);
}

/* ---- without memory, and with a sample that misleads ---- */

static void no_memory_is_slower_and_changes_nothing(void)
{
    const struct bench b = make_bench(5000);
    for (size_t calls_left = 0; calls_left < 4; calls_left++) {
        memory_lasts(calls_left);
        expect_right(&b, 4500 + calls_left, 4);
        CU_ASSERT_TRUE(calls_left > 1 || memory_ran_out());
    }
    memory_lasts(SIZE_MAX);
    free_bench(b);
}

static void a_failure_at_any_allocation_changes_no_bit(void)
{
    enum { n = 60001 };
    const struct bench b = make_bench(n);
    double right[asked], now[asked];
    fill(b.x, ELEMENT_f64, 0, n);
    weft_with_threads (3) {
        calls[ELEMENT_f64].quantiles(b.x, n, probabilities, asked, right);
        for (size_t k = 0, failed = 1; failed; k++) {
            fault_begin(k);
            calls[ELEMENT_f64].quantiles(b.x, n, probabilities, asked, now);
            failed = fault_end();
            CU_ASSERT_EQUAL(memcmp(now, right, sizeof now), 0);
        }
    }
    free_bench(b);
}

static uint64_t splitmix64(uint64_t k)
{
    k = (k + 1) * UINT64_C(0x9e3779b97f4a7c15);
    k = (k ^ k >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    k = (k ^ k >> 27) * UINT64_C(0x94d049bb133111eb);
    return k ^ k >> 31;
}

/* Where the sample of 2048 of 2^16 elements is drawn from everything is large. An adversary has to know
 * that; should it be drawn elsewhere, this test is an easy one. */
static void a_sample_that_misleads_does_no_harm(void)
{
    enum { n = 1 << 16, part = 32 };
    double *const x = malloc(n * sizeof *x), *const y = malloc(n * sizeof *y);
    for (size_t i = 0; i < n; i++)
        x[i] = (double)(splitmix64(i) >> 40);
    for (size_t i = 0; i < n / part; i++)
        x[i * part + splitmix64(i) % part] += 1e9;
    const size_t numbers = sorted_numbers(ELEMENT_f64, x, n, y);
    for (size_t k = 0; k < asked; k++)
        CU_ASSERT_TRUE(near(weft_quantile(x, n, probabilities[k]),
                            formula(ELEMENT_f64, y, numbers, probabilities[k])));
    free(x);
    free(y);
}

/* ---- instruction sets, the host's modes ---- */

int quantile_probe(int argc, char **argv)
{
    (void)argc, (void)argv;
    enum { n = 20011 };
    const struct bench b = make_bench(n);
    double out[asked];
    for (enum element e = 0; e < element_count; e++)
        for (size_t p = 0; p < pattern_count; p++)
            for (size_t few = 0; few < 2; few++) {
                fill(b.x, e, p, n);
                calls[e].quantiles(b.x, n, probabilities, few ? 3 : asked, out);
                for (size_t k = 0; k < (few ? 3 : asked); k++)
                    printf("%s %s %a\n", element_name(e), pattern_name(p), out[k]);
            }
    free_bench(b);
    return 0;
}

static void every_instruction_set_gives_the_same_bits(void) { every_isa_says("quantile", NULL); }

static void the_hosts_modes_leave_no_trace(void)
{
    enum { n = 60000 };
    double *const x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = ldexp((double)(random_bits(i) >> 40), i % 2 ? -1080 : -24);
    const double right = weft_quantile(x, n, 0.1234), right_few = weft_quantile(x, 100, 0.77);
    const host_modes host = host_modes_set(FE_UPWARD);
    const double now = weft_quantile(x, n, 0.1234), now_few = weft_quantile(x, 100, 0.77);
    host_modes_restore(host);
    CU_ASSERT_TRUE(same_bits(now, right) && same_bits(now_few, right_few));
    CU_ASSERT_TRUE(right > 0 && right < DBL_MIN);
    free(x);
}

/* ---- nothing, one, NaN, zeros, infinities ---- */

static void nothing_and_one_have_answers(void)
{
    const double x[] = { 7 }, *const none = NULL;
    CU_ASSERT_TRUE(same_bits(weft_quantile(none, 0, 0.5), (double)NAN));
    CU_ASSERT_EQUAL(weft_quantile(x, 1, 0.3), 7.0);
    CU_ASSERT_EQUAL(weft_median(x, 1), 7.0);
    weft_quantiles(x, 1, NULL, 0, NULL);
}

static void a_median_is_between_the_middle_two(void)
{
    const int32_t x[] = { 5, 1, 4, 2 };
    const uint64_t u[] = { UINT64_MAX, 0 };
    CU_ASSERT_EQUAL(weft_median(x, 4), 3.0);
    CU_ASSERT_EQUAL(weft_median(x, 3), 4.0);
    CU_ASSERT_EQUAL(weft_quantile(x, 4, 0.25), 1.75);
    CU_ASSERT_EQUAL(weft_median(u, 2), 0x1p63);
}

static void nan_is_skipped(void)
{
    enum { n = 9001 };
    double *const x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = i % 3 ? (i % 2 ? NAN : -NAN) : (double)i;
    CU_ASSERT_EQUAL(weft_quantile(x, n, 1), 9000.0);
    CU_ASSERT_EQUAL(weft_median(x, n), 4500.0);
    CU_ASSERT_EQUAL(weft_quantile(x, 10, 0.5), 4.5);
    for (size_t i = 0; i < n; i++)
        x[i] = -NAN;
    CU_ASSERT_TRUE(same_bits(weft_median(x, n), (double)NAN));
    x[8000] = 3;
    CU_ASSERT_EQUAL(weft_quantile(x, n, 0.9), 3.0);
    free(x);
}

static void zero_is_positive(void)
{
    enum { n = 6000 };
    double *const x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = i % 2 ? -0.0 : 0.0;
    CU_ASSERT_TRUE(same_bits(weft_quantile(x, n, 0), 0.0));
    CU_ASSERT_TRUE(same_bits(weft_quantile(x, n, 0.7), 0.0));
    x[0] = ldexp(-1, -1074), x[1] = ldexp(1, -1074);
    CU_ASSERT_TRUE(same_bits(weft_median(x, n), 0.0));
    CU_ASSERT_EQUAL(weft_quantile(x, n, 0), ldexp(-1, -1074));
    CU_ASSERT_EQUAL(weft_quantile(x, n, 1), ldexp(1, -1074));
    free(x);
}

static void infinities_are_elements(void)
{
    const double x[] = { INFINITY, 1, -INFINITY }, y[] = { INFINITY, -INFINITY };
    CU_ASSERT_EQUAL(weft_quantile(x, 3, 0), -INFINITY);
    CU_ASSERT_EQUAL(weft_quantile(x, 3, 0.25), -INFINITY);
    CU_ASSERT_EQUAL(weft_quantile(x, 3, 0.5), 1.0);
    CU_ASSERT_EQUAL(weft_quantile(x, 3, 0.75), INFINITY);
    CU_ASSERT_TRUE(same_bits(weft_median(y, 2), (double)NAN));
    const double far[] = { DBL_MAX, -DBL_MAX };
    CU_ASSERT_EQUAL(weft_median(far, 2), 0.0);
    CU_ASSERT_DOUBLE_EQUAL(weft_quantile(far, 2, 0.75) / DBL_MAX, 0.5, 1e-15);
}

static void misuse_panics_with_function_argument_and_rule(void)
{
    const double x[] = { 1, 2 }, *const none = NULL, p[] = { 0.5, 1.5 };
    double out[2];
    ASSERT_TEXT(PANIC_OF(weft_quantile(none, 2, 0.5)),
                "weft_quantile: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_quantile(x, 2, -0.25)),
                "weft_quantile: p is -0.25: it must lie in [0, 1]");
    ASSERT_TEXT(PANIC_OF(weft_quantile(x, 2, NAN)),
                "weft_quantile: p is nan: it must lie in [0, 1]");
    ASSERT_TEXT(PANIC_OF(weft_quantiles(x, 2, p, 2, out)),
                "weft_quantiles: probabilities[1] is 1.5: it must lie in [0, 1]");
    ASSERT_TEXT(PANIC_OF(weft_quantiles(none, 2, p, 1, out)),
                "weft_quantiles: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_quantiles(x, 2, NULL, 1, out)),
                "weft_quantiles: probabilities is NULL with count = 1: it must point to as many "
                "doubles");
    ASSERT_TEXT(PANIC_OF(weft_quantiles(x, 2, p, 1, NULL)),
                "weft_quantiles: out is NULL with count = 1: it must point to as many doubles");
}

CU_TestInfo quantile_tests[] = {
    { "quantiles_are_those_of_the_sorted_array", quantiles_are_those_of_the_sorted_array },
    { "every_team_gives_the_same_bits", every_team_gives_the_same_bits },
    { "many_probabilities_are_as_one", many_probabilities_are_as_one },
    { "no_memory_is_slower_and_changes_nothing", no_memory_is_slower_and_changes_nothing },
    { "a_failure_at_any_allocation_changes_no_bit", a_failure_at_any_allocation_changes_no_bit },
    { "a_sample_that_misleads_does_no_harm", a_sample_that_misleads_does_no_harm },
    { "every_instruction_set_gives_the_same_bits", every_instruction_set_gives_the_same_bits },
    { "the_hosts_modes_leave_no_trace", the_hosts_modes_leave_no_trace },
    { "nothing_and_one_have_answers", nothing_and_one_have_answers },
    { "a_median_is_between_the_middle_two", a_median_is_between_the_middle_two },
    { "nan_is_skipped", nan_is_skipped },
    { "zero_is_positive", zero_is_positive },
    { "infinities_are_elements", infinities_are_elements },
    { "misuse_panics_with_function_argument_and_rule",
      misuse_panics_with_function_argument_and_rule },
    CU_TEST_INFO_NULL,
};
