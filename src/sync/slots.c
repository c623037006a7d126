/* slots.c - who waits at a shared condition.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A waiter takes a slot under the lock and sleeps on the slot's own word, so a notify picks whom it
 * wakes: the one with the lowest turn first.
 *
 *     word    vacant -> waiting -> notified -> vacant
 *
 * The dead leave their slots behind. A notify that woke somebody knows that he lives: the kernel says
 * how many it woke. Only where it woke nobody, because the waiter was between two slices of sleep, or is
 * dead, the process is looked at (life.c), and a dead one is passed over. Who notifies may be killed
 * between the word and the wake-up; so the sleep goes in slices (base/futex.h). A slot is filled in
 * before its word says so: whoever is killed holding the lock leaves every slot valid. */
#include "sync/slots.h"

#include "base/futex.h"
#include "sync/life.h"

enum { vacant, waiting, notified };

typedef __typeof__(((weft_cond *)0)->slots_[0]) slot;

static uint32_t word_of(const slot *s)
{
    return __atomic_load_n(&s->word, __ATOMIC_RELAXED); /* the lock is held, or it is our own */
}

static void set_word(slot *s, uint32_t word)
{
    /* release: whoever finds the word finds the rest of the slot, also after a death */
    __atomic_store_n(&s->word, word, __ATOMIC_RELEASE);
}

static size_t vacant_slot(weft_cond *c)
{
    size_t k = 0;
    while (k < WEFT_COND_SHARED_MAX && word_of(&c->slots_[k]) != vacant)
        k++;
    return k;
}

static void clear_away_the_dead(weft_cond *c)
{
    for (size_t k = 0; k < WEFT_COND_SHARED_MAX; k++)
        if (word_of(&c->slots_[k]) != vacant && weft__life_is_over(c->slots_[k].life))
            set_word(&c->slots_[k], vacant);
}

size_t weft__slots_take(weft_cond *cond)
{
    size_t k = vacant_slot(cond);
    if (k == WEFT_COND_SHARED_MAX) {
        clear_away_the_dead(cond);
        k = vacant_slot(cond);
    }
    if (k < WEFT_COND_SHARED_MAX) {
        slot *const s = &cond->slots_[k];
        s->life = weft__life(), s->turn = ++cond->turn_;
        set_word(s, waiting);
    }
    return k;
}

bool weft__slots_sleep(weft_cond *cond, size_t k, double deadline)
{
    uint32_t *const word = &cond->slots_[k].word;
    bool on_time = true;
    while (on_time && word_of(&cond->slots_[k]) == waiting)
        on_time = weft__futex_wait(word, waiting, deadline, true);
    return on_time;
}

bool weft__slots_leave(weft_cond *cond, size_t k)
{
    const bool was_notified = word_of(&cond->slots_[k]) == notified;
    set_word(&cond->slots_[k], vacant);
    return was_notified;
}

static slot *longest_waiting(weft_cond *c)
{
    slot *first = NULL;
    for (size_t k = 0; k < WEFT_COND_SHARED_MAX; k++) {
        slot *const s = &c->slots_[k];
        if (word_of(s) == waiting && (!first || s->turn < first->turn))
            first = s;
    }
    return first;
}

/* False: he is dead. */
static bool notify(slot *s)
{
    set_word(s, notified);
    if (weft__futex_wake(&s->word, 1, true) > 0 || !weft__life_is_over(s->life))
        return true;
    set_word(s, vacant);
    return false;
}

void weft__slots_notify(weft_cond *cond, size_t n)
{
    for (slot *s; n > 0 && (s = longest_waiting(cond));)
        n -= notify(s);
}
