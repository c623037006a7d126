/* start.c - starts a process: the parent's half.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A child is forked, or executed by spawn.c; what follows is the same for both.
 *
 * The child says through a socket that it runs, or why it cannot; the end of the child ends the wait for
 * that too. One start at a time in the whole process: so no child gets the socket of another one.
 *
 * Owns one global: the lock of starts. It guards no data and a start that is cut off by somebody's fork
 * leaves nothing half done in that child, where the lock begins anew. */
#include "exec/process/process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <poll.h>
#include <pthread.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <weft/cpus.h>

#include "base/detail.h"
#include "base/options.h"

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static int watch_forks_error;

static void begin_anew(void) { pthread_mutex_init(&one_at_a_time, NULL); }
static void watch_forks(void) { watch_forks_error = pthread_atfork(NULL, NULL, begin_anew); }

static weft_status failed(int error, const char *what)
{
    const weft_status s = error == ENOMEM ? WEFT_ENOMEM : WEFT_ESYS;
    return weft__fail(s, "weft_process_start: %s: %s", what, strerror(error));
}

/* What all starts need, once. */
static weft_status get_ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    weft_cpus set;
    pthread_once(&once, watch_forks);
    weft_cpus_original(&set); /* for the child, which should not have to find out */
    const int error = watch_forks_error ? watch_forks_error : weft__processes_ready();
    return error ? failed(error, "preparing for forks and exit") : WEFT_OK;
}

/* ---- streams ---- */

/* fflush(NULL) waits for every stream that another thread uses, and a thread that reads its input keeps
 * stdin. */
void weft__flush_streams(void)
{
    if (ftrylockfile(stdin) == 0) {
        funlockfile(stdin);
        fflush(NULL);
    } else {
        fflush(stdout), fflush(stderr);
    }
}

/* ---- the fork ---- */

static void close_all(const struct weft__birth *b)
{
    for (int k = 0; k < 2; k++)
        if (b->said[k] >= 0)
            close(b->said[k]);
    if (b->parent >= 0)
        close(b->parent);
}

static weft_status open_all(struct weft__birth *b)
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, b->said))
        return failed(errno, "two file descriptors to hear the child");
    if (b->record->daemon && !b->spot && (b->parent = pidfd_open(getpid(), 0)) < 0)
        return failed(errno, "a file descriptor for the parent");
    return WEFT_OK;
}

/* No handler of the parent's may run in the child before the child has taken it back. */
static pid_t fork_with_signals_blocked(struct weft__birth *b)
{
    sigset_t all, before;
    weft__flush_streams();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    b->signals = &before;
    const pid_t child = fork();
    if (child == 0)
        weft__child_live(b);
    const int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return child;
}

static void register_child(struct weft__process *t, pid_t child)
{
    weft__processes_lock();
    t->pid = child;
    t->pidfd = pidfd_open(child, 0);
    weft__process_enlist(t);
    t->waiters++; /* its pidfd and its record stay until it has spoken */
    weft__processes_unlock();
}

/* The child's word; EOF where it has ended without one. */
static int hear(const struct weft__birth *b)
{
    int word;
    struct pollfd fds[] = { { .fd = b->said[0], .events = POLLIN },
                            { .fd = b->record->pidfd, .events = POLLIN } };
    while (poll(fds, 2, -1) < 0 && errno == EINTR)
        ;
    return recv(b->said[0], &word, sizeof word, MSG_DONTWAIT) == sizeof word ? word : EOF;
}

/* Why a child did not run, by its word. */
static weft_status explain(const struct weft__birth *b, int word, int code)
{
    if (word == EOF)
        return weft__fail(WEFT_EDIED,
                          "weft_process_start: the child ended before it ran, exit code %d", code);
    if (b->spot && word == ENOEXEC)
        return weft__fail(WEFT_ESYS, "weft_process_start: the child has not the file that run is "
                                     "in: it was replaced meanwhile");
    if (b->spot && word == ENOMEM)
        return weft__fail(WEFT_ENOMEM,
                          "weft_process_start: .arg_size is %zu bytes: the child has not that much "
                          "memory",
                          b->o->arg_size);
    return failed(word, "a thread in the child");
}

/* Forgets a child that never ran; it has ended or is about to. */
static weft_status bury(const struct weft__birth *b, int word)
{
    weft__processes_lock();
    (void)weft__process_wait(b->record, WEFT_FOREVER);
    const int code = b->record->code;
    weft__processes_unlock();
    return explain(b, word, code);
}

/* Until the child runs. */
static weft_status attend(struct weft__birth *b, pid_t child)
{
    close(b->said[1]), b->said[1] = -1;
    register_child(b->record, child);
    if (b->spot)
        weft__spawn_tell(b);
    const int word = hear(b);
    const weft_status s = word ? bury(b, word) : WEFT_OK;
    weft__processes_lock();
    weft__process_leave(b->record);
    weft__processes_unlock();
    return s;
}

static weft_status give_birth(struct weft__birth *b)
{
    weft_status s = open_all(b);
    if (s == WEFT_OK) {
        const pid_t child = b->spot ? weft__spawn(b) : fork_with_signals_blocked(b);
        if (child > 0)
            return attend(b, child);
        s = failed(errno, b->spot ? "executing /proc/self/exe" : "fork");
    }
    weft__process_give_back(b->record);
    return s;
}

/* ---- what goes in ---- */

static weft_status check(weft_process_run *run, const void *arg, const weft_process_opts *o)
{
    if (o->start > WEFT_SPAWN)
        return weft__fail(WEFT_EINVAL,
                          "weft_process_start: .start is %u: it must be WEFT_FORK or WEFT_SPAWN",
                          o->start);
    if (!run)
        return weft__fail(WEFT_EINVAL, "weft_process_start: run is NULL: it must be a function");
    if (o->arg_size && !arg)
        return weft__fail(WEFT_EINVAL,
                          "weft_process_start: arg is NULL with .arg_size = %zu: it must point to "
                          "that many bytes",
                          o->arg_size);
    return WEFT_OK;
}

static weft_status start(weft_process *process, struct weft__birth *b)
{
    b->record = weft__process_take(b->o->name, b->o->daemon);
    if (!b->record)
        return failed(ENOMEM, "a record");
    *process = b->record->self;
    pthread_mutex_lock(&one_at_a_time);
    const weft_status s = give_birth(b);
    close_all(b);
    pthread_mutex_unlock(&one_at_a_time);
    return s;
}

weft_status weft_process_start_opts(weft_process *process, weft_process_run *run, void *arg,
                                    const weft_process_opts *opts)
{
    weft_process_opts o;
    weft_process nobody;
    struct weft__spot spot;
    struct weft__birth b = { .o = &o, .run = run, .arg = arg, .parent = -1, .said = { -1, -1 } };
    weft__take_options(&o, opts);
    process = process ? process : &nobody;
    *process = (weft_process){ 0, 0 };
    weft_status s = check(run, arg, &o);
    if (s == WEFT_OK && o.start == WEFT_SPAWN &&
        (s = weft__spawn_check(run, arg, &o, &spot)) == WEFT_OK)
        b.spot = &spot;
    if (s != WEFT_OK || (s = get_ready()) != WEFT_OK)
        return s;
    /* A spawned child gets the bytes while the caller waits. */
    void *const copy = o.arg_size && !b.spot ? malloc(o.arg_size) : NULL;
    if (o.arg_size && !b.spot && !copy)
        return weft__fail(
            WEFT_ENOMEM,
            "weft_process_start: .arg_size is %zu bytes: there is not that much memory",
            o.arg_size);
    if (copy)
        b.arg = memcpy(copy, arg, o.arg_size);
    weft__processes_reap();
    s = start(process, &b);
    if (s != WEFT_OK)
        *process = (weft_process){ 0, 0 };
    free(copy);
    return s;
}
