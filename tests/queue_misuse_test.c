/* queue_misuse_test.c - what is refused, and with which reason.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/queue.h>

#include <math.h>
#include <stdio.h>

#include "crew.h"
#include "queues.h"
#include "suites.h"

static void absurd_queues_are_refused_with_a_reason(void)
{
    CU_ASSERT_PTR_NULL(weft_queue_new(0));
    ASSERT_TEXT(weft_detail(), "weft_queue_new: item_size is 0 bytes: it must be at least 1");
    CU_ASSERT_PTR_NULL(weft_queue_new(4, .order = (weft_order)3));
    ASSERT_TEXT(weft_detail(), "weft_queue_new: order is 3: it must be one of weft_order");
    CU_ASSERT_PTR_NULL(weft_queue_new(4, .order = WEFT_PRIORITY));
    ASSERT_TEXT(weft_detail(), "weft_queue_new: before is NULL: WEFT_PRIORITY needs it");
    CU_ASSERT_PTR_NULL(weft_queue_new(4, .before = int_before));
    ASSERT_TEXT(weft_detail(),
                "weft_queue_new: before is given: only WEFT_PRIORITY has a use for it");
}

static void queues_that_no_memory_can_hold_are_refused_with_a_reason(void)
{
    static const size_t much[] = { SIZE_MAX, SIZE_MAX - 7, SIZE_MAX / 2, (size_t)1 << 60 };
    for (size_t kind = 0; kind < allocated_kinds; kind++)
        for (size_t k = 0; k < COUNT(much); k++) {
            const weft_queue_opts o = { .size = sizeof o,
                                        .order = kinds[kind].order,
                                        .capacity = kinds[kind].capacity ? much[k] : 0,
                                        .before = kinds[kind].order == WEFT_PRIORITY ? int_before
                                                                                     : NULL };
            char reason[200];
            const size_t size = kinds[kind].capacity ? 4 : much[k];
            snprintf(reason, sizeof reason,
                     "weft_queue_new: capacity is %zu items of %zu bytes: there is not that much "
                     "memory",
                     o.capacity, size);
            CU_ASSERT_PTR_NULL(weft_queue_new_opts(size, &o));
            ASSERT_TEXT(weft_detail(), reason);
        }
}

static void options_may_be_left_out(void)
{
    weft_queue *const q = weft_queue_new_opts(sizeof(int), NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(q);
    put(q, 3);
    CU_ASSERT_EQUAL(weft_queue_close_opts(q, NULL), WEFT_OK);
    CU_ASSERT_EQUAL(get(q), 3);
    weft_queue_free(q);
}

static void a_timeout_that_is_negative_or_nan_is_refused(void)
{
    static const double bad[] = { -1, -1e-300, -INFINITY, NAN };
    for_each_kind(k, q) for (size_t b = 0; b < COUNT(bad); b++)
    {
        int item = 0;
        size_t n;
        CU_ASSERT_EQUAL(weft_queue_put(q, &item, bad[b]), WEFT_EINVAL);
        CU_ASSERT_EQUAL(weft_queue_get(q, &item, bad[b]), WEFT_EINVAL);
        CU_ASSERT_EQUAL(weft_queue_put_many(q, &item, 1, bad[b], &n), WEFT_EINVAL);
        CU_ASSERT_EQUAL(weft_queue_get_many(q, &item, 1, bad[b], &n), WEFT_EINVAL);
        CU_ASSERT_EQUAL(weft_queue_join(q, bad[b]), WEFT_EINVAL);
        CU_ASSERT(weft_queue_empty(q));
    }
    weft_queue *const q = weft_queue_new(4);
    weft_queue_join(q, -1);
    ASSERT_TEXT(weft_detail(), "weft_queue_join: timeout is -1 seconds: it must be 0 or more");
    weft_queue_free(q);
}

static void null_is_refused_with_a_reason(void)
{
    int item = 0;
    size_t n = 99;
    weft_queue *const q = weft_queue_new(sizeof item);
    CU_ASSERT_EQUAL(weft_queue_put(NULL, &item, 0), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_queue_put: queue is NULL: it must be one");
    CU_ASSERT_EQUAL(weft_queue_put(q, NULL, 0), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_queue_put: item is NULL: it must be memory of 4 bytes");
    CU_ASSERT_EQUAL(weft_queue_get(NULL, &item, 0), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_queue_get(q, NULL, 0), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_queue_put_many(q, NULL, 2, 0, &n), WEFT_EINVAL);
    CU_ASSERT_EQUAL(n, 0);
    CU_ASSERT_EQUAL(weft_queue_put_many(NULL, &item, 1, 0, NULL), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_queue_get_many(q, NULL, 2, 0, &n), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_queue_get_many(q, &item, 1, 0, NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(),
                "weft_queue_get_many: got is NULL: it must be where the number goes");
    CU_ASSERT_EQUAL(weft_queue_task_done(NULL), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_queue_join(NULL, 0), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_queue_close(NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_queue_close: queue is NULL: it must be one");
    weft_queue_free(q);
}

static void null_panics_where_there_is_no_status(void)
{
    ASSERT_TEXT(PANIC_OF(weft_queue_len(NULL)), "weft_queue_len: queue is NULL: it must be one");
    ASSERT_TEXT(PANIC_OF(weft_queue_full(NULL)), "weft_queue_full: queue is NULL: it must be one");
    ASSERT_TEXT(PANIC_OF(weft_queue_empty(NULL)),
                "weft_queue_empty: queue is NULL: it must be one");
}

CU_TestInfo queue_misuse_tests[] = {
    { "absurd_queues_are_refused_with_a_reason", absurd_queues_are_refused_with_a_reason },
    { "queues_that_no_memory_can_hold_are_refused_with_a_reason",
      queues_that_no_memory_can_hold_are_refused_with_a_reason },
    { "options_may_be_left_out", options_may_be_left_out },
    { "a_timeout_that_is_negative_or_nan_is_refused",
      a_timeout_that_is_negative_or_nan_is_refused },
    { "null_is_refused_with_a_reason", null_is_refused_with_a_reason },
    { "null_panics_where_there_is_no_status", null_panics_where_there_is_no_status },
    CU_TEST_INFO_NULL,
};
