/* stats_test.c - order statistics, against values from R's quantile(type = 7) and from exact sums.
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

static void a_summary_has_tails_mean_and_deviation(void)
{
    double x[] = { 1, 2, 3, 4, 100 };
    const summary s = stats_summary(x, 5);
    CU_ASSERT_EQUAL(s.mean, 22);
    CU_ASSERT_EQUAL(s.mad, 1);
    CU_ASSERT_DOUBLE_EQUAL(s.p5, 1.2, 1e-15);
    CU_ASSERT_DOUBLE_EQUAL(s.p95, 80.8, 1e-12);
}

/* ---- interval of the median ---- */

/* The ranks of the tables, from exact binomial sums; 0: there is no interval. */
static void an_interval_has_the_ranks_of_the_tables(void)
{
    static const struct {
        size_t n, rank;
    } cases[] = { { 1, 0 },  { 5, 0 },  { 6, 1 },  { 8, 1 },   { 9, 2 },    { 10, 2 },    { 11, 2 },
                  { 12, 3 }, { 15, 4 }, { 20, 6 }, { 30, 10 }, { 100, 40 }, { 1000, 469 } };
    static double x[1000];
    for (size_t k = 0; k < 1000; k++)
        x[k] = (double)k + 1;
    for (size_t c = 0; c < COUNT(cases); c++) {
        const interval i = stats_interval(x, cases[c].n);
        if (cases[c].rank == 0) {
            CU_ASSERT(isnan(i.low) && isnan(i.high));
            continue;
        }
        CU_ASSERT_EQUAL(i.low, (double)cases[c].rank);
        CU_ASSERT_EQUAL(i.high, (double)(cases[c].n + 1 - cases[c].rank));
    }
}

static void no_values_have_no_interval(void) { CU_ASSERT(isnan(stats_interval(NULL, 0).low)); }

static void precision_is_the_longer_side_over_the_median(void)
{
    double x[] = { 9, 10, 10, 10, 10, 12 };
    const summary s = stats_summary(x, 6);
    CU_ASSERT_DOUBLE_EQUAL(stats_precision(&s), 0.2, 1e-15);
}

/* ---- trend ---- */

static void a_rise_is_no_chance(void)
{
    const double rises[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
    const double falls[] = { 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 };
    CU_ASSERT_DOUBLE_EQUAL(stats_trend(rises, 10), 8.303070332644999e-05, 1e-12);
    CU_ASSERT_EQUAL(stats_trend(rises, 10), stats_trend(falls, 10));
}

/* Scores 10 and 12, variance 122: by the formula, in exact arithmetic. */
static void ties_lessen_the_variance(void)
{
    const double x[] = { 5, 3, 4, 4, 6, 2, 7, 5, 3, 8 }, y[] = { 3, 1, 4, 1, 5, 9, 2, 6, 5, 3 };
    CU_ASSERT_DOUBLE_EQUAL(stats_trend(x, 10), 0.41517436954948905, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(stats_trend(y, 10), 0.31930203648285493, 1e-12);
}

static void equal_values_have_no_trend(void)
{
    const double x[] = { 4, 4, 4, 4, 4, 4, 4, 4 };
    CU_ASSERT_EQUAL(stats_trend(x, 8), 1);
}

static void seven_values_are_too_few_for_a_trend(void)
{
    const double x[] = { 1, 2, 3, 4, 5, 6, 7 };
    CU_ASSERT(isnan(stats_trend(x, 7)));
}

static void a_trend_of_very_many_values_is_still_seen(void)
{
    static double x[100000];
    for (size_t k = 0; k < 100000; k++)
        x[k] = (double)(k % 7) + 1e-4 * (double)k;
    CU_ASSERT(stats_trend(x, 100000) < 1e-6);
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
    { "a_summary_has_tails_mean_and_deviation", a_summary_has_tails_mean_and_deviation },
    { "an_interval_has_the_ranks_of_the_tables", an_interval_has_the_ranks_of_the_tables },
    { "no_values_have_no_interval", no_values_have_no_interval },
    { "precision_is_the_longer_side_over_the_median",
      precision_is_the_longer_side_over_the_median },
    { "a_rise_is_no_chance", a_rise_is_no_chance },
    { "ties_lessen_the_variance", ties_lessen_the_variance },
    { "equal_values_have_no_trend", equal_values_have_no_trend },
    { "seven_values_are_too_few_for_a_trend", seven_values_are_too_few_for_a_trend },
    { "a_trend_of_very_many_values_is_still_seen", a_trend_of_very_many_values_is_still_seen },
    CU_TEST_INFO_NULL,
};
