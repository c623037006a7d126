/* pool_leak_test.c - tasks that return with a shared lock in their hands.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <unistd.h>

#include <weft.h>

#include "suites.h"
#include "tasks.h"

/* The .ctx of the pools here. */
typedef struct desk {
    weft_lock lock, other;
    weft_rlock rlock;
    weft_sem sem;
    int runs[64]; /* of each item; atomic, relaxed */
} desk;

static desk *desk_new(void)
{
    desk *const d = weft_shared_alloc(sizeof *d);
    if (!d || weft_lock_init(&d->lock, .shared = true) ||
        weft_lock_init(&d->other, .shared = true) || weft_rlock_init(&d->rlock, .shared = true) ||
        weft_sem_init(&d->sem, 100, .shared = true))
        abort();
    return d;
}

static void desk_free(desk *d)
{
    weft_lock_fini(&d->lock), weft_lock_fini(&d->other);
    weft_rlock_fini(&d->rlock), weft_sem_fini(&d->sem);
    weft_shared_free(d);
}

enum { is_careful, leaks, leaks_a_recursive_one, leaks_and_fails, puts_one_back, takes_a_permit };

weft_task(careless, const int *x, int *y)
{
    desk *const d = weft_task_ctx();
    __atomic_fetch_add(&d->runs[weft_task_index() % 64], 1, __ATOMIC_RELAXED);
    *y = (int)getpid();
    if (*x == leaks || *x == leaks_and_fails)
        (void)weft_lock_acquire(&d->lock, 5);
    if (*x == leaks_a_recursive_one)
        (void)weft_rlock_acquire(&d->rlock, 5);
    if (*x == takes_a_permit)
        (void)weft_sem_acquire(&d->sem, 5);
    (void)weft_lock_acquire(&d->other, 5);
    weft_lock_release(&d->other);
    return *x == leaks_and_fails ? 42 : 0;
}

static const struct {
    int x, code;
    const char *reason;
} cases[] = {
    { leaks, 0, "returned with a shared lock held" },
    { leaks_a_recursive_one, 0, "returned with a shared lock held" },
    { leaks_and_fails, 42, "returned 42" },
};

static void a_lock_that_is_left_held_costs_its_item_only(void)
{
    enum { n = 200, at = 77 };
    int x[n] = { 0 }, y[n];
    for_each_kind(kind) for (size_t k = 0; k < COUNT(cases); k++)
    {
        desk *const d = desk_new();
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .ctx = d);
        weft_failure failed[n];
        size_t count = 0;
        x[at] = cases[k].x;
        CU_ASSERT_EQUAL(weft_pool_map(pool, careless, x, n, y, .failed = failed, .failed_max = n,
                                      .failed_count = &count),
                        WEFT_EFAILED);
        CU_ASSERT_EQUAL(count, 1);
        CU_ASSERT_EQUAL(failed[0].index, at);
        CU_ASSERT_EQUAL(failed[0].status, WEFT_EFAILED);
        CU_ASSERT_EQUAL(failed[0].code, cases[k].code);
        ASSERT_TEXT(failed[0].reason, cases[k].reason);
        x[at] = is_careful;
        CU_ASSERT_EQUAL(weft_pool_map(pool, careless, x, n, y), WEFT_OK); /* it lives on */
        weft_pool_free(pool);
        desk_free(d);
    }
}

static void what_came_before_it_is_not_run_again(void)
{
    enum { n = 64, at = 30 };
    int x[n] = { 0 }, y[n];
    for_each_kind(kind)
    {
        desk *const d = desk_new();
        weft_pool *const pool = weft_pool_new(.workers = 1, .kind = kind, .ctx = d);
        int wrong = 0;
        x[at] = leaks;
        CU_ASSERT_EQUAL(weft_pool_map(pool, careless, x, n, y), WEFT_EFAILED);
        ASSERT_TEXT(weft_detail(),
                    "weft_result_get: item 30 of 64 failed: returned with a shared lock held");
        weft_pool_free(pool);
        for (int i = 0; i < n; i++)
            wrong += d->runs[i] < 1 || d->runs[i] > (kind == WEFT_PROCESSES && i > at ? 2 : 1);
        CU_ASSERT_EQUAL(wrong, 0);
        desk_free(d);
    }
}

static void jobs_of_one_item_fail_apart(void)
{
    enum { n = 60 };
    static weft_result r[n];
    int x[n] = { 0 }, y[n], wrong = 0;
    x[20] = leaks, x[40] = leaks_a_recursive_one;
    for_each_kind(kind)
    {
        desk *const d = desk_new();
        weft_pool *const pool = weft_pool_new(.workers = 1, .kind = kind, .ctx = d);
        for (int round = 0; round < 2; round++) { /* the second time they go in packs */
            for (int i = 0; i < n; i++)
                weft_pool_apply_async(pool, &r[i], careless, &x[i], &y[i]);
            for (int i = 0; i < n; i++)
                wrong +=
                    weft_result_get(&r[i], 20) != (i == 20 || i == 40 ? WEFT_EFAILED : WEFT_OK);
            if (kind == WEFT_THREADS)
                break; /* the lock is not to be had again */
        }
        weft_pool_free(pool);
        desk_free(d);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void its_process_is_replaced_and_the_next_owner_hears_of_a_death(void)
{
    desk *const d = desk_new();
    weft_pool *const pool = weft_pool_new(.workers = 1, .kind = WEFT_PROCESSES, .ctx = d);
    int leak = leaks, careful = is_careful, before, after;
    CU_ASSERT_EQUAL(weft_pool_apply(pool, careless, &leak, &before), WEFT_EFAILED);
    CU_ASSERT_EQUAL(weft_lock_acquire(&d->lock, 10), WEFT_EDIED);
    CU_ASSERT_EQUAL(weft_lock_release(&d->lock), WEFT_OK);
    CU_ASSERT_EQUAL(weft_pool_apply(pool, careless, &careful, &after), WEFT_OK);
    CU_ASSERT(after > 0 && after != before);
    weft_pool_free(pool);
    desk_free(d);
}

static void with_retries_it_is_run_again_by_another_process(void)
{
    desk *const d = desk_new();
    weft_pool *const pool =
        weft_pool_new(.workers = 2, .kind = WEFT_PROCESSES, .ctx = d, .retries = 2);
    int x[8] = { is_careful, is_careful, leaks }, y[8];
    CU_ASSERT_EQUAL(weft_pool_map(pool, careless, x, 8, y), WEFT_EFAILED);
    CU_ASSERT_EQUAL(d->runs[2], 3);
    CU_ASSERT_EQUAL(d->runs[1], 1);
    weft_pool_free(pool);
    desk_free(d);
}

static void a_thread_has_the_lock_until_the_pool_ends(void)
{
    desk *const d = desk_new();
    weft_pool *const pool = weft_pool_new(.workers = 1, .ctx = d);
    int leak = leaks, pid;
    CU_ASSERT_EQUAL(weft_pool_apply(pool, careless, &leak, &pid), WEFT_EFAILED);
    CU_ASSERT_EQUAL(weft_lock_acquire(&d->lock, 0), WEFT_TIMEOUT);
    weft_pool_free(pool);
    CU_ASSERT_EQUAL(weft_lock_acquire(&d->lock, 10), WEFT_EDIED);
    weft_lock_release(&d->lock);
    desk_free(d);
}

/* ---- what is none ---- */

static int hold(void *ctx)
{
    desk *const d = ctx;
    return weft_lock_acquire(&d->lock, 5);
}

static void let_go(void *ctx)
{
    desk *const d = ctx;
    weft_lock_release(&d->lock);
}

weft_task(handles_the_workers_own, const int *x, int *y)
{
    desk *const d = weft_task_ctx();
    *y = *x;
    if (*x == puts_one_back)
        return weft_lock_release(&d->lock) || weft_lock_acquire(&d->lock, 5);
    return 0;
}

static void a_lock_that_init_has_taken_is_the_workers(void)
{
    for_each_kind(kind)
    {
        desk *const d = desk_new();
        weft_pool *const pool =
            weft_pool_new(.workers = 1, .kind = kind, .ctx = d, .init = hold, .fini = let_go);
        int x[4] = { is_careful, puts_one_back, is_careful, puts_one_back }, y[4];
        CU_ASSERT_PTR_NOT_NULL_FATAL(pool);
        CU_ASSERT_EQUAL(weft_pool_map(pool, handles_the_workers_own, x, 4, y), WEFT_OK);
        weft_pool_free(pool);
        CU_ASSERT_EQUAL(weft_lock_acquire(&d->lock, 10), WEFT_OK);
        weft_lock_release(&d->lock);
        desk_free(d);
    }
}

static void what_has_no_owner_is_not_missed(void)
{
    for_each_kind(kind)
    {
        desk *const d = desk_new();
        weft_pool *const pool = weft_pool_new(.workers = 1, .kind = kind, .ctx = d);
        int x = takes_a_permit, y;
        CU_ASSERT_EQUAL(weft_pool_apply(pool, careless, &x, &y), WEFT_OK);
        weft_pool_free(pool);
        desk_free(d);
    }
}

/* Holds one lock while it runs a job that leaks another, and gives its own back. */
typedef struct nest {
    desk *d;
    weft_pool *pool;
} nest;

static nest nested;

weft_task(leaks_other, const int *x, int *y)
{
    *y = *x;
    return weft_lock_acquire(&nested.d->other, 5);
}

weft_task(has_one_and_helps, const int *x, int *y)
{
    int in = 1;
    (void)weft_lock_acquire(&nested.d->lock, 5);
    *y = weft_pool_apply(nested.pool, leaks_other, &in, &in);
    weft_lock_release(&nested.d->lock);
    return *x != 1;
}

static void a_task_that_helps_does_not_answer_for_what_the_other_has_left(void)
{
    int x = 1, y = 0;
    nested.d = desk_new();
    nested.pool = weft_pool_new(.workers = 1);
    CU_ASSERT_EQUAL(weft_pool_apply(nested.pool, has_one_and_helps, &x, &y), WEFT_OK);
    CU_ASSERT_EQUAL(y, WEFT_EFAILED);
    weft_pool_free(nested.pool);
    desk_free(nested.d);
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo pool_leak_tests[] = {
    TEST(a_lock_that_is_left_held_costs_its_item_only),
    TEST(what_came_before_it_is_not_run_again),
    TEST(jobs_of_one_item_fail_apart),
    TEST(its_process_is_replaced_and_the_next_owner_hears_of_a_death),
    TEST(with_retries_it_is_run_again_by_another_process),
    TEST(a_thread_has_the_lock_until_the_pool_ends),
    TEST(a_lock_that_init_has_taken_is_the_workers),
    TEST(what_has_no_owner_is_not_missed),
    TEST(a_task_that_helps_does_not_answer_for_what_the_other_has_left),
    CU_TEST_INFO_NULL,
};
