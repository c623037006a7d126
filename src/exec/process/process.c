/* process.c - what may be asked about a process, and done to it.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "exec/process/process.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

#include <unistd.h>

#include "base/detail.h"
#include "base/futex.h"

static weft_status fail_for(const struct weft__process *t, const char *function)
{
    if (!t)
        return weft__fail(WEFT_ESTATE, "%s: the handle is of no process that is known", function);
    if (t->state == weft__is_me)
        return weft__fail(WEFT_EDEADLK, "%s: %s is the calling process", function, t->name);
    return weft__fail(WEFT_EPERM, "%s: %s was not started by this process", function, t->name);
}

static bool is_child(const struct weft__process *t)
{
    return t && (t->state == weft__child_runs || t->state == weft__child_ended);
}

static weft_status join(struct weft__process *t, double deadline)
{
    if (!is_child(t))
        return fail_for(t, "weft_process_join");
    return t->state == weft__child_ended ? WEFT_OK : weft__process_wait(t, deadline);
}

weft_status weft_process_join(const weft_process *process, double timeout)
{
    weft_status s = weft__check_timeout(timeout, "weft_process_join");
    if (s != WEFT_OK)
        return s;
    const double deadline = weft__deadline_in(timeout);
    weft__processes_lock();
    s = join(weft__process_find(process), deadline);
    weft__processes_unlock();
    return s;
}

static bool is_alive(struct weft__process *t)
{
    if (!t)
        return false;
    if (t->state == weft__is_parent)
        return getppid() == t->pid; /* orphans get another one */
    return t->state == weft__is_me || (t->state == weft__child_runs && !weft__process_over(t));
}

bool weft_process_is_alive(const weft_process *process)
{
    weft__processes_lock();
    const bool alive = is_alive(weft__process_find(process));
    weft__processes_unlock();
    return alive;
}

int weft_process_exitcode(const weft_process *process)
{
    weft__processes_lock();
    struct weft__process *const t = weft__process_find(process);
    const int code = is_child(t) && weft__process_over(t) ? t->code : WEFT_NO_EXITCODE;
    weft__processes_unlock();
    return code;
}

/* ---- signals ---- */

static weft_status send(struct weft__process *t, int number, const char *function)
{
    if (!is_child(t))
        return t && t->state == weft__is_me
                   ? weft__fail(WEFT_EPERM, "%s: %s is the calling process", function, t->name)
                   : fail_for(t, function);
    const int error = weft__process_signal(t, number);
    return !error ? WEFT_OK
                  : weft__fail(error == EPERM ? WEFT_EPERM : WEFT_ESYS, "%s: %s (pid %d): %s",
                               function, t->name, (int)t->pid, strerror(error));
}

static weft_status send_to(const weft_process *process, int number, const char *function)
{
    weft__processes_lock();
    const weft_status s = send(weft__process_find(process), number, function);
    weft__processes_unlock();
    return s;
}

weft_status weft_process_terminate(const weft_process *process)
{
    return send_to(process, SIGTERM, "weft_process_terminate");
}

weft_status weft_process_kill(const weft_process *process)
{
    return send_to(process, SIGKILL, "weft_process_kill");
}

weft_status weft_process_interrupt(const weft_process *process)
{
    return send_to(process, SIGINT, "weft_process_interrupt");
}

/* ---- what is known ---- */

int weft_process_pid(const weft_process *process)
{
    weft__processes_lock();
    const struct weft__process *const t = weft__process_find(process);
    const pid_t pid = !t ? 0 : t->state == weft__is_me ? getpid() : t->pid;
    weft__processes_unlock();
    return (int)pid;
}

const char *weft_process_name(const weft_process *process)
{
    weft__processes_lock();
    const struct weft__process *const t = weft__process_find(process);
    const char *const name = t ? t->name : "";
    weft__processes_unlock();
    return name;
}

bool weft_process_is_daemon(const weft_process *process)
{
    weft__processes_lock();
    const struct weft__process *const t = weft__process_find(process);
    const bool daemon = t && t->daemon;
    weft__processes_unlock();
    return daemon;
}

const weft_process *weft_process_current(void)
{
    weft__processes_lock();
    const weft_process *const handle = &weft__process_me()->self;
    weft__processes_unlock();
    return handle;
}

const weft_process *weft_process_parent(void)
{
    weft__processes_lock();
    const struct weft__process *const t = weft__process_parent();
    weft__processes_unlock();
    return t ? &t->self : NULL;
}

size_t weft_process_active_children(weft_process *live, size_t most)
{
    size_t n = 0;
    weft__processes_reap();
    weft__processes_lock();
    for (const struct weft__process *t = weft__processes_running(); t; t = t->next, n++)
        if (n < most)
            live[n] = t->self;
    weft__processes_unlock();
    return n;
}
