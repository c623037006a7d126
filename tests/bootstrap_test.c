/* bootstrap_test.c - intervals of ratios of medians.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "bootstrap.h"

#include <math.h>

#include "draw.h"
#include "suites.h"

enum { rounds_most = 12 };

static double ratio(const double *medians, const void *context)
{
    (void)context;
    return medians[0] / medians[1];
}

static interval interval_of_ratio(const double *a, const double *b, size_t rounds)
{
    bootstrap redrawn = bootstrap_of((const double *const[]){ a, b }, 2, rounds);
    const interval i = bootstrap_interval(&redrawn, ratio, NULL);
    bootstrap_free(&redrawn);
    return i;
}

static void equal_times_have_an_interval_of_no_width(void)
{
    const double a[] = { 6, 6, 6, 6, 6, 6 }, b[] = { 3, 3, 3, 3, 3, 3 };
    const interval i = interval_of_ratio(a, b, 6);
    CU_ASSERT_EQUAL(i.low, 2);
    CU_ASSERT_EQUAL(i.high, 2);
}

static void fewer_than_six_rounds_have_no_interval(void)
{
    const double a[] = { 6, 6, 6, 6, 6 };
    const interval i = interval_of_ratio(a, a, 5);
    CU_ASSERT(isnan(i.low));
    CU_ASSERT(isnan(i.high));
}

static void the_same_samples_give_the_same_interval(void)
{
    const double a[] = { 6, 7, 6.5, 8, 6.1, 7.7 }, b[] = { 3, 3.5, 3.1, 4, 3.3, 3.2 };
    const interval one = interval_of_ratio(a, b, 6), again = interval_of_ratio(a, b, 6);
    CU_ASSERT_EQUAL(one.low, again.low);
    CU_ASSERT_EQUAL(one.high, again.high);
    CU_ASSERT(one.low < one.high);
}

/* What slows a whole round down stands in both terms: the rounds differ, the ratio does not. */
static void what_a_round_has_in_common_cancels_out(void)
{
    double a[7], b[7];
    for (size_t r = 0; r < 7; r++) {
        b[r] = 1 + 0.3 * (double)r;
        a[r] = 2 * b[r];
    }
    const interval i = interval_of_ratio(a, b, 7);
    CU_ASSERT_EQUAL(i.low, 2);
    CU_ASSERT_EQUAL(i.high, 2);
}

static double uniform(uint64_t *state) { return (double)(draw_next(state) >> 11) * 0x1p-53; }

/* Times as they are: skewed, with outliers. */
static double skewed(uint64_t *state, double base)
{
    return base * (1 - 0.05 * log(1 - uniform(state)));
}

/* 400 studies whose true ratio is 2. Of 400 with 95 % each, 360 is over 4 deviations below. */
static void nine_of_ten_intervals_hold_the_truth_and_more(void)
{
    uint64_t state = 3;
    size_t held = 0;
    for (size_t study = 0; study < 400; study++) {
        double a[rounds_most], b[rounds_most];
        for (size_t r = 0; r < rounds_most; r++)
            a[r] = skewed(&state, 2), b[r] = skewed(&state, 1);
        const interval i = interval_of_ratio(a, b, rounds_most);
        held += i.low <= 2 && 2 <= i.high;
    }
    CU_ASSERT(held >= 360);
    CU_ASSERT(held < 400);
}

CU_TestInfo bootstrap_tests[] = {
    { "equal_times_have_an_interval_of_no_width", equal_times_have_an_interval_of_no_width },
    { "fewer_than_six_rounds_have_no_interval", fewer_than_six_rounds_have_no_interval },
    { "the_same_samples_give_the_same_interval", the_same_samples_give_the_same_interval },
    { "what_a_round_has_in_common_cancels_out", what_a_round_has_in_common_cancels_out },
    { "nine_of_ten_intervals_hold_the_truth_and_more",
      nine_of_ten_intervals_hold_the_truth_and_more },
    CU_TEST_INFO_NULL,
};
