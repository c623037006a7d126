/* queue_storm_test.c - many threads at one queue, and in the middle somebody closes it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each item says who made it and how many that one had made before. Producers and consumers take
 * turns with the calls and with timeouts of nothing, of a moment and without end. In the end each
 * item that went in has come out once, or was dropped by the close; nothing else came out; and of a
 * FIFO every consumer saw the items of a producer in the order they were made.
 *
 * WEFT_SOAK is the number of items for each kind of queue, in place of what takes a few seconds. */
#include <weft/queue.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"

enum { most = 8, batch = 7 }; /* producers or consumers; items of one call */

typedef struct item {
    uint32_t maker, number;
    uint64_t check[2]; /* not in small items */
} item;

typedef struct storm storm;

typedef struct party {
    storm *storm;
    pthread_t thread;
    uint32_t self;
    uint64_t random;
    uint32_t made;       /* items that went in, by a producer */
    size_t got, wrong;   /* by a consumer */
    uint32_t next[most]; /* the least number that may come from each producer */
} party;

struct storm {
    weft_queue *q;
    size_t item_size;
    bool fifo;
    uint32_t producers, consumers, items; /* items: of each producer */
    unsigned char *seen[most]; /* how often each item came out; relaxed, read at the end */
    uint32_t arrived;          /* relaxed: when to close */
    party producer[most], consumer[most];
};

static uint32_t next_random(party *p)
{
    p->random = p->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(p->random >> 40);
}

static double some_timeout(party *p)
{
    static const double timeouts[] = { 0, 1e-6, 1e-4, WEFT_FOREVER, WEFT_FOREVER };
    return timeouts[next_random(p) % COUNT(timeouts)];
}

static uint64_t check_of(const item *i)
{
    return (i->number + 1) * UINT64_C(0x9e3779b97f4a7c15) ^ i->maker;
}

static item make(const party *p, uint32_t number)
{
    item i = { .maker = p->self, .number = number };
    i.check[0] = check_of(&i), i.check[1] = ~i.check[0];
    return i;
}

/* ---- producers ---- */

/* Returns how many of the n went in. */
static size_t put_some(party *p, uint32_t n, weft_status *s)
{
    char items[batch * sizeof(item)];
    const size_t size = p->storm->item_size;
    size_t done = 0;
    for (uint32_t k = 0; k < n; k++) {
        const item i = make(p, p->made + k);
        memcpy(items + k * size, &i, size);
    }
    if (n > 1)
        *s = weft_queue_put_many(p->storm->q, items, n, some_timeout(p), &done);
    else
        *s = weft_queue_put(p->storm->q, items, some_timeout(p)), done = *s == WEFT_OK;
    return done;
}

static void *produce(void *arg)
{
    party *const p = arg;
    weft_status s = WEFT_OK;
    while (p->made < p->storm->items && s != WEFT_CLOSED) {
        const uint32_t left = p->storm->items - p->made, n = 1 + next_random(p) % batch;
        p->made += (uint32_t)put_some(p, next_random(p) % 4 || left < n ? 1 : n, &s);
        p->wrong += s < 0;
    }
    return NULL;
}

/* ---- consumers ---- */

static bool is_whole(const item *i, size_t size)
{
    return size < sizeof *i || (i->check[0] == check_of(i) && i->check[1] == ~i->check[0]);
}

static void take(party *p, const char *from)
{
    storm *const w = p->storm;
    item i = { 0 };
    memcpy(&i, from, w->item_size);
    if (i.maker >= w->producers || i.number >= w->items || !is_whole(&i, w->item_size)) {
        p->wrong++;
        return;
    }
    p->wrong += w->fifo && i.number < p->next[i.maker];
    p->next[i.maker] = i.number + 1;
    p->wrong += __atomic_fetch_add(&w->seen[i.maker][i.number], 1, __ATOMIC_RELAXED) != 0;
    p->wrong += weft_queue_task_done(w->q) != WEFT_OK;
    __atomic_fetch_add(&w->arrived, 1, __ATOMIC_RELAXED);
}

static void *consume(void *arg)
{
    party *const p = arg;
    weft_status s = WEFT_OK;
    while (s != WEFT_CLOSED) {
        char items[batch * sizeof(item)];
        size_t n = 0;
        if (next_random(p) % 4)
            s = weft_queue_get(p->storm->q, items, some_timeout(p)), n = s == WEFT_OK;
        else
            s = weft_queue_get_many(p->storm->q, items, batch, some_timeout(p), &n);
        p->wrong += s < 0 || (s == WEFT_OK) != (n > 0);
        for (size_t k = 0; k < n; k++)
            take(p, items + k * p->storm->item_size);
        p->got += n;
    }
    return NULL;
}

/* ---- a storm ---- */

static void start(storm *w, party *p, uint32_t self, void *(*run)(void *))
{
    *p = (party){ .storm = w, .self = self, .random = self * 77 + 1 };
    if (pthread_create(&p->thread, NULL, run, p))
        abort();
}

static size_t run_all(storm *w, size_t close_at, bool immediate)
{
    size_t dropped = 0;
    for (uint32_t k = 0; k < w->producers; k++)
        start(w, &w->producer[k], k, produce);
    for (uint32_t k = 0; k < w->consumers; k++)
        start(w, &w->consumer[k], k, consume);
    while (close_at && __atomic_load_n(&w->arrived, __ATOMIC_RELAXED) < close_at)
        weft_sleep(1e-4);
    if (close_at)
        weft_queue_close(w->q, .immediate = immediate, .dropped = &dropped);
    for (uint32_t k = 0; k < w->producers; k++)
        pthread_join(w->producer[k].thread, NULL);
    weft_queue_close(w->q);
    for (uint32_t k = 0; k < w->consumers; k++)
        pthread_join(w->consumer[k].thread, NULL);
    return dropped;
}

static void judge(const storm *w, size_t dropped)
{
    size_t put = 0, got = 0, wrong = 0, missing = 0;
    for (uint32_t k = 0; k < w->producers; k++) {
        const party *const p = &w->producer[k];
        put += p->made, wrong += p->wrong;
        for (uint32_t i = 0; i < w->items; i++) {
            missing += i < p->made && !w->seen[k][i];
            wrong += i >= p->made && w->seen[k][i];
        }
    }
    for (uint32_t k = 0; k < w->consumers; k++)
        got += w->consumer[k].got, wrong += w->consumer[k].wrong;
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(missing, dropped);
    CU_ASSERT_EQUAL(got + dropped, put);
    CU_ASSERT_EQUAL(weft_queue_join(w->q, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_queue_len(w->q), 0);
}

static bool before(const void *a, const void *b)
{
    return ((const item *)a)->number % 16 < ((const item *)b)->number % 16;
}

typedef enum ending { RUN_DRY, CLOSE, CLOSE_IMMEDIATELY } ending;

static void storm_of(weft_order order, size_t capacity, uint32_t producers, uint32_t consumers,
                     uint32_t items, ending e)
{
    storm *const w = calloc(1, sizeof *w);
    w->item_size = (producers + consumers) % 3 ? 8 : sizeof(item);
    w->q = weft_queue_new(w->item_size, .order = order, .capacity = capacity,
                          .before = order == WEFT_PRIORITY ? before : NULL);
    w->fifo = order == WEFT_FIFO;
    w->producers = producers, w->consumers = consumers, w->items = items / producers;
    for (uint32_t k = 0; k < producers; k++)
        w->seen[k] = calloc(w->items, 1);
    const size_t dropped =
        run_all(w, e == RUN_DRY ? 0 : (size_t)w->items * producers / 2, e == CLOSE_IMMEDIATELY);
    CU_ASSERT(e == CLOSE_IMMEDIATELY || dropped == 0);
    judge(w, dropped);
    weft_queue_free(w->q);
    for (uint32_t k = 0; k < producers; k++)
        free(w->seen[k]);
    free(w);
}

static uint32_t items_for_a_kind(void)
{
    const char *const soak = getenv("WEFT_SOAK");
    return soak ? (uint32_t)strtoul(soak, NULL, 10) : 150000;
}

static void storms(weft_order order, const size_t *capacities, size_t n)
{
    static const uint32_t parties[][2] = { { 1, 1 }, { 1, 4 }, { 4, 1 }, { 2, 2 },
                                           { 3, 2 }, { 4, 4 }, { 8, 8 } };
    const size_t shapes = COUNT(parties) * 3 * n;
    const uint32_t items = items_for_a_kind() / (uint32_t)shapes;
    for (size_t c = 0; c < n; c++)
        for (size_t k = 0; k < COUNT(parties); k++)
            for (ending e = RUN_DRY; e <= CLOSE_IMMEDIATELY; e++)
                storm_of(order, capacities[c], parties[k][0], parties[k][1], items, e);
}

static const size_t some_capacities[] = { 1, 2, 3, 64, 1000 }, none[] = { 0 };

static void a_bounded_fifo_delivers_each_item_once(void) { storms(WEFT_FIFO, some_capacities, 5); }
static void a_bounded_lifo_delivers_each_item_once(void) { storms(WEFT_LIFO, some_capacities, 5); }
static void a_bounded_priority_queue_delivers_each_item_once(void)
{
    storms(WEFT_PRIORITY, some_capacities, 5);
}
static void an_unbounded_fifo_delivers_each_item_once(void) { storms(WEFT_FIFO, none, 1); }
static void an_unbounded_lifo_delivers_each_item_once(void) { storms(WEFT_LIFO, none, 1); }
static void an_unbounded_priority_queue_delivers_each_item_once(void)
{
    storms(WEFT_PRIORITY, none, 1);
}

/* ---- join, again and again, against the last task_done ---- */

static void *work_off(void *arg)
{
    int i;
    while (weft_queue_get(arg, &i, WEFT_FOREVER) == WEFT_OK)
        weft_queue_task_done(arg);
    return NULL;
}

static void join_never_sleeps_through_the_last_task_done(void)
{
    for (size_t capacity = 0; capacity < 8; capacity += 4) {
        weft_queue *const q = weft_queue_new(sizeof(int), .capacity = capacity);
        pthread_t t[2];
        for (size_t k = 0; k < COUNT(t); k++)
            if (pthread_create(&t[k], NULL, work_off, q))
                abort();
        size_t late = 0;
        for (int i = 0; i < 3000; i++) {
            for (int k = 0; k <= i % 3; k++)
                weft_queue_put(q, &i, WEFT_FOREVER);
            late += weft_queue_join(q, 30) != WEFT_OK;
        }
        CU_ASSERT_EQUAL(late, 0);
        weft_queue_close(q);
        for (size_t k = 0; k < COUNT(t); k++)
            pthread_join(t[k], NULL);
        weft_queue_free(q);
    }
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo queue_storm_tests[] = {
    TEST(a_bounded_fifo_delivers_each_item_once),
    TEST(an_unbounded_fifo_delivers_each_item_once),
    TEST(a_bounded_lifo_delivers_each_item_once),
    TEST(an_unbounded_lifo_delivers_each_item_once),
    TEST(a_bounded_priority_queue_delivers_each_item_once),
    TEST(an_unbounded_priority_queue_delivers_each_item_once),
    TEST(join_never_sleeps_through_the_last_task_done),
    CU_TEST_INFO_NULL,
};
