/* robust.h - the shared lock: a robust mutex of the system, taken by trying only.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_SYNC_ROBUST_H
#define WEFT_SYNC_ROBUST_H

#include <weft/lock.h>

/* Each with WEFT_OK, or what went wrong without a line of detail. try: WEFT_TIMEOUT where somebody
 * else has it, else as weft_lock_acquire; free: WEFT_EPERM where the calling thread has it not. */
weft_status weft__robust_init(weft_lock *lock);
void weft__robust_fini(weft_lock *lock);
weft_status weft__robust_try(weft_lock *lock);
weft_status weft__robust_free(weft_lock *lock);

/* ---- what a thread holds ---- */

/* The shared locks of the calling thread, for who wants to know which of many tasks has left one
 * held: the one that was running, by *at, when there first were more of them than at the beginning.
 *
 *     const struct weft__holdings before = weft__holdings_watch(&at);
 *     run tasks, with at = 0, 1, 2, ...
 *     if (weft__holdings_grew(&since))
 *         task `since` has left one held
 *     weft__holdings_restore(&before); */
struct weft__holdings {
    size_t locks, at_first;
    const volatile uint32_t *at; /* NULL: nobody wants to know */
    uint32_t since;
};

extern _Thread_local struct weft__holdings weft__holdings;

static inline struct weft__holdings weft__holdings_watch(const volatile uint32_t *at)
{
    const struct weft__holdings before = weft__holdings;
    weft__holdings.at_first = before.locks;
    weft__holdings.at = at;
    return before;
}

/* Once for what has been left held until now. */
static inline bool weft__holdings_grew(uint32_t *since)
{
    struct weft__holdings *const h = &weft__holdings;
    if (__builtin_expect(h->locks <= h->at_first, 1))
        return false;
    *since = h->since;
    h->at_first = h->locks;
    return true;
}

/* Back to an outer watch, to which nothing that an inner one has found is new. */
static inline void weft__holdings_restore(const struct weft__holdings *before)
{
    weft__holdings.at_first += before->at_first - before->locks;
    weft__holdings.at = before->at, weft__holdings.since = before->since;
}

#endif
