/* wait.c - waiting for children, reaping and signalling them.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A child's pidfd is readable once the child has ended, so any number of threads can wait for it, with
 * a timeout, and nobody needs SIGCHLD. Whoever finds a child ended reaps it: by its pidfd, which means
 * that child for ever, so a stranger with the same number is never touched, even where the host waits
 * for all children itself. A pidfd stays open as long as somebody waits on it.
 *
 * A child without a pidfd, since there was no file descriptor, goes by its number: that is its own
 * until it is reaped, which nobody else should do. */
#include "exec/process/process.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#include <poll.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/detail.h"
#include "base/futex.h"
#include "exec/poll.h"

static int reap(const struct weft__process *t, siginfo_t *end, int flags)
{
    *end = (siginfo_t){ 0 };
    return t->pidfd >= 0 ? waitid(P_PIDFD, (id_t)t->pidfd, end, WEXITED | flags)
                         : waitid(P_PID, (id_t)t->pid, end, WEXITED | flags);
}

static int code_of(const siginfo_t *end)
{
    return end->si_code == CLD_EXITED ? end->si_status : -end->si_status;
}

static void settle(struct weft__process *t)
{
    if (t->waiters > 0)
        return;
    if (t->pidfd >= 0)
        close(t->pidfd);
    t->pidfd = -1;
    weft__process_rest(t);
}

/* 0 or the errno why not. */
static int collect(struct weft__process *t)
{
    siginfo_t end;
    weft__forget_libomp(t->pid);
    if (reap(t, &end, WNOHANG))
        return errno;
    t->code = code_of(&end);
    return 0;
}

bool weft__process_over(struct weft__process *t)
{
    siginfo_t end;
    if (t->state != weft__child_runs)
        return t->state == weft__child_ended;
    int error = reap(t, &end, WNOHANG | WNOWAIT) ? errno : 0;
    if (!error && end.si_pid == 0)
        return false;
    if (!error)
        error = collect(t);
    if (error && error != ECHILD) /* ECHILD: somebody else has its exit code */
        return false;
    weft__process_delist(t);
    settle(t);
    return true;
}

void weft__processes_reap(void)
{
    struct weft__process *next;
    weft__processes_lock();
    for (struct weft__process *t = weft__processes_running(); t; t = next) {
        next = t->next;
        (void)weft__process_over(t);
    }
    weft__processes_unlock();
}

/* ---- waiting ---- */

/* Without a file descriptor the system can wait for ever, and not at all. */
static weft_status wait_by_number(struct weft__process *t, double deadline)
{
    siginfo_t end;
    const struct weft__process by_number = { .pid = t->pid, .pidfd = -1 };
    if (isfinite(deadline))
        return weft__fail(
            WEFT_ESYS,
            "weft_process_join: no file descriptor is free to wait for %s (pid %d) for "
            "a limited time",
            t->name, (int)t->pid);
    weft__processes_unlock();
    (void)reap(&by_number, &end, WNOWAIT);
    weft__processes_lock();
    return WEFT_OK;
}

static weft_status wait_a_turn(struct weft__process *t, double deadline)
{
    if (t->pidfd < 0 && t->state == weft__child_runs)
        t->pidfd = pidfd_open(t->pid, 0);
    const int pidfd = t->pidfd;
    if (pidfd < 0)
        return wait_by_number(t, deadline);
    weft__processes_unlock();
    weft__poll(pidfd, POLLIN, deadline);
    weft__processes_lock();
    return WEFT_OK;
}

void weft__process_leave(struct weft__process *t)
{
    t->waiters--;
    if (t->state == weft__child_ended)
        settle(t);
}

weft_status weft__process_wait(struct weft__process *t, double deadline)
{
    weft_status s = WEFT_OK;
    bool late = deadline == weft__late;
    t->waiters++;
    while (s == WEFT_OK && !weft__process_over(t)) {
        if (late)
            s = WEFT_TIMEOUT;
        else
            s = wait_a_turn(t, deadline);
        late = weft__is_past(deadline);
    }
    weft__process_leave(t);
    return s;
}

int weft__process_signal(const struct weft__process *t, int number)
{
    if (t->state == weft__child_ended)
        return 0;
    const int failed =
        t->pidfd >= 0 ? pidfd_send_signal(t->pidfd, number, NULL, 0) : kill(t->pid, number);
    return failed && errno != ESRCH ? errno : 0;
}
