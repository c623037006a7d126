/* weft/queue.h - queues between threads and processes: first in first out, last in first out, by
 * priority.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Python's queue.Queue, LifoQueue and PriorityQueue, with its words. Items go in and come out by
 * value. Any number of threads may put and get at once; only weft_queue_free wants to be alone.
 *
 *     weft_queue *q = weft_queue_new(sizeof(int), .capacity = 4);
 *
 *     while (weft_queue_get(q, &item, WEFT_FOREVER) == WEFT_OK)        consumer: ends with WEFT_CLOSED
 *         work(item);
 *
 *     for (int i = 0; i < 10; i++)                                     producer
 *         weft_queue_put(q, &i, WEFT_FOREVER);
 *     weft_queue_close(q);                                             what is queued is delivered
 *
 * A thread that has to wait spins for about as long as waking it would take, 40 us, then sleeps.
 * Signals neither end a wait nor stretch it. What happened before a put happened before the get that
 * takes its item, and what happened before a task_done before the join that waited for it.
 *
 * Every call wants a queue that is not NULL and, where it takes items, items that are not: else
 * WEFT_EINVAL, or a panic where there is no status. */
#ifndef WEFT_QUEUE_H
#define WEFT_QUEUE_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/status.h>

WEFT_BEGIN_C

typedef struct weft_queue weft_queue;

typedef enum weft_order {
    WEFT_FIFO, /* oldest first; items of one producer come in the order it put them */
    WEFT_LIFO, /* newest first */
    WEFT_PRIORITY
} weft_order;

typedef struct weft_queue_opts {
    size_t size;      /* of this struct; the macro fills it in */
    size_t capacity;  /* items it holds at most; 0: as many as there is memory for */
    weft_order order; /* default WEFT_FIFO */
    /* With WEFT_PRIORITY: whether a comes out before b. Ties come out in the order they went in.
     * Called under the queue's lock with items aligned to 16 bytes: it must not use the queue. */
    bool (*before)(const void *a, const void *b);
    bool shared; /* between processes; see below */
} weft_queue_opts;

/* weft_queue_new - a queue of items of item_size bytes.
 *
 * item_size  bytes, at least 1
 * ...        members of weft_queue_opts: .capacity = 4, .order = WEFT_LIFO
 *
 * A queue with a capacity takes all of its memory here, and a put never fails for want of it. One
 * without grows as it fills, and gives memory back as it empties. NULL with weft_detail() where an
 * argument is wrong or there is no memory.
 *
 * With .shared = true the queue is one between processes: this one, and those that it forks later.
 * Items are copied bytes; a pointer in one means nothing to another process, but into memory that is
 * shared at the same address. It is a FIFO and has a capacity. Any process may be killed at any
 * instruction:
 *
 *     - the others go on, within 20 ms where it had been about to wake one of them;
 *     - of what it was putting, the first so many items are in the queue, whole, and the rest is not;
 *     - of what it was getting, it has taken all or nothing; what it took is lost with it;
 *     - items that it took and did not call done (by weft_queue_task_done, which each process calls
 *       for what itself took) count as done once a join has found it ended, and the join says so:
 *
 *           while (weft_queue_join(q, WEFT_FOREVER) == WEFT_EDIED)
 *               start another worker;
 *
 * A join does wait where everybody who could take what is queued is dead, idle when it died: nobody
 * but the caller knows who might still come. At most 1024 processes that live may have taken
 * items; a get of one more is WEFT_EOVERFLOW. A process that is stopped (SIGSTOP, a debugger) inside
 * of a call holds the others up; what has a timeout is then up to 0.1 s late. A call from a signal
 * handler that interrupted a call on the same queue is WEFT_EDEADLK.
 *
 * weft_queue_free - the end of it; what is queued is lost. A shared queue is freed by each process for
 * itself alone, or goes with the process, and its memory with the last of them. Takes NULL. Undefined
 * while another thread is inside a call on the queue, asleep or not: close, then join the threads,
 * then free. */
#define weft_queue_new(...) WEFT_QUEUE_NEW_(__VA_ARGS__, .size = sizeof(weft_queue_opts))
#define WEFT_QUEUE_NEW_(item_size, ...) \
    weft_queue_new_opts((item_size), &(weft_queue_opts){ __VA_ARGS__ })
WEFT_API weft_queue *weft_queue_new_opts(size_t item_size, const weft_queue_opts *opts);
WEFT_API void weft_queue_free(weft_queue *q);

/* weft_queue_put - copies an item into the queue.
 *
 * item     item_size bytes
 * timeout  seconds to wait for room: 0 polls, WEFT_FOREVER waits without end
 *
 * WEFT_OK; WEFT_TIMEOUT when the queue stayed full; WEFT_CLOSED, at once, when it is closed or gets
 * closed meanwhile; WEFT_EINVAL for a timeout that is negative or NaN; WEFT_ENOMEM where a queue
 * without capacity cannot grow. Unless it is WEFT_OK the item is not in the queue.
 *
 * weft_queue_get - takes the next item out.
 *
 * item  item_size bytes, written when WEFT_OK comes back and only then
 *
 * WEFT_OK; WEFT_TIMEOUT when the queue stayed empty; WEFT_CLOSED when it is closed and empty. */
WEFT_API weft_status weft_queue_put(weft_queue *q, const void *item, double timeout);
WEFT_API weft_status weft_queue_get(weft_queue *q, void *item, double timeout);

/* weft_queue_put_many - puts n items, in order.
 *
 *     for (done = 0; done < n; done++)
 *         if ((status = weft_queue_put(q, &items[done], until the deadline))) break;
 *
 * done  NULL, or where the number of items that were put goes: n with WEFT_OK, the first so many
 *       items with any other status
 *
 * Items of other producers may come between; runs of them are moved at the price of one.
 *
 * weft_queue_get_many - takes what is there, n items at most, and waits only while nothing is.
 *
 *     if ((status = weft_queue_get(q, &items[0], timeout)) == WEFT_OK)
 *         for (got = 1; got < n && weft_queue_get(q, &items[got], 0) == WEFT_OK; got++)
 *             ;
 *
 * got  the number of items that were taken: at least 1 with WEFT_OK (but for n = 0), else 0, so that
 *      no item is ever left over from a call that timed out; must not be NULL */
WEFT_API weft_status weft_queue_put_many(weft_queue *q, const void *items, size_t n, double timeout,
                                         size_t *done);
WEFT_API weft_status weft_queue_get_many(weft_queue *q, void *items, size_t n, double timeout,
                                         size_t *got);

/* weft_queue_task_done - says that the work on one item that was taken is done.
 *
 * WEFT_ESTATE where that would make more of them than items were put.
 *
 * weft_queue_join - waits until the work on every item that was put is done.
 *
 * WEFT_OK, or WEFT_TIMEOUT after so many seconds. WEFT_EDIED, of a shared queue: processes ended
 * before they called done what they had taken; that counts as done now and is told once, to every join
 * that waits. There may be more to wait for: join again. */
WEFT_API weft_status weft_queue_task_done(weft_queue *q);
WEFT_API weft_status weft_queue_join(weft_queue *q, double timeout);

typedef struct weft_close_opts {
    size_t size; /* of this struct; the macro fills it in */
    bool
        immediate; /* drop what is queued, and count it as done, so that join need not wait for it */
    size_t *dropped; /* NULL, or where the number of items that this call dropped goes */
} weft_close_opts;

/* weft_queue_close - the end of the puts: from here on each is WEFT_CLOSED, those that wait included.
 *
 * ...  members of weft_close_opts: .immediate = true
 *
 * Gets go on until the queue is empty and are WEFT_CLOSED then. A queue may be closed again, also
 * .immediate after it was not. Items that hold memory of yours are better taken by weft_queue_get
 * than dropped. WEFT_OK. */
#define weft_queue_close(...)     WEFT_QUEUE_CLOSE_(__VA_ARGS__, .size = sizeof(weft_close_opts))
#define WEFT_QUEUE_CLOSE_(q, ...) weft_queue_close_opts((q), &(weft_close_opts){ __VA_ARGS__ })
WEFT_API weft_status weft_queue_close_opts(weft_queue *q, const weft_close_opts *opts);

/* How many items there are, whether that is the capacity, whether it is 0; full is never true of a
 * queue without capacity. While others put and get, the answer may be stale when it comes: ask put
 * and get with a timeout of 0 instead. */
WEFT_API size_t weft_queue_len(const weft_queue *q);
WEFT_API bool weft_queue_full(const weft_queue *q);
WEFT_API bool weft_queue_empty(const weft_queue *q);

WEFT_END_C

#endif
