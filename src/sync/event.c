/* event.c - one tells the others that something has happened.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All of it is one word, which is also what the waiters sleep on:
 *
 *     word_ = number of sets << 2 | somebody sleeps << 1 | is set
 *
 * A set that finds the event unset counts; a waiter is done when the event is set or the count is not
 * the one that it began with, so a set that was cleared since is not missed (2^30 of them during one
 * look would be). After the exchange a set touches nothing of the event any more but in the kernel,
 * by address. */
#include <weft/event.h>

#include "base/futex.h"
#include "base/options.h"
#include "sync/kind.h"
#include "sync/spin.h"

_Static_assert(sizeof(weft_event) == 32, "the size is part of the ABI");

enum { is_set = 1, has_sleepers = 2, one_set = 4 };

/* acquire: who sees a set sees what its caller wrote before; pairs with weft_event_set() */
static uint32_t look(const weft_event *e) { return __atomic_load_n(&e->word_, __ATOMIC_ACQUIRE); }

static bool has_happened(uint32_t word, uint32_t first)
{
    return word & is_set || (word ^ first) >= one_set;
}

static weft_status wait_for(weft_event *e, uint32_t first, double timeout)
{
    const double deadline = weft__deadline_in(timeout);
    struct weft__spin spin = { 0 };
    uint32_t word = first;
    while (!has_happened(word, first) && weft__spin(&spin) && spin.now < deadline)
        word = look(e);
    for (bool on_time = true; !has_happened(word, first);) {
        if (!on_time)
            return WEFT_TIMEOUT;
        /* acquire: where it fails it is another look() */
        if (word & has_sleepers ||
            __atomic_compare_exchange_n(&e->word_, &word, word | has_sleepers, true,
                                        __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
            on_time = weft__futex_wait(&e->word_, word | has_sleepers, deadline,
                                       e->kind_ == weft__shared);
            word = look(e);
        }
    }
    return WEFT_OK;
}

weft_status weft_event_init_opts(weft_event *event, const weft_event_opts *opts)
{
    weft_event_opts o;
    weft__take_options(&o, opts);
    *event = (weft_event){ .kind_ = o.shared ? weft__shared : weft__plain };
    return WEFT_OK;
}

void weft_event_fini(weft_event *event)
{
    (void)weft__is_shared(event->kind_, "weft_event_fini");
    event->kind_ = weft__ended;
}

void weft_event_set(weft_event *event)
{
    const bool shared = weft__is_shared(event->kind_, "weft_event_set");
    uint32_t word = __atomic_load_n(&event->word_, __ATOMIC_RELAXED), next;
    do {
        next = word & is_set ? word : ((word & ~(uint32_t)has_sleepers) + one_set) | is_set;
    } while (!__atomic_compare_exchange_n(&event->word_, &word, next, true, __ATOMIC_RELEASE,
                                          __ATOMIC_RELAXED)); /* pairs with look() */
    if (word & has_sleepers)
        weft__futex_wake(&event->word_, SIZE_MAX, shared);
}

void weft_event_clear(weft_event *event)
{
    (void)weft__is_shared(event->kind_, "weft_event_clear");
    /* relaxed: it hands nothing over; a read-modify-write keeps the order of the set before it */
    __atomic_fetch_and(&event->word_, ~(uint32_t)is_set, __ATOMIC_RELAXED);
}

bool weft_event_is_set(const weft_event *event)
{
    (void)weft__is_shared(event->kind_, "weft_event_is_set");
    return look(event) & is_set;
}

weft_status weft_event_wait(weft_event *event, double timeout)
{
    (void)weft__is_shared(event->kind_, "weft_event_wait");
    if (!(timeout >= 0))
        return weft__check_timeout(timeout, "weft_event_wait");
    const uint32_t first = look(event);
    if (first & is_set)
        return WEFT_OK;
    return timeout == 0 ? WEFT_TIMEOUT : wait_for(event, first, timeout);
}
