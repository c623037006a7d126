/* statistics_test.c - moments, covariance, extent and norms: near the serial loops in long double, and the
 * same bits everywhere.
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
#include "modes.h"
#include "probe.h"
#include "sort_input.h"
#include "suites.h"

static const size_t sizes[] = { 0,    1,    2,    31,   32,    33,    255,   257,   2047,
                                2048, 2049, 4095, 4097, 24575, 24577, 70001, 300000 };
enum { most = 300000 };

static bool same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }
static double uniform(uint64_t k) { return (double)(random_bits(k) >> 11) * 0x1p-53 - 0.5; }

/* x[i] = mean + noise; and y, which goes along with half of the noise. */
struct pair {
    double *x, *y;
};

static struct pair make_pair(size_t n, double mean)
{
    const struct pair p = { malloc((n + 1) * sizeof(double)), malloc((n + 1) * sizeof(double)) };
    for (size_t i = 0; i <= n; i++) {
        p.x[i] = mean + uniform(2 * i);
        p.y[i] = -3 * mean + uniform(2 * i) / 2 + uniform(2 * i + 1);
    }
    return p;
}

static void free_pair(struct pair p)
{
    free(p.x);
    free(p.y);
}

/* ---- near the serial loops ---- */

struct reference {
    long double mean, m2, m3, m4, mean_y, m2_y, mxy, norm1, norm2;
};

/* Around the first elements: long double would round a large mean. */
static struct reference reference(const double *x, const double *y, size_t n)
{
    struct reference r = { 0 };
    long double mean = 0, mean_y = 0;
    for (size_t i = 0; i < n; i++)
        mean += x[i] - (long double)x[0], mean_y += y[i] - (long double)y[0];
    mean /= n, mean_y /= n;
    r.mean = x[0] + mean, r.mean_y = y[0] + mean_y;
    for (size_t i = 0; i < n; i++) {
        const long double d = x[i] - (long double)x[0] - mean,
                          e = y[i] - (long double)y[0] - mean_y;
        r.m2 += d * d, r.m3 += d * d * d, r.m4 += d * d * d * d;
        r.m2_y += e * e, r.mxy += d * e;
        r.norm1 += fabsl((long double)x[i]), r.norm2 += (long double)x[i] * x[i];
    }
    r.norm2 = sqrtl(r.norm2);
    return r;
}

/* K of statistics.h. */
static double steps(size_t n)
{
    return 2048 / 32 + 5 + (n > 2048 ? log2((double)n / 2048) : 0) + 1;
}

static bool near(double value, long double right, long double bound)
{
    const bool is = fabsl(value - right) <= bound * DBL_EPSILON;
    if (!is)
        printf("\n    %.17g is %.3Lg ulp from %.17Lg, not at most %.3Lg", value,
               fabsl(value - right) / DBL_EPSILON, right, bound);
    return is;
}

static void expect_near(const double *x, const double *y, size_t n)
{
    const struct reference r = reference(x, y, n);
    const long double k = steps(n), deviation = sqrtl(r.m2 / n), deviation_y = sqrtl(r.m2_y / n);
    const weft_moments m = weft_statistics(x, n);
    CU_ASSERT_TRUE(near(m.mean, r.mean, fabsl(r.mean) + 2 * k * deviation));
    CU_ASSERT_TRUE(near(m.m2, r.m2, 8 * k * r.m2));
    CU_ASSERT_TRUE(near(m.m3, r.m3, 16 * k * r.m2 * deviation * 2));
    CU_ASSERT_TRUE(near(m.m4, r.m4, 16 * k * r.m4));
    CU_ASSERT_TRUE(near(weft_mean(x, n), r.mean, fabsl(r.mean) + 2 * k * deviation));
    CU_ASSERT_TRUE(near(weft_variance(x, n), r.m2 / n, 8 * k * r.m2 / n));
    CU_ASSERT_TRUE(near(weft_sample_variance(x, n), r.m2 / (n - 1), 8 * k * r.m2 / (n - 1)));
    CU_ASSERT_TRUE(near(weft_covariance(x, y, n), r.mxy / n, 8 * k * deviation * deviation_y));
    CU_ASSERT_TRUE(near(weft_correlation(x, y, n), r.mxy / sqrtl(r.m2) / sqrtl(r.m2_y), 16 * k));
    CU_ASSERT_TRUE(near(weft_norm1(x, n), r.norm1, k * r.norm1));
    CU_ASSERT_TRUE(near(weft_norm2(x, n), r.norm2, k * r.norm2));
}

static void answers_are_within_their_bounds(void)
{
    static const double means[] = { 0, 1, -1e6, 1e9, 1e12 };
    for (size_t k = 0; k < COUNT(means); k++) {
        const struct pair p = make_pair(most, means[k]);
        for (size_t s = 2; s < COUNT(sizes); s++)
            expect_near(p.x, p.y, sizes[s]);
        free_pair(p);
    }
}

/* The first elements of a block are where its sums are centred: here they are far from the others. */
static void elements_that_stand_apart_do_no_harm(void)
{
    enum { n = 20000 };
    const struct pair p = make_pair(n, 0);
    for (size_t i = 0; i < n; i++)
        if (i % 2048 < 32)
            p.x[i] += i < n / 2 ? 1e9 : -1e7, p.y[i] -= 1e8;
    expect_near(p.x, p.y, n);
    expect_near(p.x + 31, p.y + 31, 2000);
    p.x[0] = 1e15;
    expect_near(p.x, p.y, n);
    free_pair(p);
}

static void a_trend_is_no_noise(void)
{
    const struct pair p = make_pair(most, 0);
    for (size_t i = 0; i < most; i++)
        p.x[i] += (double)i, p.y[i] -= 1e6 * (double)i;
    expect_near(p.x, p.y, most);
    CU_ASSERT_DOUBLE_EQUAL(weft_correlation(p.x, p.y, most), -1, 1e-6);
    free_pair(p);
}

static void a_constant_has_variance_0(void)
{
    double *const x = malloc(most * sizeof *x);
    for (size_t i = 0; i < most; i++)
        x[i] = 0.1;
    for (size_t s = 1; s < COUNT(sizes); s++) {
        const weft_moments m = weft_statistics(x, sizes[s]);
        CU_ASSERT_TRUE(m.mean == 0.1 && m.rest == 0 && m.m2 == 0 && m.m3 == 0 && m.m4 == 0);
        CU_ASSERT_EQUAL(weft_covariance(x, x, sizes[s]), 0.0);
    }
    CU_ASSERT_TRUE(isnan(weft_correlation(x, x, most)));
    CU_ASSERT_TRUE(isnan(weft_moments_skewness(&(weft_moments){ .n = 3, .mean = 1 })));
    free(x);
}

static void skewness_and_kurtosis_are_those_of_the_distribution(void)
{
    const double x[] = { 1, 1, 1, 5 }; /* mean 2, deviations -1 -1 -1 3 */
    const weft_moments m = weft_statistics(x, 4);
    CU_ASSERT_EQUAL(m.m2, 12.0);
    CU_ASSERT_EQUAL(m.m3, 24.0);
    CU_ASSERT_EQUAL(m.m4, 84.0);
    CU_ASSERT_DOUBLE_EQUAL(weft_moments_skewness(&m), 6 / sqrt(27), 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(weft_moments_kurtosis(&m), 21 / 9.0 - 3, 1e-15);
    CU_ASSERT_EQUAL(weft_moments_sample_deviation(&m), 2.0);
    CU_ASSERT_EQUAL(weft_moments_deviation(&m), sqrt(3));
}

static void merged_moments_are_those_of_all(void)
{
    enum { n = 5000, part = 1700 };
    const struct pair p = make_pair(n, 1e9);
    weft_moments m = weft_statistics(p.x, part), rest = weft_statistics(p.x + part, n - part);
    weft_moments none = weft_statistics(p.x, 0);
    weft_comoments c = weft_costatistics(p.x, p.y, part);
    const weft_comoments c_rest = weft_costatistics(p.x + part, p.y + part, n - part);
    weft_moments_merge(&m, &none);
    weft_moments_merge(&m, &rest);
    weft_moments_merge(&none, &rest);
    weft_comoments_merge(&c, &c_rest);
    const struct reference r = reference(p.x, p.y, n);
    CU_ASSERT_EQUAL(m.n, n);
    CU_ASSERT_TRUE(near(m.m2, r.m2, 8 * steps(n) * r.m2));
    CU_ASSERT_TRUE(near(c.mxy, r.mxy, 8 * steps(n) * sqrtl(r.m2 * r.m2_y)));
    CU_ASSERT_EQUAL(m.max, weft_max(p.x, n));
    CU_ASSERT_TRUE(same_bits(none.m2, rest.m2) && none.n == rest.n);
    free_pair(p);
}

/* ---- everything, over everything ---- */

/* Of every type, in every pattern. */
enum { results = 24 };

#define EVERYTHING(t, T)                                                      \
    static void everything_##t(const void *px, size_t n, double out[results]) \
    {                                                                         \
        const T *const x = px, *const y = x + 1;                              \
        const weft_moments m = weft_statistics(x, n);                         \
        const weft_comoments c = weft_costatistics(x, y, n);                  \
        const weft_interval_##t e = weft_extent(x, n);                        \
        const double all[results] = {                                         \
            m.mean,                                                           \
            m.rest,                                                           \
            m.m2,                                                             \
            m.m3,                                                             \
            m.m4,                                                             \
            m.min,                                                            \
            m.max,                                                            \
            weft_mean(x, n),                                                  \
            weft_variance(x, n),                                              \
            weft_sample_deviation(x, n),                                      \
            weft_moments_skewness(&m),                                        \
            weft_moments_kurtosis(&m),                                        \
            c.mean_x,                                                         \
            c.m2_x,                                                           \
            c.mean_y,                                                         \
            c.m2_y,                                                           \
            c.mxy,                                                            \
            weft_sample_covariance(x, y, n),                                  \
            weft_correlation(x, y, n),                                        \
            (double)e.min,                                                    \
            (double)e.max,                                                    \
            weft_norm1(x, n),                                                 \
            weft_norm2(x, n),                                                 \
            weft_norm_max(x, n),                                              \
        };                                                                    \
        memcpy(out, all, sizeof all);                                         \
    }
ELEMENTS(EVERYTHING)

static void everything(enum element e, const void *x, size_t n, double out[results])
{
    static void (*const of[])(const void *x, size_t n, double *out) = {
#define ROW_(t, T) everything_##t,
        ELEMENTS(ROW_)
#undef ROW_
    };
    of[e](x, n, out);
}

static void every_team_gives_the_same_bits(void)
{
    static const size_t teams[] = { 2, 3, 7, 16 };
    double *const x = malloc((most + 1) * sizeof *x);
    double alone[results], now[results];
    for (enum element e = 0; e < element_count; e++)
        for (size_t s = 0; s < COUNT(sizes); s++) {
            fill(x, e, s % pattern_count, sizes[s] + 1);
            weft_with_threads (1)
                everything(e, x, sizes[s], alone);
            for (size_t t = 0; t < COUNT(teams); t++) {
                weft_with_threads (teams[t])
                    everything(e, x, sizes[s], now);
                CU_ASSERT_EQUAL(memcmp(now, alone, sizeof now), 0);
            }
        }
    free(x);
}

/* Prints everything over every type and pattern. */
int statistics_probe(int argc, char **argv)
{
    (void)argc, (void)argv;
    enum { n = 33333 };
    double *const x = malloc((n + 1) * sizeof *x), out[results];
    for (enum element e = 0; e < element_count; e++)
        for (size_t p = 0; p < pattern_count; p++) {
            fill(x, e, p, n + 1);
            everything(e, x, p % 2 ? n : 2000 + p, out);
            for (size_t k = 0; k < results; k++)
                printf("%s %s %zu %a\n", element_name(e), pattern_name(p), k, out[k]);
        }
    free(x);
    return 0;
}

static void every_instruction_set_gives_the_same_bits(void) { every_isa_says("statistics", NULL); }

static void the_hosts_modes_leave_no_trace(void)
{
    enum { n = 60000 };
    double *const x = malloc((n + 1) * sizeof *x);
    double before[2][results], after[2][results];
    for (size_t i = 0; i <= n; i++)
        x[i] = i % 7 ? 0.1 + uniform(i) : ldexp(uniform(i), -1040);
    const double small[] = { ldexp(1, -1060), ldexp(3, -1050), 0 };
    everything(ELEMENT_f64, x, n, before[0]);
    everything(ELEMENT_f64, small, 2, before[1]);
    const host_modes host = host_modes_set(FE_UPWARD);
    everything(ELEMENT_f64, x, n, after[0]);
    everything(ELEMENT_f64, small, 2, after[1]);
    host_modes_restore(host);
    CU_ASSERT_EQUAL(memcmp(after, before, sizeof after), 0);
    free(x);
}

static void an_allocation_that_fails_changes_no_bit(void)
{
    enum { n = 100000 };
    double *const x = malloc((n + 1) * sizeof *x), right[results], now[results];
    fill(x, ELEMENT_f64, 0, n + 1);
    weft_with_threads (3) {
        everything(ELEMENT_f64, x, n, right);
        size_t calls = 0;
        for (bool failed = true; failed; calls++) {
            fault_begin(calls);
            everything(ELEMENT_f64, x, n, now);
            failed = fault_end();
            CU_ASSERT_EQUAL(memcmp(now, right, sizeof now), 0);
        }
        CU_ASSERT_TRUE(calls > 1);
    }
    free(x);
}

/* ---- types ---- */

static void integers_become_doubles_first(void)
{
    const int64_t x[] = { INT64_MAX, INT64_MAX, INT64_MIN, INT64_MIN };
    const uint32_t u[] = { UINT32_MAX, 0 };
    const uint64_t w[] = { UINT64_MAX };
    const int32_t k[] = { INT32_MIN };
    CU_ASSERT_EQUAL(weft_mean(x, 2), 0x1p63);
    CU_ASSERT_EQUAL(weft_mean(x, 4), 0.0);
    CU_ASSERT_EQUAL(weft_norm_max(x, 4), 0x1p63);
    CU_ASSERT_EQUAL(weft_mean(u, 2), UINT32_MAX / 2.0);
    CU_ASSERT_EQUAL(weft_norm1(k, 1), 0x1p31);
    CU_ASSERT_EQUAL(weft_norm2(w, 1), 0x1p64);
    CU_ASSERT_EQUAL(weft_extent(x, 4).min, INT64_MIN);
    CU_ASSERT_EQUAL(weft_extent(w, 1).max, UINT64_MAX);
    CU_ASSERT_EQUAL(weft_variance(u, 2), 0x1.fffffffep30 * 0x1.fffffffep30);
}

/* ---- nothing, one, NaN, infinity, overflow ---- */

static void nothing_and_one_have_answers(void)
{
    const double x[] = { 7 }, *const none = NULL;
    const weft_moments m = weft_statistics(none, 0), one = weft_statistics(x, 1);
    CU_ASSERT_TRUE(isnan(m.mean) && m.n == 0 && m.m2 == 0);
    CU_ASSERT_TRUE(m.min == INFINITY && m.max == -INFINITY);
    CU_ASSERT_TRUE(isnan(weft_mean(none, 0)) && isnan(weft_variance(none, 0)));
    CU_ASSERT_TRUE(isnan(weft_covariance(none, none, 0)) && isnan(weft_correlation(none, none, 0)));
    CU_ASSERT_TRUE(one.mean == 7 && one.m2 == 0 && one.min == 7 && one.max == 7);
    CU_ASSERT_EQUAL(weft_variance(x, 1), 0.0);
    CU_ASSERT_TRUE(isnan(weft_sample_variance(x, 1)) && isnan(weft_sample_covariance(x, x, 1)));
    CU_ASSERT_EQUAL(weft_norm1(none, 0) + weft_norm2(none, 0) + weft_norm_max(none, 0), 0.0);
    CU_ASSERT_EQUAL(weft_norm_max(x, 1), 7.0);
    CU_ASSERT_EQUAL(weft_extent(none, 0).min, INFINITY);
}

static void nan_gives_the_same_nan_and_extremes_skip_it(void)
{
    enum { n = 100001 };
    double *const x = malloc(n * sizeof *x), *const y = malloc(n * sizeof *y);
    for (size_t i = 0; i < n; i++)
        x[i] = y[i] = uniform(i);
    x[70000] = -(double)NAN, x[3] = 4, x[4] = -5;
    const weft_moments m = weft_statistics(x, n);
    const double nans[] = { m.mean,
                            m.m2,
                            m.m3,
                            m.m4,
                            weft_mean(x, n),
                            weft_variance(x, n),
                            weft_norm1(x, n),
                            weft_norm2(x, n),
                            weft_norm_max(x, n),
                            weft_covariance(y, x, n),
                            weft_correlation(x, y, n) };
    for (size_t k = 0; k < COUNT(nans); k++)
        CU_ASSERT_TRUE(same_bits(nans[k], (double)NAN));
    CU_ASSERT_TRUE(m.min == -5 && m.max == 4 && m.rest == 0);
    CU_ASSERT_TRUE(weft_extent(x, n).min == -5 && weft_extent(x, n).max == 4);
    CU_ASSERT_TRUE(weft_costatistics(y, x, n).m2_x > 0);
    free(x);
    free(y);
}

static void infinities_give_an_infinite_mean_and_no_variance(void)
{
    enum { n = 9000 };
    double *const x = calloc(n, sizeof *x);
    x[5000] = INFINITY;
    CU_ASSERT_EQUAL(weft_mean(x, n), INFINITY);
    CU_ASSERT_TRUE(same_bits(weft_variance(x, n), (double)NAN));
    CU_ASSERT_TRUE(weft_norm1(x, n) == INFINITY && weft_norm2(x, n) == INFINITY);
    CU_ASSERT_TRUE(weft_norm_max(x, n) == INFINITY && weft_statistics(x, n).max == INFINITY);
    x[10] = -INFINITY;
    CU_ASSERT_TRUE(same_bits(weft_mean(x, n), (double)NAN));
    free(x);
}

static void a_mean_does_not_overflow_on_the_way(void)
{
    enum { n = 10000 };
    double *const x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = i % 2 ? DBL_MAX : DBL_MAX / 2;
    CU_ASSERT_DOUBLE_EQUAL(weft_mean(x, n) / DBL_MAX, 0.75, 1e-15);
    CU_ASSERT_EQUAL(weft_variance(x, n), INFINITY);
    for (size_t i = 0; i < n; i++)
        x[i] = i < n / 2 ? DBL_MAX : -DBL_MAX;
    CU_ASSERT_TRUE(fabs(weft_mean(x, n) / DBL_MAX) < 1e-13);
    CU_ASSERT_EQUAL(weft_variance(x, n), INFINITY);
    for (size_t i = 0; i < n; i++)
        x[i] = DBL_MAX;
    CU_ASSERT_EQUAL(weft_mean(x, n), DBL_MAX);
    CU_ASSERT_EQUAL(weft_variance(x, n), 0.0);
    free(x);
}

static void a_norm_neither_overflows_nor_underflows_on_the_way(void)
{
    static const int exponents[] = { -1074, -1060, -800, -537, -300, 300, 511, 600, 1000, 1016 };
    enum { n = 10000 };
    double *const x = malloc(n * sizeof *x);
    for (size_t k = 0; k < COUNT(exponents); k++) {
        for (size_t i = 0; i < n; i++)
            x[i] = ldexp(i % 2 ? 3 : -4, exponents[k] - (exponents[k] > 0) * 3);
        const double unit = ldexp(1, exponents[k] - (exponents[k] > 0) * 3);
        CU_ASSERT_EQUAL(weft_norm2(x, 2), 5 * unit);
        CU_ASSERT_TRUE(fabs(weft_norm2(x, n) / unit / sqrt(12.5 * n) - 1) < 1e-13 ||
                       fabs(weft_norm2(x, n) - sqrt(12.5 * n) * unit) <= ldexp(1, -1074));
    }
    for (size_t i = 0; i < n; i++) /* a block each of zeros, of the least, of the greatest */
        x[i] = i < 2048 ? 0 : i < 4096 ? ldexp(1, -1074) : i < 6144 ? ldexp(1, 1000) : 1;
    CU_ASSERT_EQUAL(weft_norm2(x, 4096), ldexp(sqrt(2048), -1074));
    CU_ASSERT_EQUAL(weft_norm2(x, n), ldexp(sqrt(2048), 1000));
    x[9999] = DBL_MAX, x[9998] = DBL_MAX;
    CU_ASSERT_EQUAL(weft_norm2(x, n), INFINITY);
    free(x);
}

static void null_panics_with_function_argument_and_rule(void)
{
    const double x[] = { 1, 2 }, *const none = NULL;
    ASSERT_TEXT(PANIC_OF(weft_mean(none, 2)),
                "weft_mean: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_sample_variance(none, 2)),
                "weft_sample_variance: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_statistics(none, 2)),
                "weft_statistics: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_covariance(x, none, 2)),
                "weft_covariance: y is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_correlation(none, x, SIZE_MAX / 8)),
                "weft_correlation: x is NULL with n = 2305843009213693951: it must point to n "
                "elements");
    ASSERT_TEXT(PANIC_OF(weft_extent(none, 2)),
                "weft_extent: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_norm2(none, 2)),
                "weft_norm2: x is NULL with n = 2: it must point to n elements");
}

CU_TestInfo statistics_tests[] = {
    { "answers_are_within_their_bounds", answers_are_within_their_bounds },
    { "elements_that_stand_apart_do_no_harm", elements_that_stand_apart_do_no_harm },
    { "a_trend_is_no_noise", a_trend_is_no_noise },
    { "a_constant_has_variance_0", a_constant_has_variance_0 },
    { "skewness_and_kurtosis_are_those_of_the_distribution",
      skewness_and_kurtosis_are_those_of_the_distribution },
    { "merged_moments_are_those_of_all", merged_moments_are_those_of_all },
    { "every_team_gives_the_same_bits", every_team_gives_the_same_bits },
    { "every_instruction_set_gives_the_same_bits", every_instruction_set_gives_the_same_bits },
    { "the_hosts_modes_leave_no_trace", the_hosts_modes_leave_no_trace },
    { "an_allocation_that_fails_changes_no_bit", an_allocation_that_fails_changes_no_bit },
    { "integers_become_doubles_first", integers_become_doubles_first },
    { "nothing_and_one_have_answers", nothing_and_one_have_answers },
    { "nan_gives_the_same_nan_and_extremes_skip_it", nan_gives_the_same_nan_and_extremes_skip_it },
    { "infinities_give_an_infinite_mean_and_no_variance",
      infinities_give_an_infinite_mean_and_no_variance },
    { "a_mean_does_not_overflow_on_the_way", a_mean_does_not_overflow_on_the_way },
    { "a_norm_neither_overflows_nor_underflows_on_the_way",
      a_norm_neither_overflows_nor_underflows_on_the_way },
    { "null_panics_with_function_argument_and_rule", null_panics_with_function_argument_and_rule },
    CU_TEST_INFO_NULL,
};
