/* ready.c - grows the calling thread's team before a region needs it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * libgomp calls exit(1) on its host when it cannot create a thread (libomp aborts). So before the
 * team grows, as many plain threads are created at once and joined: what could not be created is left
 * out of the team. Signals are blocked meanwhile, so that no handler of the host's ever runs on a
 * worker, and an empty region then makes the runtime create its workers while they are. A team that
 * keeps its size costs one comparison.
 *
 * A forked child has the parent's teams by name only. The handler of fork marks the one thread that
 * the child has; threads that it creates start afresh. */
#include "team/team.h"

#include <stdlib.h>

#include <pthread.h>
#include <signal.h>

#include "base/detail.h"
#include "team/member.h"

static void mark_forked(void)
{
    weft__member.forked = true;
    weft__member.pool = 0;
}

static void watch_forks(void) { pthread_atfork(NULL, NULL, mark_forked); }

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

static void block_signals(sigset_t *before)
{
    static const int of_the_thread_itself[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS };
    sigset_t most;
    sigfillset(&most);
    for (size_t k = 0; k < sizeof of_the_thread_itself / sizeof of_the_thread_itself[0]; k++)
        sigdelset(&most, of_the_thread_itself[k]);
    pthread_sigmask(SIG_SETMASK, &most, before);
}

static void nothing(weft_worker_ *worker, void *ctx) { (void)worker, (void)ctx; }

static size_t grow(size_t have, size_t threads)
{
    const size_t got = have + probe(threads - have);
    if (got < threads)
        weft__warn("a team of %zu threads instead of %zu: no more can be created", got, threads);
    weft_region_ empty = { .threads = (int)got };
    weft__fork(&empty, nothing, NULL);
    return got;
}

size_t weft__ready(size_t threads)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct weft__member *me = &weft__member;
    if (threads <= 1 || threads == me->pool)
        return threads;
    pthread_once(&once, watch_forks);
    if (threads > me->pool) {
        sigset_t before;
        block_signals(&before);
        threads = grow(me->pool ? me->pool : 1, threads);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    return me->pool = threads;
}
