/* queue_test.c - what a queue promises, call by call.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What many threads do to it at once is in queue_storm_test.c. */
#include <weft/queue.h>

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <weft/clock.h>

#include "fault.h"
#include "suites.h"

static const double a_while = 0.02; /* seconds, in which another thread has surely begun to wait */

static bool int_before(const void *a, const void *b) { return *(const int *)a < *(const int *)b; }

/* ---- every kind of queue of ints ---- */

static const struct {
    weft_order order;
    size_t capacity;
} kinds[] = { { WEFT_FIFO, 0 }, { WEFT_FIFO, 8 },     { WEFT_LIFO, 0 },
              { WEFT_LIFO, 8 }, { WEFT_PRIORITY, 0 }, { WEFT_PRIORITY, 8 } };

static weft_queue *queue_of(size_t kind, size_t capacity)
{
    const weft_order order = kinds[kind].order;
    return weft_queue_new(sizeof(int), .order = order, .capacity = capacity,
                          .before = order == WEFT_PRIORITY ? int_before : NULL);
}

#define for_each_kind(k, q)                   \
    for (size_t k = 0; k < COUNT(kinds); k++) \
        for (weft_queue *q = queue_of(k, kinds[k].capacity); q; weft_queue_free(q), q = NULL)

static weft_status put(weft_queue *q, int item) { return weft_queue_put(q, &item, 0); }

static int get(weft_queue *q)
{
    int item = -1;
    return weft_queue_get(q, &item, 0) == WEFT_OK ? item : -1;
}

static void put_up_to(weft_queue *q, int n)
{
    for (int i = 0; i < n; i++)
        CU_ASSERT_EQUAL(put(q, i), WEFT_OK);
}

/* ---- calls on another thread ---- */

typedef struct call {
    weft_queue *q;
    double timeout, seconds;
    int item;
    weft_status status;
    pthread_t thread;
} call;

typedef weft_status called(call *c);

static weft_status a_get(call *c) { return weft_queue_get(c->q, &c->item, c->timeout); }
static weft_status a_put(call *c) { return weft_queue_put(c->q, &c->item, c->timeout); }
static weft_status a_join(call *c) { return weft_queue_join(c->q, c->timeout); }

#define DEFINE_THREAD(name)               \
    static void *name##_thread(void *arg) \
    {                                     \
        call *const c = arg;              \
        const double start = weft_now();  \
        c->status = name(c);              \
        c->seconds = weft_now() - start;  \
        return NULL;                      \
    }
DEFINE_THREAD(a_get)
DEFINE_THREAD(a_put)
DEFINE_THREAD(a_join)

/* Begins a call; a while later it waits, if it has to. */
static void begin(call *c, void *(*thread)(void *))
{
    if (pthread_create(&c->thread, NULL, thread, c))
        abort();
    weft_sleep(a_while);
}

static weft_status end(call *c)
{
    pthread_join(c->thread, NULL);
    return c->status;
}

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
    for (size_t kind = 0; kind < COUNT(kinds); kind += 2) {
        weft_queue *const q = queue_of(kind, 0);
        put_up_to(q, 50000);
        CU_ASSERT_EQUAL(weft_queue_len(q), 50000);
        CU_ASSERT_FALSE(weft_queue_full(q));
        weft_queue_free(q);
    }
}

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

/* ---- many at once ---- */

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

/* ---- task_done and join ---- */

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

/* ---- close ---- */

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

/* ---- memory ---- */

static void memory_is_given_back_as_a_queue_empties(void)
{
    enum { n = 100000, rest = 100 };
    for (size_t kind = 0; kind < COUNT(kinds); kind += 2) {
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
    for (size_t kind = 0; kind < COUNT(kinds); kind++) {
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
    for (size_t kind = 0; kind < COUNT(kinds); kind++) {
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
    for (size_t kind = 0; kind < COUNT(kinds); kind += 2) {
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
    for (size_t kind = 1; kind < COUNT(kinds); kind += 2) {
        weft_queue *const q = queue_of(kind, 3000);
        fault_begin(0);
        put_up_to(q, 3000);
        for (int i = 0; i < 3000; i++)
            CU_ASSERT(get(q) >= 0);
        CU_ASSERT_FALSE(fault_end());
        weft_queue_free(q);
    }
}

/* ---- bad arguments ---- */

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
    for (size_t kind = 0; kind < COUNT(kinds); kind++)
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

static jmp_buf misused;
static char message[256];

static void note(const char *line)
{
    snprintf(message, sizeof message, "%s", line);
    longjmp(misused, 1);
}

#define PANIC_OF(call)                                           \
    __extension__({                                              \
        weft_panic_handler *const before = weft_set_panic(note); \
        message[0] = 0;                                          \
        if (setjmp(misused) == 0)                                \
            (void)(call);                                        \
        weft_set_panic(before);                                  \
        message;                                                 \
    })

static void null_panics_where_there_is_no_status(void)
{
    ASSERT_TEXT(PANIC_OF(weft_queue_len(NULL)), "weft_queue_len: queue is NULL: it must be one");
    ASSERT_TEXT(PANIC_OF(weft_queue_full(NULL)), "weft_queue_full: queue is NULL: it must be one");
    ASSERT_TEXT(PANIC_OF(weft_queue_empty(NULL)),
                "weft_queue_empty: queue is NULL: it must be one");
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo queue_tests[] = {
    TEST(a_fifo_gives_the_oldest_first),
    TEST(a_lifo_gives_the_newest_first),
    TEST(a_priority_queue_gives_the_least_first),
    TEST(ties_come_out_in_the_order_they_went_in),
    TEST(a_priority_queue_of_65536_items_takes_no_time),
    TEST(items_come_back_whole_whatever_their_size),
    TEST(a_get_polled_on_an_empty_queue_is_a_timeout),
    TEST(a_put_polled_on_a_full_queue_is_a_timeout),
    TEST(a_capacity_is_exact_whatever_it_is),
    TEST(a_queue_without_capacity_is_never_full),
    TEST(a_wait_lasts_as_long_as_asked),
    TEST(a_get_waits_for_an_item),
    TEST(a_put_waits_for_room),
    TEST(each_of_several_waiters_gets_one_item),
    TEST(a_put_of_many_wakes_as_many_waiters),
    TEST(who_waits_leaves_the_core_to_others),
    TEST(signals_neither_end_nor_stretch_a_wait),
    TEST(put_many_keeps_the_order),
    TEST(put_many_says_how_many_went_in_before_the_timeout),
    TEST(put_many_waits_for_room_for_all),
    TEST(get_many_takes_what_is_there),
    TEST(nothing_can_be_put_and_got),
    TEST(len_full_and_empty_follow_the_items),
    TEST(join_of_a_new_queue_returns),
    TEST(join_waits_for_the_last_task_done),
    TEST(join_waits_for_items_put_meanwhile),
    TEST(one_task_done_too_many_is_refused),
    TEST(a_put_into_a_closed_queue_is_closed_at_once),
    TEST(a_closed_queue_drains_and_then_is_closed),
    TEST(close_wakes_all_who_wait_to_get),
    TEST(close_wakes_all_who_wait_to_put),
    TEST(a_queue_may_be_closed_again),
    TEST(an_immediate_close_drops_what_is_queued_and_counts_it_done),
    TEST(an_immediate_close_wakes_join),
    TEST(dropping_never_counts_below_zero),
    TEST(a_closed_queue_may_be_closed_immediately),
    TEST(memory_is_given_back_as_a_queue_empties),
    TEST(a_queue_is_freed_with_its_items),
    TEST(every_failed_allocation_of_a_new_queue_is_reported),
    TEST(a_put_without_memory_leaves_the_queue_as_it_was),
    TEST(a_queue_with_capacity_allocates_no_more),
    TEST(absurd_queues_are_refused_with_a_reason),
    TEST(queues_that_no_memory_can_hold_are_refused_with_a_reason),
    TEST(options_may_be_left_out),
    TEST(a_timeout_that_is_negative_or_nan_is_refused),
    TEST(null_is_refused_with_a_reason),
    TEST(null_panics_where_there_is_no_status),
    CU_TEST_INFO_NULL,
};
