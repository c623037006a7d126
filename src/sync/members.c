/* members.c - the processes that take part in a shared barrier.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * members_[k] is a process' number (life.c) or 0. */
#include "sync/members.h"

#include "sync/life.h"

enum { looks = 8 };

/* relaxed: the guard orders the writers, and who looks without it checks what it finds */
static uint64_t member(const weft_barrier *b, size_t k)
{
    return __atomic_load_n(&b->members_[k], __ATOMIC_RELAXED);
}

static void set_member(weft_barrier *b, size_t k, uint64_t life)
{
    __atomic_store_n(&b->members_[k], life, __ATOMIC_RELAXED);
}

static bool find(const weft_barrier *b, uint64_t life, size_t *at)
{
    for (*at = 0; *at < WEFT_BARRIER_SHARED_MAX; ++*at)
        if (member(b, *at) == life)
            return true;
    return false;
}

bool weft__members_join(weft_barrier *barrier)
{
    const uint64_t life = weft__life();
    size_t k;
    if (find(barrier, life, &k))
        return true;
    if (!find(barrier, 0, &k))
        return false;
    set_member(barrier, k, life);
    return true;
}

bool weft__members_clear_away(weft_barrier *barrier)
{
    bool any = false;
    for (size_t k = 0; k < WEFT_BARRIER_SHARED_MAX; k++)
        if (member(barrier, k) && weft__life_is_over(member(barrier, k))) {
            set_member(barrier, k, 0);
            any = true;
        }
    return any;
}

bool weft__members_one_has_ended(weft_barrier *barrier)
{
    const uint64_t first = __atomic_fetch_add(&barrier->next_, looks, __ATOMIC_RELAXED);
    bool ended = false;
    for (size_t k = 0; k < looks && !ended; k++) {
        const uint64_t life = member(barrier, (first + k) % WEFT_BARRIER_SHARED_MAX);
        ended = life && weft__life_is_over(life);
    }
    return ended;
}
