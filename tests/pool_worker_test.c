/* pool_worker_test.c - what the workers of a pool are: made, ended, bound, called upon by their own tasks.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <weft.h>

#include "suites.h"
#include "tasks.h"

/* ---- the pool in its tasks ---- */

weft_task(fibonacci, const int *n, long *f)
{
    weft_pool **const pool = weft_task_ctx();
    const int less[2] = { *n - 1, *n - 2 };
    long part[2];
    weft_result r[2];
    if (*n < 2)
        return *f = *n, 0;
    for (int k = 0; k < 2; k++)
        if (weft_pool_apply_async(*pool, &r[k], fibonacci, &less[k], &part[k]))
            return 1;
    for (int k = 0; k < 2; k++)
        if (weft_result_get(&r[k], WEFT_FOREVER))
            return 2;
    return *f = part[0] + part[1], 0;
}

static void a_task_that_waits_for_its_own_pool_helps(void)
{
    for (size_t workers = 1; workers <= 3; workers++) {
        weft_pool *pool = weft_pool_new(.workers = workers, .ctx = &pool);
        const int n = 16;
        long f = 0;
        CU_ASSERT_EQUAL(weft_pool_apply(pool, fibonacci, &n, &f), WEFT_OK);
        CU_ASSERT_EQUAL(f, 987);
        weft_pool_free(pool);
    }
}

weft_task(maps, const int *n, int *sum)
{
    weft_pool **const pool = weft_task_ctx();
    int *const x = numbers((size_t)*n), *const y = calloc((size_t)*n, sizeof *y);
    const size_t index = weft_task_index();
    const weft_status s = weft_pool_map(*pool, square, x, (size_t)*n, y);
    *sum = 0;
    for (int i = 0; i < *n; i++)
        *sum += y[i];
    free(x), free(y);
    return s || weft_task_index() != index;
}

static void maps_may_be_nested(void)
{
    for (size_t workers = 1; workers <= 3; workers++) {
        weft_pool *pool = weft_pool_new(.workers = workers, .ctx = &pool);
        int n[20], sum[20], wrong = 0;
        for (int i = 0; i < 20; i++)
            n[i] = 100;
        CU_ASSERT_EQUAL(weft_pool_map(pool, maps, n, 20, sum), WEFT_OK);
        for (int i = 0; i < 20; i++)
            wrong += sum[i] != 328350;
        CU_ASSERT_EQUAL(wrong, 0);
        weft_pool_free(pool);
    }
}

weft_task(joins, const int *x, int *y)
{
    weft_pool **const pool = weft_task_ctx();
    (void)x;
    weft_pool_close(*pool);
    *y = weft_pool_join(*pool, WEFT_FOREVER);
    return 0;
}

static void a_task_may_not_join_its_own_pool(void)
{
    weft_pool *pool = weft_pool_new(.workers = 1, .ctx = &pool);
    const int x = 0;
    int y = 0;
    CU_ASSERT_EQUAL(weft_pool_apply(pool, joins, &x, &y), WEFT_OK);
    CU_ASSERT_EQUAL(y, WEFT_EDEADLK);
    weft_pool_free(pool);
}

/* ---- workers ---- */

static int begin_worker(void *ctx)
{
    stage *const s = ctx;
    return count(&s->begun), 0;
}

static void end_worker(void *ctx)
{
    stage *const s = ctx;
    count(&s->ended);
}

static void init_and_fini_run_once_on_each_worker(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind, .ctx = s,
                                              .init = begin_worker, .fini = end_worker);
        CU_ASSERT_EQUAL(weft_pool_workers(pool), 3);
        CU_ASSERT(counted(&s->begun) == 3 && counted(&s->ended) == 0);
        weft_pool_free(pool);
        CU_ASSERT(counted(&s->begun) == 3 && counted(&s->ended) == 3);
        stage_free(s);
    }
}

static int init_fails(void *ctx)
{
    stage *const s = ctx;
    return count(&s->begun) == 2 ? 7 : 0;
}

static void there_is_no_pool_where_init_fails(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind, .ctx = s,
                                              .init = init_fails, .fini = end_worker);
        CU_ASSERT_PTR_NULL(pool);
        ASSERT_TEXT(weft_detail(), "weft_pool_new: init returned 7: it must return 0");
        CU_ASSERT_EQUAL(counted(&s->ended), 2);
        stage_free(s);
    }
}

weft_task(counts_threads, const int *x, size_t *y)
{
    (void)x;
    *y = weft_threads();
    return 0;
}

static void workers_share_out_the_cores(void)
{
    const size_t all = weft_machine_limits(weft_machine_this())->threads;
    for_each_kind(kind)
    {
        for (size_t workers = 1; workers <= 4; workers++) {
            weft_pool *const pool = weft_pool_new(.workers = workers, .kind = kind);
            const int x = 0;
            size_t y = 0;
            CU_ASSERT_EQUAL(weft_pool_apply(pool, counts_threads, &x, &y), WEFT_OK);
            CU_ASSERT_EQUAL(y, all / workers ? all / workers : 1);
            weft_pool_free(pool);
        }
    }
}

weft_task(asks_a_program, const int *x, long *y)
{
    FILE *const f = popen("echo $OMP_NUM_THREADS", "re");
    *y = *x;
    return !f || fscanf(f, "%ld", y) != 1 || pclose(f);
}

static void programs_that_a_task_executes_have_the_share_of_its_worker(void)
{
    const size_t all = weft_machine_limits(weft_machine_this())->threads;
    for (size_t workers = 1; workers <= 2; workers++) {
        weft_pool *const pool = weft_pool_new(.workers = workers, .kind = WEFT_PROCESSES);
        const int x = 0;
        long y = 0;
        CU_ASSERT_EQUAL(weft_pool_apply(pool, asks_a_program, &x, &y), WEFT_OK);
        CU_ASSERT_EQUAL((size_t)y, all / workers ? all / workers : 1);
        weft_pool_free(pool);
    }
}

weft_task(counts_cpus, const int *x, size_t *y)
{
    weft_cpus bound;
    (void)x;
    weft_cpus_bound(&bound);
    *y = weft_cpus_count(&bound);
    return 0;
}

static void workers_are_bound_where_the_policy_says(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .place = "compact");
        const int x = 0;
        size_t y = 0;
        CU_ASSERT_EQUAL(weft_pool_apply(pool, counts_cpus, &x, &y), WEFT_OK);
        CU_ASSERT_EQUAL(y, 1);
        weft_pool_free(pool);
    }
    CU_ASSERT_PTR_NULL(weft_pool_new(.place = "nowhere at all"));
}

struct label {
    char text[32];
};

weft_task(tells_its_name, const int *x, struct label *y)
{
    char text[16];
    (void)x;
    pthread_getname_np(pthread_self(), text, sizeof text);
    return snprintf(y->text, sizeof y->text, "%s", text) < 0;
}

static void workers_have_names(void)
{
    struct label name;
    const int x = 0;
    weft_pool *const pool = weft_pool_new(.workers = 1, .name = "label");
    CU_ASSERT_EQUAL(weft_pool_apply(pool, tells_its_name, &x, &name), WEFT_OK);
    ASSERT_TEXT(name.text, "label-0");
    weft_pool_free(pool);
}

static void zero_workers_are_as_many_as_the_machine_allows(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.kind = kind);
        CU_ASSERT_EQUAL(weft_pool_workers(pool), weft_machine_limits(weft_machine_this())->threads);
        weft_pool_free(pool);
    }
}

/* ---- deadlines of threads ---- */

weft_task(waits_for_its_token, const int *x, int *y)
{
    *y = 0;
    return *x ? weft_stop_wait(weft_task_stop(), 20) : 0;
}

static void a_thread_over_its_deadline_is_asked_to_stop_and_has_failed(void)
{
    weft_pool *const pool = weft_pool_new(.workers = 2, .deadline = 0.02);
    int x[100] = { 0 }, y[100];
    weft_failure failed[4];
    size_t count = 0;
    x[7] = x[70] = 1;
    CU_ASSERT_EQUAL(weft_pool_map(pool, waits_for_its_token, x, 100, y, .failed = failed,
                                  .failed_max = 4, .failed_count = &count),
                    WEFT_EDEADLINE);
    CU_ASSERT(count == 2 && failed[0].index == 7 && failed[1].index == 70);
    ASSERT_TEXT(failed[0].reason, "over its deadline of 0.02 s");
    weft_pool_free(pool);
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo pool_worker_tests[] = {
    TEST(a_task_that_waits_for_its_own_pool_helps),
    TEST(maps_may_be_nested),
    TEST(a_task_may_not_join_its_own_pool),
    TEST(init_and_fini_run_once_on_each_worker),
    TEST(there_is_no_pool_where_init_fails),
    TEST(workers_share_out_the_cores),
    TEST(programs_that_a_task_executes_have_the_share_of_its_worker),
    TEST(workers_are_bound_where_the_policy_says),
    TEST(workers_have_names),
    TEST(zero_workers_are_as_many_as_the_machine_allows),
    TEST(a_thread_over_its_deadline_is_asked_to_stop_and_has_failed),
    CU_TEST_INFO_NULL,
};
