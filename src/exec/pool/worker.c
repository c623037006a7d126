/* worker.c - the life of a worker process.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The keeper's only thread is a copy of one that may have had a team of libgomp's, so nothing of the
 * user's runs on it: it starts a fresh thread and sleeps. The keeper has one thread for all its life, so
 * here PR_SET_PDEATHSIG tells the end of that process: a worker never outlives its keeper, nor the
 * keeper, which watches it by a pidfd, the program.
 *
 * exit() in a task ends the worker alone: its handlers are the program's, which must not run here, so
 * the one that is set up last, which runs first, ends the process. */
#include "exec/pool/floor.h"

#include <stdio.h>
#include <stdlib.h>

#include <pthread.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <weft/machine.h>

#include "exec/patience.h"
#include "exec/process/process.h"
#include "place/bind.h"
#include "sync/robust.h"

struct place {
    struct weft__floor *floor;
    struct weft__desk *desk;
    size_t number;
    bool has_leaked; /* a lock, which is free once this process has ended */
};

static struct place here; /* of this process; written before there is a second thread */

/* ---- waking ---- */

static void ring(uint32_t *rings, uint32_t *sleeps)
{
    /* Sequentially consistent: who goes to sleep sets `sleeps`, then looks; we changed something, then
     * look at `sleeps`. */
    if (!__atomic_load_n(sleeps, __ATOMIC_SEQ_CST))
        return;
    __atomic_store_n(sleeps, 0, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(rings, 1, __ATOMIC_SEQ_CST);
    weft__futex_wake(rings, 1, true);
}

void weft__floor_ring(struct weft__floor *f) { ring(&f->rings, &f->sleeps); }
void weft__desk_ring(struct weft__desk *d) { ring(&d->rings, &d->sleeps); }

/* ---- its end ---- */

static void end(int status, void *unused)
{
    (void)unused;
    weft__processes_end(); /* those that a task has started */
    weft__flush_streams();
    weft__forget_libomp(getpid());
    _exit(status);
}

/* ---- working ---- */

static bool has_work(const struct weft__desk *d)
{
    /* pairs with the post; `taken` is ours */
    return __atomic_load_n(&d->posted, __ATOMIC_SEQ_CST) != d->taken;
}

static bool is_ending(void) { return __atomic_load_n(&here.floor->ending, __ATOMIC_SEQ_CST) != 0; }

static void sleep_until_there_is_work(struct weft__desk *d)
{
    struct weft__patience spin = { 0 };
    while (!has_work(d) && !is_ending())
        if (!weft__patience(&spin))
            break;
    while (!has_work(d) && !is_ending()) {
        const uint32_t rings = __atomic_load_n(&d->rings, __ATOMIC_SEQ_CST);
        __atomic_store_n(&d->sleeps, 1, __ATOMIC_SEQ_CST); /* pairs with ring() */
        if (!has_work(d) && !is_ending())
            (void)weft__futex_wait(&d->rings, rings, WEFT_FOREVER, true);
    }
    __atomic_store_n(&d->sleeps, 0, __ATOMIC_SEQ_CST);
}

/* An item that has left a lock held has failed. Those that ran after it, perhaps without what it holds,
 * have not been run: another worker does that. */
static void look_for_leaks(struct weft__slot *s)
{
    uint32_t since;
    if (!weft__holdings_grew(&since))
        return;
    here.has_leaked = true;
    if (since < s->done)
        s->done = since, s->status = WEFT_EFAILED, s->code = 0;
}

/* most: items that this worker may still do. */
static void run(struct weft__desk *d, struct weft__slot *s, size_t most)
{
    const uint32_t n = s->n < most ? s->n : (uint32_t)most;
    const double start = weft_now();
    weft__running.base = s->first;
    weft__running.at = s->packed ? NULL : &d->at;
    (void)weft__holdings_watch(&d->at);
    const int code = s->task->run(s->room, s->out ? s->room + s->out : NULL, 0, n, &d->at);
    s->seconds = weft_now() - start;
    s->done = d->at;
    s->code = code;
    s->status = code ? WEFT_EFAILED : WEFT_OK;
    look_for_leaks(s);
}

/* Returns how many items it has run. */
static size_t serve(struct weft__desk *d, size_t most)
{
    struct weft__slot *const s = &d->slots[d->taken % weft__slots];
    uint32_t expected = weft__posted;
    size_t ran = 0;
    d->at = 0;
    /* acquire, pairs with the post; release, so that the keeper sees `at` */
    if (__atomic_compare_exchange_n(&s->state, &expected, weft__running_now, false,
                                    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
        run(d, s, most);
        ran = s->done + (s->status != WEFT_OK);
        __atomic_store_n(&s->state, weft__finished, __ATOMIC_RELEASE); /* for the keeper */
    }
    /* release, pairs with the collecting; sequentially consistent for ring() */
    __atomic_store_n(&d->taken, d->taken + 1, __ATOMIC_SEQ_CST);
    weft__floor_ring(here.floor);
    return ran;
}

static void work(struct weft__desk *d, size_t most)
{
    for (size_t done = 0; done < most;) {
        if (here.has_leaked)
            end(1, NULL);
        else if (has_work(d))
            done += serve(d, most - done);
        else if (is_ending())
            return;
        else
            sleep_until_there_is_work(d);
    }
}

/* ---- its beginning ---- */

static void initialize(const weft_pool_opts *o)
{
    struct weft__floor *const f = here.floor;
    const int code = o->init ? o->init(o->ctx) : 0;
    if (code)
        __atomic_store_n(&f->init_code, code, __ATOMIC_SEQ_CST);
    else
        __atomic_store_n(&here.desk->ready, 1, __ATOMIC_SEQ_CST);
    __atomic_fetch_add(&f->started, 1, __ATOMIC_SEQ_CST); /* pairs with the parent's wait */
    weft__floor_ring(f);
    if (code)
        end(1, NULL);
}

static void end_by_pthread_exit(void *unused) { end(0, unused); }

static void *live(void *unused)
{
    struct weft__floor *const f = here.floor;
    const weft_pool_opts *const o = &f->pool->o;
    (void)unused;
    pthread_sigmask(SIG_SETMASK, f->signals, NULL);
    environ = f->environment; /* setenv() would take a lock that somebody had at the fork */
    weft__pool_share_cores(f->pool, f->cores);
    weft__running =
        (struct weft__running){ .ctx = o->ctx, .worker = here.number, .at = &here.desk->at };
    pthread_cleanup_push(end_by_pthread_exit, NULL);
    initialize(o);
    work(here.desk, o->max_tasks ? o->max_tasks : SIZE_MAX);
    __atomic_store_n(&here.desk->leaves, 1, __ATOMIC_SEQ_CST); /* for the keeper */
    if (o->fini)
        o->fini(o->ctx);
    end(0, NULL);
    pthread_cleanup_pop(0);
    return NULL;
}

static void set_name(void)
{
    char name[16];
    snprintf(name, sizeof name, "%.10s-%zu", here.floor->pool->o.name, here.number);
    (void)prctl(PR_SET_NAME, name);
}

static void bind(void)
{
    const weft_cpus *const places = here.floor->places;
    weft_cpus all;
    weft_cpus_original(&all);
    (void)weft__bind(0, places ? &places[here.number] : &all); /* else it stays where it is */
}

_Noreturn void weft__worker_live(struct weft__floor *f, size_t number, pid_t keeper)
{
    here = (struct place){ f, &f->desks[number], number, false };
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != keeper)
        _exit(1);
    set_name();
    bind();
    if (on_exit(end, NULL) || weft__child_thread(live, NULL))
        _exit(1);
    for (;;)
        pause();
}
