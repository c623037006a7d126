/* queue.h - what every kind of queue has, and what a kind must be able to do.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     queue.c   the calls: arguments, put, get, close    }
 *     wait.c    how a call waits                         } know no kind
 *     done.c    the count of what is done                }
 *     ring.c    first in first out, with a capacity
 *     list.c    first in first out, without
 *     stack.c   last in first out      } both under a lock, on
 *     heap.c    by priority            } shelf.c
 *     shared.c  between processes, first in first out, with a capacity
 *
 * Threads that must wait sleep at a bell (sync/bell.h). */
#ifndef WEFT_SYNC_QUEUE_H
#define WEFT_SYNC_QUEUE_H

#include <string.h>

#include <weft/queue.h>

#include "sync/bell.h"
#include "sync/spin.h"

/* Two cache lines: the processor fetches them in pairs. */
#define weft__apart __attribute__((aligned(128)))

/* Moves 1 to n items, as many as are at hand: more may be possible in a second move. put reads items,
 * get writes them, or drops what it takes where items is NULL. n is at least 1.
 *
 * WEFT_TIMEOUT: full or empty. When `sure`, that was so at one moment of the call, and an item that
 * another thread is just putting or taking was waited for; else it is a glance, which leaves the cache
 * lines of the other side alone, and does not notice that an empty queue is closed. */
typedef weft_status weft__queue_move(weft_queue *q, char *items, size_t n, size_t *moved,
                                     bool sure);

struct weft__queue_kind {
    weft__queue_move *put, *get;
    size_t (*len)(const weft_queue *q);    /* never below what it was throughout the call */
    uint64_t (*puts)(const weft_queue *q); /* items put since the start, mod 2^64 */
    void (*close)(weft_queue *q);          /* puts that begin later find it closed */
    void (*free)(weft_queue *q);

    /* NULL but for queues between processes, which count by themselves, what is dropped included.
     * count_done adds at most n to done, so that done never passes puts, and returns how many.
     * lost: items that count as done because their takers ended before they called them done. */
    size_t (*count_done)(weft_queue *q, size_t n);
    uint64_t (*lost)(weft_queue *q);
};

/* The first member of every kind. Written while somebody waits, else only read. */
struct weft_queue {
    const struct weft__queue_kind *kind;
    size_t item_size, capacity;
    bool (*before)(const void *a, const void *b);
    struct weft__bell items, room, finished;

    weft__apart uint64_t done; /* calls of task_done, and items dropped */
    uint64_t puts;             /* kind->puts of some time ago */
    uint64_t told;             /* kind->lost that some join has told of */
};

/* New queues of a kind; NULL: no memory. item_size, capacity and before are filled in by the caller,
 * item_size is at least 1, and the capacity where there must be one. */
weft_queue *weft__queue_ring(size_t item_size, size_t capacity);
weft_queue *weft__queue_list(size_t item_size);
weft_queue *weft__queue_stack(size_t item_size, size_t capacity);
weft_queue *weft__queue_heap(size_t item_size, size_t capacity);
weft_queue *weft__queue_shared(size_t item_size, size_t capacity);

/* Zeroed memory for a queue of some kind, freed by free(). */
void *weft__queue_alloc(size_t size);

/* Sizes that one or two instructions copy are worth asking for. */
static inline void weft__item_copy(void *to, const void *from, size_t size)
{
    switch (size) {
    case 4:
        memcpy(to, from, 4);
        return;
    case 8:
        memcpy(to, from, 8);
        return;
    case 16:
        memcpy(to, from, 16);
        return;
    default:
        memcpy(to, from, size);
    }
}

/* Asks for the cache line of what is about to be written, so that reading it first does not fetch it
 * twice: once to share, once to own. */
static inline void weft__own(const void *p)
{
#if defined __x86_64__ || defined __i386__
    /* __builtin_prefetch(p, 1) is this only with -mprfchw; processors without it do nothing here */
    __asm__ volatile("prefetchw %0" : : "m"(*(const char *)p));
#else
    __builtin_prefetch(p, 1);
#endif
}

/* What is wrong with the arguments of a call; items may be NULL where n is 0. */
weft_status weft__queue_refuse(const weft_queue *q, const void *items, size_t n, double timeout,
                               const char *function);

/* Goes on with a move that was WEFT_TIMEOUT at the first look: until it is done, or time is up. */
weft_status weft__queue_wait(weft_queue *q, weft__queue_move *move, char *items, size_t n,
                             size_t *moved, double timeout);

/* Counts n items that get has dropped as done, as far as they were not called done before. */
void weft__queue_count_dropped(weft_queue *q, size_t n);

/* Waits a moment for a thread that is between two of its instructions; turn counts from 0. Should it
 * have lost its core just there, this one is made free for it. */
void weft__moment(unsigned turn);

#endif
