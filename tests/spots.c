/* spots.c - a condition over a lock or over a recursive one.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "spots.h"

#include "suites.h"

void spot_init(spot *s, bool recursive)
{
    *s = (spot){ .recursive = recursive };
    weft_lock_init(&s->lock), weft_rlock_init(&s->rlock);
    CU_ASSERT_EQUAL_FATAL(recursive ? weft_cond_init(&s->cond, &s->rlock)
                                    : weft_cond_init(&s->cond, &s->lock),
                          WEFT_OK);
}

void spot_fini(spot *s)
{
    weft_cond_fini(&s->cond);
    weft_lock_fini(&s->lock), weft_rlock_fini(&s->rlock);
}

void take(spot *s)
{
    s->recursive ? weft_rlock_acquire(&s->rlock, WEFT_FOREVER)
                 : weft_lock_acquire(&s->lock, WEFT_FOREVER);
}

void give(spot *s) { s->recursive ? weft_rlock_release(&s->rlock) : weft_lock_release(&s->lock); }

bool is_locked(const spot *s)
{
    return s->recursive ? weft_rlock_locked(&s->rlock) : weft_lock_locked(&s->lock);
}

void wait_once(void *arg)
{
    spot *const s = arg;
    take(s);
    s->waiting++;
    if (weft_cond_wait(&s->cond, WEFT_FOREVER) == WEFT_OK)
        s->woken++;
    give(s);
}

size_t under_lock(spot *s, const size_t *count)
{
    take(s);
    const size_t n = *count;
    give(s);
    return n;
}

bool reaches(spot *s, const size_t *count, size_t n)
{
    for (const double start = weft_now(); weft_now() - start < 10; weft_sleep(1e-3))
        if (under_lock(s, count) == n)
            return true;
    return false;
}

void notify(spot *s, size_t n)
{
    take(s);
    CU_ASSERT_EQUAL(weft_cond_notify(&s->cond, n), WEFT_OK);
    give(s);
}

void over_both(void (*test)(spot *s))
{
    for (int recursive = 0; recursive < 2; recursive++) {
        spot s;
        spot_init(&s, recursive);
        test(&s);
        spot_fini(&s);
    }
}
