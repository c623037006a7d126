/* shared_queue.c - messages of 64 bytes from process to process: one by one, and 64 at a time.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A child puts n messages and its parent gets them; the fork is within the time, and the same for all.
 * Beside the pipe stands the ring that one would write: in shared memory, under a mutex, with two
 * condition variables; it hangs when one of the two is killed (weft's does not, and a pipe does not). */
#include "peer.h"

#include <pthread.h>
#include <stdlib.h>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

enum { capacity = 1024, batch = 64 };

typedef struct message {
    size_t number, more[7];
} message;

/* A way from one process to another; `at_once` messages a call, at most. */
typedef struct way {
    void *(*open)(void);
    void (*begin)(void *way, bool puts); /* in each of the two, once they are two; may be NULL */
    void (*put)(void *way, const message *m, size_t n);
    size_t (*get)(void *way, message *m, size_t n);
    void (*shut)(void *way);
    size_t at_once;
} way;

static void put_all(const way *w, void *via, size_t n)
{
    message m[batch] = { { 0 } };
    for (size_t i = 0; i < n;) {
        size_t k = 0;
        for (; k < w->at_once && i < n; k++)
            m[k].number = i++;
        w->put(via, m, k);
    }
}

static double get_all(const way *w, void *via, size_t n)
{
    message m[batch];
    size_t sum = 0;
    for (size_t got; n > 0; n -= got) {
        got = w->get(via, m, w->at_once < n ? w->at_once : n);
        for (size_t k = 0; k < got; k++)
            sum += m[k].number;
    }
    return (double)sum;
}

static double send(const way *w, size_t n)
{
    void *const via = w->open();
    const pid_t child = fork();
    if (child < 0)
        abort();
    if (w->begin)
        w->begin(via, child == 0);
    if (child == 0) {
        put_all(w, via, n);
        _exit(0);
    }
    const double sum = get_all(w, via, n);
    if (waitpid(child, NULL, 0) != child)
        abort();
    w->shut(via);
    return sum;
}

/* ---- weft ---- */

static void *weft_open(void)
{
    return weft_queue_new(sizeof(message), .capacity = capacity, .shared = true);
}

static void weft_put(void *q, const message *m, size_t n)
{
    (void)n;
    weft_queue_put(q, m, WEFT_FOREVER);
}

static size_t weft_get(void *q, message *m, size_t n)
{
    (void)n;
    weft_queue_get(q, m, WEFT_FOREVER);
    return 1;
}

static void weft_put_many(void *q, const message *m, size_t n)
{
    weft_queue_put_many(q, m, n, WEFT_FOREVER, NULL);
}

static size_t weft_get_many(void *q, message *m, size_t n)
{
    size_t got;
    weft_queue_get_many(q, m, n, WEFT_FOREVER, &got);
    return got;
}

static void weft_shut(void *q) { weft_queue_free(q); }

static const way weft_one = { weft_open, NULL, weft_put, weft_get, weft_shut, 1 };
static const way weft_many = { weft_open, NULL, weft_put_many, weft_get_many, weft_shut, batch };

/* ---- a pipe ---- */

static void *pipe_open(void)
{
    static int ends[2];
    if (pipe(ends))
        abort();
    return ends;
}

static void pipe_begin(void *via, bool puts)
{
    int *const ends = via;
    close(ends[puts ? 0 : 1]);
}

/* A write of up to 4096 bytes is whole. */
static void pipe_put(void *via, const message *m, size_t n)
{
    const int *const ends = via;
    if (write(ends[1], m, n * sizeof *m) != (ssize_t)(n * sizeof *m))
        abort();
}

static size_t pipe_get(void *via, message *m, size_t n)
{
    const int *const ends = via;
    const ssize_t got = read(ends[0], m, n * sizeof *m);
    if (got <= 0 || (size_t)got % sizeof *m)
        abort();
    return (size_t)got / sizeof *m;
}

static void pipe_shut(void *via)
{
    const int *const ends = via;
    close(ends[0]);
}

static const way pipe_one = { pipe_open, pipe_begin, pipe_put, pipe_get, pipe_shut, 1 };
static const way pipe_many = { pipe_open, pipe_begin, pipe_put, pipe_get, pipe_shut, batch };

/* ---- a ring under a mutex ---- */

typedef struct ring {
    pthread_mutex_t lock;
    pthread_cond_t item, room;
    size_t head, tail;
    message slots[capacity];
} ring;

static void *ring_open(void)
{
    ring *const r =
        mmap(NULL, sizeof *r, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (r == MAP_FAILED)
        abort();
    pthread_mutexattr_t m;
    pthread_condattr_t c;
    pthread_mutexattr_init(&m), pthread_mutexattr_setpshared(&m, PTHREAD_PROCESS_SHARED);
    pthread_condattr_init(&c), pthread_condattr_setpshared(&c, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&r->lock, &m);
    pthread_cond_init(&r->item, &c), pthread_cond_init(&r->room, &c);
    return r;
}

static void ring_put(void *via, const message *m, size_t n)
{
    ring *const r = via;
    (void)n;
    pthread_mutex_lock(&r->lock);
    while (r->tail - r->head == capacity)
        pthread_cond_wait(&r->room, &r->lock);
    r->slots[r->tail++ % capacity] = *m;
    pthread_cond_signal(&r->item);
    pthread_mutex_unlock(&r->lock);
}

static size_t ring_get(void *via, message *m, size_t n)
{
    ring *const r = via;
    (void)n;
    pthread_mutex_lock(&r->lock);
    while (r->tail == r->head)
        pthread_cond_wait(&r->item, &r->lock);
    *m = r->slots[r->head++ % capacity];
    pthread_cond_signal(&r->room);
    pthread_mutex_unlock(&r->lock);
    return 1;
}

static void ring_shut(void *via) { munmap(via, sizeof(ring)); }

static const way ring_one = { ring_open, NULL, ring_put, ring_get, ring_shut, 1 };

/* ---- figures ---- */

static double run_weft_one(const work *w) { return send(&weft_one, w->n); }
static double run_weft_many(const work *w) { return send(&weft_many, w->n); }
static double run_pipe_one(const work *w) { return send(&pipe_one, w->n); }
static double run_pipe_many(const work *w) { return send(&pipe_many, w->n); }
static double run_ring(const work *w) { return send(&ring_one, w->n); }

static double sum_of_numbers(const work *w) { return (double)w->n * (double)(w->n - 1) / 2; }

static bool sum_is_right(const work *w, double value) { return value == w->expected; }

#define PIPE "pipe, one by one"

static const contestant ones[] = {
    { "weft_queue", run_weft_one, WEFT },
    { PIPE, run_pipe_one, PEER },
    { "shared ring, mutex, 2 condvars", run_ring, PEER },
    { 0 },
};

static const contestant batches[] = {
    { "weft_queue_put_many, get_many of 64", run_weft_many, WEFT },
    { PIPE, run_pipe_one, PEER },
    { "pipe, 64 a write", run_pipe_many, ASIDE },
    { 0 },
};

#define STREAM .expect = sum_of_numbers, .right = sum_is_right

enum { many = 200 * 1000 };

static const figure figures[] = {
    { "shared queue, 64 bytes, one by one", many, ones, .base = PIPE, .goal = 2.5, STREAM },
    { "shared queue, 64 bytes, 64 at once", many, batches, .base = PIPE, .goal = 5, STREAM },
    { 0 },
};

const topic shared_queue_topic = { "shared_queue", figures };
