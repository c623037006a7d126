/* child.c - the life of a child, from fork to _exit().
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     original thread   prepare -- create ----- watch the parent -------------------> (ends with all)
 *     new thread                      \-- say 0 -- run(arg) -- exit() -- end() -- _exit()
 *
 * libgomp hangs in a child, in the thread that forked, if that ever had a team: so nothing of the
 * user's runs there. It blocks all signals, which leaves them to the threads that are the user's, keeps
 * its stack, on which arguments may lie, and of a daemon watches the parent: by a pidfd, since
 * PR_SET_PDEATHSIG tells the end of the thread that forked, not that of the process.
 *
 * exit() runs handlers last in, first out. end() is the first that the child sets up, so it comes after
 * all that are the child's own and, as it never returns, instead of all that are its parent's.
 *
 * Owns one global: the file descriptor of the watched parent. */
#include "exec/process/process.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include <poll.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <weft/cpus.h>
#include <weft/team.h>

#include "place/bind.h"

static int watched = -1;

static void say(const struct weft__birth *b, int word)
{
    (void)!send(b->said[1], &word, sizeof word, MSG_NOSIGNAL); /* it may be gone */
    close(b->said[1]);
}

/* ---- what it inherits and does not keep ---- */

static bool is_kept(int number)
{
    static const int kept[] = {
        SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS, SIGABRT, SIGPROF
    };
    for (size_t k = 0; k < sizeof kept / sizeof kept[0]; k++)
        if (kept[k] == number)
            return true;
    return false;
}

void weft__take_handlers_back(void)
{
    for (int number = 1; number <= SIGRTMAX; number++) {
        struct sigaction a;
        if (is_kept(number) || sigaction(number, NULL, &a))
            continue;
        if ((a.sa_flags & SA_SIGINFO) || (a.sa_handler != SIG_DFL && a.sa_handler != SIG_IGN))
            signal(number, SIG_DFL);
    }
}

static void take_all_cpus(void)
{
    weft_cpus all;
    weft_cpus_original(&all);
    (void)weft__bind(0, &all); /* what it may use has changed: then what it has will do */
}

static void close_what_is_the_parents(const struct weft__birth *b)
{
    close(b->said[0]);
    if (watched >= 0)
        close(watched);
}

/* ---- its end ---- */

static void end(int status, void *unused)
{
    (void)unused;
    weft__processes_end();
    weft__flush_streams();
    weft__forget_libomp(getpid());
    _exit(status);
}

static void end_by_pthread_exit(void *unused)
{
    (void)unused;
    exit(0);
}

/* ---- its threads ---- */

static void *live(void *birth)
{
    const struct weft__birth *const b = birth;
    int code;
    pthread_cleanup_push(end_by_pthread_exit, NULL);
    say(b, 0);
    pthread_sigmask(SIG_SETMASK, b->signals, NULL);
    if (b->o && b->o->threads)
        (void)weft_set_threads(b->o->threads); /* who was executed has it from its environment */
    code = b->run(b->arg);
    exit(code & 0xff);
    pthread_cleanup_pop(0);
    return NULL;
}

/* As large as that of a main thread, which may grow to the limit. */
static void set_stack_size(pthread_attr_t *attr)
{
    enum { where_there_is_no_limit = 64 * 1024 * 1024 };
    struct rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit))
        return;
    if (limit.rlim_cur == RLIM_INFINITY)
        limit.rlim_cur = where_there_is_no_limit;
    (void)pthread_attr_setstacksize(attr, limit.rlim_cur); /* too little: the default */
}

/* 0 or the errno why not. */
int weft__child_thread(void *(*run)(void *), void *arg)
{
    pthread_attr_t attr;
    pthread_t thread;
    int error = pthread_attr_init(&attr);
    if (error)
        return error;
    set_stack_size(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    error = pthread_create(&thread, &attr, run, arg);
    pthread_attr_destroy(&attr);
    return error;
}

static void wait_for_end_of_parent(void)
{
    struct pollfd end_of_parent = { .fd = watched, .events = POLLIN };
    while (poll(&end_of_parent, 1, -1) < 0 && errno == EINTR)
        ;
}

static _Noreturn void watch(void)
{
    if (watched >= 0) {
        wait_for_end_of_parent();
        weft__forget_libomp(getpid());
        kill(getpid(), SIGTERM);
        weft_sleep(weft__process_grace);
        kill(getpid(), SIGKILL);
    }
    for (;;)
        pause();
}

_Noreturn void weft__child_refuse(const struct weft__birth *b, int error)
{
    say(b, error);
    _exit(1);
}

_Noreturn void weft__child_run(const struct weft__birth *b)
{
    watched = b->parent;
    take_all_cpus();
    const int error = weft__child_thread(live, (void *)b);
    if (error)
        weft__child_refuse(b, error);
    watch();
}

_Noreturn void weft__child_live(const struct weft__birth *b)
{
    weft__process_become(b->record);
    close_what_is_the_parents(b);
    weft__take_handlers_back();
    if (on_exit(end, NULL))
        weft__child_refuse(b, ENOMEM);
    weft__child_run(b);
}
