/* weft/barrier.h - nobody goes on before all have arrived.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_barrier barrier;
 *     weft_barrier_init(&barrier, 3);
 *     ... in each of three threads, round after round:
 *     weft_barrier_wait(&barrier, WEFT_FOREVER, NULL);
 *
 * Python's threading.Barrier, in the caller's storage. A barrier where one gives up is broken for all,
 * until it is reset. Using a barrier that is not initialised, or was ended, panics. It must not be
 * copied or moved. */
#ifndef WEFT_BARRIER_H
#define WEFT_BARRIER_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/lock.h>
#include <weft/status.h>

WEFT_BEGIN_C

/* Processes that wait at a shared barrier, with any number of threads. */
#define WEFT_BARRIER_SHARED_MAX 64

/* What the last one to arrive does before anybody goes on; 0 is fine. */
typedef int weft_barrier_action(void *ctx);

typedef struct weft_barrier {
    uint32_t kind_, state_, word_, inside_;
    uint64_t parties_, waiting_, round_;
    uint64_t failed_[8], failures_;
    double timeout_;
    weft_barrier_action *action_;
    void *ctx_;
    uint64_t next_, room_[6];
    weft_lock guard_;
    uint64_t members_[WEFT_BARRIER_SHARED_MAX];
} weft_barrier;

typedef struct weft_barrier_opts {
    size_t size;
    weft_barrier_action *action; /* NULL: none. Shared: the same address in all processes, as after
                                    a fork() */
    void *ctx;                   /* handed to it */
    double timeout;              /* seconds; of waits whose own is WEFT_FOREVER. 0: none */
    bool shared;                 /* it lies in memory that several processes share */
} weft_barrier_opts;

/* weft_barrier_init - makes a barrier for `parties` threads in the caller's storage.
 *
 * WEFT_EINVAL  parties is 0, or .timeout negative or NaN
 * WEFT_ESYS    as weft_lock_init
 *
 * weft_barrier_fini - ends it; whoever still waits gets WEFT_BROKEN. A plain one may be ended as soon
 * as a wait has returned: it waits for those who are on their way out. */
#define weft_barrier_init(barrier, ...) \
    WEFT_BARRIER_INIT_(barrier, __VA_ARGS__, .size = sizeof(weft_barrier_opts))
#define WEFT_BARRIER_INIT_(barrier, parties, ...) \
    weft_barrier_init_opts((barrier), (parties), &(weft_barrier_opts){ __VA_ARGS__ })
WEFT_API weft_status weft_barrier_init_opts(weft_barrier *barrier, size_t parties,
                                            const weft_barrier_opts *opts);
WEFT_API void weft_barrier_fini(weft_barrier *barrier);

/* weft_barrier_wait - waits until as many threads as the barrier has parties wait.
 *
 * timeout  seconds; who waits longer breaks the barrier. WEFT_FOREVER: the barrier's own
 * place    gets, with WEFT_OK, the order of arrival: each of 0..parties-1 once a round. May be NULL
 *
 * WEFT_OK       all have arrived, and the action, if there is one, has run and returned 0
 * WEFT_BROKEN   the barrier was broken before or while the caller waited, by a timeout (the caller's own
 *               too), weft_barrier_abort, an action that failed, or weft_barrier_reset; shared: or a
 *               death
 * WEFT_EFAILED  to the one who ran it: the action did not return 0
 * WEFT_EINVAL   timeout is negative or NaN; the caller has not arrived
 * WEFT_EOVERFLOW  shared: WEFT_BARRIER_SHARED_MAX processes take part already
 *
 * A round that was completed stays WEFT_OK for all in it, whatever comes after. More threads than
 * parties may come: they make up the next rounds. The time that an action takes does not count.
 *
 * Shared: a process takes part from its first wait on. Once it has ended, killed or not, whoever waits
 * gets WEFT_BROKEN within a second; weft_barrier_reset forgets it. A process that dies before its
 * first wait is not known here: a timeout helps. */
WEFT_API weft_status weft_barrier_wait(weft_barrier *barrier, double timeout, size_t *place);

/* weft_barrier_reset - who waits gets WEFT_BROKEN, and the barrier is as new.
 *
 * weft_barrier_abort - breaks it: who waits, and whoever comes, gets WEFT_BROKEN. */
WEFT_API void weft_barrier_reset(weft_barrier *barrier);
WEFT_API void weft_barrier_abort(weft_barrier *barrier);

/* weft_barrier_parties, _waiting, _broken - for how many it is, how many wait at this moment, whether
 * it is broken. */
WEFT_API size_t weft_barrier_parties(const weft_barrier *barrier);
WEFT_API size_t weft_barrier_waiting(const weft_barrier *barrier);
WEFT_API bool weft_barrier_broken(const weft_barrier *barrier);

WEFT_END_C

#endif
