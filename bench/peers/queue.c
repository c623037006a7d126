/* queue.c - items from thread to thread: streams, batches, there and back.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Beside the libraries stands the queue that everybody writes: a ring under a mutex, two condition
 * variables. */
#include "peer.h"

#include <pthread.h>
#include <stdlib.h>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <weft.h>

#include "queue_race.h"

/* The jobs of a kind of queue, whose traffic is `name`. */
#define QUEUE_JOBS(name)                                                               \
    static double name##_queue_1(const work *w) { return queue_race(w, &name, 1, 1); } \
    static double name##_queue_2(const work *w) { return queue_race(w, &name, 2, 2); } \
    static double name##_queue_4(const work *w) { return queue_race(w, &name, 4, 4); } \
    static double name##_queue_ping(const work *w) { return (void)w, queue_ping_pong(&name); }

/* ---- weft ---- */

static void *weft_open(size_t capacity)
{
    return weft_queue_new(sizeof(size_t), .capacity = capacity);
}

static void weft_shut(void *queue) { weft_queue_free(queue); }

static void weft_produce(void *queue, size_t first, size_t n)
{
    for (size_t i = first; i < first + n; i++)
        weft_queue_put(queue, &i, WEFT_FOREVER);
}

static double weft_consume(void *queue, size_t n)
{
    size_t sum = 0, item;
    for (size_t k = 0; k < n; k++) {
        weft_queue_get(queue, &item, WEFT_FOREVER);
        sum += item;
    }
    return (double)sum;
}

static const traffic weft = { weft_open, weft_produce, weft_consume, weft_shut };
QUEUE_JOBS(weft)

enum { batch = 64 };

static void weft_produce_many(void *queue, size_t first, size_t n)
{
    size_t items[batch];
    for (size_t i = first, end = first + n; i < end;) {
        size_t k = 0;
        for (; k < batch && i < end; k++)
            items[k] = i++;
        weft_queue_put_many(queue, items, k, WEFT_FOREVER, NULL);
    }
}

static double weft_consume_many(void *queue, size_t n)
{
    size_t items[batch], sum = 0;
    for (size_t got; n > 0; n -= got) {
        weft_queue_get_many(queue, items, n < batch ? n : batch, WEFT_FOREVER, &got);
        for (size_t k = 0; k < got; k++)
            sum += items[k];
    }
    return (double)sum;
}

static const traffic weft_many = { weft_open, weft_produce_many, weft_consume_many, weft_shut };

static double weft_queue_many(const work *w) { return queue_race(w, &weft_many, 1, 1); }

/* ---- a ring under a mutex ---- */

typedef struct ring {
    pthread_mutex_t lock;
    pthread_cond_t item, room;
    size_t head, tail, capacity, slots[];
} ring;

static void *mutex_open(size_t capacity)
{
    ring *const r = calloc(1, sizeof *r + capacity * sizeof *r->slots);
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->item, NULL);
    pthread_cond_init(&r->room, NULL);
    r->capacity = capacity;
    return r;
}

static void mutex_produce(void *queue, size_t first, size_t n)
{
    ring *const r = queue;
    for (size_t i = first; i < first + n; i++) {
        pthread_mutex_lock(&r->lock);
        while (r->tail - r->head == r->capacity)
            pthread_cond_wait(&r->room, &r->lock);
        r->slots[r->tail++ % r->capacity] = i;
        pthread_cond_signal(&r->item);
        pthread_mutex_unlock(&r->lock);
    }
}

static double mutex_consume(void *queue, size_t n)
{
    ring *const r = queue;
    size_t sum = 0;
    for (size_t k = 0; k < n; k++) {
        pthread_mutex_lock(&r->lock);
        while (r->tail == r->head)
            pthread_cond_wait(&r->item, &r->lock);
        sum += r->slots[r->head++ % r->capacity];
        pthread_cond_signal(&r->room);
        pthread_mutex_unlock(&r->lock);
    }
    return (double)sum;
}

static void mutex_shut(void *queue)
{
    ring *const r = queue;
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->item);
    pthread_cond_destroy(&r->room);
    free(r);
}

static const traffic mutex = { mutex_open, mutex_produce, mutex_consume, mutex_shut };
QUEUE_JOBS(mutex)

/* ---- there and back, asleep ----
 *
 * Each side keeps what it got for so long that the other one has gone to sleep; that time is not
 * counted. */

enum { naps = 100 };

static const double kept = 150e-6; /* seconds */

static void keep(void)
{
    for (const double start = weft_now(); weft_now() - start < kept;)
        ;
}

typedef struct sleepers {
    weft_queue *there, *back;
    uint32_t word; /* futex: whose turn it is */
} sleepers;

static void *answer_by_queue(void *arg)
{
    sleepers *const s = arg;
    size_t item;
    for (size_t k = 0; k < naps; k++) {
        weft_queue_get(s->there, &item, WEFT_FOREVER);
        keep();
        weft_queue_put(s->back, &item, WEFT_FOREVER);
    }
    return NULL;
}

static double weft_asleep(const work *w)
{
    (void)w;
    sleepers s = { .there = weft_open(4), .back = weft_open(4) };
    pthread_t t;
    size_t item = 0;
    if (pthread_create(&t, NULL, answer_by_queue, &s))
        abort();
    for (size_t k = 0; k < naps; k++) {
        keep();
        weft_queue_put(s.there, &item, WEFT_FOREVER);
        weft_queue_get(s.back, &item, WEFT_FOREVER);
    }
    pthread_join(t, NULL);
    weft_queue_free(s.there), weft_queue_free(s.back);
    return 0;
}

/* release: pairs with futex_await; nothing but the turn itself is handed over */
static void futex_give(uint32_t *word, uint32_t turn)
{
    __atomic_store_n(word, turn, __ATOMIC_RELEASE);
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1);
}

static void futex_await(uint32_t *word, uint32_t turn)
{
    for (uint32_t seen; (seen = __atomic_load_n(word, __ATOMIC_ACQUIRE)) != turn;)
        syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL);
}

static void *answer_by_futex(void *arg)
{
    uint32_t *const word = arg;
    for (size_t k = 0; k < naps; k++) {
        futex_await(word, 1);
        keep();
        futex_give(word, 0);
    }
    return NULL;
}

static double futex_asleep(const work *w)
{
    (void)w;
    static uint32_t word;
    pthread_t t;
    if (pthread_create(&t, NULL, answer_by_futex, &word))
        abort();
    for (size_t k = 0; k < naps; k++) {
        keep();
        futex_give(&word, 1);
        futex_await(&word, 0);
    }
    pthread_join(t, NULL);
    return 0;
}

/* ---- figures ---- */

static double sum_of_numbers(const work *w) { return (double)w->n * (double)(w->n - 1) / 2; }

static bool sum_is_right(const work *w, double value) { return value == w->expected; }

static bool trips_are_right(const work *w, double value)
{
    (void)w;
    return value == queue_trips * (queue_trips - 1) / 2;
}

static bool nothing_to_check(const work *w, double value)
{
    (void)w, (void)value;
    return true;
}

#define TBB        "oneTBB concurrent_bounded_queue"
#define MOODYCAMEL "moodycamel Blocking (unbounded)"
#define MUTEX      "ring, mutex, 2 condvars"

#define QUEUES(k)                                                                            \
    {                                                                                        \
        { TBB, tbb_queue_##k, PEER }, { MOODYCAMEL, moodycamel_queue_##k, PEER },            \
            { MUTEX, mutex_queue_##k, PEER }, { "weft_queue", weft_queue_##k, WEFT }, { 0 }, \
    }

static const contestant ones[] = QUEUES(1), twos[] = QUEUES(2), fours[] = QUEUES(4);

static const contestant batches[] = {
    { "weft_queue_put_many, get_many of 64", weft_queue_many, WEFT },
    { 0 },
};

#define PING(name, job) name, job, PEER, .calls = queue_trips

static const contestant pings[] = {
    { PING(TBB, tbb_queue_ping) },
    { PING(MOODYCAMEL, moodycamel_queue_ping) },
    { PING(MUTEX, mutex_queue_ping) },
    { "weft_queue", weft_queue_ping, WEFT, .calls = queue_trips },
    { "cache line there and back", limit_round_trip, LIMIT, .calls = 1000 },
    { 0 },
};

static const contestant asleep[] = {
    { "weft_queue", weft_asleep, WEFT, .calls = naps, .idle = 2 * kept },
    { "futex there and back", futex_asleep, LIMIT, .calls = naps, .idle = 2 * kept },
    { 0 },
};

#define STREAM .expect = sum_of_numbers, .right = sum_is_right

enum { many = 400 * 1000 };

static const figure figures[] = {
    { "queue, 1 producer, 1 consumer", many, ones, .base = TBB, .goal = 7, STREAM },
    { "queue, 1 and 1, against moodycamel", many, ones, .base = MOODYCAMEL, .goal = 3, STREAM },
    { "queue, 1 and 1, against a mutex", many, ones, .base = MUTEX, .goal = 4, STREAM },
    { "queue, 2 and 2", many, twos, .base = TBB, .goal = 7, STREAM },
    { "queue, 4 and 4", many, fours, .base = TBB, .goal = 4, STREAM },
    { "queue, 2 and 2, against a mutex", many, twos, .base = MUTEX, .goal = 8, STREAM },
    { "queue, 4 and 4, against a mutex", many, fours, .base = MUTEX, .goal = 8, STREAM },
    { "queue, batches of 64", 4 * many, batches, .at_most = 4 * many * 5e-9, STREAM },
    { "queue, there and back", 1, pings, .base = "cache line there and back", .goal = 1 / 1.4,
      .right = trips_are_right },
    { "queue, there and back, asleep", 1, asleep, .base = "futex there and back", .goal = 1 / 1.1,
      .right = nothing_to_check },
    { 0 },
};

const topic queue_topic = { "queue", figures };
