/* cond.c - waits, under a lock, until another one says that something has changed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Who waits at a plain condition stands in a list, longest first; a node lies on the waiter's stack and
 * has a word of its own to sleep on. The lock of the user's protects the list, so there is nothing else
 * to lock: a notify takes nodes off and marks them. It has the lock while it does, and a waiter does
 * not return before it has the lock again: no node goes away under a notify's hands. Who was not
 * marked when it has the lock again takes itself off. Hence exactly n, never by chance, and nobody who
 * comes later can be in the way.
 *
 * Between processes the list is a table in the condition itself (slots.c). */
#include <weft/cond.h>

#include "base/futex.h"
#include "base/options.h"
#include "sync/kind.h"
#include "sync/lock.h"
#include "sync/rlock.h"
#include "sync/slots.h"
#include "sync/spin.h"

_Static_assert(sizeof(weft_cond) == 64 + 24 * WEFT_COND_SHARED_MAX, "the size is part of the ABI");

typedef struct node {
    struct node *before, *behind;
    uint32_t notified;
} node;

/* ---- the lock, of either sort ---- */

static void *lock_of(const weft_cond *c) { return (char *)c + c->lock_; }

static bool is_mine(const weft_cond *c)
{
    return c->recursive_ ? weft__rlock_is_mine(lock_of(c)) : weft__lock_is_mine(lock_of(c));
}

/* Returns how often it was taken. */
static size_t free_lock(weft_cond *c)
{
    if (c->recursive_)
        return weft__rlock_free_all(lock_of(c));
    (void)weft__lock_free(lock_of(c)); /* it is ours */
    return 1;
}

static weft_status take_lock(weft_cond *c, size_t count)
{
    return c->recursive_ ? weft__rlock_take_all(lock_of(c), count)
                         : weft__lock_take(lock_of(c), WEFT_FOREVER);
}

/* ---- the list ---- */

static void append(weft_cond *c, node *n)
{
    n->before = c->last_;
    if (n->before)
        n->before->behind = n;
    else
        c->first_ = n;
    c->last_ = n;
}

static void take_off(weft_cond *c, node *n)
{
    if (n->before)
        n->before->behind = n->behind;
    else
        c->first_ = n->behind;
    if (n->behind)
        n->behind->before = n->before;
    else
        c->last_ = n->before;
}

/* pairs with the store in notify_nodes(); the lock orders everything else */
static bool is_notified(const node *n) { return __atomic_load_n(&n->notified, __ATOMIC_ACQUIRE); }

static void sleep_until_notified(node *n, double deadline)
{
    struct weft__spin spin = { 0 };
    while (!is_notified(n) && weft__spin(&spin) && spin.now < deadline)
        ;
    while (!is_notified(n) && weft__futex_wait(&n->notified, false, deadline, false))
        ;
}

static void notify_nodes(weft_cond *c, size_t n)
{
    for (node *k; n > 0 && (k = c->first_); n--) {
        take_off(c, k);
        __atomic_store_n(&k->notified, true, __ATOMIC_RELEASE);
        weft__futex_wake(&k->notified, 1, false);
    }
}

/* ---- waiting ---- */

static weft_status status_of(weft_status lock, bool notified)
{
    if (lock == WEFT_EDIED)
        return weft__fail(lock, "weft_cond_wait: lock was held by a thread that died: look at what "
                                "it protects");
    return notified ? WEFT_OK : WEFT_TIMEOUT;
}

static weft_status wait_in_list(weft_cond *c, double deadline)
{
    node n = { .notified = false };
    append(c, &n);
    const size_t count = free_lock(c);
    sleep_until_notified(&n, deadline);
    const weft_status s = take_lock(c, count);
    if (!n.notified)
        take_off(c, &n);
    return status_of(s, n.notified);
}

static weft_status wait_in_slot(weft_cond *c, double deadline)
{
    const size_t slot = weft__slots_take(c);
    if (slot == WEFT_COND_SHARED_MAX)
        return weft__fail(WEFT_EOVERFLOW,
                          "weft_cond_wait: %d threads wait already: a shared "
                          "condition has no room for more",
                          WEFT_COND_SHARED_MAX);
    const size_t count = free_lock(c);
    (void)weft__slots_sleep(c, slot, deadline);
    const weft_status s = take_lock(c, count);
    return status_of(s, weft__slots_leave(c, slot));
}

static weft_status wait_until(weft_cond *c, double deadline)
{
    return c->kind_ == weft__shared ? wait_in_slot(c, deadline) : wait_in_list(c, deadline);
}

static weft_status check(const weft_cond *c, const char *function)
{
    (void)weft__is_shared(c->kind_, function);
    if (is_mine(c))
        return WEFT_OK;
    return weft__fail(WEFT_EPERM, "%s: the condition's lock is not held: it must be", function);
}

/* ---- public ---- */

static weft_status init(weft_cond *c, const void *lock, uint32_t kind, bool recursive,
                        const weft_cond_opts *opts)
{
    weft_cond_opts o;
    weft__take_options(&o, opts);
    if (o.shared && !weft__is_shared(kind, "weft_cond_init"))
        return weft__fail(WEFT_EINVAL, "weft_cond_init: shared is true: the lock must be shared, "
                                       "too");
    *c = (weft_cond){ .kind_ = weft__is_shared(kind, "weft_cond_init") ? weft__shared : weft__plain,
                      .recursive_ = recursive,
                      .lock_ = (const char *)lock - (const char *)c };
    return WEFT_OK;
}

weft_status weft_cond_init_opts(weft_cond *cond, weft_lock *lock, const weft_cond_opts *opts)
{
    return init(cond, lock, lock->kind_, false, opts);
}

weft_status weft_cond_init_rlock_opts(weft_cond *cond, weft_rlock *rlock,
                                      const weft_cond_opts *opts)
{
    return init(cond, rlock, rlock->lock_.kind_, true, opts);
}

void weft_cond_fini(weft_cond *cond)
{
    if (!weft__is_shared(cond->kind_, "weft_cond_fini") && cond->first_)
        weft__panic("weft_cond_fini: somebody waits: nobody may");
    cond->kind_ = weft__ended;
}

weft_status weft_cond_wait(weft_cond *cond, double timeout)
{
    const weft_status s = check(cond, "weft_cond_wait");
    if (s)
        return s;
    if (!(timeout >= 0))
        return weft__check_timeout(timeout, "weft_cond_wait");
    return wait_until(cond, weft__deadline_in(timeout));
}

weft_status weft_cond_wait_for(weft_cond *cond, weft_ready *ready, void *ctx, double timeout)
{
    weft_status s = check(cond, "weft_cond_wait_for");
    if (s)
        return s;
    if (!(timeout >= 0))
        return weft__check_timeout(timeout, "weft_cond_wait_for");
    const double deadline = weft__deadline_in(timeout);
    bool is_ready;
    while (!(is_ready = ready(ctx)) && s == WEFT_OK)
        s = wait_until(cond, deadline);
    return is_ready && s != WEFT_EDIED ? WEFT_OK : s;
}

weft_status weft_cond_notify(weft_cond *cond, size_t n)
{
    const weft_status s = check(cond, "weft_cond_notify");
    if (s)
        return s;
    if (cond->kind_ == weft__shared)
        weft__slots_notify(cond, n);
    else
        notify_nodes(cond, n);
    return WEFT_OK;
}

weft_status weft_cond_notify_all(weft_cond *cond) { return weft_cond_notify(cond, SIZE_MAX); }
