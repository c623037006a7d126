/* ready.c - grows the calling thread's team before a region needs it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * libgomp calls exit(1) on its host when it cannot create a thread (libomp aborts). So before the
 * team grows, as many plain threads are created at once and joined: what could not be created is left
 * out of the team. Signals are blocked meanwhile, so that no handler of the host's ever runs on a
 * worker, and an empty region then makes the runtime create its workers while they are. A team that
 * keeps its size costs one comparison. Where threads were refused, the team stays as small as it is for
 * half a second before more are asked for again.
 *
 * What is not seen: a region of the program's own that is smaller makes libgomp drop workers. It makes
 * them anew inside of our next region without the probe, and with the caller's signals until they enter.
 *
 * A forked child has the parent's teams by name only. The handler of fork marks the one thread that
 * the child has; threads that it creates start afresh. */
#include "team/team.h"

#include <stdlib.h>

#include <pthread.h>
#include <signal.h>

#include <weft/clock.h>

#include "base/detail.h"
#include "base/signals.h"
#include "team/crew.h"
#include "team/member.h"
#include "team/plan.h"

static const double refused_for = 0.5; /* seconds */

static void begin_child(void)
{
    weft__member.forked = true;
    weft__member.pool = 0;
    weft__member.region = NULL;
    if (weft__member.worker && !weft__member.worker->alone)
        weft__member.worker = &weft__lone;
    weft__plan_unlock();
}

static void watch_forks(void) { pthread_atfork(weft__plan_lock, weft__plan_unlock, begin_child); }

static void *wait_for_gate(void *gate)
{
    pthread_mutex_lock(gate);
    pthread_mutex_unlock(gate);
    return NULL;
}

/* How many of `wanted` threads can live at the same time. */
static size_t probe(size_t wanted)
{
    pthread_t *const thread = malloc(wanted * sizeof *thread);
    if (!thread)
        return 0;
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    size_t n = 0;
    pthread_mutex_lock(&gate);
    while (n < wanted && pthread_create(&thread[n], NULL, wait_for_gate, &gate) == 0)
        n++;
    pthread_mutex_unlock(&gate);
    for (size_t k = 0; k < n; k++)
        pthread_join(thread[k], NULL);
    free(thread);
    return n;
}

static void nothing(weft_worker_ *worker, void *ctx) { (void)worker, (void)ctx; }

static void note_refusal(struct weft__member *me, size_t got, size_t threads)
{
    if (got != me->most)
        weft__warn("a team of %zu threads instead of %zu: no more can be created", got, threads);
    me->most = got;
    me->retry = weft_now() + refused_for;
}

static size_t grow(struct weft__member *me, size_t threads)
{
    const size_t have = me->pool ? me->pool : 1, got = have + probe(threads - have);
    if (got < threads)
        note_refusal(me, got, threads);
    else if (got > me->most)
        me->most = 0;
    weft_region_ empty = { .threads = (int)got };
    weft__fork(&empty, nothing, NULL);
    return got;
}

static size_t within_reach(const struct weft__member *me, size_t threads)
{
    return me->most && threads > me->most && weft_now() < me->retry ? me->most : threads;
}

size_t weft__ready(size_t threads)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct weft__member *me = &weft__member;
    if (threads <= 1 || threads == me->pool)
        return threads;
    threads = within_reach(me, threads);
    pthread_once(&once, watch_forks);
    if (threads > me->pool) {
        sigset_t before;
        weft__block_signals(&before);
        threads = grow(me, threads);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    return me->pool = threads;
}
