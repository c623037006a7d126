/* pool_end_test.c - pools that are closed, terminated, shared by many threads, or misused.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "suites.h"
#include "tasks.h"

/* ---- the end ---- */

static void free_finishes_what_was_submitted(void)
{
    enum { n = 2000 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
        int *const x = numbers(n), *const y = calloc(n, sizeof *y);
        weft_result r;
        size_t wrong = 0;
        weft_pool_map_async(pool, &r, square, x, n, y);
        weft_pool_free(pool);
        CU_ASSERT_EQUAL(weft_result_get(&r, 0), WEFT_OK);
        for (size_t i = 0; i < n; i++)
            wrong += y[i] != x[i] * x[i];
        CU_ASSERT_EQUAL(wrong, 0);
        free(x), free(y);
    }
    weft_pool_free(NULL);
}

static void a_closed_pool_takes_no_more_and_finishes_the_rest(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 1, .kind = kind, .ctx = s);
        const int x = 2;
        int y[2] = { 0 };
        weft_result r, late;
        weft_pool_apply_async(pool, &r, gated, &x, &y[0]);
        CU_ASSERT_EQUAL(weft_pool_join(pool, 0), WEFT_ESTATE);
        ASSERT_TEXT(weft_detail(), "weft_pool_join: pool is open: close or terminate it first");
        CU_ASSERT_EQUAL(weft_pool_close(pool), WEFT_OK);
        CU_ASSERT_EQUAL(weft_pool_close(pool), WEFT_OK);
        CU_ASSERT_EQUAL(weft_pool_apply(pool, square, &x, &y[1]), WEFT_CLOSED);
        ASSERT_TEXT(weft_detail(), "weft_pool_map: pool is closed: it takes no more jobs");
        CU_ASSERT_EQUAL(weft_pool_map(pool, square, NULL, 0, NULL), WEFT_CLOSED);
        CU_ASSERT_EQUAL(weft_pool_apply_async(pool, &late, square, &x, &y[1]), WEFT_CLOSED);
        CU_ASSERT_EQUAL(weft_result_get(&late, 0), WEFT_ESTATE);
        CU_ASSERT_EQUAL(weft_pool_join(pool, 0.02), WEFT_TIMEOUT);
        weft_event_set(&s->gate);
        CU_ASSERT_EQUAL(weft_pool_join(pool, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT(y[0] == 3 && y[1] == 0);
        weft_pool_free(pool);
        stage_free(s);
    }
}

weft_task(until_stopped, const int *x, int *y)
{
    stage *const s = weft_task_ctx();
    count(&s->begun);
    *y = *x;
    return weft_stop_wait(weft_task_stop(), 20) != WEFT_OK;
}

static void terminate_takes_back_and_asks_to_stop(void)
{
    for (int timed = 0; timed < 2; timed++) {
        stage *const s = stage_new();
        weft_pool *const pool =
            weft_pool_new(.workers = 2, .ctx = s, .deadline = timed ? 1000.0 : 0);
        int *const x = numbers(100), y[100];
        weft_result r;
        weft_pool_map_async(pool, &r, until_stopped, x, 100, y);
        CU_ASSERT_TRUE(comes_to(&s->begun, 2));
        CU_ASSERT_EQUAL(weft_pool_terminate(pool), WEFT_OK);
        CU_ASSERT_EQUAL(weft_pool_join(pool, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT_EQUAL(weft_result_get(&r, 0), WEFT_CANCELLED);
        CU_ASSERT_EQUAL(counted(&s->begun), 2);
        weft_pool_free(pool);
        stage_free(s);
        free(x);
    }
}

/* ---- many at once ---- */

typedef struct submitters {
    weft_pool *pool;
    size_t wrong; /* atomic */
} submitters;

static void submit(size_t self, void *ctx)
{
    enum { n = 500 };
    submitters *const u = ctx;
    int x[n], y[n];
    static _Thread_local weft_result r[n];
    size_t wrong = 0;
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < n; i++) {
            x[i] = (int)self * n + i;
            wrong += weft_pool_apply_async(u->pool, &r[i], square, &x[i], &y[i]) != WEFT_OK;
        }
        for (int i = 0; i < n; i += 7)
            (void)weft_result_cancel(&r[i]);
        for (int i = 0; i < n; i++) {
            const weft_status s = weft_result_get(&r[i], WEFT_FOREVER);
            wrong += s == WEFT_OK ? y[i] != x[i] * x[i] : s != WEFT_CANCELLED || i % 7;
        }
        wrong +=
            weft_pool_map(u->pool, square, x, n, y) != WEFT_OK || y[n - 1] != x[n - 1] * x[n - 1];
    }
    __atomic_fetch_add(&u->wrong, wrong, __ATOMIC_RELAXED);
}

static void many_threads_may_submit_wait_and_cancel(void)
{
    for_each_kind(kind)
    {
        submitters u = { .pool = weft_pool_new(.workers = 3, .kind = kind) };
        crew_run(4, submit, &u);
        CU_ASSERT_EQUAL(u.wrong, 0);
        weft_pool_free(u.pool);
    }
}

/* ---- misuse ---- */

static void absurd_pools_are_refused_with_a_reason(void)
{
    CU_ASSERT_PTR_NULL(weft_pool_new(.workers = 1025));
    ASSERT_TEXT(weft_detail(), "weft_pool_new: workers is 1025: it must be at most 1024");
    CU_ASSERT_PTR_NULL(weft_pool_new(.kind = (weft_pool_kind)2));
    ASSERT_TEXT(weft_detail(), "weft_pool_new: kind is 2: it must be one of weft_pool_kind");
    CU_ASSERT_PTR_NULL(weft_pool_new(.deadline = -0.5));
    ASSERT_TEXT(weft_detail(), "weft_pool_new: deadline is -0.5 seconds: it must be 0 or more");
    CU_ASSERT_PTR_NULL(weft_pool_new(.deadline = NAN));
    CU_ASSERT_PTR_NULL(weft_pool_new(.max_tasks = 3));
    ASSERT_TEXT(weft_detail(), "weft_pool_new: max_tasks is 3: only processes are replaced");
    weft_pool *const pool = weft_pool_new_opts(NULL);
    CU_ASSERT_PTR_NOT_NULL(pool);
    weft_pool_free(pool);
}

static void bad_arguments_are_refused_with_a_reason(void)
{
    weft_pool *const pool = weft_pool_new(.workers = 1);
    const int x = 1;
    int y;
    CU_ASSERT_EQUAL(weft_pool_map(NULL, square, &x, 1, &y), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_pool_map: pool is NULL: it must be one");
    CU_ASSERT_EQUAL(weft_pool_map(pool, NULL, &x, 1, &y), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_pool_map: task is NULL: it must be one");
    CU_ASSERT_EQUAL(weft_pool_map(pool, square, NULL, 3, &y), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_pool_map: in is NULL with n = 3: it must point to n inputs");
    CU_ASSERT_EQUAL(weft_pool_map(pool, square, &x, 1, &y, .failed_max = 2), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_pool_close(NULL), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_pool_terminate(NULL), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_pool_join(NULL, 0), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_pool_join(pool, -1), WEFT_EINVAL);
    ASSERT_TEXT(PANIC_OF(weft_pool_workers(NULL)),
                "weft_pool_workers: pool is NULL: it must be one");
    weft_pool_free(pool);
}

static void a_forked_child_is_told_that_the_pool_is_not_its_own(void)
{
    weft_pool *const pool = weft_pool_new(.workers = 1);
    const int x = 1;
    int y, status;
    const pid_t child = fork();
    if (child == 0)
        _exit(weft_pool_apply(pool, square, &x, &y) == WEFT_ESTATE ? 0 : 1);
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    CU_ASSERT_EQUAL(status, 0);
    CU_ASSERT_EQUAL(weft_pool_apply(pool, square, &x, &y), WEFT_OK);
    weft_pool_free(pool);
}

static void every_failed_allocation_is_reported(void)
{
    weft_pool_free(weft_pool_new(.workers = 2, .name = "first")); /* records that threads keep */
    for (size_t n = 0;; n++) {
        fault_begin(n);
        weft_pool *const pool =
            weft_pool_new(.workers = 2, .name = "short", .place = "none", .deadline = 1);
        if (!fault_end()) {
            CU_ASSERT_PTR_NOT_NULL(pool);
            weft_pool_free(pool);
            break;
        }
        weft_pool_free(pool);
    }
    weft_pool *const pool = weft_pool_new(.workers = 1);
    const int x = 1;
    int y;
    fault_begin(0);
    CU_ASSERT_EQUAL(weft_pool_apply_async(pool, NULL, square, &x, &y), WEFT_ENOMEM);
    CU_ASSERT_TRUE(fault_end());
    fault_begin(1);
    CU_ASSERT_EQUAL(weft_pool_apply_async(pool, NULL, square, &x, &y), WEFT_ENOMEM);
    CU_ASSERT_TRUE(fault_end());
    weft_pool_free(pool);
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo pool_end_tests[] = {
    TEST(free_finishes_what_was_submitted),
    TEST(a_closed_pool_takes_no_more_and_finishes_the_rest),
    TEST(terminate_takes_back_and_asks_to_stop),
    TEST(many_threads_may_submit_wait_and_cancel),
    TEST(absurd_pools_are_refused_with_a_reason),
    TEST(bad_arguments_are_refused_with_a_reason),
    TEST(a_forked_child_is_told_that_the_pool_is_not_its_own),
    TEST(every_failed_allocation_is_reported),
    CU_TEST_INFO_NULL,
};
