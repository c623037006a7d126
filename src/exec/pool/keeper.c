/* keeper.c - the process that has the workers: starts, reaps, replaces them, and ends the late ones.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * It has one thread, allocates nothing and takes no lock, so nothing that the program's threads did or
 * held at the fork can stop it. It sleeps until a child changes its state, the program ends, or it is
 * time to look at deadlines.
 *
 * A worker that seems to be late is stopped first, then looked at again: if it has gone on to another
 * item meanwhile it may run on. So a deadline costs the item that was late, and no other. */
#include "exec/pool/floor.h"

#include <errno.h>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec/process/process.h"

static const double retry_after = 20e-3; /* seconds until a fork that failed is tried again */

enum {
    failures_most = 50, /* forks in a row that failed, while there is no worker at all, */
    deaths_most = 5     /* or deaths in a row before init has returned: then there is no pool */
};

struct kept {
    pid_t pid; /* 0: none */
    uint64_t beat;
    double since;  /* when that beat was seen first */
    bool late;     /* killed for its deadline */
    size_t deaths; /* in a row, before it was ready */
    bool started;  /* once */
};

static struct weft__floor *the_floor;
static struct kept all[WEFT_WORKERS_MAX];
static size_t alive, forks_failed;

/* ---- what runs ---- */

static struct weft__slot *current(struct weft__desk *d)
{
    /* acquire, pairs with the worker's release and the parent's */
    const uint32_t taken = __atomic_load_n(&d->taken, __ATOMIC_ACQUIRE);
    if (__atomic_load_n(&d->posted, __ATOMIC_ACQUIRE) == taken)
        return NULL;
    return &d->slots[taken % weft__slots];
}

/* Names the item that runs; 0: none. */
static uint64_t beat_of(struct weft__desk *d)
{
    struct weft__slot *const s = current(d);
    if (!s || __atomic_load_n(&s->state, __ATOMIC_ACQUIRE) != weft__running_now)
        return 0;
    return ((uint64_t)__atomic_load_n(&d->taken, __ATOMIC_ACQUIRE) << 32 | d->at) + 1;
}

/* ---- deaths ---- */

/* The worker is dead and nobody else writes: what it was doing is over. */
static void settle(struct weft__desk *d, weft_status status, int code)
{
    struct weft__slot *const s = current(d);
    if (!s)
        return;
    const uint32_t state = __atomic_load_n(&s->state, __ATOMIC_ACQUIRE);
    if (state == weft__running_now) {
        s->done = d->at < s->n ? d->at : s->n;
        s->status = s->done < s->n ? status : WEFT_OK;
        s->code = code;
        s->seconds = 0;
        __atomic_store_n(&s->state, weft__finished, __ATOMIC_RELEASE);
    } else if (state != weft__finished) {
        return; /* not begun: for the next one */
    }
    __atomic_store_n(&d->taken, d->taken + 1, __ATOMIC_SEQ_CST); /* pairs with the collecting */
}

static void give_up(int error)
{
    __atomic_store_n(&the_floor->error, error, __ATOMIC_SEQ_CST);
    weft__floor_ring(the_floor);
}

static void bury(size_t k, int status)
{
    struct weft__desk *const d = &the_floor->desks[k];
    struct kept *const w = &all[k];
    const int code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    const bool was_ready = __atomic_exchange_n(&d->ready, 0, __ATOMIC_SEQ_CST) != 0;
    __atomic_store_n(&d->sleeps, 0, __ATOMIC_SEQ_CST);
    settle(d, w->late ? WEFT_EDEADLINE : WEFT_EDIED, code);
    w->deaths = was_ready ? 0 : w->deaths + 1;
    w->pid = 0, w->late = false, w->beat = 0;
    alive--;
    if (!was_ready) {
        __atomic_store_n(&the_floor->crashed, 1, __ATOMIC_SEQ_CST);
        if (w->deaths >= deaths_most)
            give_up(ECHILD);
    }
    weft__floor_ring(the_floor);
}

static void reap(void)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
        for (size_t k = 0; k < the_floor->workers; k++)
            if (all[k].pid == pid)
                bury(k, status), weft__forget_libomp(pid);
}

/* ---- births ---- */

static bool is_ending(void) { return __atomic_load_n(&the_floor->ending, __ATOMIC_SEQ_CST) != 0; }

static bool is_open(void) { return __atomic_load_n(&the_floor->open, __ATOMIC_SEQ_CST) != 0; }

/* Whether all are there that can be. */
static bool staff(void)
{
    const pid_t keeper = getpid();
    for (size_t k = 0; k < the_floor->workers; k++) {
        if (all[k].pid || all[k].deaths >= deaths_most || (all[k].started && !is_open()))
            continue;
        __atomic_store_n(&the_floor->desks[k].leaves, 0, __ATOMIC_SEQ_CST);
        const pid_t pid = fork();
        if (pid == 0)
            weft__worker_live(the_floor, k, keeper);
        if (pid < 0) {
            if (++forks_failed >= failures_most && alive == 0)
                give_up(errno);
            return false;
        }
        all[k].pid = the_floor->desks[k].pid = pid, all[k].started = true;
        alive++, forks_failed = 0;
    }
    return true;
}

/* ---- deadlines ---- */

static void end_if_still_there(size_t k)
{
    struct kept *const w = &all[k];
    siginfo_t how = { 0 };
    kill(w->pid, SIGSTOP);
    while (waitid(P_PID, (id_t)w->pid, &how, WSTOPPED | WEXITED | WNOWAIT) < 0 && errno == EINTR)
        ;
    if (how.si_code != CLD_STOPPED)
        return;                                        /* dead by itself: reap() will see */
    (void)waitid(P_PID, (id_t)w->pid, &how, WSTOPPED); /* takes note of it */
    if (beat_of(&the_floor->desks[k]) == w->beat)
        w->late = true, kill(w->pid, SIGKILL);
    else
        kill(w->pid, SIGCONT);
}

static void look_at_deadlines(double limit)
{
    const double now = weft_now();
    for (size_t k = 0; k < the_floor->workers; k++) {
        struct kept *const w = &all[k];
        if (!w->pid || w->late)
            continue;
        const uint64_t beat = beat_of(&the_floor->desks[k]);
        if (beat != w->beat)
            w->beat = beat, w->since = now;
        else if (beat && now - w->since >= limit)
            end_if_still_there(k);
    }
}

/* ---- its life ---- */

static int patience(double limit, bool complete)
{
    const double look = limit / 16, seconds = look < 50e-3 ? look : 50e-3;
    const int ms = (int)(1e3 * seconds);
    if (!complete)
        return (int)(1e3 * retry_after);
    if (limit > 0)
        return ms > 1 ? ms : 1;
    return is_open() ? -1 : (int)(1e3 * retry_after);
}

/* The program has ended. */
static void end_with_all(void)
{
    for (size_t k = 0; k < the_floor->workers; k++)
        if (all[k].pid)
            kill(all[k].pid, SIGKILL);
    for (size_t k = 0; k < the_floor->workers; k++)
        if (all[k].pid && waitpid(all[k].pid, NULL, 0) > 0)
            weft__forget_libomp(all[k].pid);
    weft__forget_libomp(getpid());
    _exit(0);
}

/* The program may ask for it: ends what runs. */
static void interrupt(void)
{
    if (!__atomic_exchange_n(&the_floor->interrupt, 0, __ATOMIC_SEQ_CST))
        return;
    for (size_t k = 0; k < the_floor->workers; k++)
        if (all[k].pid && beat_of(&the_floor->desks[k]))
            kill(all[k].pid, SIGKILL);
}

static void hear(int signals)
{
    struct signalfd_siginfo s;
    while (read(signals, &s, sizeof s) == sizeof s)
        ; /* SIGCHLD: reap() looks; SIGUSR1: the program has changed something on the floor */
    interrupt();
}

_Noreturn void weft__keeper_live(struct weft__floor *f)
{
    sigset_t mine;
    const double limit = f->pool->o.deadline;
    the_floor = f;
    weft__take_handlers_back();
    signal(SIGCHLD, SIG_DFL);
    (void)prctl(PR_SET_NAME, "weft-keeper");
    sigemptyset(&mine);
    sigaddset(&mine, SIGCHLD);
    sigaddset(&mine, SIGUSR1);
    const int signals = signalfd(-1, &mine, SFD_NONBLOCK | SFD_CLOEXEC);
    if (signals < 0) {
        give_up(errno);
        _exit(1);
    }
    for (;;) {
        reap();
        if (is_ending() && alive == 0)
            _exit(0);
        const bool complete = is_ending() || staff();
        struct pollfd fds[] = { { .fd = signals, .events = POLLIN },
                                { .fd = f->parent, .events = POLLIN } };
        (void)poll(fds, 2, patience(limit, complete));
        if (fds[1].revents)
            end_with_all();
        hear(signals);
        if (limit > 0)
            look_at_deadlines(limit);
    }
}
