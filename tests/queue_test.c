/* queue_test.c - which item comes next, whole, and when a queue is full or empty.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * How calls wait is in queue_wait_test.c, what many threads do to a queue at once in queue_storm_test.c. */
#include <weft/queue.h>

#include <string.h>

#include <weft/clock.h>

#include "queues.h"
#include "suites.h"

/* ---- order ---- */

static void a_fifo_gives_the_oldest_first(void)
{
    static const size_t capacities[] = { 0, 1, 2, 3, 7, 8, 1000 };
    for (size_t k = 0; k < COUNT(capacities); k++) {
        weft_queue *const q = weft_queue_new(sizeof(int), .capacity = capacities[k]);
        int in = 0, out = 0;
        for (int round = 0; round < 3000; round++) {
            for (int i = 0; i < round % 5 && put(q, in) == WEFT_OK; i++)
                in++;
            for (int i = 0; i < round % 4 && out < in; i++)
                CU_ASSERT_EQUAL(get(q), out++);
        }
        while (out < in)
            CU_ASSERT_EQUAL(get(q), out++);
        CU_ASSERT_EQUAL(get(q), -1);
        weft_queue_free(q);
    }
}

static void a_lifo_gives_the_newest_first(void)
{
    for (size_t capacity = 0; capacity <= 100; capacity += 100) {
        weft_queue *const q = weft_queue_new(sizeof(int), .order = WEFT_LIFO, .capacity = capacity);
        put_up_to(q, 100);
        for (int i = 99; i >= 50; i--)
            CU_ASSERT_EQUAL(get(q), i);
        CU_ASSERT_EQUAL(put(q, 7), WEFT_OK);
        CU_ASSERT_EQUAL(get(q), 7);
        for (int i = 49; i >= 0; i--)
            CU_ASSERT_EQUAL(get(q), i);
        weft_queue_free(q);
    }
}

typedef struct job {
    int priority, number;
} job;

static bool job_before(const void *a, const void *b)
{
    return ((const job *)a)->priority < ((const job *)b)->priority;
}

/* n jobs of so many priorities, in; and out again, while more of them come. */
static void sort_jobs(size_t n, unsigned priorities)
{
    weft_queue *const q = weft_queue_new(sizeof(job), .order = WEFT_PRIORITY, .before = job_before);
    unsigned r = 1;
    size_t wrong = 0;
    job last = { -1, -1 }, now;
    for (size_t i = 0; i < n; i++) {
        r = r * 1103515245 + 12345;
        wrong += weft_queue_put(q, &(job){ (int)(r >> 8) % (int)priorities, (int)i }, 0) != WEFT_OK;
    }
    for (size_t i = 0; i < n; i++, last = now) {
        wrong += weft_queue_get(q, &now, 0) != WEFT_OK;
        wrong += now.priority < last.priority;
        wrong += now.priority == last.priority && now.number < last.number;
        if (i % 3 == 0) { /* one that comes next, after its equals */
            wrong += weft_queue_put(q, &(job){ now.priority, (int)(n + i) }, 0) != WEFT_OK;
            wrong += weft_queue_get(q, &now, 0) != WEFT_OK;
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
    weft_queue_free(q);
}

static void a_priority_queue_gives_the_least_first(void) { sort_jobs(1000, 1000000); }

static void ties_come_out_in_the_order_they_went_in(void)
{
    sort_jobs(1000, 1);
    sort_jobs(1000, 5);
}

/* With a list in place of a heap this would take minutes. */
static void a_priority_queue_of_65536_items_takes_no_time(void)
{
    const double start = weft_now();
    sort_jobs(65536, 1 << 20);
    CU_ASSERT(weft_now() - start < 10);
}

static void items_come_back_whole_whatever_their_size(void)
{
    static const size_t sizes[] = { 1,  2,  3,  4,  5,  7,   8,    9,     12,
                                    15, 16, 17, 24, 63, 100, 4097, 100000 };
    static unsigned char in[100000], out[100001];
    for (size_t k = 0; k < COUNT(sizes); k++)
        for (size_t kind = 0; kind < 4; kind++) {
            weft_queue *const q = weft_queue_new(sizes[k], .order = kinds[kind].order,
                                                 .capacity = kinds[kind].capacity ? 3 : 0);
            for (int i = 0; i < 20; i++) {
                for (size_t j = 0; j < sizes[k]; j++)
                    in[j] = (unsigned char)(i * 7 + (int)j * 13 + 1);
                memset(out, 0xee, sizeof out);
                CU_ASSERT_EQUAL(weft_queue_put(q, in, 0), WEFT_OK);
                CU_ASSERT_EQUAL(weft_queue_get(q, out, 0), WEFT_OK);
                CU_ASSERT_EQUAL(memcmp(in, out, sizes[k]), 0);
                CU_ASSERT_EQUAL(out[sizes[k]], 0xee);
            }
            weft_queue_free(q);
        }
}

/* ---- full, empty, timeouts ---- */

static void a_get_polled_on_an_empty_queue_is_a_timeout(void)
{
    for_each_kind(k, q)
    {
        int item = 5;
        CU_ASSERT_EQUAL(weft_queue_get(q, &item, 0), WEFT_TIMEOUT);
        CU_ASSERT_EQUAL(item, 5);
    }
}

static void a_put_polled_on_a_full_queue_is_a_timeout(void)
{
    for_each_kind(k, q)
    {
        if (!kinds[k].capacity)
            continue;
        put_up_to(q, 8);
        CU_ASSERT_EQUAL(put(q, 100), WEFT_TIMEOUT);
        CU_ASSERT_EQUAL(weft_queue_len(q), 8);
        for (int i = 0; i < 8; i++)
            CU_ASSERT(get(q) < 8);
    }
}

static void a_capacity_is_exact_whatever_it_is(void)
{
    for (size_t kind = 1; kind < COUNT(kinds); kind += 2)
        for (size_t capacity = 1; capacity < 40; capacity += capacity < 10 ? 1 : 7) {
            weft_queue *const q = queue_of(kind, capacity);
            for (int round = 0; round < 50; round++) {
                put_up_to(q, (int)capacity);
                CU_ASSERT_EQUAL(put(q, 0), WEFT_TIMEOUT);
                CU_ASSERT(get(q) >= 0); /* so that rounds begin at every place of a ring */
                CU_ASSERT_EQUAL(put(q, 0), WEFT_OK);
                CU_ASSERT_EQUAL(put(q, 0), WEFT_TIMEOUT);
                for (size_t i = 0; i < capacity; i++)
                    CU_ASSERT(get(q) >= 0);
                CU_ASSERT_EQUAL(get(q), -1);
                if (round % 3 == 0)
                    CU_ASSERT(put(q, 1) == WEFT_OK && get(q) == 1);
            }
            weft_queue_free(q);
        }
}

static void a_queue_without_capacity_is_never_full(void)
{
    for (size_t kind = 0; kind < allocated_kinds; kind += 2) {
        weft_queue *const q = queue_of(kind, 0);
        put_up_to(q, 50000);
        CU_ASSERT_EQUAL(weft_queue_len(q), 50000);
        CU_ASSERT_FALSE(weft_queue_full(q));
        weft_queue_free(q);
    }
}

/* ---- len, full, empty ---- */

static void len_full_and_empty_follow_the_items(void)
{
    for_each_kind(k, q)
    {
        CU_ASSERT(weft_queue_empty(q) && !weft_queue_full(q));
        for (int i = 0; i < 8; i++) {
            CU_ASSERT_EQUAL(weft_queue_len(q), (size_t)i);
            put(q, i);
            CU_ASSERT_FALSE(weft_queue_empty(q));
        }
        CU_ASSERT_EQUAL(weft_queue_full(q), kinds[k].capacity == 8);
        for (int i = 8; i > 0; i--) {
            CU_ASSERT_EQUAL(weft_queue_len(q), (size_t)i);
            get(q);
        }
        CU_ASSERT(weft_queue_empty(q) && !weft_queue_full(q));
    }
}

CU_TestInfo queue_tests[] = {
    { "a_fifo_gives_the_oldest_first", a_fifo_gives_the_oldest_first },
    { "a_lifo_gives_the_newest_first", a_lifo_gives_the_newest_first },
    { "a_priority_queue_gives_the_least_first", a_priority_queue_gives_the_least_first },
    { "ties_come_out_in_the_order_they_went_in", ties_come_out_in_the_order_they_went_in },
    { "a_priority_queue_of_65536_items_takes_no_time",
      a_priority_queue_of_65536_items_takes_no_time },
    { "items_come_back_whole_whatever_their_size", items_come_back_whole_whatever_their_size },
    { "a_get_polled_on_an_empty_queue_is_a_timeout", a_get_polled_on_an_empty_queue_is_a_timeout },
    { "a_put_polled_on_a_full_queue_is_a_timeout", a_put_polled_on_a_full_queue_is_a_timeout },
    { "a_capacity_is_exact_whatever_it_is", a_capacity_is_exact_whatever_it_is },
    { "a_queue_without_capacity_is_never_full", a_queue_without_capacity_is_never_full },
    { "len_full_and_empty_follow_the_items", len_full_and_empty_follow_the_items },
    CU_TEST_INFO_NULL,
};
