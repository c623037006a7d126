/* analysis_test.c - what follows from samples: speedups, intervals, laws, the best counts.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "analysis.h"

#include <math.h>

#include "made_up.h"
#include "suites.h"

/* ---- times and ratios ---- */

static void one_silent_sample_makes_all_of_them_wall_times(void)
{
    made_up m;
    make_up_one_two_four(&m);
    result results[3];
    for (size_t k = 0; k < 3; k++)
        for (size_t r = 0; r < 7; r++)
            m.samples[k][r].seconds = 1e-3;
    results_of(m.points, 3, results);
    CU_ASSERT_EQUAL(results[0].time.median, 1e-3);
    m.samples[2][4].seconds = NAN;
    results_of(m.points, 3, results);
    CU_ASSERT_EQUAL(results[0].time.median, 8.1);
}

static void an_interval_holds_its_median(void)
{
    made_up m;
    make_up_one_two_four(&m);
    result results[3];
    results_of(m.points, 3, results);
    for (size_t k = 0; k < 3; k++) {
        CU_ASSERT(results[k].time.ci.low < results[k].time.median);
        CU_ASSERT(results[k].time.median < results[k].time.ci.high);
    }
    CU_ASSERT_EQUAL(results[0].time.ci.low, 7.9); /* of seven: the least and the greatest */
    CU_ASSERT_EQUAL(results[0].time.ci.high, 8.3);
}

static void the_base_is_the_least_thread_count(void)
{
    made_up m;
    static const double times[][made_up_rounds] = { { 6, 6 }, { 3, 3 } };
    make_up(&m, 2, 2, (const size_t[]){ 4, 16 }, times);
    result results[2];
    results_of(m.points, 2, results);
    CU_ASSERT_EQUAL(results[1].speedup, 2);
    CU_ASSERT_EQUAL(results[1].efficiency, 0.5);
}

static void speedup_and_efficiency_have_intervals(void)
{
    made_up m;
    make_up_one_two_four(&m);
    analysis a = analysis_of(m.points, 3);
    const result *four = &a.result[2];
    CU_ASSERT(isnan(a.result[0].speedup_ci.low));
    CU_ASSERT(four->speedup_ci.low < four->speedup && four->speedup < four->speedup_ci.high);
    CU_ASSERT_EQUAL(four->efficiency_ci.low, four->speedup_ci.low / 4);
    CU_ASSERT_EQUAL(four->efficiency_ci.high, four->speedup_ci.high / 4);
    analysis_free(&a);
}

/* Karp and Flatt fall where the speedup rises. */
static void the_serial_share_has_the_interval_of_the_speedup_upside_down(void)
{
    made_up m;
    make_up_one_two_four(&m);
    analysis a = analysis_of(m.points, 3);
    const result *two = &a.result[1];
    CU_ASSERT(isnan(a.result[0].karp_flatt));
    CU_ASSERT_DOUBLE_EQUAL(two->karp_flatt, 2 * (4.1 / 8.1 - 0.5), 1e-12);
    CU_ASSERT(two->karp_flatt_ci.low < two->karp_flatt);
    CU_ASSERT(two->karp_flatt < two->karp_flatt_ci.high);
    analysis_free(&a);
}

/* ---- the best ---- */

static void the_fastest_and_the_last_efficient_count_are_found(void)
{
    made_up m;
    make_up_one_two_four(&m);
    analysis a = analysis_of(m.points, 3);
    CU_ASSERT_EQUAL(a.fastest, 2);
    CU_ASSERT_EQUAL(a.efficient, 1); /* 99 % with 2, 68 % with 4 */
    CU_ASSERT_FALSE(a.result[1].tied);
    CU_ASSERT(a.result[2].tied);
    analysis_free(&a);
}

static void counts_that_chance_may_part_are_tied(void)
{
    made_up m;
    static const double times[][made_up_rounds] = { { 4, 5, 4, 5, 4, 5 }, { 5, 4, 4, 4, 5, 5 } };
    make_up(&m, 6, 2, (const size_t[]){ 1, 2 }, times);
    analysis a = analysis_of(m.points, 2);
    CU_ASSERT(a.result[0].tied && a.result[1].tied);
    analysis_free(&a);
}

/* ---- laws ---- */

/* A program of Amdahl's with a serial part of 30 %. */
static void make_up_amdahl(made_up *m, const size_t *threads, size_t count)
{
    double times[made_up_points][made_up_rounds];
    for (size_t k = 0; k < count; k++)
        for (size_t r = 0; r < 6; r++)
            times[k][r] = 10 * (0.3 + 0.7 / (double)threads[k]);
    make_up(m, 6, count, threads, times);
}

static void the_serial_share_is_found(void)
{
    made_up m;
    make_up_amdahl(&m, (const size_t[]){ 1, 2, 4, 8, 16 }, 5);
    analysis a = analysis_of(m.points, 5);
    CU_ASSERT_EQUAL(a.amdahl, fitted);
    CU_ASSERT_DOUBLE_EQUAL(a.serial, 0.3, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(a.serial_ci.low, 0.3, 1e-12);
    CU_ASSERT_EQUAL(a.usl, fitted);
    CU_ASSERT_DOUBLE_EQUAL(a.scalability.contention, 0.3, 1e-9);
    analysis_free(&a);
}

static void counts_without_a_core_for_each_thread_do_not_bend_the_law(void)
{
    made_up m;
    make_up_amdahl(&m, (const size_t[]){ 1, 2, 4, 8 }, 4);
    m.points[3].cores = 4;
    for (size_t r = 0; r < 6; r++)
        m.samples[3][r].wall = 100;
    analysis a = analysis_of(m.points, 4);
    CU_ASSERT_EQUAL(a.usable, 3);
    CU_ASSERT_DOUBLE_EQUAL(a.serial, 0.3, 1e-12);
    analysis_free(&a);
}

static void laws_are_refused_where_counts_are_few(void)
{
    made_up m;
    make_up_amdahl(&m, (const size_t[]){ 1, 2, 4, 8 }, 4);
    analysis a = analysis_of(m.points, 4);
    CU_ASSERT_EQUAL(a.amdahl, fitted);
    CU_ASSERT_EQUAL(a.usl, refused_few);
    analysis_free(&a);
    m.points[2].cores = m.points[3].cores = 2; /* two times and two unknowns: no test of a law */
    a = analysis_of(m.points, 4);
    CU_ASSERT_EQUAL(a.usable, 2);
    CU_ASSERT_EQUAL(a.amdahl, refused_few);
    analysis_free(&a);
}

static void laws_are_refused_without_one_thread(void)
{
    made_up m;
    make_up_amdahl(&m, (const size_t[]){ 2, 4, 8 }, 3);
    analysis a = analysis_of(m.points, 3);
    CU_ASSERT_EQUAL(a.amdahl, refused_no_serial);
    CU_ASSERT_EQUAL(a.usl, refused_no_serial);
    CU_ASSERT(isnan(a.result[1].karp_flatt));
    analysis_free(&a);
}

CU_TestInfo analysis_tests[] = {
    { "one_silent_sample_makes_all_of_them_wall_times",
      one_silent_sample_makes_all_of_them_wall_times },
    { "an_interval_holds_its_median", an_interval_holds_its_median },
    { "the_base_is_the_least_thread_count", the_base_is_the_least_thread_count },
    { "speedup_and_efficiency_have_intervals", speedup_and_efficiency_have_intervals },
    { "the_serial_share_has_the_interval_of_the_speedup_upside_down",
      the_serial_share_has_the_interval_of_the_speedup_upside_down },
    { "the_fastest_and_the_last_efficient_count_are_found",
      the_fastest_and_the_last_efficient_count_are_found },
    { "counts_that_chance_may_part_are_tied", counts_that_chance_may_part_are_tied },
    { "the_serial_share_is_found", the_serial_share_is_found },
    { "counts_without_a_core_for_each_thread_do_not_bend_the_law",
      counts_without_a_core_for_each_thread_do_not_bend_the_law },
    { "laws_are_refused_where_counts_are_few", laws_are_refused_where_counts_are_few },
    { "laws_are_refused_without_one_thread", laws_are_refused_without_one_thread },
    CU_TEST_INFO_NULL,
};
