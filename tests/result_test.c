/* result_test.c - jobs that nobody waits for at once.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include <weft.h>

#include "suites.h"
#include "tasks.h"

static void a_timeout_leaves_the_job_going_on(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .ctx = s);
        const int x = 4;
        int y = 0;
        weft_result r;
        CU_ASSERT_EQUAL(weft_pool_apply_async(pool, &r, gated, &x, &y), WEFT_OK);
        CU_ASSERT_EQUAL(weft_result_get(&r, 0), WEFT_TIMEOUT);
        CU_ASSERT_EQUAL(weft_result_get(&r, 0.02), WEFT_TIMEOUT);
        CU_ASSERT(!weft_result_ready(&r) && weft_result_done(&r) == 0);
        weft_event_set(&s->gate);
        CU_ASSERT_EQUAL(weft_result_get(&r, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT(weft_result_ready(&r) && weft_result_done(&r) == 1);
        CU_ASSERT_EQUAL(y, 5);
        CU_ASSERT_EQUAL(weft_result_get(&r, 0), WEFT_OK); /* as often as one likes */
        weft_pool_free(pool);
        stage_free(s);
    }
}

static void results_of_many_jobs_arrive_in_their_places(void)
{
    enum { n = 3000 };
    static weft_result r[n];
    static int y[n];
    for_each_kind(kind)
    {
        int *const x = numbers(n);
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind);
        memset(y, 0xff, sizeof y);
        size_t wrong = 0;
        for (size_t i = 0; i < n; i++)
            wrong += weft_pool_apply_async(pool, &r[i], square, &x[i], &y[i]) != WEFT_OK;
        for (size_t i = n; i-- > 0;)
            wrong += weft_result_get(&r[i], WEFT_FOREVER) != WEFT_OK || y[i] != x[i] * x[i];
        CU_ASSERT_EQUAL(wrong, 0);
        weft_pool_free(pool);
        free(x);
    }
}

static void done_counts_the_items_of_a_map(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 1, .kind = kind, .ctx = s);
        const int x[3] = { 1, 2, 3 };
        int y[3];
        weft_result r;
        weft_pool_map_async(pool, &r, gated, x, 3, y);
        CU_ASSERT_TRUE(comes_to(&s->begun, 1));
        CU_ASSERT_EQUAL(weft_result_done(&r), 0);
        weft_event_set(&s->gate);
        CU_ASSERT_EQUAL(weft_result_get(&r, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT_EQUAL(weft_result_done(&r), 3);
        CU_ASSERT_EQUAL(y[2], 4);
        weft_pool_free(pool);
        stage_free(s);
    }
}

static void cancel_takes_back_what_is_not_begun(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 1, .kind = kind, .ctx = s);
        const int x = 1;
        int y[3] = { 0 };
        weft_result runs, waits, last;
        weft_pool_apply_async(pool, &runs, gated, &x, &y[0]);
        CU_ASSERT_TRUE(comes_to(&s->begun, 1));
        weft_pool_apply_async(pool, &waits, square, &x, &y[1]);
        weft_pool_apply_async(pool, &last, square, &x, &y[2]);
        CU_ASSERT_EQUAL(weft_result_cancel(&waits), WEFT_OK);
        CU_ASSERT_EQUAL(weft_result_get(&waits, 0), WEFT_CANCELLED);
        CU_ASSERT_EQUAL(weft_result_cancel(&waits), WEFT_ESTATE);
        CU_ASSERT_EQUAL(weft_result_cancel(&runs), WEFT_ESTATE);
        ASSERT_TEXT(weft_detail(),
                    "weft_result_cancel: result is of a job that was begun: it takes "
                    "its course");
        weft_event_set(&s->gate);
        CU_ASSERT_EQUAL(weft_result_get(&runs, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT_EQUAL(weft_result_get(&last, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT(y[1] == 0 && y[2] == 1);
        weft_pool_free(pool);
        stage_free(s);
    }
}

static void a_cancelled_map_keeps_what_was_begun(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 1, .kind = kind, .ctx = s);
        enum { n = 50 };
        int *const x = numbers(n), y[n] = { 0 };
        weft_result r;
        weft_pool_map_async(pool, &r, gated, x, n, y);
        CU_ASSERT_TRUE(comes_to(&s->begun, 1));
        CU_ASSERT_EQUAL(weft_result_cancel(&r), WEFT_OK);
        CU_ASSERT_EQUAL(weft_result_get(&r, 0), WEFT_TIMEOUT);
        weft_event_set(&s->gate);
        CU_ASSERT_EQUAL(weft_result_get(&r, WEFT_FOREVER), WEFT_CANCELLED);
        CU_ASSERT_EQUAL(y[0], 1);
        CU_ASSERT_EQUAL(y[n - 1], 0);
        CU_ASSERT_EQUAL(weft_result_done(&r), n);
        weft_pool_free(pool);
        stage_free(s);
        free(x);
    }
}

static void wait_all_waits_for_the_last(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .ctx = s);
        const int x = 3;
        int y[3];
        weft_result r[3];
        weft_pool_apply_async(pool, &r[0], square, &x, &y[0]);
        weft_pool_apply_async(pool, &r[1], gated, &x, &y[1]);
        weft_pool_apply_async(pool, &r[2], picky, &x, &y[2]);
        CU_ASSERT_EQUAL(weft_result_wait_all(r, 3, 0.02), WEFT_TIMEOUT);
        weft_event_set(&s->gate);
        CU_ASSERT_EQUAL(weft_result_wait_all(r, 3, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT_EQUAL(weft_result_get(&r[2], 0), WEFT_EFAILED);
        CU_ASSERT_EQUAL(weft_result_wait_all(r, 0, 0), WEFT_OK);
        weft_pool_free(pool);
        stage_free(s);
    }
}

static void wait_any_returns_with_the_first(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .ctx = s);
        const int x = 3;
        int y[2];
        size_t which = 9;
        weft_result r[2];
        weft_pool_apply_async(pool, &r[0], gated, &x, &y[0]);
        CU_ASSERT_EQUAL(weft_result_wait_any(r, 1, &which, 0.02), WEFT_TIMEOUT);
        weft_pool_apply_async(pool, &r[1], square, &x, &y[1]);
        CU_ASSERT_EQUAL(weft_result_wait_any(r, 2, &which, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT(which == 1 && y[1] == 9);
        weft_event_set(&s->gate);
        CU_ASSERT_EQUAL(weft_result_wait_any(r, 1, &which, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT_EQUAL(which, 0);
        CU_ASSERT_EQUAL(weft_result_wait_any(r, 0, &which, 0), WEFT_EINVAL);
        CU_ASSERT_EQUAL(weft_result_wait_any(r, 1, NULL, 0), WEFT_EINVAL);
        weft_pool_free(pool);
        stage_free(s);
    }
}

static void a_result_outlives_its_pool(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 1, .kind = kind);
        const int x = 13;
        int y[2];
        weft_result good, bad;
        weft_pool_apply_async(pool, &good, square, &x, &y[0]);
        weft_pool_apply_async(pool, &bad, picky, &x, &y[1]);
        weft_pool_free(pool);
        CU_ASSERT_EQUAL(weft_result_get(&good, 0), WEFT_OK);
        CU_ASSERT_EQUAL(y[0], 169);
        CU_ASSERT_EQUAL(weft_result_get(&bad, 0), WEFT_EFAILED);
        ASSERT_TEXT(weft_detail(), "weft_result_get: item 0 of 1 failed: returned 42");
    }
}

static void a_result_that_nobody_filled_is_refused(void)
{
    weft_result r;
    size_t which;
    memset(&r, 0xa5, sizeof r);
    CU_ASSERT_EQUAL(weft_result_get(&r, 0), WEFT_ESTATE);
    ASSERT_TEXT(weft_detail(), "weft_result_get: result is of no job: give it to a pool first");
    CU_ASSERT_EQUAL(weft_result_cancel(&r), WEFT_ESTATE);
    CU_ASSERT_EQUAL(weft_result_wait_all(&r, 1, 0), WEFT_ESTATE);
    CU_ASSERT_EQUAL(weft_result_wait_any(&r, 1, &which, 0), WEFT_ESTATE);
    CU_ASSERT(!weft_result_ready(&r) && weft_result_done(&r) == 0);
}

static void bad_arguments_are_refused_with_a_reason(void)
{
    weft_pool *const pool = weft_pool_new(.workers = 1);
    const int x = 1;
    int y;
    weft_result r;
    weft_pool_apply_async(pool, &r, square, &x, &y);
    CU_ASSERT_EQUAL(weft_result_get(&r, -1), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_result_get: timeout is -1 seconds: it must be 0 or more");
    CU_ASSERT_EQUAL(weft_result_get(&r, NAN), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_result_wait_all(&r, 1, -1), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_result_get(NULL, 0), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_result_get: result is NULL: it must be one");
    CU_ASSERT_EQUAL(weft_result_wait_all(NULL, 1, 0), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_result_cancel(NULL), WEFT_EINVAL);
    CU_ASSERT(!weft_result_ready(NULL) && weft_result_done(NULL) == 0);
    weft_pool_free(pool);
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo result_tests[] = {
    TEST(a_timeout_leaves_the_job_going_on),
    TEST(results_of_many_jobs_arrive_in_their_places),
    TEST(done_counts_the_items_of_a_map),
    TEST(cancel_takes_back_what_is_not_begun),
    TEST(a_cancelled_map_keeps_what_was_begun),
    TEST(wait_all_waits_for_the_last),
    TEST(wait_any_returns_with_the_first),
    TEST(a_result_outlives_its_pool),
    TEST(a_result_that_nobody_filled_is_refused),
    TEST(bad_arguments_are_refused_with_a_reason),
    CU_TEST_INFO_NULL,
};
