/* queue_close_test.c - the end of a queue: refused, drained or dropped.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/queue.h>

#include "queues.h"
#include "suites.h"

static void a_put_into_a_closed_queue_is_closed_at_once(void)
{
    for_each_kind(k, q)
    {
        int item = 1;
        put_up_to(q, 8);
        CU_ASSERT_EQUAL(weft_queue_close(q), WEFT_OK);
        CU_ASSERT_EQUAL(weft_queue_put(q, &item, 0), WEFT_CLOSED);
        CU_ASSERT_EQUAL(weft_queue_put(q, &item, WEFT_FOREVER), WEFT_CLOSED);
        CU_ASSERT_EQUAL(weft_queue_len(q), 8);
    }
}

static void a_closed_queue_drains_and_then_is_closed(void)
{
    for_each_kind(k, q)
    {
        int item = 0, sum = 0;
        put_up_to(q, 8);
        weft_queue_close(q);
        for (int i = 0; i < 8; i++, sum += item)
            CU_ASSERT_EQUAL(weft_queue_get(q, &item, i % 2 ? WEFT_FOREVER : 0), WEFT_OK);
        CU_ASSERT_EQUAL(sum, 28);
        CU_ASSERT_EQUAL(weft_queue_get(q, &item, 0), WEFT_CLOSED);
        CU_ASSERT_EQUAL(weft_queue_get(q, &item, WEFT_FOREVER), WEFT_CLOSED);
    }
}

static void close_wakes_all_who_wait_to_get(void)
{
    for_each_kind(k, q)
    {
        call c[4];
        for (size_t i = 0; i < COUNT(c); i++) {
            c[i] = (call){ .q = q, .timeout = i % 2 ? WEFT_FOREVER : 30 };
            begin(&c[i], a_get_thread);
        }
        weft_queue_close(q);
        for (size_t i = 0; i < COUNT(c); i++)
            CU_ASSERT_EQUAL(end(&c[i]), WEFT_CLOSED);
    }
}

static void close_wakes_all_who_wait_to_put(void)
{
    for_each_kind(k, q)
    {
        call c[4];
        if (!kinds[k].capacity)
            continue;
        put_up_to(q, 8);
        for (size_t i = 0; i < COUNT(c); i++) {
            c[i] = (call){ .q = q, .timeout = i % 2 ? WEFT_FOREVER : 30 };
            begin(&c[i], a_put_thread);
        }
        weft_queue_close(q);
        for (size_t i = 0; i < COUNT(c); i++)
            CU_ASSERT_EQUAL(end(&c[i]), WEFT_CLOSED);
        CU_ASSERT_EQUAL(weft_queue_len(q), 8);
    }
}

static void a_queue_may_be_closed_again(void)
{
    for_each_kind(k, q)
    {
        put(q, 1);
        CU_ASSERT_EQUAL(weft_queue_close(q), WEFT_OK);
        CU_ASSERT_EQUAL(weft_queue_close(q), WEFT_OK);
        CU_ASSERT_EQUAL(get(q), 1);
        CU_ASSERT_EQUAL(weft_queue_close(q), WEFT_OK);
        CU_ASSERT_EQUAL(put(q, 2), WEFT_CLOSED);
    }
}

static void an_immediate_close_drops_what_is_queued_and_counts_it_done(void)
{
    for_each_kind(k, q)
    {
        int item;
        size_t dropped = 99;
        put_up_to(q, 7);
        get(q);
        CU_ASSERT_EQUAL(weft_queue_close(q, .immediate = true, .dropped = &dropped), WEFT_OK);
        CU_ASSERT_EQUAL(dropped, 6);
        CU_ASSERT(weft_queue_empty(q));
        CU_ASSERT_EQUAL(weft_queue_get(q, &item, WEFT_FOREVER), WEFT_CLOSED);
        CU_ASSERT_EQUAL(weft_queue_join(q, 0), WEFT_TIMEOUT); /* one was taken */
        CU_ASSERT_EQUAL(weft_queue_task_done(q), WEFT_OK);
        CU_ASSERT_EQUAL(weft_queue_join(q, 0), WEFT_OK);
        CU_ASSERT_EQUAL(weft_queue_task_done(q), WEFT_ESTATE);
        CU_ASSERT_EQUAL(weft_queue_close(q, .immediate = true, .dropped = &dropped), WEFT_OK);
        CU_ASSERT_EQUAL(dropped, 0);
    }
}

static void an_immediate_close_wakes_join(void)
{
    for_each_kind(k, q)
    {
        call c = { .q = q, .timeout = WEFT_FOREVER };
        put_up_to(q, 5);
        begin(&c, a_join_thread);
        weft_queue_close(q, .immediate = true);
        CU_ASSERT_EQUAL(end(&c), WEFT_OK);
    }
}

/* Python counts down to 0 and no further when tasks were called done before they were taken. */
static void dropping_never_counts_below_zero(void)
{
    for_each_kind(k, q)
    {
        put_up_to(q, 4);
        for (int i = 0; i < 3; i++)
            CU_ASSERT_EQUAL(weft_queue_task_done(q), WEFT_OK);
        weft_queue_close(q, .immediate = true);
        CU_ASSERT_EQUAL(weft_queue_join(q, 0), WEFT_OK);
        CU_ASSERT_EQUAL(weft_queue_task_done(q), WEFT_ESTATE);
    }
}

static void a_closed_queue_may_be_closed_immediately(void)
{
    for_each_kind(k, q)
    {
        size_t dropped = 99;
        put_up_to(q, 4);
        weft_queue_close(q, .dropped = &dropped);
        CU_ASSERT_EQUAL(dropped, 0);
        CU_ASSERT_EQUAL(get(q) >= 0, 1);
        weft_queue_close(q, .immediate = true, .dropped = &dropped);
        CU_ASSERT_EQUAL(dropped, 3);
        CU_ASSERT_EQUAL(weft_queue_len(q), 0);
    }
}

CU_TestInfo queue_close_tests[] = {
    { "a_put_into_a_closed_queue_is_closed_at_once", a_put_into_a_closed_queue_is_closed_at_once },
    { "a_closed_queue_drains_and_then_is_closed", a_closed_queue_drains_and_then_is_closed },
    { "close_wakes_all_who_wait_to_get", close_wakes_all_who_wait_to_get },
    { "close_wakes_all_who_wait_to_put", close_wakes_all_who_wait_to_put },
    { "a_queue_may_be_closed_again", a_queue_may_be_closed_again },
    { "an_immediate_close_drops_what_is_queued_and_counts_it_done",
      an_immediate_close_drops_what_is_queued_and_counts_it_done },
    { "an_immediate_close_wakes_join", an_immediate_close_wakes_join },
    { "dropping_never_counts_below_zero", dropping_never_counts_below_zero },
    { "a_closed_queue_may_be_closed_immediately", a_closed_queue_may_be_closed_immediately },
    CU_TEST_INFO_NULL,
};
