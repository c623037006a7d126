/* weft/process.h - processes, started like threads: joined with a timeout, named, ended, listed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_process p;
 *     weft_process_start(&p, job, &task, .arg_size = sizeof task, .name = "loopy");
 *     weft_process_join(&p, WEFT_FOREVER);
 *     printf("%d\n", weft_process_exitcode(&p));
 *
 * A weft_process is a small handle to a record that the library owns. It may be copied, used by many
 * threads and dropped: a process whose handle is gone runs on and leaves no zombie. What is known of a
 * process that has ended stays until 4096 others have ended after it; then its handle is WEFT_ESTATE,
 * as is one that no start has filled.
 *
 * A process is forked from the calling thread, so it begins with a copy of all memory as it is then; or
 * it is spawned, with memory of its own: WEFT_SPAWN below. In a forked one one thread is left, a new one: it has the stack size of a main thread, and thread-local
 * variables of its own. OpenMP works there, whatever the parent did with it. weft_thread_main() there is
 * the thread that forked, which only waits. Mutexes that other threads of the parent hold at that
 * moment stay locked in the child for ever.
 *
 * Only the process that called start may join or signal what it started: WEFT_EPERM elsewhere.
 *
 * When main returns, or anybody calls exit(), first the threads of weft/thread.h are waited for, then
 * daemons are ended (SIGTERM, after two seconds SIGKILL) and all others waited for, without limit. This
 * is an atexit handler, set up by the first start: handlers set up later run before it, earlier ones
 * after. _exit(), quick_exit(), abort() and signals wait for nobody; daemons end all the same, the others
 * live on. */
#ifndef WEFT_PROCESS_H
#define WEFT_PROCESS_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/pipe.h>
#include <weft/status.h>

WEFT_BEGIN_C

typedef struct weft_process {
    uint32_t place_, turn_;
} weft_process;

/* What a process runs. The low eight bits of what it returns are the exit code. */
typedef int weft_process_run(void *arg);

typedef enum weft_start_method {
    WEFT_FORK, /* a copy of the calling process */
    WEFT_SPAWN /* the program, executed anew */
} weft_start_method;

/* weft_process_start - runs run(arg) in a process of its own; returns when it runs there.
 *
 * process    overwritten, whatever it held; in the child it is already that of the child. NULL: nobody
 *            will ask for it
 * arg        handed to run, in the child's copy of the memory
 * .arg_size  bytes of arg to copy before: worth it where arg lies in shared memory. 0: run gets arg
 * .start     WEFT_FORK or WEFT_SPAWN
 * .threads   what weft_threads() says there; 0: for a fork the default, for a spawn what it says here
 * .pipes     .pipes_count ends of pipes that a spawned process has too, under the same names; a forked
 *            one has all
 * .name      copied; NULL or "": "Process-1" and so on, "Process-1:2" for the second child of the first
 * .daemon    ends with its parent, however that ends: SIGTERM, after two seconds SIGKILL. What a daemon
 *            starts is a daemon too
 *
 * To return from run is to call exit() there. That runs the atexit handlers that the child has set up
 * itself and none of its parent's, joins its threads (weft/thread.h) and ends or joins its children, each
 * as exit does in the parent, flushes its streams and ends the process; no destructor of a static
 * object of the parent's runs. pthread_exit() in run is exit(0).
 *
 * The child's streams: what was in the parent's buffers is written before, so it is written once. While
 * another thread waits for input in stdin only stdout and stderr are; one that waits in a read of
 * another stream holds start up.
 *
 * The child's signals: the mask is the calling thread's. Ignored signals stay ignored, handlers go back
 * to the default, as after exec(); those of faults (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS,
 * SIGABRT) and of SIGPROF stay. Ctrl-C in a terminal reaches children too.
 *
 * The child's CPUs: all that the program was started with, also where the caller is bound to less.
 *
 * The child's files: as after fork(); weft's own are closed on exec().
 *
 * WEFT_EINVAL for run or arg that is NULL and should not be; WEFT_ENOMEM; WEFT_ESYS when the system has
 * no more processes, threads or files; WEFT_EDIED when the child was killed before it ran. Then *process
 * is zero, run was not called, and nothing is left behind.
 *
 * WEFT_SPAWN executes the program anew, also where its file was removed or replaced meanwhile. There
 * the constructors of the program and of its libraries run as ever, then run instead of main(). Nothing
 * of the parent's memory is copied, however large it is, and no lock, thread, team or library is in a
 * state that its threads left it in. What differs from the above:
 *
 * - arg is .arg_size bytes, or NULL. Pointers mean nothing there, nor does memory of
 *   weft_shared_alloc(); *process is not known there, but weft_process_current() is.
 * - OMP_NUM_THREADS, WEFT_NUM_THREADS, OPENBLAS_NUM_THREADS, MKL_NUM_THREADS and BLIS_NUM_THREADS are
 *   .threads, so that libraries with threads of their own keep to it too; else the environment is the
 *   parent's.
 * - Of the files those stay open that are not closed on exec(), and .pipes. Handlers of all signals go
 *   back to the default.
 * - exit() there is that of a program: it runs all handlers and the destructors of static objects.
 *
 * WEFT_EINVAL where run is in no file, being made while the program runs, or in one that the program
 * loads while it runs (a plug-in). WEFT_ESTATE where the program cannot be executed anew: it has loaded
 * weft itself only while it ran, or was started by way of its loader; WEFT_EPERM where it has more
 * rights than its user (set-user-ID). WEFT_ESYS where the system does not execute it (no /proc, a
 * filter), or the file that run is in was replaced; WEFT_ENOMEM where the child has no memory for arg. */
typedef struct weft_process_opts {
    size_t size;
    const char *name;
    size_t arg_size;
    bool daemon;
    weft_start_method start;
    size_t threads;
    const weft_pipe *pipes;
    size_t pipes_count;
} weft_process_opts;

WEFT_API weft_status weft_process_start_opts(weft_process *process, weft_process_run *run,
                                             void *arg, const weft_process_opts *opts);
#define weft_process_start(process, run, ...) WEFT_PROCESS_START_(process, run, __VA_ARGS__, )
#define WEFT_PROCESS_START_(process, run, arg, ...) \
    weft_process_start_opts(                        \
        (process), (run), (arg),                    \
        &(weft_process_opts){ .size = sizeof(weft_process_opts), __VA_ARGS__ })

/* weft_process_join - waits for the end of a process; any number of times, from any number of threads.
 *
 * WEFT_OK once it has ended, WEFT_TIMEOUT before. WEFT_EDEADLK for oneself, WEFT_EPERM for a process
 * that another one started, WEFT_ESTATE for a handle that is of none, WEFT_EINVAL for a timeout that is
 * negative or NaN; WEFT_ESYS where a timeout between 0 and for ever finds no free file descriptor. */
WEFT_API weft_status weft_process_join(const weft_process *process, double timeout);

/* weft_process_is_alive - whether it runs. Known of children, the parent and oneself; false for others. */
WEFT_API bool weft_process_is_alive(const weft_process *process);

/* weft_process_exitcode - 0 to 255 as it ended, or -N where signal N ended it; WEFT_NO_EXITCODE while it
 * runs, for a process of another one, and where the host took the answer away: by ignoring SIGCHLD, or
 * by waiting for all children. */
#define WEFT_NO_EXITCODE (-2147483647 - 1)
WEFT_API int weft_process_exitcode(const weft_process *process);

/* weft_process_terminate - sends SIGTERM; weft_process_kill - SIGKILL; weft_process_interrupt - SIGINT.
 *
 * WEFT_OK also where it has ended already. WEFT_EPERM for a process that this one did not start, or
 * that has become another user's; WEFT_ESTATE for a handle that is of none. What it started is not
 * signalled; its daemons end with it. */
WEFT_API weft_status weft_process_terminate(const weft_process *process);
WEFT_API weft_status weft_process_kill(const weft_process *process);
WEFT_API weft_status weft_process_interrupt(const weft_process *process);

/* weft_process_pid - its number, also after its end; 0 for a handle that is of none.
 *
 * weft_process_name - "" for a handle that is of none. The text stays as long as the handle is good.
 *
 * weft_process_is_daemon - whether it ends with its parent. */
WEFT_API int weft_process_pid(const weft_process *process);
WEFT_API const char *weft_process_name(const weft_process *process);
WEFT_API bool weft_process_is_daemon(const weft_process *process);

/* weft_process_current - the calling process; "MainProcess" where weft did not start it. A process that
 * fork() made has the name of the one that called fork(), and nobody to join.
 *
 * weft_process_parent - the one that started it; NULL in the main process. */
WEFT_API const weft_process *weft_process_current(void);
WEFT_API const weft_process *weft_process_parent(void);

/* weft_process_active_children - writes the first `most` children that are alive, in the order of their
 * starts; returns how many there are. live may be NULL with most = 0. */
WEFT_API size_t weft_process_active_children(weft_process *live, size_t most);

/* weft_process_set_notice - how long exit waits before a line to the log hook names whom it waits for,
 * and then between such lines; returns the setting before it.
 *
 * seconds  60 by default; WEFT_FOREVER: never; 0, negative or NaN: back to the default
 *
 * Of this process and of those that it starts from then on. */
WEFT_API double weft_process_set_notice(double seconds);

WEFT_END_C

#endif
