/* weft/thread.h - threads as Python has them: started at once, joined often, named, listed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_thread t;
 *     weft_thread_start(&t, job, &i, .arg_size = sizeof i, .name = "task1");
 *     weft_thread_join(&t, WEFT_FOREVER);
 *
 * A weft_thread is a small handle to a record that the library owns. It may be copied, joined by many
 * and dropped: a thread whose handle is gone runs on, and what it held is freed when it ends. Handles
 * stay good for ever: of a thread that has ended, join says so. A handle that no start has filled, all
 * zero or not, is WEFT_ESTATE to join and not alive.
 *
 * A struct that begins with its weft_thread is the subclass; `run` gets it as its argument:
 *
 *     struct worker { weft_thread thread; int num; };
 *     weft_thread_start(&w.thread, run, &w);
 *
 * When main returns, or anybody calls exit(), threads that are no daemons are waited for, without
 * limit; those that they start meanwhile too. main's own variables are gone by then: such a thread may
 * use what is static, allocated, or copied by .arg_size, but nothing on main's stack. Daemons run on
 * until the process ends, also while destructors of static C++ objects run: they must not use these.
 * The waiting is an atexit handler, set up by the first call of this header: handlers set up later run
 * before it, earlier ones after. _exit(), quick_exit(), abort() and signals wait for nobody.
 *
 * A forked child has one thread, the one that called fork(), and that is its main thread; all others
 * count as ended there. */
#ifndef WEFT_THREAD_H
#define WEFT_THREAD_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/cpus.h>
#include <weft/status.h>

WEFT_BEGIN_C

typedef struct weft_thread {
    uint32_t place_, turn_;
} weft_thread;

/* What a thread runs. It ends when this returns, or calls pthread_exit(). */
typedef void weft_run(void *arg);

/* weft_thread_start - runs run(arg) on a thread of its own; returns when that thread runs.
 *
 * thread       overwritten, whatever it held; NULL: nobody will ask for it
 * arg          handed to run
 * .arg_size    bytes of arg to copy; run gets the copy, which lives until the thread ends. 0: run gets
 *              arg itself
 * .name        copied; NULL or "": "Thread-1" and so on. The system sees its first 15 bytes
 * .daemon      exit does not wait for it. A thread started by a daemon is a daemon too
 * .stack_size  bytes; 0: the limit of the shell (ulimit -s), most often 8 MiB. A stack costs memory
 *              only where it is used
 * .place       CPUs to bind it to, as weft_machine_places() finds them; copied. NULL: wherever the
 *              process may run, also when the calling thread is bound to less
 *
 * The signal mask is the calling thread's, as with pthread_create().
 *
 * WEFT_EINVAL for run or arg that is NULL and should not be, a stack too small, a place without a
 * usable CPU; WEFT_EPERM where binding is forbidden; WEFT_ENOMEM; WEFT_ESYS when the system has no
 * more threads. Then *thread is zero and nothing is left behind. */
typedef struct weft_thread_opts {
    size_t size;
    const char *name;
    size_t arg_size;
    size_t stack_size;
    const weft_cpus *place;
    bool daemon;
} weft_thread_opts;

WEFT_API weft_status weft_thread_start_opts(weft_thread *thread, weft_run *run, void *arg,
                                            const weft_thread_opts *opts);
#define weft_thread_start(thread, run, ...) WEFT_START_(thread, run, __VA_ARGS__, )
#define WEFT_START_(thread, run, arg, ...)         \
    weft_thread_start_opts((thread), (run), (arg), \
                           &(weft_thread_opts){ .size = sizeof(weft_thread_opts), __VA_ARGS__ })

/* weft_thread_join - waits for the end of a thread; any number of times, from any number of threads.
 *
 * WEFT_OK once it has ended, its thread-local objects destroyed; WEFT_TIMEOUT before. WEFT_EDEADLK for
 * oneself, WEFT_ESTATE for a handle that was never started, WEFT_EINVAL for a timeout that is negative
 * or NaN. What the thread did, who joined it sees. */
WEFT_API weft_status weft_thread_join(const weft_thread *thread, double timeout);

/* weft_thread_is_alive - from just before run is called until just after it has returned. */
WEFT_API bool weft_thread_is_alive(const weft_thread *thread);

/* weft_thread_name - of any length; "" for a handle that was never started.
 *
 * The text stays until the thread has been given eight more names. This and what stands below are
 * known of an ended thread, too, until at least 256 others have ended after it.
 *
 * weft_thread_set_name - also of a running thread; the system sees the first 15 bytes at most, and
 * no half of a UTF-8 character. WEFT_EINVAL for NULL, WEFT_ESTATE for a thread that does not run,
 * WEFT_ENOMEM. To name main is to name the process in ps and top. */
WEFT_API const char *weft_thread_name(const weft_thread *thread);
WEFT_API weft_status weft_thread_set_name(const weft_thread *thread, const char *name);

/* weft_thread_ident - pthread_self() of that thread, as a number; weft_thread_native_id - gettid() of
 * it; 0 where unknown. */
WEFT_API unsigned long weft_thread_ident(const weft_thread *thread);
WEFT_API int weft_thread_native_id(const weft_thread *thread);

/* weft_thread_is_daemon - whether exit goes without it: also for threads that weft did not start. */
WEFT_API bool weft_thread_is_daemon(const weft_thread *thread);

/* weft_thread_describe - "<Thread(task1, started daemon 140736131847040)>"; returns text.
 *
 * That is: kind (Thread, Timer, _MainThread, or _DummyThread for one that weft did not start), name,
 * "initial" before the start, "started" or "stopped", "daemon" for those, ident. A name that does not
 * fit ends in "...". */
#define WEFT_DESCRIBE_MAX 128
WEFT_API char *weft_thread_describe(const weft_thread *thread, char text[WEFT_DESCRIBE_MAX]);

/* weft_thread_current - the calling thread; also main, and threads that weft did not start: these are
 * listed from here on, as "Dummy-1" and so on.
 *
 * weft_thread_main - the thread that main() runs on; in a forked child the one that forked.
 *
 * Never NULL. Valid as long as that thread lives; copy the handle to keep it longer. */
WEFT_API const weft_thread *weft_thread_current(void);
WEFT_API const weft_thread *weft_thread_main(void);

/* weft_thread_active_count - how many threads are alive: main, those that weft started, and those
 * that asked for weft_thread_current().
 *
 * weft_thread_enumerate - writes the first `most` of them: main first, then in the order of their
 * starts. Returns how many there are. live may be NULL with most = 0. */
typedef struct weft_thread_info {
    weft_thread thread;
    unsigned long ident;
    int native_id;
    bool daemon;
    char description[WEFT_DESCRIBE_MAX]; /* of weft_thread_describe() */
} weft_thread_info;

WEFT_API size_t weft_thread_active_count(void);
WEFT_API size_t weft_thread_enumerate(weft_thread_info *live, size_t most);

WEFT_END_C

#endif
