/* start.c - how a thread begins.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The creating thread waits until the new one runs or says why it cannot; what both need meanwhile
 * lies on its stack. Threads are detached: the record is all that is waited for. */
#include "sync/thread/thread.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/detail.h"
#include "base/futex.h"
#include "base/options.h"
#include "base/signals.h"
#include "sync/spin.h"

enum { not_yet, not_yet_and_asleep, said };

struct birth {
    struct weft__thread *thread;
    weft_run *run;
    void *arg;
    const weft_cpus *place;
    int error;
    uint32_t word; /* one of the three above; the creating thread sleeps on it */
};

/* ---- the new thread ---- */

static void say(struct birth *b, int error)
{
    b->error = error;
    /* release: pairs with the acquire in hear(). After this `b` may be gone: only the address is
     * used. */
    if (__atomic_exchange_n(&b->word, said, __ATOMIC_RELEASE) == not_yet_and_asleep)
        weft__futex_wake(&b->word, 1, false);
}

static int come_alive(const struct birth *b)
{
    const int error = weft__thread_place(b->place);
    if (error)
        return error;
    weft__thread_show_name(pthread_self(), weft__thread_name(b->thread)); /* still nobody else's */
    return weft__thread_enter(b->thread);
}

static void *live(void *birth)
{
    struct birth *const b = birth;
    weft_run *const run = b->run;
    void *const arg = b->arg;
    const int error = come_alive(b);
    say(b, error);
    if (!error)
        run(arg);
    return NULL;
}

/* ---- the creating thread ---- */

static bool has_said(const struct birth *b)
{
    return __atomic_load_n(&b->word, __ATOMIC_ACQUIRE) == said; /* pairs with say() */
}

static int hear(struct birth *b)
{
    struct weft__spin spin = { 0 };
    while (!has_said(b) && weft__spin(&spin))
        ;
    uint32_t word = not_yet;
    /* relaxed: has_said() acquires */
    (void)__atomic_compare_exchange_n(&b->word, &word, not_yet_and_asleep, false, __ATOMIC_RELAXED,
                                      __ATOMIC_RELAXED);
    while (!has_said(b))
        (void)weft__futex_wait(&b->word, not_yet_and_asleep, WEFT_FOREVER, false);
    return b->error;
}

static int create(struct birth *b, const pthread_attr_t *attributes, bool own)
{
    pthread_t thread;
    sigset_t before;
    if (own)
        weft__block_signals(&before);
    const int error = pthread_create(&thread, attributes, live, b);
    if (own)
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

static weft_status refuse_stack(size_t size)
{
    return weft__fail(WEFT_EINVAL,
                      "weft_thread_start: stack_size is %zu bytes: a stack needs more than that",
                      size);
}

static weft_status refuse_place(const weft_cpus *place, int error)
{
    char list[200];
    weft_cpus_format(place, list, sizeof list);
    if (error == EINVAL)
        return weft__fail(
            WEFT_EINVAL,
            "weft_thread_start: place is {%s}: it must hold a CPU that this process may use", list);
    return weft__fail(error == EPERM ? WEFT_EPERM : WEFT_ESYS,
                      "weft_thread_start: place is {%s}: %s", list, strerror(error));
}

static weft_status refuse_memory(void)
{
    return weft__fail(WEFT_ENOMEM, "weft_thread_start: there is no memory for a thread");
}

/* The new thread runs, or there is none. */
static weft_status give_birth(struct birth *b, size_t stack_size, bool own)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes))
        return refuse_memory();
    int error = stack_size ? pthread_attr_setstacksize(&attributes, stack_size) : 0;
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED); /* a known state */
    if (!error)
        error = create(b, &attributes, own);
    pthread_attr_destroy(&attributes);
    if (error == EINVAL)
        return refuse_stack(stack_size);
    if (error)
        return weft__fail(WEFT_ESYS, "weft_thread_start: no more threads can be created: %s",
                          strerror(error));
    error = hear(b);
    if (error && b->place)
        return refuse_place(b->place, error);
    return error ? refuse_memory() : WEFT_OK;
}

static weft_status check(weft_run *run, const void *arg, const weft_thread_opts *o)
{
    const int error = weft__threads_ready();
    if (!run)
        return weft__fail(WEFT_EINVAL, "weft_thread_start: run is NULL: it must be a function");
    if (!arg && o->arg_size)
        return weft__fail(
            WEFT_EINVAL,
            "weft_thread_start: arg is NULL with arg_size = %zu: it must point to that "
            "many bytes",
            o->arg_size);
    if (error)
        return weft__fail(error == ENOMEM ? WEFT_ENOMEM : WEFT_ESYS, "weft_thread_start: %s",
                          strerror(error));
    return WEFT_OK;
}

/* A thread that a daemon starts is a daemon; threads that weft did not start do not hand that on. */
static bool inherits_daemon(void)
{
    const struct weft__thread *const me = weft__thread_known();
    return me && me->daemon && me->kind != weft__kind_foreign;
}

static weft_status start(weft_thread *thread, struct birth *b, const weft_thread_opts *o, bool own)
{
    struct weft__thread *const t = b->thread;
    *thread = t->self; /* now: it may be a part of what is copied */
    if (o->arg_size) {
        t->copy = malloc(o->arg_size);
        if (!t->copy)
            return refuse_memory();
        b->arg = memcpy(t->copy, b->arg, o->arg_size);
    }
    return give_birth(b, o->stack_size, own);
}

weft_status weft__thread_start(weft_thread *thread, weft_run *run, void *arg,
                               const weft_thread_opts *o, const char *kind, bool own)
{
    weft_thread unasked;
    thread = thread ? thread : &unasked;
    weft_status s = check(run, arg, o);
    if (s == WEFT_OK) {
        struct birth b = { .run = run, .arg = arg, .place = o->place };
        b.thread = weft__thread_take(kind, o->name, o->daemon || inherits_daemon());
        s = b.thread ? start(thread, &b, o, own) : refuse_memory();
        if (s && b.thread) {
            free(b.thread->copy), b.thread->copy = NULL;
            weft__thread_give_back(b.thread);
        }
    }
    if (s)
        *thread = (weft_thread){ 0 };
    return s;
}

weft_status weft_thread_start_opts(weft_thread *thread, weft_run *run, void *arg,
                                   const weft_thread_opts *opts)
{
    weft_thread_opts o;
    weft__take_options(&o, opts);
    return weft__thread_start(thread, run, arg, &o, "Thread", false);
}
