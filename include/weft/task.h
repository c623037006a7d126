/* weft/task.h - divide and conquer: two calls at once, and groups of any number, by work stealing.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     static int fib(void *arg)
 *     {
 *         struct fib *const me = arg;                        // n in, value out
 *         if (me->n < 2) {
 *             me->value = me->n;
 *             return 0;
 *         }
 *         struct fib one = { .n = me->n - 1 }, two = { .n = me->n - 2 };
 *         const weft_status s = weft_fork2(fib, &one, fib, &two);
 *         me->value = one.value + two.value;
 *         return s;
 *     }
 *
 * A task runs on the thread that made it, unless an idle thread of the team takes it first: a task that
 * nobody takes costs a few nanoseconds. The team is that of every other call: weft_threads(),
 * weft_set_threads() and weft_set_place() hold for it. Where a call stands, and what it does there:
 *
 *     outside a team               opens one; the calling thread begins, the others take from it
 *     in a task                    joins in
 *     in a block of weft_for_range, weft_reduce or weft_scan_with
 *                                  joins in: threads that have run out of blocks take tasks
 *     in a parallel region of the program's own, in an iteration of weft_for or weft_for_dynamic, in an
 *     expression, in a forked child, on a team of one thread
 *                                  serial: f, then g; a group's tasks when they are waited for
 *
 * In a task weft_threads() is 1, as in all callbacks: what is a loop of your own file (weft_for,
 * weft_for_dynamic, and the forms over expressions) is serial there. Calls with callbacks or arrays
 * (weft_for_range, weft_reduce, weft_scan_with, weft_sum, weft_scan, weft_sort ...) hand blocks to
 * idle threads of the team, and give the same bits as anywhere.
 *
 * While a call waits for a task that another thread has taken, it runs other tasks. So a task must not
 * hold a lock over a call of this header, and should not block for something that another task of the
 * same team does: there may be no thread for that. A task that blocks holds its thread. Depth is
 * bounded by the stack alone. A job must return: neither longjmp nor an exception may leave it. */
#ifndef WEFT_TASK_H
#define WEFT_TASK_H

#include <weft/api.h>
#include <weft/status.h>
#include <weft/stop.h>

WEFT_BEGIN_C

/* weft_job - what a task does. 0 is fine, anything else is a failure. */
typedef int weft_job(void *arg);

/* weft_fork2 - runs two jobs, at the same time if a thread is idle.
 *
 *     f(a); g(b);
 *
 * Both have run when it returns, also when one of them fails: nothing here cancels. Nothing is put on
 * the heap. What the caller wrote before, both see; what they wrote, the caller sees.
 *
 * WEFT_OK. WEFT_EFAILED when a job returned other than 0; weft_detail() names the first, f before g, and
 * its value; a job that hands on the WEFT_EFAILED of a call that it made keeps that one's line where it
 * ran on the same thread. WEFT_EINVAL when f or g is NULL: then neither runs. */
WEFT_API weft_status weft_fork2(weft_job *f, void *a, weft_job *g, void *b);

/* weft_in_team - runs a job with the team at hand for whatever tasks it makes.
 *
 *     f(arg);
 *
 * The first weft_fork2() opens a team as well; this is for a program that makes many trees one after
 * the other, and would open a team for each. In a task it is a plain call.
 *
 * Statuses as of weft_fork2. */
WEFT_API weft_status weft_in_team(weft_job *f, void *arg);

struct weft__kept;

/* weft_group - any number of tasks, waited for together.
 *
 *     weft_group g = { 0 };
 *     for (...)
 *         weft_group_spawn(&g, job, arg);
 *     weft_group_wait(&g);
 *
 * In the caller's storage; all zero is ready. Its tasks may spawn into it. After a wait it is as new. It
 * serves one team at a time, and outside of teams one thread at a time. */
typedef struct weft_group {
    uint32_t spawned_, finished_;                     /* by the thread on whose stack it lies, */
    uint32_t spawned_elsewhere_, finished_elsewhere_; /* and by all others; mod 2^32 */
    uint64_t crew_;                                   /* the team at work on it, or 0 */
    struct weft__kept *kept_;                         /* tasks that wait for a team */
    const weft_stop *stop_;
    uint32_t failed_, skipped_; /* tasks */
    int failure_;               /* what the first that failed returned */
    bool fail_fast_, waited_for_;
} weft_group;

/* weft_group_init - a group with options; only for those: all zero is ready.
 *
 * .stop       a token: tasks that have not started when it is set are skipped. It outlives the group's
 *             tasks
 * .fail_fast  tasks that have not started when one has failed are skipped
 *
 * Nothing is interrupted: long tasks look at weft_group_is_cancelled(). */
typedef struct weft_group_opts {
    size_t size;
    const weft_stop *stop;
    bool fail_fast;
} weft_group_opts;

WEFT_API void weft_group_init_opts(weft_group *group, const weft_group_opts *opts);
#define weft_group_init(...) WEFT_GROUP_INIT_(__VA_ARGS__, )
#define WEFT_GROUP_INIT_(group, ...) \
    weft_group_init_opts((group),    \
                         &(weft_group_opts){ .size = sizeof(weft_group_opts), __VA_ARGS__ })

/* weft_group_spawn - adds a task; it may run from now on, and does before the wait for it returns.
 *
 * arg  lives until then
 *
 * Outside a team tasks are kept until weft_group_wait() opens one; every few thousand of them a spawn
 * opens one and runs them. Where there is no memory to keep or queue a task, the call runs it itself.
 *
 * WEFT_OK, whatever becomes of the task. WEFT_EINVAL when group or f is NULL; WEFT_ESTATE when another
 * team is at work on the group; then the task is not added. */
WEFT_API weft_status weft_group_spawn(weft_group *group, weft_job *f, void *arg);

/* weft_group_wait - returns when all tasks of the group have run or are skipped, tasks that these have
 * spawned included. Meanwhile it runs tasks.
 *
 * WEFT_OK: all were fine; at once where there are none, as in a second wait. WEFT_EFAILED: one returned
 * other than 0; weft_detail() says how many, and what the first in time returned. WEFT_CANCELLED: none
 * failed, and some were skipped since the token was set. WEFT_EINVAL when group is NULL; WEFT_ESTATE
 * when another thread waits for it or another team is at work on it; WEFT_EDEADLK in one of the group's
 * own tasks, for which it would wait. */
WEFT_API weft_status weft_group_wait(weft_group *group);

/* weft_group_is_cancelled - whether tasks that start now are skipped: the token is set, or with
 * fail_fast one has failed. A load or two. */
WEFT_API bool weft_group_is_cancelled(const weft_group *group);

/* weft_group_fini - for a group that is given up without a wait: its tasks that are still kept are
 * dropped. After a wait there is nothing to give back, and the call may be left out.
 *
 * A group whose tasks run must not go: debug builds panic; others wait for them first. NULL is fine. */
WEFT_API void weft_group_fini(weft_group *group);

WEFT_END_C

#endif
