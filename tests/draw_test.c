/* draw_test.c - random orders that a seed decides.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "draw.h"

#include <math.h>
#include <string.h>

#include "suites.h"

enum { runs_most = 40 };

static void a_shuffle_is_a_permutation(void)
{
    uint64_t state = 42;
    for (size_t n = 0; n <= runs_most; n++) {
        size_t order[runs_most], times[runs_most] = { 0 };
        draw_shuffle(order, n, &state);
        for (size_t k = 0; k < n; k++)
            times[order[k]]++;
        for (size_t k = 0; k < n; k++)
            CU_ASSERT_EQUAL(times[k], 1);
    }
}

static void a_seed_decides_the_order(void)
{
    size_t a[runs_most], b[runs_most], c[runs_most];
    uint64_t one = 1, again = 1, two = 2;
    draw_shuffle(a, runs_most, &one);
    draw_shuffle(b, runs_most, &again);
    draw_shuffle(c, runs_most, &two);
    CU_ASSERT_EQUAL(memcmp(a, b, sizeof a), 0);
    CU_ASSERT_NOT_EQUAL(memcmp(a, c, sizeof a), 0);
}

static void rounds_differ_in_their_order(void)
{
    size_t a[runs_most], b[runs_most];
    uint64_t state = 1;
    draw_shuffle(a, runs_most, &state);
    draw_shuffle(b, runs_most, &state);
    CU_ASSERT_NOT_EQUAL(memcmp(a, b, sizeof a), 0);
}

/* Chi-squared of 6000 draws over the 6 orders of 3: below 20.5 in 999 of 1000 seeds. */
static void all_orders_are_equally_likely(void)
{
    enum { draws = 6000 };
    size_t times[27] = { 0 };
    uint64_t state = 7;
    for (size_t k = 0; k < draws; k++) {
        size_t o[3];
        draw_shuffle(o, 3, &state);
        times[9 * o[0] + 3 * o[1] + o[2]]++;
    }
    double chi = 0;
    for (size_t k = 0; k < 27; k++)
        if (times[k])
            chi += pow((double)times[k] - draws / 6, 2) / (draws / 6);
    CU_ASSERT(chi < 20.5);
}

/* The first numbers of splitmix64 with seed 1234567, as its authors' code prints them. */
static void the_numbers_are_those_of_splitmix64(void)
{
    uint64_t state = 1234567;
    CU_ASSERT_EQUAL(draw_next(&state), 6457827717110365317u);
    CU_ASSERT_EQUAL(draw_next(&state), 3203168211198807973u);
    CU_ASSERT_EQUAL(draw_next(&state), 9817491932198370423u);
}

CU_TestInfo draw_tests[] = {
    { "a_shuffle_is_a_permutation", a_shuffle_is_a_permutation },
    { "a_seed_decides_the_order", a_seed_decides_the_order },
    { "rounds_differ_in_their_order", rounds_differ_in_their_order },
    { "all_orders_are_equally_likely", all_orders_are_equally_likely },
    { "the_numbers_are_those_of_splitmix64", the_numbers_are_those_of_splitmix64 },
    CU_TEST_INFO_NULL,
};
