/* wait.c - how a call waits for room or for an item.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What cannot be done at once is tried again for about one wake-up, then asleep at the bell; see
 * bell.h for why no wake-up is lost. Until then it only glances: to be sure that a queue is full
 * or empty takes a look at the cache line that the other side writes.
 *
 * Owns one global, a thread's: when it may yield again. */
#include "sync/queue/queue.h"

#include <sched.h>

#include "base/futex.h"

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

static bool is_get(const struct wait *w) { return w->move == w->q->kind->get; }

static weft_status look(const struct wait *w, bool sure)
{
    return w->move(w->q, w->items, w->n, w->moved, sure);
}

/* Seconds. A yield that took longer went to somebody with whom we have nothing to do: then this
 * thread does not spin for long, nor yield, for a while, but sleeps; it is woken soon enough. */
static const double dear = 200e-6, a_while = 50e-3;

static _Thread_local double cheap_from; /* when yields are tried again */

/* Looks and looks at first, for a hand-over from another core takes less than a pause or two; then
 * pauses between. */
static bool spin_first(unsigned turn)
{
    enum { eager = 64, patient = 128 };
    if (turn >= eager)
        weft__pause();
    return turn < eager + patient;
}

/* Between processes each look takes a cache line from who changes it, and an item costs one or two such
 * transfers where it is waited for, but a part of one where it is one of several that have come. So
 * this leaves the other side alone for a microsecond at a time. */
static bool spin_first_apart(unsigned turn)
{
    enum { turns = 8 };
    for (unsigned k = 0; turn < turns && k < weft__spin_pauses; k++)
        weft__pause();
    return turn < turns;
}

/* And then lets others have this core, in case it is they who are waited for. */
static bool spin(const struct wait *w, unsigned turn, double start)
{
    if (w->q->items.shared ? spin_first_apart(turn) : spin_first(turn))
        return true;
    const double now = weft_now();
    if (now - start >= weft__a_wake_up || now >= w->deadline || now < cheap_from)
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
    for (unsigned turn = 0; s == WEFT_TIMEOUT && spin(w, turn, start); turn++)
        s = look(w, false);
    return s;
}

/* Whether another one could do what this one came for. */
static bool more(const struct wait *w)
{
    const weft_queue *const q = w->q;
    const size_t len = q->kind->len(q);
    return is_get(w) ? len > 0 : len < q->capacity;
}

static weft_status sleep_for(const struct wait *w)
{
    struct weft__bell *const bell = is_get(w) ? &w->q->items : &w->q->room;
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

weft_status weft__queue_wait(weft_queue *q, weft__queue_move *move, char *items, size_t n,
                             size_t *moved, double timeout)
{
    if (timeout == 0)
        return WEFT_TIMEOUT;
    const struct wait w = { q, move, items, n, moved, weft__deadline_in(timeout) };
    const weft_status s = spin_for(&w);
    return s == WEFT_TIMEOUT ? sleep_for(&w) : s;
}
