/* queue.c - the calls of a queue: arguments, waiting, and the count of what is done.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A call first tries. What cannot be done at once is tried again for about one wake-up, then asleep
 * at the bell; see queue_bell.h for why no wake-up is lost. Until then it only glances: to be sure
 * that a queue is full or empty takes a look at the cache line that the other side writes.
 *
 * Owns one global, a thread's: when it may yield again.
 *
 * unfinished = puts - done. The kinds know how many items were put from where their tail is, so only
 * task_done has a counter to write. */
#include "sync/queue.h"

#include <sched.h>
#include <stdlib.h>

#include "base/detail.h"
#include "base/futex.h"
#include "base/options.h"

/* ---- making one ---- */

static weft_status check_options(size_t item_size, const weft_queue_opts *o)
{
    static const char name[] = "weft_queue_new";
    if (item_size == 0)
        return weft__fail(WEFT_EINVAL, "%s: item_size is 0 bytes: it must be at least 1", name);
    if (o->order > WEFT_PRIORITY)
        return weft__fail(WEFT_EINVAL, "%s: order is %u: it must be one of weft_order", name,
                          o->order);
    if (o->order == WEFT_PRIORITY && !o->before)
        return weft__fail(WEFT_EINVAL, "%s: before is NULL: WEFT_PRIORITY needs it", name);
    if (o->order != WEFT_PRIORITY && o->before)
        return weft__fail(WEFT_EINVAL, "%s: before is given: only WEFT_PRIORITY has a use for it",
                          name);
    return WEFT_OK;
}

static weft_queue *new_of_kind(size_t item_size, const weft_queue_opts *o)
{
    switch (o->order) {
    case WEFT_FIFO:
        return o->capacity ? weft__queue_ring(item_size, o->capacity) : weft__queue_list(item_size);
    case WEFT_LIFO:
        return weft__queue_stack(item_size, o->capacity);
    default:
        return weft__queue_heap(item_size, o->capacity);
    }
}

weft_queue *weft_queue_new_opts(size_t item_size, const weft_queue_opts *opts)
{
    weft_queue_opts o;
    weft__take_options(&o, opts);
    if (check_options(item_size, &o))
        return NULL;
    weft_queue *const q = new_of_kind(item_size, &o);
    if (!q) {
        weft__fail(WEFT_ENOMEM,
                   "weft_queue_new: capacity is %zu items of %zu bytes: there is not that much "
                   "memory",
                   o.capacity, item_size);
        return NULL;
    }
    q->item_size = item_size, q->capacity = o.capacity, q->before = o.before;
    return q;
}

void *weft__queue_alloc(size_t size)
{
    const size_t unit = 128, rounded = (size + unit - 1) / unit * unit;
    void *const p = aligned_alloc(unit, rounded);
    return p ? memset(p, 0, rounded) : NULL;
}

void weft_queue_free(weft_queue *q)
{
    if (q)
        q->kind->free(q);
}

/* ---- waiting ---- */

void weft__moment(unsigned turn)
{
    enum { turns = 64 };
    if (turn < turns)
        weft__pause();
    else
        weft_sleep(20e-6); /* not sched_yield, which never yields to a lower priority */
}

/* One wait of one call. */
struct wait {
    weft_queue *q;
    weft__queue_move *move;
    char *items;
    size_t n, *moved;
    double deadline;
};

static weft_status look(const struct wait *w, bool sure)
{
    return w->move(w->q, w->items, w->n, w->moved, sure);
}

/* Seconds. A yield that took longer went to somebody with whom we have nothing to do: then this
 * thread does not spin for long, nor yield, for a while, but sleeps; it is woken soon enough. */
static const double dear = 200e-6, a_while = 50e-3;

static _Thread_local double cheap_from; /* when yields are tried again */

/* Looks and looks at first, for a hand-over from another core takes less than a pause or two; then
 * pauses between; then lets others have this core, in case it is they who are waited for. */
static bool spin(unsigned turn, double start, double deadline)
{
    enum { eager = 64, patient = 128 };
    if (turn < eager)
        return true;
    if (turn < eager + patient) {
        weft__pause();
        return true;
    }
    const double now = weft_now();
    if (now - start >= weft__a_wake_up || now >= deadline || now < cheap_from)
        return false;
    sched_yield();
    const double after = weft_now();
    if (after - now > dear)
        cheap_from = after + a_while;
    return true;
}

static weft_status spin_for(const struct wait *w)
{
    weft_status s = WEFT_TIMEOUT;
    if (!weft__spin_pays())
        return s;
    const double start = weft_now();
    for (unsigned turn = 0; s == WEFT_TIMEOUT && spin(turn, start, w->deadline); turn++)
        s = look(w, false);
    return s;
}

/* Whether another one could do what this one came for. */
static bool more(const struct wait *w)
{
    const weft_queue *const q = w->q;
    const size_t len = q->kind->len(q);
    return w->move == q->kind->get ? len > 0 : len < q->capacity;
}

static weft_status sleep_for(const struct wait *w, struct weft__bell *bell)
{
    weft_status s;
    bool in_time = true;
    weft__bell_enter(bell);
    for (;;) {
        const uint32_t heard = weft__bell_listen(bell);
        s = look(w, true);
        if (s != WEFT_TIMEOUT || !in_time)
            break;
        in_time = weft__bell_sleep(bell, heard, w->deadline);
    }
    weft__bell_leave(bell);
    if (s == WEFT_OK && more(w))
        weft__bell_ring(bell);
    return s;
}

/* Between the first look, in vain, and the last. */
static weft_status wait_for(struct wait *w, struct weft__bell *bell, double timeout)
{
    if (timeout == 0)
        return WEFT_TIMEOUT;
    w->deadline = weft__deadline_in(timeout);
    const weft_status s = spin_for(w);
    return s == WEFT_TIMEOUT ? sleep_for(w, bell) : s;
}

/* ---- put and get ---- */

/* Moves at least one item; n is at least 1. */
static inline weft_status put_some(weft_queue *q, const char *items, size_t n, double timeout,
                                   size_t *moved)
{
    char *const read_only = (char *)(uintptr_t)items;
    weft_status s = q->kind->put(q, read_only, n, moved, timeout == 0);
    if (__builtin_expect(s == WEFT_TIMEOUT, 0)) {
        struct wait w = { q, q->kind->put, read_only, n, moved, 0 };
        s = wait_for(&w, &q->room, timeout);
    }
    if (s == WEFT_OK)
        weft__bell_ring(&q->items);
    return s;
}

/* And then as many as are there. */
static inline weft_status get_some(weft_queue *q, char *items, size_t n, double timeout,
                                   size_t *moved)
{
    weft__queue_move *const get = q->kind->get;
    weft_status s = get(q, items, n, moved, timeout == 0);
    if (__builtin_expect(s == WEFT_TIMEOUT, 0)) {
        struct wait w = { q, get, items, n, moved, 0 };
        s = wait_for(&w, &q->items, timeout);
    }
    if (s != WEFT_OK)
        return s;
    for (size_t k; *moved < n; *moved += k)
        if (get(q, items + *moved * q->item_size, n - *moved, &k, false) != WEFT_OK)
            break;
    weft__bell_ring(&q->room);
    return WEFT_OK;
}

/* ---- the calls ---- */

/* What is wrong with the arguments of a call; items may be NULL where n is 0. */
static weft_status refuse(const weft_queue *q, const void *items, size_t n, double timeout,
                          const char *function)
{
    if (!q)
        return weft__fail(WEFT_EINVAL, "%s: queue is NULL: it must be one", function);
    if (!items && n)
        return weft__fail(WEFT_EINVAL, "%s: item is NULL: it must be memory of %zu bytes", function,
                          q->item_size);
    return weft__check_timeout(timeout, function);
}

static inline bool fine(const weft_queue *q, const void *items, size_t n, double timeout)
{
    return __builtin_expect(q && (items || !n) && timeout >= 0, 1);
}

static weft_status no_memory(const weft_queue *q, const char *function)
{
    return weft__fail(WEFT_ENOMEM, "%s: item is one of %zu bytes more: there is no memory for it",
                      function, q->item_size);
}

weft_status weft_queue_put(weft_queue *q, const void *item, double timeout)
{
    if (!fine(q, item, 1, timeout))
        return refuse(q, item, 1, timeout, "weft_queue_put");
    size_t moved;
    const weft_status s = put_some(q, item, 1, timeout, &moved);
    return s == WEFT_ENOMEM ? no_memory(q, "weft_queue_put") : s;
}

weft_status weft_queue_get(weft_queue *q, void *item, double timeout)
{
    if (!fine(q, item, 1, timeout))
        return refuse(q, item, 1, timeout, "weft_queue_get");
    size_t moved;
    return get_some(q, item, 1, timeout, &moved);
}

/* Seconds from now to a deadline. */
static double time_left(double deadline)
{
    if (deadline == weft__late || deadline >= WEFT_FOREVER)
        return deadline;
    const double left = deadline - weft_now();
    return left > 0 ? left : 0;
}

static weft_status put_all(weft_queue *q, const char *items, size_t n, double timeout, size_t *done)
{
    const double deadline = weft__deadline_in(timeout);
    weft_status s = WEFT_OK;
    for (size_t moved; *done < n && s == WEFT_OK; *done += s == WEFT_OK ? moved : 0)
        s = put_some(q, items + *done * q->item_size, n - *done, time_left(deadline), &moved);
    return s;
}

weft_status weft_queue_put_many(weft_queue *q, const void *items, size_t n, double timeout,
                                size_t *done)
{
    size_t unseen, *const count = done ? done : &unseen;
    *count = 0;
    if (!fine(q, items, n, timeout))
        return refuse(q, items, n, timeout, "weft_queue_put_many");
    const weft_status s = put_all(q, items, n, timeout, count);
    return s == WEFT_ENOMEM ? no_memory(q, "weft_queue_put_many") : s;
}

weft_status weft_queue_get_many(weft_queue *q, void *items, size_t n, double timeout, size_t *got)
{
    if (!got)
        return weft__fail(WEFT_EINVAL,
                          "weft_queue_get_many: got is NULL: it must be where the number goes");
    *got = 0;
    if (!fine(q, items, n, timeout))
        return refuse(q, items, n, timeout, "weft_queue_get_many");
    if (n == 0)
        return WEFT_OK;
    size_t moved;
    const weft_status s = get_some(q, items, n, timeout, &moved);
    if (s == WEFT_OK)
        *got = moved;
    return s;
}

/* ---- task_done, join ---- */

/* Whether `done` is all that were put. Reads done first: it is never more than puts, so if the two
 * are equal they were so when puts was read. */
static bool all_done(const weft_queue *q)
{
    /* acquire, in effect: join sees what was written before task_done; pairs with count_done. It is
     * sequentially consistent for the bell. */
    const uint64_t done = __atomic_load_n(&q->done, __ATOMIC_SEQ_CST);
    return done == q->kind->puts(q);
}

/* Looks at the tail, which producers write, only when what it saw there last does not settle it. */
static bool is_put(weft_queue *q, uint64_t done)
{
    /* Relaxed: puts only ever grows, and an old value is as true as a new one. */
    const uint64_t seen = __atomic_load_n(&q->puts, __ATOMIC_RELAXED);
    if ((int64_t)(seen - done) > 0)
        return true;
    const uint64_t puts = q->kind->puts(q);
    __atomic_store_n(&q->puts, puts, __ATOMIC_RELAXED);
    return puts != done;
}

/* Adds at most n, so that done never passes puts; returns how many. */
static size_t count_done(weft_queue *q, size_t n)
{
    size_t added = 0;
    uint64_t done = __atomic_load_n(&q->done, __ATOMIC_RELAXED); /* settled by the swap */
    while (added < n && is_put(q, done))
        /* pairs with all_done */
        if (__atomic_compare_exchange_n(&q->done, &done, done + 1, false, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED))
            added++, done++;
    if (added && weft__bell_waits(&q->finished) && all_done(q))
        weft__bell_ring_all(&q->finished);
    return added;
}

weft_status weft_queue_task_done(weft_queue *q)
{
    if (!q)
        return refuse(q, NULL, 0, 0, "weft_queue_task_done");
    if (count_done(q, 1) == 1)
        return WEFT_OK;
    return weft__fail(WEFT_ESTATE,
                      "weft_queue_task_done: called %llu times before: that is how "
                      "many items were put",
                      (unsigned long long)q->kind->puts(q));
}

weft_status weft_queue_join(weft_queue *q, double timeout)
{
    if (!fine(q, NULL, 0, timeout))
        return refuse(q, NULL, 0, timeout, "weft_queue_join");
    if (all_done(q))
        return WEFT_OK;
    const double deadline = weft__deadline_in(timeout);
    bool done, in_time = timeout > 0;
    weft__bell_enter(&q->finished);
    for (;;) {
        const uint32_t heard = weft__bell_listen(&q->finished);
        done = all_done(q);
        if (done || !in_time)
            break;
        in_time = weft__bell_sleep(&q->finished, heard, deadline);
    }
    weft__bell_leave(&q->finished);
    return done ? WEFT_OK : WEFT_TIMEOUT;
}

/* ---- close, and what is advisory ---- */

static size_t drop_all(weft_queue *q)
{
    size_t dropped = 0;
    for (size_t n; q->kind->get(q, NULL, SIZE_MAX, &n, true) == WEFT_OK; dropped += n)
        (void)count_done(q, n); /* less than n: task_done was called before get */
    return dropped;
}

weft_status weft_queue_close_opts(weft_queue *q, const weft_close_opts *opts)
{
    if (!q)
        return refuse(q, NULL, 0, 0, "weft_queue_close");
    weft_close_opts o;
    weft__take_options(&o, opts);
    q->kind->close(q);
    const size_t dropped = o.immediate ? drop_all(q) : 0;
    if (o.dropped)
        *o.dropped = dropped;
    weft__bell_ring_all(&q->items);
    weft__bell_ring_all(&q->room);
    return WEFT_OK;
}

static const weft_queue *need(const weft_queue *q, const char *function)
{
    if (!q)
        weft__panic("%s: queue is NULL: it must be one", function);
    return q;
}

size_t weft_queue_len(const weft_queue *q) { return need(q, "weft_queue_len")->kind->len(q); }

bool weft_queue_full(const weft_queue *q)
{
    return need(q, "weft_queue_full")->capacity && q->kind->len(q) >= q->capacity;
}

bool weft_queue_empty(const weft_queue *q)
{
    return need(q, "weft_queue_empty")->kind->len(q) == 0;
}
