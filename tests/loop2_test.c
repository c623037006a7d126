/* loop2_test.c - weft_for2: every pair once, in tiles, as a statement.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What the compiler refuses is in loop_compile_test.c. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "suites.h"

/* Relaxed: the join of the team publishes what was counted. */
static void count(size_t *counter) { __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED); }

static bool all_are(const unsigned char *seen, size_t n, unsigned char wanted)
{
    for (size_t i = 0; i < n; i++)
        if (seen[i] != wanted)
            return false;
    return true;
}

/* As loop.h says. */
enum { high = 16, wide = 32 };

/* ---- which pairs ---- */

static void each_pair_runs_once(size_t ni, size_t nj, size_t r, size_t c)
{
    unsigned char *const seen = calloc(ni * nj + 1, 1);
    size_t outside = 0;
    weft_for2 (i, ni, j, nj, .rows = r, .columns = c) {
        if (i >= ni || j >= nj)
            count(&outside);
        else
            seen[i * nj + j]++;
    }
    CU_ASSERT_EQUAL(outside, 0);
    CU_ASSERT_TRUE(all_are(seen, ni * nj, 1));
    free(seen);
}

static void each_pair_runs_once_at_every_size_and_team(void)
{
    static const size_t sizes[] = {
        0, 1, 2, high - 1, high, high + 1, wide - 1, wide + 1, 100, 501
    };
    for (size_t threads = 1; threads <= 16; threads += threads < 3 ? 1 : threads)
        weft_with_threads (threads)
            for (size_t a = 0; a < COUNT(sizes); a++)
                for (size_t b = 0; b < COUNT(sizes); b++)
                    each_pair_runs_once(sizes[a], sizes[b], 0, 0);
}

static void each_pair_runs_once_in_tiles_of_every_shape(void)
{
    static const size_t shapes[] = { 0, 1, 2, 7, 64, 1000, SIZE_MAX };
    for (size_t a = 0; a < COUNT(shapes); a++)
        for (size_t b = 0; b < COUNT(shapes); b++) {
            each_pair_runs_once(70, 90, shapes[a], shapes[b]);
            each_pair_runs_once(1, 400, shapes[a], shapes[b]);
            each_pair_runs_once(400, 1, shapes[a], shapes[b]);
        }
}

static void a_long_thin_plane_is_cut_too(void)
{
    size_t turns = 0;
    weft_for2 (i, 1, j, 3000000)
        if (j % 1000000 == 7)
            count(&turns);
    weft_for2 (i, 3000000, j, 1)
        if (i % 1000000 == 7)
            count(&turns);
    CU_ASSERT_EQUAL(turns, 6);
}

/* ---- the order within a thread ---- */

struct walk {
    size_t i, j, turns, jumps;
};

/* On one thread: rows of a tile from left to right, and so often is a row left. */
static void a_tile_is_walked_row_by_row(void)
{
    struct walk w = { .turns = 0 };
    weft_with_threads (1)
        weft_for2 (i, 40, j, 100, .rows = 10, .columns = 25) {
            if (w.turns++ && (i != w.i || j != w.j + 1))
                w.jumps++;
            w.i = i, w.j = j;
        }
    CU_ASSERT_EQUAL(w.turns, 4000);
    CU_ASSERT_EQUAL(w.jumps, 4 * 40 - 1);
}

static void tiles_are_as_large_as_is_written(void)
{
    size_t order[64][64], turns = 0;
    weft_with_threads (1)
        weft_for2 (i, 64, j, 64)
            order[i][j] = turns++;
    CU_ASSERT_EQUAL(order[0][wide - 1], wide - 1);
    CU_ASSERT_EQUAL(order[1][0], wide);
    CU_ASSERT_EQUAL(order[high - 1][wide - 1], high * wide - 1);
    CU_ASSERT_EQUAL(order[0][wide], high * wide); /* the tile beside it is next */
    CU_ASSERT_EQUAL(order[high][0], 2 * high * wide);
}

/* ---- as a statement ---- */

static void continue_goes_on_with_the_next_pair(void)
{
    enum { n = 100 };
    static unsigned char seen[n][n];
    memset(seen, 0, sizeof seen);
    weft_for2 (i, n, j, n) {
        if ((i + j) % 3)
            continue;
        seen[i][j]++;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            CU_ASSERT(seen[i][j] == ((i + j) % 3 == 0));
}

static void break_acts_like_continue(void)
{
    enum { n = 100 };
    static unsigned char seen[n][n];
    memset(seen, 0, sizeof seen);
    weft_for2 (i, n, j, n) {
        seen[i][j]++;
        if (i == j)
            break;
    }
    CU_ASSERT_TRUE(all_are(seen[0], sizeof seen, 1));
}

static void a_loop_is_one_statement(void)
{
    unsigned char seen[2][3] = { { 0 } };
    if (seen[0][0])
        weft_for2 (i, 2, j, 3)
            seen[i][j] = 7;
    else
        weft_for2 (i, 2, j, 3)
            seen[i][j] = 1;
    CU_ASSERT_TRUE(all_are(seen[0], sizeof seen, 1));
}

static size_t evaluations;

static int counted_n(void)
{
    evaluations++;
    return 5;
}

static void arguments_are_evaluated_once(void)
{
    size_t turns = 0;
    evaluations = 0;
    weft_for2 (i, counted_n(), j, counted_n() + 1, .rows = (size_t)counted_n())
        count(&turns);
    CU_ASSERT(evaluations == 3 && turns == 30);
}

/* Names that the macro may have of its own. */
static void indices_may_have_any_name(void)
{
    size_t turns = 0;
    weft_for2 (begin, 3, end, 4)
        count(&turns);
    weft_for2 (rows, 3, columns, 4)
        count(&turns);
    weft_for2 (down, 3, along, 4)
        count(&turns);
    weft_for2 (w, 3, t, 4)
        count(&turns);
    CU_ASSERT_EQUAL(turns, 48);
}

static void loops_nest(void)
{
    enum { n = 12 };
    static unsigned char seen[n][n][n][n];
    memset(seen, 0, sizeof seen);
    weft_for2 (i, n, j, n)
        weft_for2 (k, n, l, n)
            seen[i][j][k][l]++;
    CU_ASSERT_TRUE(all_are(seen[0][0][0], sizeof seen, 1));
    weft_for (i, n)
        weft_for2 (j, n, k, n)
            weft_for (l, n)
                seen[i][j][k][l]++;
    CU_ASSERT_TRUE(all_are(seen[0][0][0], sizeof seen, 2));
}

static void a_loop_inside_a_region_stays_on_its_thread(void)
{
    enum { n = 4 };
    size_t elsewhere = 0;
    weft_with_threads (2)
        weft_for (k, n) {
            const pid_t me = gettid();
            weft_for2 (i, 50, j, 50)
                if (gettid() != me)
                    count(&elsewhere);
        }
    CU_ASSERT_EQUAL(elsewhere, 0);
}

/* ---- who runs them ---- */

/* A few pairs are enough for a team when each takes long. */
static void a_small_plane_is_shared_out(void)
{
    size_t here = 0;
    bool both = false;
    const pid_t me = gettid();
    weft_with_threads (2)
        weft_for2 (i, 2, j, 4) {
            const double start = weft_now();
            /* relaxed: nothing else is published by it */
            if (gettid() != me)
                __atomic_store_n(&both, true, __ATOMIC_RELAXED);
            else
                count(&here);
            while (!__atomic_load_n(&both, __ATOMIC_RELAXED) && weft_now() - start < 10)
                ;
        }
    CU_ASSERT_TRUE(both);
    CU_ASSERT_TRUE(here < 8);
}

static void no_memory_runs_each_pair_once(void)
{
    enum { n = 100 };
    static unsigned char seen[n][n];
    bool failed = true;
    for (size_t k = 0; failed; k++) {
        memset(seen, 0, sizeof seen);
        fault_begin(k);
        weft_for2 (i, n, j, n)
            seen[i][j]++;
        failed = fault_end();
        CU_ASSERT_TRUE(all_are(seen[0], sizeof seen, 1));
    }
}

/* ---- what is too much ---- */

static void a_plane_without_pairs_may_be_of_any_length(void)
{
    size_t turns = 0;
    weft_for2 (i, SIZE_MAX, j, 0)
        count(&turns);
    weft_for2 (i, 0, j, SIZE_MAX)
        count(&turns);
    CU_ASSERT_EQUAL(turns, 0);
}

static void endless_loop(void)
{
    weft_for2 (i, SIZE_MAX, j, SIZE_MAX, .rows = 1)
        __asm__ volatile("");
}

static void more_tiles_than_there_are_numbers_panic(void)
{
    ASSERT_TEXT(PANIC_OF(endless_loop()),
                "weft_for2: ni is 18446744073709551615 and nj is 18446744073709551615: that is "
                "more than SIZE_MAX tiles");
}

CU_TestInfo loop2_tests[] = {
    { "each_pair_runs_once_at_every_size_and_team", each_pair_runs_once_at_every_size_and_team },
    { "each_pair_runs_once_in_tiles_of_every_shape", each_pair_runs_once_in_tiles_of_every_shape },
    { "a_long_thin_plane_is_cut_too", a_long_thin_plane_is_cut_too },
    { "a_tile_is_walked_row_by_row", a_tile_is_walked_row_by_row },
    { "tiles_are_as_large_as_is_written", tiles_are_as_large_as_is_written },
    { "continue_goes_on_with_the_next_pair", continue_goes_on_with_the_next_pair },
    { "break_acts_like_continue", break_acts_like_continue },
    { "a_loop_is_one_statement", a_loop_is_one_statement },
    { "arguments_are_evaluated_once", arguments_are_evaluated_once },
    { "indices_may_have_any_name", indices_may_have_any_name },
    { "loops_nest", loops_nest },
    { "a_loop_inside_a_region_stays_on_its_thread", a_loop_inside_a_region_stays_on_its_thread },
    { "a_small_plane_is_shared_out", a_small_plane_is_shared_out },
    { "no_memory_runs_each_pair_once", no_memory_runs_each_pair_once },
    { "a_plane_without_pairs_may_be_of_any_length", a_plane_without_pairs_may_be_of_any_length },
    { "more_tiles_than_there_are_numbers_panic", more_tiles_than_there_are_numbers_panic },
    CU_TEST_INFO_NULL,
};
