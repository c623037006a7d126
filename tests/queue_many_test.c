/* queue_many_test.c - many items in one call.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/queue.h>

#include <pthread.h>
#include <string.h>

#include <weft/clock.h>

#include "queues.h"
#include "suites.h"

static void put_many_keeps_the_order(void)
{
    int items[100], out[100];
    size_t done = 0, got = 0, sum = 0;
    for (int i = 0; i < 100; i++)
        items[i] = i;
    for (size_t kind = 0; kind < 2; kind++) {
        weft_queue *const q = queue_of(kind, kind ? 100 : 0);
        CU_ASSERT_EQUAL(weft_queue_put_many(q, items, 100, 0, &done), WEFT_OK);
        CU_ASSERT_EQUAL(done, 100);
        for (sum = 0; weft_queue_get_many(q, out + sum, 7, 0, &got) == WEFT_OK; sum += got)
            CU_ASSERT(got > 0 && got <= 7);
        CU_ASSERT_EQUAL(sum, 100);
        CU_ASSERT_EQUAL(memcmp(items, out, sizeof items), 0);
        weft_queue_free(q);
    }
}

static void put_many_says_how_many_went_in_before_the_timeout(void)
{
    const int items[12] = { 0 };
    for_each_kind(k, q)
    {
        size_t done = 99;
        if (!kinds[k].capacity)
            continue;
        CU_ASSERT_EQUAL(weft_queue_put_many(q, items, 12, 0.01, &done), WEFT_TIMEOUT);
        CU_ASSERT_EQUAL(done, 8);
        CU_ASSERT_EQUAL(weft_queue_put_many(q, items, 12, 0, &done), WEFT_TIMEOUT);
        CU_ASSERT_EQUAL(done, 0);
        CU_ASSERT_EQUAL(weft_queue_len(q), 8);
        weft_queue_close(q);
        CU_ASSERT_EQUAL(weft_queue_put_many(q, items, 12, 1, &done), WEFT_CLOSED);
        CU_ASSERT_EQUAL(done, 0);
    }
}

static void *get_slowly(void *arg)
{
    int item;
    for (int i = 0; i < 12; i++)
        if (weft_queue_get(arg, &item, WEFT_FOREVER) == WEFT_OK)
            weft_sleep(1e-3);
    return NULL;
}

static void put_many_waits_for_room_for_all(void)
{
    const int items[20] = { 0 };
    for_each_kind(k, q)
    {
        size_t done = 99;
        pthread_t t;
        if (!kinds[k].capacity || pthread_create(&t, NULL, get_slowly, q))
            continue;
        CU_ASSERT_EQUAL(weft_queue_put_many(q, items, 20, WEFT_FOREVER, &done), WEFT_OK);
        CU_ASSERT_EQUAL(done, 20);
        pthread_join(t, NULL);
        CU_ASSERT_EQUAL(weft_queue_len(q), 8);
    }
}

static void get_many_takes_what_is_there(void)
{
    for_each_kind(k, q)
    {
        int out[8];
        size_t got = 99;
        put_up_to(q, 3);
        CU_ASSERT_EQUAL(weft_queue_get_many(q, out, 8, WEFT_FOREVER, &got), WEFT_OK);
        CU_ASSERT_EQUAL(got, 3);
        CU_ASSERT_EQUAL(weft_queue_get_many(q, out, 8, 0.01, &got), WEFT_TIMEOUT);
        CU_ASSERT_EQUAL(got, 0);
        put_up_to(q, 8);
        CU_ASSERT_EQUAL(weft_queue_get_many(q, out, 5, 0, &got), WEFT_OK);
        CU_ASSERT_EQUAL(got, 5);
        weft_queue_close(q);
        CU_ASSERT_EQUAL(weft_queue_get_many(q, out, 5, 0, &got), WEFT_OK);
        CU_ASSERT_EQUAL(got, 3);
        CU_ASSERT_EQUAL(weft_queue_get_many(q, out, 5, 0, &got), WEFT_CLOSED);
        CU_ASSERT_EQUAL(got, 0);
    }
}

static void nothing_can_be_put_and_got(void)
{
    for_each_kind(k, q)
    {
        size_t n = 99;
        CU_ASSERT_EQUAL(weft_queue_put_many(q, NULL, 0, 0, &n), WEFT_OK);
        CU_ASSERT_EQUAL(n, 0);
        n = 99;
        CU_ASSERT_EQUAL(weft_queue_get_many(q, NULL, 0, 0, &n), WEFT_OK);
        CU_ASSERT_EQUAL(n, 0);
    }
}

CU_TestInfo queue_many_tests[] = {
    { "put_many_keeps_the_order", put_many_keeps_the_order },
    { "put_many_says_how_many_went_in_before_the_timeout",
      put_many_says_how_many_went_in_before_the_timeout },
    { "put_many_waits_for_room_for_all", put_many_waits_for_room_for_all },
    { "get_many_takes_what_is_there", get_many_takes_what_is_there },
    { "nothing_can_be_put_and_got", nothing_can_be_put_and_got },
    CU_TEST_INFO_NULL,
};
