/* queue_memory_test.c - what a queue allocates, gives back, and does without.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/queue.h>

#include <stdio.h>
#include <string.h>

#include "fault.h"
#include "queues.h"
#include "suites.h"

static void memory_is_given_back_as_a_queue_empties(void)
{
    enum { n = 100000, rest = 100 };
    for (size_t kind = 0; kind < allocated_kinds; kind += 2) {
        const long before = fault_live();
        weft_queue *const q = queue_of(kind, 0);
        put_up_to(q, n);
        const long full = fault_live() - before;
        for (int i = 0; i < n - rest; i++)
            get(q);
        const long emptied = fault_live() - before;
        CU_ASSERT(full >= (long)sizeof(int) * n);
        CU_ASSERT(emptied < 16384);
        weft_queue_free(q);
        CU_ASSERT_EQUAL(fault_live(), before);
    }
}

static void a_queue_is_freed_with_its_items(void)
{
    for (size_t kind = 0; kind < allocated_kinds; kind++) {
        const long before = fault_live();
        weft_queue *const q = queue_of(kind, kinds[kind].capacity ? 5000 : 0);
        put_up_to(q, 5000);
        weft_queue_free(q);
        CU_ASSERT_EQUAL(fault_live(), before);
    }
    weft_queue_free(NULL);
}

static void every_failed_allocation_of_a_new_queue_is_reported(void)
{
    for (size_t kind = 0; kind < allocated_kinds; kind++) {
        const long before = fault_live();
        size_t n = 0;
        for (;; n++) {
            fault_begin(n);
            weft_queue *const q = queue_of(kind, kinds[kind].capacity);
            if (!fault_end()) {
                weft_queue_free(q);
                break;
            }
            CU_ASSERT_PTR_NULL(q);
            CU_ASSERT_PTR_NOT_NULL(strstr(weft_detail(), "there is not that much memory"));
            CU_ASSERT_EQUAL(fault_live(), before);
        }
        CU_ASSERT(n >= 2);
    }
}

/* Each in turn of the allocations of 2000 puts. */
static void a_put_without_memory_leaves_the_queue_as_it_was(void)
{
    for (size_t kind = 0; kind < allocated_kinds; kind += 2) {
        size_t failures = 0;
        for (bool failed = true; failed; failures += failed) {
            weft_queue *const q = queue_of(kind, 0);
            int in = 0, sum = 0;
            fault_begin(failures);
            for (failed = false; in < 2000 && !failed;)
                if (put(q, in) == WEFT_OK)
                    in++;
                else
                    failed = true;
            CU_ASSERT_EQUAL(fault_end(), failed);
            if (failed)
                ASSERT_TEXT(weft_detail(), "weft_queue_put: item is one of 4 bytes more: there is "
                                           "no memory for it");
            CU_ASSERT_EQUAL(weft_queue_len(q), (size_t)in);
            CU_ASSERT_EQUAL(put(q, in), WEFT_OK); /* there is memory again */
            for (int i = 0; i <= in; i++)
                sum += get(q);
            CU_ASSERT_EQUAL(sum, in * (in + 1) / 2);
            CU_ASSERT_EQUAL(get(q), -1);
            weft_queue_free(q);
        }
        CU_ASSERT(failures >= 3);
    }
}

static void a_queue_with_capacity_allocates_no_more(void)
{
    for (size_t kind = 1; kind < allocated_kinds; kind += 2) {
        weft_queue *const q = queue_of(kind, 3000);
        fault_begin(0);
        put_up_to(q, 3000);
        for (int i = 0; i < 3000; i++)
            CU_ASSERT(get(q) >= 0);
        CU_ASSERT_FALSE(fault_end());
        weft_queue_free(q);
    }
}

CU_TestInfo queue_memory_tests[] = {
    { "memory_is_given_back_as_a_queue_empties", memory_is_given_back_as_a_queue_empties },
    { "a_queue_is_freed_with_its_items", a_queue_is_freed_with_its_items },
    { "every_failed_allocation_of_a_new_queue_is_reported",
      every_failed_allocation_of_a_new_queue_is_reported },
    { "a_put_without_memory_leaves_the_queue_as_it_was",
      a_put_without_memory_leaves_the_queue_as_it_was },
    { "a_queue_with_capacity_allocates_no_more", a_queue_with_capacity_allocates_no_more },
    CU_TEST_INFO_NULL,
};
