/* queue_wait_test.c - how long a put or a get waits, who is woken, and what that costs.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/queue.h>

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include <weft/clock.h>

#include "queues.h"
#include "suites.h"

static void a_wait_lasts_as_long_as_asked(void)
{
    static const double waits[] = { 1e-6, 1e-4, 0.03 };
    for_each_kind(k, q) for (size_t w = 0; w < COUNT(waits); w++)
    {
        int item = 0;
        double start = weft_now();
        CU_ASSERT_EQUAL(weft_queue_get(q, &item, waits[w]), WEFT_TIMEOUT);
        CU_ASSERT(weft_now() - start >= waits[w]);
        if (!kinds[k].capacity)
            continue;
        put_up_to(q, 8);
        start = weft_now();
        CU_ASSERT_EQUAL(weft_queue_put(q, &item, waits[w]), WEFT_TIMEOUT);
        CU_ASSERT(weft_now() - start >= waits[w]);
        CU_ASSERT_EQUAL(weft_queue_len(q), 8);
        while (get(q) >= 0)
            ;
    }
}

static void a_get_waits_for_an_item(void)
{
    static const double waits[] = { 30, 1e10, WEFT_FOREVER };
    for_each_kind(k, q) for (size_t w = 0; w < COUNT(waits); w++)
    {
        call c = { .q = q, .timeout = waits[w] };
        begin(&c, a_get_thread);
        CU_ASSERT_EQUAL(put(q, 42), WEFT_OK);
        CU_ASSERT_EQUAL(end(&c), WEFT_OK);
        CU_ASSERT_EQUAL(c.item, 42);
        CU_ASSERT(c.seconds > a_while / 4);
    }
}

static void a_put_waits_for_room(void)
{
    static const double waits[] = { 30, 1e10, WEFT_FOREVER };
    for_each_kind(k, q) for (size_t w = 0; w < COUNT(waits) && kinds[k].capacity; w++)
    {
        call c = { .q = q, .timeout = waits[w], .item = 1000 };
        put_up_to(q, 8);
        begin(&c, a_put_thread);
        CU_ASSERT_EQUAL(weft_queue_len(q), 8);
        CU_ASSERT(get(q) >= 0);
        CU_ASSERT_EQUAL(end(&c), WEFT_OK);
        CU_ASSERT(c.seconds > a_while / 4);
        CU_ASSERT_EQUAL(weft_queue_len(q), 8);
        while (get(q) >= 0)
            ;
    }
}

static void each_of_several_waiters_gets_one_item(void)
{
    enum { waiters = 5 };
    for_each_kind(k, q)
    {
        call c[waiters];
        int sum = 0;
        for (int i = 0; i < waiters; i++) {
            c[i] = (call){ .q = q, .timeout = WEFT_FOREVER };
            begin(&c[i], a_get_thread);
        }
        put_up_to(q, waiters);
        for (int i = 0; i < waiters; i++) {
            CU_ASSERT_EQUAL(end(&c[i]), WEFT_OK);
            sum += c[i].item;
        }
        CU_ASSERT_EQUAL(sum, waiters * (waiters - 1) / 2);
    }
}

/* As one put wakes one waiter, so a put of many wakes many. */
static void a_put_of_many_wakes_as_many_waiters(void)
{
    static const int items[] = { 1, 2, 3 };
    for_each_kind(k, q)
    {
        call c[COUNT(items)];
        for (size_t i = 0; i < COUNT(items); i++) {
            c[i] = (call){ .q = q, .timeout = WEFT_FOREVER };
            begin(&c[i], a_get_thread);
        }
        CU_ASSERT_EQUAL(weft_queue_put_many(q, items, COUNT(items), 0, NULL), WEFT_OK);
        for (size_t i = 0; i < COUNT(items); i++)
            CU_ASSERT_EQUAL(end(&c[i]), WEFT_OK);
    }
}

static double cpu_of_this_thread(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void who_waits_leaves_the_core_to_others(void)
{
    for_each_kind(k, q)
    {
        int item;
        const double before = cpu_of_this_thread();
        CU_ASSERT_EQUAL(weft_queue_get(q, &item, 0.1), WEFT_TIMEOUT);
        CU_ASSERT(cpu_of_this_thread() - before < 0.02);
    }
}

static void nothing(int signal_number) { (void)signal_number; }

static void *disturb(void *arg)
{
    const pthread_t whom = *(pthread_t *)arg;
    for (int i = 0; i < 150; i++) {
        pthread_kill(whom, SIGUSR1);
        weft_sleep(1e-3);
    }
    return NULL;
}

/* Runs a call under a thousand signals a second, which interrupt system calls. */
static weft_status under_signals(call *c, called *run)
{
    struct sigaction before;
    sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = nothing }, &before);
    pthread_t self = pthread_self(), other;
    if (pthread_create(&other, NULL, disturb, &self))
        abort();
    const double start = weft_now();
    const weft_status s = run(c);
    c->seconds = weft_now() - start;
    pthread_join(other, NULL);
    sigaction(SIGUSR1, &before, NULL);
    return s;
}

static void signals_neither_end_nor_stretch_a_wait(void)
{
    static called *const calls[] = { a_get, a_put, a_join };
    weft_queue *const empty = weft_queue_new(sizeof(int)), *const full = weft_queue_new(
                                                               sizeof(int), .capacity = 1);
    put(full, 0);
    weft_queue *const queues[] = { empty, full, full };
    for (size_t k = 0; k < COUNT(calls); k++) {
        call c = { .q = queues[k], .timeout = 0.1 };
        CU_ASSERT_EQUAL(under_signals(&c, calls[k]), WEFT_TIMEOUT);
        CU_ASSERT(c.seconds >= 0.1 && c.seconds < 5);
    }
    weft_queue_free(empty), weft_queue_free(full);
}

CU_TestInfo queue_wait_tests[] = {
    { "a_wait_lasts_as_long_as_asked", a_wait_lasts_as_long_as_asked },
    { "a_get_waits_for_an_item", a_get_waits_for_an_item },
    { "a_put_waits_for_room", a_put_waits_for_room },
    { "each_of_several_waiters_gets_one_item", each_of_several_waiters_gets_one_item },
    { "a_put_of_many_wakes_as_many_waiters", a_put_of_many_wakes_as_many_waiters },
    { "who_waits_leaves_the_core_to_others", who_waits_leaves_the_core_to_others },
    { "signals_neither_end_nor_stretch_a_wait", signals_neither_end_nor_stretch_a_wait },
    CU_TEST_INFO_NULL,
};
