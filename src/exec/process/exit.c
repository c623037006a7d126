/* exit.c - what a process does about its children before it ends.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Threads that are no daemons are waited for first. Then all daemons are asked to end at once and have
 * one grace together; who has not ended then is killed. The others are waited for as long as they take.
 * Children that other threads start meanwhile are treated alike.
 *
 * Owns one global: how long exit waits before it says for whom. */
#include "exec/process/process.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/detail.h"
#include "base/futex.h"
#include "sync/thread/thread.h"

static const double default_notice = 60; /* seconds */

static double notice = default_notice; /* under the lock */

double weft_process_set_notice(double seconds)
{
    weft__processes_lock();
    const double before = notice;
    notice = seconds > 0 ? seconds : default_notice;
    weft__processes_unlock();
    return before;
}

double weft__process_notice(void)
{
    weft__processes_lock();
    const double now = notice;
    weft__processes_unlock();
    return now;
}

/* ---- under the lock ---- */

static struct weft__process *first(bool daemon)
{
    struct weft__process *t = weft__processes_running();
    while (t && t->daemon != daemon)
        t = t->next;
    return t;
}

static void ask_daemons_to_end(void)
{
    for (struct weft__process *t = weft__processes_running(); t; t = t->next)
        if (t->daemon)
            (void)weft__process_signal(t, SIGTERM); /* refused: see end_at_once() */
}

/* "loopy (pid 12), Process-2 (pid 14)", as many as fit. */
static void name_the_others(char *text, size_t size)
{
    size_t used = 0;
    *text = '\0';
    for (struct weft__process *t = weft__processes_running(); t && used < size; t = t->next)
        if (!t->daemon)
            used += (size_t)snprintf(text + used, size - used, "%s%s (pid %d)", used ? ", " : "",
                                     t->name, (int)t->pid);
    if (used >= size)
        strcpy(text + size - sizeof "...", "...");
}

static void say_for_whom(void)
{
    char names[400];
    name_the_others(names, sizeof names);
    weft__processes_unlock(); /* the hook is the host's */
    weft__warn("exit waits for %s", names);
    weft__processes_lock();
}

/* A daemon that has become another user's can still end itself, once this process has ended. */
static void end_at_once(struct weft__process *t)
{
    if (weft__process_signal(t, SIGKILL) == 0)
        (void)weft__process_wait(t, WEFT_FOREVER);
    else
        weft__process_delist(t);
}

static void end_daemons(void)
{
    const double deadline = weft_now() + weft__process_grace;
    ask_daemons_to_end();
    for (struct weft__process *t; (t = first(true));)
        if (weft__process_wait(t, deadline) != WEFT_OK)
            break;
    for (struct weft__process *t; (t = first(true));)
        end_at_once(t);
}

static void wait_for_others(void)
{
    for (struct weft__process *t; (t = first(false));) {
        const weft_status s = weft__process_wait(t, weft_now() + notice);
        if (s == WEFT_TIMEOUT)
            say_for_whom();
        else if (s != WEFT_OK) /* only a wait without limit needs no file descriptor */
            (void)weft__process_wait(t, WEFT_FOREVER);
    }
}

void weft__processes_end(void)
{
    weft__threads_join(); /* they may start and use processes */
    weft__processes_lock();
    end_daemons();
    wait_for_others();
    weft__processes_unlock();
}
