/* pool_test.c - what a pool promises of its jobs, whatever its workers are.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What costs a process its life is in pool_death_test.c. */
#include <stdio.h>
#include <string.h>

#include <weft.h>

#include "suites.h"
#include "tasks.h"

/* ---- map and apply ---- */

static void map_gives_results_in_the_order_of_the_inputs(void)
{
    static const size_t sizes[] = { 1, 2, 3, 10, 1000, 100003 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind);
        for (size_t k = 0; k < COUNT(sizes); k++) {
            const size_t n = sizes[k];
            int *const x = numbers(n), *const y = calloc(n, sizeof *y);
            size_t wrong = 0;
            CU_ASSERT_EQUAL(weft_pool_map(pool, square, x, n, y), WEFT_OK);
            for (size_t i = 0; i < n; i++)
                wrong += y[i] != x[i] * x[i];
            CU_ASSERT_EQUAL(wrong, 0);
            free(x), free(y);
        }
        weft_pool_free(pool);
    }
}

static void apply_runs_one_item(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
        const int x = 12;
        int y = 0;
        CU_ASSERT_EQUAL(weft_pool_apply(pool, square, &x, &y), WEFT_OK);
        CU_ASSERT_EQUAL(y, 144);
        weft_pool_free(pool);
    }
}

weft_task(tells_whether_it_has_an_output, const int *x, int *y)
{
    stage *const s = weft_task_ctx();
    (void)x;
    count(y ? &s->begun : &s->ended);
    return 0;
}

static void an_output_may_be_left_out(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .ctx = s);
        int *const x = numbers(100);
        CU_ASSERT_EQUAL(weft_pool_map(pool, tells_whether_it_has_an_output, x, 100, NULL), WEFT_OK);
        CU_ASSERT(counted(&s->begun) == 0 && counted(&s->ended) == 100);
        weft_pool_free(pool);
        stage_free(s);
        free(x);
    }
}

static void a_map_of_nothing_is_done_at_once(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 1, .kind = kind);
        size_t failed = 7;
        weft_result r;
        CU_ASSERT_EQUAL(weft_pool_map(pool, square, NULL, 0, NULL, .failed_count = &failed),
                        WEFT_OK);
        CU_ASSERT_EQUAL(failed, 0);
        CU_ASSERT_EQUAL(weft_pool_map_async(pool, &r, square, NULL, 0, NULL), WEFT_OK);
        CU_ASSERT_EQUAL(weft_result_get(&r, 0), WEFT_OK);
        CU_ASSERT_EQUAL(weft_pool_map_async(pool, NULL, square, NULL, 0, NULL), WEFT_OK);
        weft_pool_free(pool);
    }
}

typedef struct large {
    double numbers[3000];
} large;

weft_task(double_all, const large *x, large *y)
{
    for (size_t i = 0; i < COUNT(x->numbers); i++)
        y->numbers[i] = 2 * x->numbers[i];
    return 0;
}

static void items_may_be_large(void)
{
    enum { n = 40 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
        large *const x = calloc(n, sizeof *x), *const y = calloc(n, sizeof *y);
        size_t wrong = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < COUNT(x->numbers); k++)
                x[i].numbers[k] = (double)(1000 * i + k);
        CU_ASSERT_EQUAL(weft_pool_map(pool, double_all, x, n, y), WEFT_OK);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < COUNT(x->numbers); k++)
                wrong += y[i].numbers[k] != 2 * x[i].numbers[k];
        CU_ASSERT_EQUAL(wrong, 0);
        weft_pool_free(pool);
        free(x), free(y);
    }
}

weft_task(knows_itself, const int *x, size_t *y)
{
    const stage *const s = weft_task_ctx();
    (void)s;
    *y = weft_task_index() == (size_t)*x && weft_task_worker() < 3 ? weft_task_worker() : 99;
    return weft_stop_is_set(weft_task_stop());
}

static void a_task_knows_its_index_and_its_worker(void)
{
    enum { n = 20000 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind);
        int *const x = numbers(n);
        size_t *const y = calloc(n, sizeof *y), wrong = 0;
        CU_ASSERT_EQUAL(weft_pool_map(pool, knows_itself, x, n, y), WEFT_OK);
        for (size_t i = 0; i < n; i++)
            wrong += y[i] > 2;
        CU_ASSERT_EQUAL(wrong, 0);
        weft_pool_free(pool);
        free(x), free(y);
    }
    CU_ASSERT(!weft_task_ctx() && weft_task_worker() == 0 && weft_task_index() == 0);
    CU_ASSERT_FALSE(weft_stop_is_set(weft_task_stop()));
}

/* ---- failures ---- */

static void a_failed_item_costs_itself_only(void)
{
    enum { n = 1000 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind);
        int *const x = numbers(n), *const y = calloc(n, sizeof *y);
        weft_failure failed[n];
        size_t count = 0, wrong = 0;
        CU_ASSERT_EQUAL(weft_pool_map(pool, picky, x, n, y, .failed = failed, .failed_max = n,
                                      .failed_count = &count),
                        WEFT_EFAILED);
        ASSERT_TEXT(weft_detail(), "weft_result_get: item 3 of 1000 failed: returned 42");
        CU_ASSERT_EQUAL(count, n / 10);
        for (size_t k = 0; k < count; k++) {
            wrong += failed[k].index != 10 * k + 3 || failed[k].code != 42;
            wrong += failed[k].status != WEFT_EFAILED || strcmp(failed[k].reason, "returned 42");
        }
        for (size_t i = 0; i < n; i++)
            wrong += i % 10 != 3 && y[i] != x[i] + 1;
        CU_ASSERT_EQUAL(wrong, 0);
        weft_pool_free(pool);
        free(x), free(y);
    }
}

static void the_first_failures_are_kept_and_all_are_counted(void)
{
    enum { n = 5000, most = 7 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind);
        int *const x = numbers(n), *const y = calloc(n, sizeof *y);
        weft_failure failed[most + 1] = { [most] = { .index = 77 } };
        size_t count = 0, wrong = 0;
        weft_pool_map(pool, picky, x, n, y, .failed = failed, .failed_max = most,
                      .failed_count = &count);
        for (size_t k = 0; k < most; k++)
            wrong += failed[k].index != 10 * k + 3;
        CU_ASSERT(count == n / 10 && wrong == 0 && failed[most].index == 77);
        CU_ASSERT_EQUAL(weft_pool_map(pool, picky, x, n, y, .failed_count = &count), WEFT_EFAILED);
        CU_ASSERT_EQUAL(count, n / 10);
        weft_pool_free(pool);
        free(x), free(y);
    }
}

/* Fails so many times, then no more. */
weft_task(fails_at_first, const int *times, int *attempt)
{
    stage *const s = weft_task_ctx();
    int *const attempts = &s->attempts[weft_task_index()];
    *attempt = __atomic_add_fetch(attempts, 1, __ATOMIC_RELAXED);
    return *attempt <= *times ? *attempt : 0;
}

static void a_failed_item_is_run_again_as_often_as_asked(void)
{
    enum { n = 40 };
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .ctx = s, .retries = 2);
        int times[n], attempt[n] = { 0 };
        weft_failure failed[n];
        size_t count = 0, wrong = 0;
        for (int i = 0; i < n; i++)
            times[i] = i % 4;
        CU_ASSERT_EQUAL(weft_pool_map(pool, fails_at_first, times, n, attempt, .failed = failed,
                                      .failed_max = n, .failed_count = &count),
                        WEFT_EFAILED);
        CU_ASSERT_EQUAL(count, n / 4);
        for (size_t k = 0; k < count; k++)
            wrong += failed[k].index != 4 * k + 3 || strcmp(failed[k].reason, "returned 3");
        for (int i = 0; i < n; i++)
            wrong += times[i] < 3 && attempt[i] != times[i] + 1;
        for (int i = 0; i < n; i++)
            wrong += s->attempts[i] != (times[i] < 3 ? times[i] + 1 : 3);
        CU_ASSERT_EQUAL(wrong, 0);
        weft_pool_free(pool);
        stage_free(s);
    }
}

/* ---- stop, progress, callbacks ---- */

static void a_stop_token_ends_a_map_early(void)
{
    enum { n = 1000 };
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .ctx = s);
        int *const x = numbers(n), *const y = calloc(n, sizeof *y);
        weft_stop stop = { 0 };
        weft_result r;
        weft_pool_map_async(pool, &r, gated, x, n, y, .stop = &stop);
        CU_ASSERT_TRUE(comes_to(&s->begun, 2));
        weft_stop_set(&stop);
        weft_event_set(&s->gate);
        CU_ASSERT_EQUAL(weft_result_get(&r, WEFT_FOREVER), WEFT_CANCELLED);
        CU_ASSERT(counted(&s->begun) < n);
        CU_ASSERT_EQUAL(weft_pool_map(pool, square, x, n, y, .stop = &stop), WEFT_CANCELLED);
        CU_ASSERT_EQUAL(weft_pool_map(pool, square, x, n, y), WEFT_OK);
        weft_pool_free(pool);
        stage_free(s);
        free(x), free(y);
    }
}

typedef struct watched {
    size_t done, failed, total, calls, backwards;
    bool last;
} watched;

static void watch(const weft_progress *p, void *ctx)
{
    watched *const w = ctx;
    w->backwards += p->done < w->done || w->last;
    w->done = p->done, w->failed = p->failed, w->total = p->total, w->last = p->last;
    w->calls++;
}

static void progress_ends_with_every_item(void)
{
    enum { n = 5000 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind);
        int *const x = numbers(n), *const y = calloc(n, sizeof *y);
        watched w = { 0 };
        weft_pool_map(pool, picky, x, n, y, .progress = watch, .progress_ctx = &w);
        CU_ASSERT(w.last && w.done == n && w.total == n && w.failed == n / 10);
        CU_ASSERT_EQUAL(w.backwards, 0);
        weft_pool_free(pool);
        free(x), free(y);
    }
}

typedef struct heard {
    weft_status status;
    const void *out;
    size_t calls; /* atomic */
} heard;

static void hear(weft_status status, void *out, void *ctx)
{
    heard *const h = ctx;
    h->status = status, h->out = out;
    __atomic_fetch_add(&h->calls, 1, __ATOMIC_RELEASE);
}

static void a_callback_is_heard_before_the_result(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
        const int x = 3;
        int y = 0;
        heard h = { 0 };
        weft_result r;
        weft_pool_apply_async(pool, &r, square, &x, &y, .callback = hear, .callback_ctx = &h);
        CU_ASSERT_EQUAL(weft_result_get(&r, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT(h.calls == 1 && h.status == WEFT_OK && h.out == &y && y == 9);
        weft_pool_apply_async(pool, &r, picky, &x, &y, .callback = hear, .callback_ctx = &h);
        CU_ASSERT_EQUAL(weft_result_get(&r, WEFT_FOREVER), WEFT_EFAILED);
        CU_ASSERT(h.calls == 2 && h.status == WEFT_EFAILED);
        weft_pool_free(pool);
    }
}

static void a_job_without_a_result_is_run_and_its_callback_heard(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
        int *const x = numbers(100), y[100];
        heard h = { 0 };
        weft_pool_map_async(pool, NULL, square, x, 100, y, .callback = hear, .callback_ctx = &h);
        CU_ASSERT_TRUE(comes_to(&h.calls, 1));
        weft_pool_apply_async(pool, NULL, square, &x[5], &y[0]);
        weft_pool_free(pool);
        CU_ASSERT(y[99] == 9801 && y[0] == 25);
        free(x);
    }
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo pool_tests[] = {
    TEST(map_gives_results_in_the_order_of_the_inputs),
    TEST(apply_runs_one_item),
    TEST(an_output_may_be_left_out),
    TEST(a_map_of_nothing_is_done_at_once),
    TEST(items_may_be_large),
    TEST(a_task_knows_its_index_and_its_worker),
    TEST(a_failed_item_costs_itself_only),
    TEST(the_first_failures_are_kept_and_all_are_counted),
    TEST(a_failed_item_is_run_again_as_often_as_asked),
    TEST(a_stop_token_ends_a_map_early),
    TEST(progress_ends_with_every_item),
    TEST(a_callback_is_heard_before_the_result),
    TEST(a_job_without_a_result_is_run_and_its_callback_heard),
    CU_TEST_INFO_NULL,
};
