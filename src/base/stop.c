/* stop.c - a stop token: one word, set once.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Who goes to sleep says so in the word first, so that setting a token that nobody sleeps on makes no
 * system call. A token is set once: that bit never has to be taken back. */
#include <weft/stop.h>

#include <errno.h>

#include "base/futex.h"
#include "base/options.h"

void weft_stop_init_opts(weft_stop *stop, const weft_stop_opts *opts)
{
    weft_stop_opts o;
    weft__take_options(&o, opts);
    stop->word_ = o.shared ? WEFT_STOP_SHARED_ : 0;
}

void weft_stop_set(weft_stop *stop)
{
    const int error = errno; /* a signal handler must leave it as it was */
    /* release: pairs with the acquire in weft_stop_is_set() and weft_stop_wait() */
    const uint32_t before = __atomic_fetch_or(&stop->word_, WEFT_STOP_SET_, __ATOMIC_RELEASE);
    /* From here on a waiter may have freed the token: only its address is used. */
    if ((before & (WEFT_STOP_SET_ | WEFT_STOP_SLEEPERS_)) == WEFT_STOP_SLEEPERS_)
        weft__futex_wake(&stop->word_, SIZE_MAX, (before & WEFT_STOP_SHARED_) != 0);
    errno = error;
}

weft_status weft_stop_wait(weft_stop *stop, double timeout)
{
    if (weft__check_timeout(timeout, "weft_stop_wait"))
        return WEFT_EINVAL;
    const double deadline = weft__deadline_in(timeout);
    for (bool in_time = true;;) {
        if (weft_stop_is_set(stop))
            return WEFT_OK;
        if (!in_time || deadline == weft__late)
            return WEFT_TIMEOUT;
        /* relaxed: only the bit counts, and the kernel compares the word again */
        const uint32_t asleep =
            __atomic_or_fetch(&stop->word_, WEFT_STOP_SLEEPERS_, __ATOMIC_RELAXED);
        if (!(asleep & WEFT_STOP_SET_))
            in_time =
                weft__futex_wait(&stop->word_, asleep, deadline, (asleep & WEFT_STOP_SHARED_) != 0);
    }
}
