/* imap_test.c - outputs one by one.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <string.h>

#include <weft.h>

#include "fault.h"
#include "suites.h"
#include "tasks.h"

enum { many = 1000 };

static void outputs_come_in_the_order_of_the_inputs(void)
{
    static const size_t windows[] = { 0, 1, 2, 7, 5000 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind);
        int *const x = numbers(many);
        for (size_t k = 0; k < sizeof windows / sizeof *windows; k++) {
            weft_imap it;
            size_t i = 0, which, wrong = 0;
            int v;
            CU_ASSERT_EQUAL(weft_pool_imap(pool, &it, square, x, many, .window = windows[k]),
                            WEFT_OK);
            for (; weft_imap_next(&it, &v, &which, WEFT_FOREVER) == WEFT_OK; i++)
                wrong += which != i || v != x[i] * x[i];
            CU_ASSERT(i == many && wrong == 0);
            CU_ASSERT_EQUAL(weft_imap_next(&it, &v, &which, WEFT_FOREVER), WEFT_CLOSED);
            weft_imap_close(&it);
        }
        weft_pool_free(pool);
        free(x);
    }
}

static void without_order_each_output_comes_once_with_its_index(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind);
        int *const x = numbers(many);
        char seen[many] = { 0 };
        weft_imap it;
        size_t n = 0, which, wrong = 0;
        int v;
        weft_pool_imap(pool, &it, square, x, many, .unordered = true);
        for (; weft_imap_next(&it, &v, &which, WEFT_FOREVER) == WEFT_OK; n++)
            wrong += which >= many || seen[which]++ || v != x[which] * x[which];
        CU_ASSERT(n == many && wrong == 0);
        weft_imap_close(&it);
        weft_pool_free(pool);
        free(x);
    }
}

/* The first of its inputs waits. */
weft_task(first_waits, const int *x, int *y)
{
    stage *const s = weft_task_ctx();
    if (*x == 0)
        weft_event_wait(&s->gate, 20);
    *y = *x;
    return 0;
}

static void without_order_a_slow_item_holds_nobody_up(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .ctx = s);
        int *const x = numbers(100), v = 0;
        weft_imap it;
        size_t n = 0;
        weft_pool_imap(pool, &it, first_waits, x, 100, .unordered = true);
        while (n < 99 && weft_imap_next(&it, &v, NULL, 10) == WEFT_OK && v != 0)
            n++;
        CU_ASSERT_EQUAL(n, 99);
        CU_ASSERT_EQUAL(weft_imap_next(&it, &v, NULL, 0.02), WEFT_TIMEOUT);
        weft_event_set(&s->gate);
        CU_ASSERT_EQUAL(weft_imap_next(&it, &v, NULL, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT_EQUAL(v, 0);
        weft_imap_close(&it);
        weft_pool_free(pool);
        stage_free(s);
        free(x);
    }
}

static void a_timeout_loses_nothing(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .ctx = s);
        int *const x = numbers(10), v = -1;
        weft_imap it;
        weft_pool_imap(pool, &it, first_waits, x, 10);
        CU_ASSERT_EQUAL(weft_imap_next(&it, &v, NULL, 0), WEFT_TIMEOUT);
        CU_ASSERT_EQUAL(weft_imap_next(&it, &v, NULL, 0.02), WEFT_TIMEOUT);
        CU_ASSERT_EQUAL(v, -1);
        weft_event_set(&s->gate);
        for (int i = 0; i < 10; i++) {
            CU_ASSERT_EQUAL(weft_imap_next(&it, &v, NULL, WEFT_FOREVER), WEFT_OK);
            CU_ASSERT_EQUAL(v, i);
        }
        weft_imap_close(&it);
        weft_pool_free(pool);
        stage_free(s);
        free(x);
    }
}

/* ---- inputs that are made ---- */

typedef struct maker {
    size_t calls, end;
} maker;

static bool make(size_t i, void *in, void *ctx)
{
    maker *const m = ctx;
    if (i == m->end)
        return false;
    m->calls++;
    *(int *)in = (int)i;
    return true;
}

static void inputs_may_be_made_and_end_where_their_maker_says(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
        maker m = { .end = 100 };
        weft_imap it;
        int v, i = 0, wrong = 0;
        weft_pool_imap(pool, &it, square, NULL, SIZE_MAX, .generate = make, .generate_ctx = &m);
        for (; weft_imap_next(&it, &v, NULL, WEFT_FOREVER) == WEFT_OK; i++)
            wrong += v != i * i;
        CU_ASSERT(i == 100 && wrong == 0 && m.calls == 100);
        weft_imap_close(&it);
        weft_pool_imap(pool, &it, square, NULL, 5, .generate = make, .generate_ctx = &m);
        for (i = 0; weft_imap_next(&it, NULL, NULL, WEFT_FOREVER) == WEFT_OK;)
            i++;
        CU_ASSERT(i == 5 && m.calls == 105);
        weft_imap_close(&it);
        weft_pool_free(pool);
    }
}

static void no_input_is_made_beyond_the_window(void)
{
    for_each_kind(kind)
    {
        for (int unordered = 0; unordered < 2; unordered++) {
            weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
            maker m = { .end = 100 };
            weft_imap it;
            size_t taken = 0, wrong = 0;
            weft_pool_imap(pool, &it, square, NULL, SIZE_MAX, .generate = make, .generate_ctx = &m,
                           .window = 4, .unordered = unordered);
            CU_ASSERT_EQUAL(m.calls, 4);
            while (weft_imap_next(&it, NULL, NULL, WEFT_FOREVER) == WEFT_OK) {
                taken++;
                wrong += m.calls != (taken + 4 < 100 ? taken + 4 : 100);
            }
            CU_ASSERT(taken == 100 && wrong == 0);
            weft_imap_close(&it);
            weft_pool_free(pool);
        }
    }
}

/* ---- failures and ends ---- */

static void the_items_behind_a_failed_one_come(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
        int *const x = numbers(20), v;
        weft_imap it;
        size_t which;
        weft_pool_imap(pool, &it, picky, x, 20);
        for (size_t i = 0; i < 20; i++) {
            const weft_status s = weft_imap_next(&it, &v, &which, WEFT_FOREVER);
            CU_ASSERT_EQUAL(s, i % 10 == 3 ? WEFT_EFAILED : WEFT_OK);
            CU_ASSERT_EQUAL(which, i);
            if (i == 13)
                ASSERT_TEXT(weft_detail(), "weft_imap_next: item 13 failed: returned 42");
        }
        CU_ASSERT_EQUAL(weft_imap_next(&it, &v, &which, 0), WEFT_CLOSED);
        weft_imap_close(&it);
        weft_pool_free(pool);
        free(x);
    }
}

static void close_ends_one_that_was_not_read_to_its_end(void)
{
    for_each_kind(kind)
    {
        for (int unordered = 0; unordered < 2; unordered++) {
            weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
            int *const x = numbers(many), v = 0;
            weft_imap it;
            weft_pool_imap(pool, &it, square, x, many, .window = 100, .unordered = unordered);
            CU_ASSERT_EQUAL(weft_imap_next(&it, &v, NULL, WEFT_FOREVER), WEFT_OK);
            weft_imap_close(&it);
            CU_ASSERT_EQUAL(weft_imap_next(&it, &v, NULL, 0), WEFT_CLOSED);
            weft_imap_close(&it);
            CU_ASSERT_EQUAL(weft_pool_apply(pool, square, &x[3], &v), WEFT_OK);
            CU_ASSERT_EQUAL(v, 9);
            weft_pool_free(pool);
            free(x);
        }
    }
}

static void a_pool_that_is_closed_meanwhile_ends_the_inputs(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
        int *const x = numbers(many);
        weft_imap it;
        size_t n = 0;
        weft_pool_imap(pool, &it, square, x, many, .window = 8);
        weft_pool_close(pool);
        while (weft_imap_next(&it, NULL, NULL, WEFT_FOREVER) == WEFT_OK)
            n++;
        CU_ASSERT_EQUAL(n, 8);
        weft_imap_close(&it);
        CU_ASSERT_EQUAL(weft_pool_imap(pool, &it, square, x, many), WEFT_CLOSED);
        weft_imap_close(&it);
        weft_pool_free(pool);
        free(x);
    }
}

static void no_inputs_give_no_outputs(void)
{
    weft_pool *const pool = weft_pool_new(.workers = 1);
    weft_imap it;
    CU_ASSERT_EQUAL(weft_pool_imap(pool, &it, square, NULL, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_imap_next(&it, NULL, NULL, WEFT_FOREVER), WEFT_CLOSED);
    weft_imap_close(&it);
    weft_pool_free(pool);
}

weft_task(sum_of_squares, const int *n, int *sum)
{
    weft_pool **const pool = weft_task_ctx();
    int x[50], v;
    weft_imap it;
    for (int i = 0; i < 50; i++)
        x[i] = i;
    *sum = 0;
    if (weft_pool_imap(*pool, &it, square, x, 50, .unordered = *n % 2))
        return 1;
    while (weft_imap_next(&it, &v, NULL, WEFT_FOREVER) == WEFT_OK)
        *sum += v;
    weft_imap_close(&it);
    return 0;
}

static void a_task_may_iterate_in_its_own_pool(void)
{
    weft_pool *pool = weft_pool_new(.workers = 1, .ctx = &pool);
    const int n[2] = { 0, 1 };
    int sum[2];
    CU_ASSERT_EQUAL(weft_pool_map(pool, sum_of_squares, n, 2, sum), WEFT_OK);
    CU_ASSERT(sum[0] == 40425 && sum[1] == 40425);
    weft_pool_free(pool);
}

static void bad_arguments_are_refused_with_a_reason(void)
{
    weft_pool *const pool = weft_pool_new(.workers = 1);
    maker m = { 0 };
    weft_imap it;
    const int x = 1;
    CU_ASSERT_EQUAL(weft_pool_imap(NULL, &it, square, &x, 1), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_pool_imap(pool, NULL, square, &x, 1), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_pool_imap: it is NULL: it must be an iterator");
    CU_ASSERT_EQUAL(weft_pool_imap(pool, &it, NULL, &x, 1), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_pool_imap(pool, &it, square, NULL, 1), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_pool_imap: in is NULL with n = 1: it must point to n inputs");
    CU_ASSERT_EQUAL(weft_pool_imap(pool, &it, square, &x, 1, .generate = make, .generate_ctx = &m),
                    WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_imap_next(&it, NULL, NULL, 0), WEFT_CLOSED);
    CU_ASSERT_EQUAL(weft_pool_imap(pool, &it, square, &x, SIZE_MAX, .window = SIZE_MAX),
                    WEFT_ENOMEM);
    CU_ASSERT_EQUAL(weft_pool_imap(pool, &it, square, &x, 1), WEFT_OK);
    CU_ASSERT_EQUAL(weft_imap_next(&it, NULL, NULL, -1), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_imap_next(&it, NULL, NULL, NAN), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_imap_next(NULL, NULL, NULL, 0), WEFT_EINVAL);
    weft_imap_close(&it);
    weft_imap_close(NULL);
    weft_pool_free(pool);
}

static void every_failed_allocation_is_reported(void)
{
    weft_pool *const pool = weft_pool_new(.workers = 1);
    maker m = { .end = 3 };
    weft_imap it;
    for (size_t n = 0;; n++) {
        const long before = fault_live();
        fault_begin(n);
        const weft_status s =
            weft_pool_imap(pool, &it, square, NULL, 3, .generate = make, .generate_ctx = &m);
        if (!fault_end()) {
            CU_ASSERT_EQUAL(s, WEFT_OK);
            break;
        }
        CU_ASSERT_EQUAL(s, WEFT_ENOMEM);
        CU_ASSERT_EQUAL(fault_live(), before);
    }
    weft_imap_close(&it);
    weft_pool_free(pool);
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo imap_tests[] = {
    TEST(outputs_come_in_the_order_of_the_inputs),
    TEST(without_order_each_output_comes_once_with_its_index),
    TEST(without_order_a_slow_item_holds_nobody_up),
    TEST(a_timeout_loses_nothing),
    TEST(inputs_may_be_made_and_end_where_their_maker_says),
    TEST(no_input_is_made_beyond_the_window),
    TEST(the_items_behind_a_failed_one_come),
    TEST(close_ends_one_that_was_not_read_to_its_end),
    TEST(a_pool_that_is_closed_meanwhile_ends_the_inputs),
    TEST(no_inputs_give_no_outputs),
    TEST(a_task_may_iterate_in_its_own_pool),
    TEST(bad_arguments_are_refused_with_a_reason),
    TEST(every_failed_allocation_is_reported),
    CU_TEST_INFO_NULL,
};
