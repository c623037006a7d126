/* process.h - the records behind the handles of processes.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A record serves one process after the other and is never freed, so a handle of any age can be looked
 * up: it names the record's place, and its turn, which counts the processes that the record had.
 *
 *               take            enlist           reap
 *     at rest ------> starts ---------> runs ---------> ended (at rest)
 *                        | fork
 *                        |  child: becomes `me`; its parent's own record becomes `parent`
 *                        |         and what its parent had started `foreign` (at rest) */
#ifndef WEFT_EXEC_PROCESS_H
#define WEFT_EXEC_PROCESS_H

#include <sys/types.h>

#include <weft/process.h>

#include "exec/process/module.h"

typedef enum weft__process_state {
    weft__child_starts,
    weft__child_runs, /* a child of ours that nobody has reaped */
    weft__child_ended,
    weft__is_me,
    weft__is_parent,
    weft__is_foreign /* of another process than this one */
} weft__process_state;

/* Everything is under the lock. */
struct weft__process {
    weft_process self; /* the handle of who has the record, or had it last */
    weft__process_state state;
    pid_t pid;
    int pidfd; /* of a child that runs; -1: there was no file descriptor for it */
    int code;
    size_t waiters; /* threads that wait on pidfd: it stays open for them, and the record theirs */
    bool daemon;
    char *name;
    char *identity; /* "1:2": the second child of the first; "" of the main process */
    struct weft__process *before, *next; /* among those that run; next alone among those at rest */
};

/* One lock for all records. It is held over a fork; who holds it does not wait for anything. */
void weft__processes_lock(void);
void weft__processes_unlock(void);

/* Sets up what all of them share; 0 or the errno why not. */
int weft__processes_ready(void);

/* ---- under the lock: which record ---- */

/* NULL: the handle is of no process. */
struct weft__process *weft__process_find(const weft_process *handle);
struct weft__process *weft__process_me(void);
struct weft__process *weft__process_parent(void); /* or NULL */
struct weft__process *weft__processes_running(void);

void weft__process_enlist(struct weft__process *t); /* starts -> runs */
void weft__process_delist(struct weft__process *t); /* runs -> ended */
void weft__process_rest(struct weft__process *t);

/* ---- without the lock ---- */

/* A record for a child to come, named; NULL: there is no memory. */
struct weft__process *weft__process_take(const char *name, bool daemon);
void weft__process_give_back(struct weft__process *t);

/* In a child that has just been forked: it is `t`. */
void weft__process_become(struct weft__process *t);

/* In a child that has just been executed: it is who it is told; false: there is no memory. */
struct weft__descent;
bool weft__process_descend(const struct weft__descent *d);

/* ---- the end of children (wait.c) ---- */

/* Under the lock: whether it has ended; reaps it if so. */
bool weft__process_over(struct weft__process *t);

/* Under the lock, which is given up while it waits. WEFT_OK, WEFT_TIMEOUT, or WEFT_ESYS. */
weft_status weft__process_wait(struct weft__process *t, double deadline);

/* Under the lock: one thread less waits on its pidfd. */
void weft__process_leave(struct weft__process *t);

/* Under the lock: 0 or the errno why not. */
int weft__process_signal(const struct weft__process *t, int number);

void weft__processes_reap(void);

/* Ends the daemons and waits for the others: what is done when a process ends. */
void weft__processes_end(void);

/* ---- a child's life (child.c) ---- */

static const double weft__process_grace = 2; /* seconds between SIGTERM and SIGKILL */

struct weft__birth {
    struct weft__process *record;
    const weft_process_opts *o;
    weft_process_run *run;
    void *arg;
    const struct weft__spot *spot; /* of run, for a spawn; NULL: fork */
    const void *signals;           /* a sigset_t: the mask for run */
    int parent;                    /* pidfd of the parent, for daemons; else -1 */
    int said[2]; /* a pair of sockets: the child says 0, or the errno why it cannot run */
};

/* On the one thread that a fork leaves; all signals are blocked. */
_Noreturn void weft__child_live(const struct weft__birth *b);

/* The second half of that: starts the thread of run and watches the parent.
 *
 * weft__child_refuse - ends the child, which tells its parent why it cannot run. */
_Noreturn void weft__child_run(const struct weft__birth *b);
_Noreturn void weft__child_refuse(const struct weft__birth *b, int error);

/* In a child, before there is a second thread: signal handlers that are the program's go back to the
 * default; those of faults stay. */
void weft__take_handlers_back(void);

/* A detached thread with as large a stack as that of main; 0 or the errno why not. */
int weft__child_thread(void *(*run)(void *), void *arg);

/* Writes what the buffers of streams hold, but never waits for who reads stdin. */
void weft__flush_streams(void);

/* ---- spawning (spawn.c) ---- */

/* Whether it can be done; *spot is where run is. */
weft_status weft__spawn_check(weft_process_run *run, const void *arg, const weft_process_opts *o,
                              struct weft__spot *spot);

/* Executes the program anew; -1 with errno. Then tells it what it is for. */
pid_t weft__spawn(struct weft__birth *b);
void weft__spawn_tell(const struct weft__birth *b);

/* The setting of weft_process_set_notice(). */
double weft__process_notice(void);

/* Removes what libomp has registered of a process: this one, or a child that has not been reaped. */
void weft__forget_libomp(pid_t process);

#endif
