/* queue_done_test.c - task_done and join.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/queue.h>

#include <weft/clock.h>

#include "queues.h"
#include "suites.h"

static void join_of_a_new_queue_returns(void)
{
    for_each_kind(k, q) CU_ASSERT_EQUAL(weft_queue_join(q, WEFT_FOREVER), WEFT_OK);
}

static void join_waits_for_the_last_task_done(void)
{
    for_each_kind(k, q)
    {
        call c = { .q = q, .timeout = WEFT_FOREVER };
        put_up_to(q, 3);
        while (get(q) >= 0)
            ;
        CU_ASSERT_EQUAL(weft_queue_join(q, 0), WEFT_TIMEOUT);
        CU_ASSERT_EQUAL(weft_queue_join(q, 0.01), WEFT_TIMEOUT);
        CU_ASSERT_EQUAL(weft_queue_task_done(q), WEFT_OK);
        CU_ASSERT_EQUAL(weft_queue_task_done(q), WEFT_OK);
        begin(&c, a_join_thread);
        CU_ASSERT_EQUAL(weft_queue_task_done(q), WEFT_OK);
        CU_ASSERT_EQUAL(end(&c), WEFT_OK);
        CU_ASSERT(c.seconds > a_while / 4);
        CU_ASSERT_EQUAL(weft_queue_join(q, 0), WEFT_OK);
    }
}

static void join_waits_for_items_put_meanwhile(void)
{
    for_each_kind(k, q)
    {
        call c = { .q = q, .timeout = WEFT_FOREVER };
        put(q, 1);
        begin(&c, a_join_thread);
        put(q, 2);
        CU_ASSERT_EQUAL(weft_queue_task_done(q), WEFT_OK);
        weft_sleep(a_while);
        CU_ASSERT_EQUAL(weft_queue_join(q, 0), WEFT_TIMEOUT);
        CU_ASSERT_EQUAL(weft_queue_task_done(q), WEFT_OK);
        CU_ASSERT_EQUAL(end(&c), WEFT_OK);
    }
}

static void one_task_done_too_many_is_refused(void)
{
    for_each_kind(k, q)
    {
        CU_ASSERT_EQUAL(weft_queue_task_done(q), WEFT_ESTATE);
        ASSERT_TEXT(weft_detail(),
                    "weft_queue_task_done: called 0 times before: that is how many items were put");
        for (int i = 0; i < 20; i++) {
            put(q, i), get(q);
            CU_ASSERT_EQUAL(weft_queue_task_done(q), WEFT_OK);
        }
        CU_ASSERT_EQUAL(weft_queue_task_done(q), WEFT_ESTATE);
        ASSERT_TEXT(weft_detail(), "weft_queue_task_done: called 20 times before: that is how many "
                                   "items were put");
        CU_ASSERT_EQUAL(weft_queue_join(q, 0), WEFT_OK);
    }
}

CU_TestInfo queue_done_tests[] = {
    { "join_of_a_new_queue_returns", join_of_a_new_queue_returns },
    { "join_waits_for_the_last_task_done", join_waits_for_the_last_task_done },
    { "join_waits_for_items_put_meanwhile", join_waits_for_items_put_meanwhile },
    { "one_task_done_too_many_is_refused", one_task_done_too_many_is_refused },
    CU_TEST_INFO_NULL,
};
