/* shared_takers.c - who took how much, and what becomes of the work of the dead.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A get changes head and how much its process holds; calling done changes that and the count of what
 * is done. Were the process killed between the two, an item would be missed for ever or counted
 * twice. So each such step is written down first:
 *
 *     next = what the values are to be         killed here: nothing has happened
 *     decided = 1                              killed here or later: the next owner of the lock
 *     head, done, lost, held = next            does the rest
 *     decided = 0
 *
 * The values are absolute, so that doing it twice does no harm.
 *
 * Who ended with items that it took and did not call done will not call them done any more: join,
 * when it waits, looks who of those that hold any has ended (life.c), counts the items as done and as
 * lost, and says so. A process keeps its place in the table until it has ended and somebody needs the
 * place; what was looked for from its hash on then never skips over a place that was given back. */
#include "sync/queue/shared.h"

#include "base/at_most.h"
#include "base/detail.h"
#include "sync/life.h"
#include "sync/lock.h"

/* Seconds. Not for ever: who has the lock may be stopped, by a signal or a debugger, and a timeout is
 * still a timeout. */
static const double a_moment = 1e-3, a_long_moment = 50e-3;

/* ---- the locks ---- */

static weft_status lock(weft_lock *l, bool sure)
{
    const weft_status s = weft__lock_take(l, sure ? a_long_moment : a_moment);
    if (s == WEFT_OK || s == WEFT_EDIED)
        return WEFT_OK;
    if (s == WEFT_TIMEOUT)
        return s;
    return weft__fail(s, "weft_queue: the shared queue's lock is %s",
                      s == WEFT_EDEADLK ? "held by this thread: no call from a signal handler, "
                                          "while the same thread is in one"
                                        : "damaged: the system's mutex refuses it");
}

weft_status weft__putters_lock(struct weft__shared *s, bool sure)
{
    return lock(&s->putters, sure);
}

static void set(uint64_t *value, uint64_t to)
{
    /* sequentially consistent for the bell: pairs with look_at and all_done. Only where it changes,
     * for it is a fence. */
    if (__atomic_load_n(value, __ATOMIC_RELAXED) != to)
        __atomic_store_n(value, to, __ATOMIC_SEQ_CST);
}

static void do_next(struct weft__shared *s)
{
    const struct weft__step *const n = &s->next;
    struct weft__taker *const t = &s->taker[n->taker];
    set(&s->head, n->head);
    set(&s->queue.done, n->done);
    __atomic_store_n(&s->lost, n->lost, __ATOMIC_RELAXED); /* join reads it without the lock */
    __atomic_store_n(&t->held, n->held, __ATOMIC_RELAXED); /* as it does this */
    __atomic_store_n(&s->decided, 0, __ATOMIC_RELEASE);    /* pairs with weft__takers_lock */
}

static bool is_decided(const struct weft__shared *s)
{
    return __atomic_load_n(&s->decided, __ATOMIC_ACQUIRE); /* pairs with weft__takers_step */
}

weft_status weft__takers_lock(struct weft__shared *s, bool sure)
{
    const weft_status status = lock(&s->takers, sure);
    if (status == WEFT_OK && __builtin_expect(is_decided(s), 0))
        do_next(s);
    return status;
}

weft_status weft__takers_lock_surely(struct weft__shared *s)
{
    weft_status status;
    do
        status = weft__takers_lock(s, true);
    while (status == WEFT_TIMEOUT);
    return status;
}

void weft__shared_unlock(weft_lock *lock) { (void)weft__lock_free(lock); }

void weft__takers_step(struct weft__shared *s, const struct weft__step *next)
{
    /* Who is killed leaves what its instructions did in their order; so it is the compiler alone that
     * must not mix this step with the one before. */
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    s->next = *next;
    __atomic_store_n(&s->decided, 1, __ATOMIC_RELEASE); /* pairs with is_decided */
    do_next(s);
}

/* ---- the table ---- */

/* relaxed: written under the lock; who looks without it looks again with it */
static uint64_t life_of(const struct weft__taker *t)
{
    return __atomic_load_n(&t->life, __ATOMIC_RELAXED);
}

static int64_t held_by(const struct weft__taker *t)
{
    return __atomic_load_n(&t->held, __ATOMIC_RELAXED);
}

/* With the lock held: items put and not done. */
static uint64_t unfinished(const struct weft__shared *s)
{
    return s->queue.kind->puts(&s->queue) - s->queue.done;
}

/* With the lock held: what taker k, which has ended, took and did not call done is lost. */
static void give_up(struct weft__shared *s, size_t k)
{
    const uint64_t done = s->queue.done, left = unfinished(s);
    const int64_t held = held_by(&s->taker[k]);
    const uint64_t lost = held > 0 ? weft__at_most((size_t)held, left) : 0;
    const struct weft__step next = {
        .head = s->head, .done = done + lost, .lost = s->lost + lost, .taker = k
    };
    weft__takers_step(s, &next);
}

/* Places from the calling process' hash on. */
static size_t place(uint64_t life, size_t k) { return 1 + (life + k) % weft__takers_most; }

static bool is_free(const struct weft__taker *t)
{
    return life_of(t) == 0 || weft__life_is_over(life_of(t));
}

static size_t settle(struct weft__shared *s, uint64_t life)
{
    size_t k = 0;
    while (k < weft__takers_most && !is_free(&s->taker[place(life, k)]))
        k++;
    if (k == weft__takers_most)
        return weft__nobody;
    const size_t at = place(life, k);
    if (held_by(&s->taker[at]))
        give_up(s, at);
    __atomic_store_n(&s->taker[at].life, life, __ATOMIC_RELAXED); /* as in life_of */
    return at;
}

size_t weft__takers_find(struct weft__shared *s)
{
    const uint64_t life = weft__life();
    for (size_t k = 0; k < weft__takers_most; k++) {
        const size_t at = place(life, k);
        if (life_of(&s->taker[at]) == life)
            return at;
        if (life_of(&s->taker[at]) == 0)
            break;
    }
    return settle(s, life);
}

/* ---- done and lost ---- */

/* Where there is no place for the caller nobody hears of its death, but what is done is done. */
static size_t count_now(struct weft__shared *s, size_t n)
{
    const size_t taker = weft__takers_find(s); /* first: it may give up the work of a dead one */
    const uint64_t left = unfinished(s);
    const size_t k = weft__at_most(n, left);
    const struct weft__step next = {
        .head = s->head,
        .done = s->queue.done + k,
        .lost = s->lost,
        .taker = taker,
        .held = held_by(&s->taker[taker]) - (int64_t)k,
    };
    weft__takers_step(s, &next);
    return k;
}

size_t weft__takers_count_done(weft_queue *q, size_t n)
{
    struct weft__shared *const s = weft__shared_of(q);
    if (weft__takers_lock_surely(s))
        return 0;
    const size_t k = count_now(s, n);
    weft__shared_unlock(&s->takers);
    return k;
}

static bool died_at_work(const struct weft__taker *t)
{
    return held_by(t) > 0 && weft__life_is_over(life_of(t));
}

/* Another one may have got the place since we looked: so it is looked at again with the lock. */
static void give_up_surely(struct weft__shared *s, size_t k)
{
    if (weft__takers_lock(s, true))
        return; /* next time */
    if (died_at_work(&s->taker[k]))
        give_up(s, k);
    weft__shared_unlock(&s->takers);
}

/* The last one who took may have died in the middle of it: then nobody but us takes the lock. */
static void finish_what_is_decided(struct weft__shared *s)
{
    if (is_decided(s) && weft__takers_lock(s, true) == WEFT_OK)
        weft__shared_unlock(&s->takers);
}

uint64_t weft__takers_lost(weft_queue *q)
{
    struct weft__shared *const s = weft__shared_of(q);
    finish_what_is_decided(s);
    for (size_t k = 1; k <= weft__takers_most; k++)
        if (died_at_work(&s->taker[k]))
            give_up_surely(s, k);
    /* relaxed: the lock orders; another join may have counted meanwhile, and that is as well */
    return __atomic_load_n(&s->lost, __ATOMIC_RELAXED);
}
