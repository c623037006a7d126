/* loop_test.c - weft_for, weft_for_dynamic and weft_each, as statements and under uneven work.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Laws that hold at every size and team are in laws_test.c. */
#include <string.h>

#include <weft.h>

#include "suites.h"

/* Relaxed: the join of the team publishes what was counted. */
static void count(size_t *counter) { __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED); }
static size_t counted(const size_t *counter) { return __atomic_load_n(counter, __ATOMIC_RELAXED); }

static bool all_are(const unsigned char *seen, size_t n, unsigned char wanted)
{
    for (size_t i = 0; i < n; i++)
        if (seen[i] != wanted)
            return false;
    return true;
}

/* ---- the loops as statements ---- */

static void continue_goes_on_with_the_next_index(void)
{
    enum { n = 1000 };
    unsigned char seen[n] = { 0 }, dynamic[n] = { 0 };
    weft_for (i, n) {
        if (i % 3)
            continue;
        seen[i]++;
    }
    weft_for_dynamic (i, n) {
        if (i % 3)
            continue;
        dynamic[i]++;
    }
    for (size_t i = 0; i < n; i++)
        CU_ASSERT(seen[i] == (i % 3 == 0) && dynamic[i] == (i % 3 == 0));
}

/* A chunk is one index, so leaving it is going on with the next. */
static void break_in_a_dynamic_loop_acts_like_continue(void)
{
    enum { n = 1000 };
    unsigned char seen[n] = { 0 };
    weft_for_dynamic (i, n) {
        seen[i]++;
        if (i == 10)
            break;
    }
    CU_ASSERT_TRUE(all_are(seen, n, 1));
}

static void a_loop_is_one_statement(void)
{
    unsigned char seen[3] = { 0 };
    if (seen[0])
        weft_for (i, 3)
            seen[i] = 7;
    else
        weft_for (i, 3)
            seen[i] = 1;
    if (seen[0] == 1)
        weft_for_dynamic (i, 3)
            seen[i]++;
    CU_ASSERT_TRUE(all_are(seen, 3, 2));
}

static size_t evaluations;

static size_t counted_n(void)
{
    evaluations++;
    return 5;
}

static void n_is_evaluated_once(void)
{
    size_t turns = 0;
    evaluations = 0;
    weft_for (i, counted_n())
        count(&turns);
    weft_for_dynamic (i, counted_n())
        count(&turns);
    CU_ASSERT(evaluations == 2 && turns == 10);
}

static void n_may_be_any_expression_of_any_integer_type(void)
{
    const int seven = 7;
    size_t turns = 0;
    weft_for (i, seven > 5 ? seven - 3 : 0)
        count(&turns);
    weft_for_dynamic (i, seven & 3)
        count(&turns);
    CU_ASSERT_EQUAL(turns, 7);
}

static void none_is_no_turn(void)
{
    size_t turns = 0;
    weft_for (i, 0)
        count(&turns);
    weft_for_dynamic (i, 0)
        count(&turns);
    CU_ASSERT_EQUAL(turns, 0);
}

static void loops_nest(void)
{
    enum { n = 30 };
    static unsigned char seen[n][n][n];
    memset(seen, 0, sizeof seen);
    weft_for (i, n)
        weft_for_dynamic (j, n)
            weft_for (k, n)
                seen[i][j][k]++;
    CU_ASSERT_TRUE(all_are(seen[0][0], sizeof seen, 1));
}

static void a_body_sees_its_surroundings(void)
{
    enum { n = 100 };
    struct {
        double y[n];
    } mine, *const s = &mine;
    const double a = 2, x[] = { 1, 2 };
    weft_for (i, n)
        s->y[i] = a * x[i % 2];
    CU_ASSERT(mine.y[0] == 2 && mine.y[99] == 4);
}

/* ---- weft_each ---- */

static weft_range counted_range(void)
{
    evaluations++;
    return (weft_range){ 3, 8 };
}

static void each_is_a_loop_over_a_range(void)
{
    size_t sum = 0;
    evaluations = 0;
    weft_each (i, counted_range()) {
        if (i == 4)
            continue;
        if (i == 7)
            break;
        sum += i;
    }
    CU_ASSERT_EQUAL(sum, 3 + 5 + 6);
    CU_ASSERT_EQUAL(evaluations, 1);
}

static void each_of_an_empty_range_is_no_turn(void)
{
    size_t turns = 0;
    weft_range empty[] = { { 0, 0 }, { 5, 5 }, { SIZE_MAX, SIZE_MAX }, { 5, 3 } };
    for (size_t k = 0; k < COUNT(empty); k++)
        weft_each (i, empty[k])
            turns++;
    CU_ASSERT_EQUAL(turns, 0);
}

/* ---- uneven work ---- */

/* Returns when everybody else's indices are done, or after ten seconds. */
static void wait_for(const size_t *done, size_t all)
{
    const double start = weft_now();
    while (counted(done) < all && weft_now() - start < 10)
        ;
}

/* Index 0 goes on until all others are done: the part of the thread that has it is taken by others. */
static void a_long_iteration_does_not_hold_up_its_neighbours(void)
{
    enum { n = 1000 };
    unsigned char seen[n] = { 0 };
    size_t done = 0, done_before_0 = 0;
    weft_with_threads (2)
        weft_for_dynamic (i, n) {
            seen[i]++;
            if (i == 0) {
                wait_for(&done, n - 1);
                done_before_0 = counted(&done);
            } else {
                count(&done);
            }
        }
    CU_ASSERT_EQUAL(done_before_0, n - 1);
    CU_ASSERT_TRUE(all_are(seen, n, 1));
}

static void each_index_runs_once_in_a_storm_of_uneven_work(void)
{
    enum { most = 3000, rounds = 300 };
    static unsigned char seen[most];
    static double sink[most];
    uint64_t seed = 1;
    for (size_t round = 0; round < rounds; round++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        const size_t n = seed >> 33 & 2047, threads = 1 + (seed >> 50) % 6;
        const uint64_t salt = seed;
        memset(seen, 0, n);
        weft_with_threads (threads)
            weft_for_dynamic (i, n) {
                const uint64_t work = (i * 0x9e3779b97f4a7c15u ^ salt) >> 32;
                for (size_t k = 0; k < (work % 50 == 0 ? 3000 : work % 20); k++)
                    sink[i] += (double)k;
                seen[i]++;
            }
        CU_ASSERT_TRUE(all_are(seen, n, 1));
    }
}

CU_TestInfo loop_tests[] = {
    { "continue_goes_on_with_the_next_index", continue_goes_on_with_the_next_index },
    { "break_in_a_dynamic_loop_acts_like_continue", break_in_a_dynamic_loop_acts_like_continue },
    { "a_loop_is_one_statement", a_loop_is_one_statement },
    { "n_is_evaluated_once", n_is_evaluated_once },
    { "n_may_be_any_expression_of_any_integer_type", n_may_be_any_expression_of_any_integer_type },
    { "none_is_no_turn", none_is_no_turn },
    { "loops_nest", loops_nest },
    { "a_body_sees_its_surroundings", a_body_sees_its_surroundings },
    { "each_is_a_loop_over_a_range", each_is_a_loop_over_a_range },
    { "each_of_an_empty_range_is_no_turn", each_of_an_empty_range_is_no_turn },
    { "a_long_iteration_does_not_hold_up_its_neighbours",
      a_long_iteration_does_not_hold_up_its_neighbours },
    { "each_index_runs_once_in_a_storm_of_uneven_work",
      each_index_runs_once_in_a_storm_of_uneven_work },
    CU_TEST_INFO_NULL,
};
