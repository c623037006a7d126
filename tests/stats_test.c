/* stats_test.c - order statistics, against values from R's quantile(type = 7).
 * SPDX-License-Identifier: BSD-3-Clause */
#include "stats.h"

#include <math.h>

#include "suites.h"

static void quantiles_interpolate_between_neighbours(void)
{
    const double x[] = { 1, 2, 4, 8, 16 };
    CU_ASSERT_EQUAL(stats_quantile(x, 5, 0), 1);
    CU_ASSERT_EQUAL(stats_quantile(x, 5, 0.25), 2);
    CU_ASSERT_EQUAL(stats_quantile(x, 5, 0.5), 4);
    CU_ASSERT_DOUBLE_EQUAL(stats_quantile(x, 5, 0.9), 12.8, 1e-12);
    CU_ASSERT_EQUAL(stats_quantile(x, 5, 1), 16);
}

static void the_median_of_two_lies_between_them(void)
{
    const double x[] = { 1, 2 };
    CU_ASSERT_EQUAL(stats_quantile(x, 2, 0.5), 1.5);
}

static void one_value_is_every_quantile(void)
{
    const double x[] = { 7 };
    for (double q = 0; q <= 1; q += 0.25)
        CU_ASSERT_EQUAL(stats_quantile(x, 1, q), 7);
}

static void no_values_have_no_quantile(void) { CU_ASSERT(isnan(stats_quantile(NULL, 0, 0.5))); }

static void a_summary_does_not_care_about_order(void)
{
    double x[] = { 9, 1, 8, 2, 7, 3, 6, 4 };
    const summary s = stats_summary(x, 8);
    CU_ASSERT_EQUAL(s.n, 8);
    CU_ASSERT_EQUAL(s.min, 1);
    CU_ASSERT_EQUAL(s.q1, 2.75);
    CU_ASSERT_EQUAL(s.median, 5);
    CU_ASSERT_EQUAL(s.q3, 7.25);
    CU_ASSERT_EQUAL(s.max, 9);
}

static void spread_is_half_the_interquartile_range_over_the_median(void)
{
    double x[] = { 1, 2, 3, 4, 5 };
    const summary s = stats_summary(x, 5);
    CU_ASSERT_DOUBLE_EQUAL(stats_spread(&s), 0.5 * (4 - 2) / 3, 1e-15);
}

static void one_outlier_moves_neither_median_nor_spread(void)
{
    double calm[] = { 10, 10, 11, 11, 12, 12, 13 }, wild[] = { 10, 10, 11, 11, 12, 12, 1e9 };
    const summary a = stats_summary(calm, 7), b = stats_summary(wild, 7);
    CU_ASSERT_EQUAL(a.median, b.median);
    CU_ASSERT_EQUAL(stats_spread(&a), stats_spread(&b));
}

CU_TestInfo stats_tests[] = {
    { "quantiles_interpolate_between_neighbours", quantiles_interpolate_between_neighbours },
    { "the_median_of_two_lies_between_them", the_median_of_two_lies_between_them },
    { "one_value_is_every_quantile", one_value_is_every_quantile },
    { "no_values_have_no_quantile", no_values_have_no_quantile },
    { "a_summary_does_not_care_about_order", a_summary_does_not_care_about_order },
    { "spread_is_half_the_interquartile_range_over_the_median",
      spread_is_half_the_interquartile_range_over_the_median },
    { "one_outlier_moves_neither_median_nor_spread", one_outlier_moves_neither_median_nor_spread },
    CU_TEST_INFO_NULL,
};
