/* pool.h - a pool inside: jobs, chunks of them, and the two kinds of workers.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     submit --> inbox --> list of jobs with items that are not begun --> chunk --> worker
 *            (a stack)      (by arrival; under the lock)                   take       | settle
 *                                                                                     v
 *                                           done_ == n_: complete: status, callback, word_
 *
 * A job is in the inbox or in the list as long as it has items that are not begun, and nobody keeps a
 * pointer to it but for chunks that run: so it may lie on somebody's stack.
 *
 *     pool.c       the calls: new, close, join, map          }
 *     jobs.c       jobs, chunks of them, what they come to   } know no kind
 *     threads.c    workers that are threads
 *     processes.c  workers that are processes, seen by the program; pump.c carries for them
 *     keeper.c     the process that forks them, reaps them and replaces the dead
 *     worker.c     what each of them does; task.c calls the task; watch.c has the deadlines of threads
 *     floor.h      the memory that all these share; office.h the program's side of it */
#ifndef WEFT_EXEC_POOL_H
#define WEFT_EXEC_POOL_H

#include <weft/lock.h>
#include <weft/pool.h>

#include "sync/progress.h"
#include "sync/bell.h"

/* word_ of a job. */
enum { weft__job_begun = 0x7e570ab0, weft__job_is_done = 1, weft__job_sleepers = 2 };

/* What few jobs have; of map on its stack, else allocated. */
struct weft_result_more_ {
    weft_job_opts o;
    struct weft__progress progress;
    size_t failed, kept;
    bool ours;                                   /* allocated: freed by who completes the job */
    void (*notify)(weft_result *job, void *ctx); /* for imap, once the job is done */
    void *notify_ctx;
};

/* Items of one job for one worker. */
struct weft__chunk {
    weft_result *job;
    size_t begin, end;
    size_t attempts; /* how often the first of them has failed */
};

struct weft__pool_kind {
    /* Starts the workers, all or none. */
    weft_status (*start)(weft_pool *pool);
    /* Says that there is work. waits: who gave it is about to wait for it. */
    void (*wake)(weft_pool *pool, bool waits);
    /* Called by who waits for the job, before he goes to sleep; returns at the deadline at the latest. */
    void (*help)(weft_pool *pool, weft_result *job, double deadline);
    /* Whether the calling thread runs one of its tasks. */
    bool (*is_inside)(const weft_pool *pool);
    /* Asks tasks that run to stop. */
    void (*interrupt)(weft_pool *pool);
    /* All jobs are done: ends the workers, frees what start made. */
    void (*end)(weft_pool *pool);
};

extern const struct weft__pool_kind weft__pool_threads, weft__pool_processes;

enum { weft__counters = 8 };

/* On lines of their own, so that workers do not wait for each other to count. */
struct weft__counter {
    _Alignas(128) size_t n; /* atomic */
};

struct weft_pool {
    const struct weft__pool_kind *kind;
    weft_pool_opts o; /* .name and .place are copies; .workers is not 0 */
    char *name, *place;
    void *inner; /* of the kind */
    size_t generation;
    size_t item_most; /* bytes of an input and an output together */

    /* One line for who submits, one for who takes. */
    _Alignas(128) weft_result *inbox; /* newest first; atomic */
    size_t submitted;                 /* atomic */
    _Alignas(128) weft_lock lock;
    weft_result *first, *last;     /* under the lock; first is read without it, as a hint */
    _Alignas(128) uint32_t closed; /* atomic */
    struct weft__bell idle;        /* rung when the last job is done */
    struct weft__bell imaps;       /* rung when an item of an unordered imap is done */
    struct weft__counter settled[weft__counters]; /* jobs that are done, by worker */
};

/* ---- jobs (jobs.c) ---- */

void weft__job_fill(weft_result *job, weft_pool *pool, const weft_task *task, const void *in,
                    size_t n, void *out);

/* Gives a filled job to the pool; WEFT_CLOSED where that is closed. */
weft_status weft__pool_submit(weft_pool *pool, weft_result *job, bool waits, const char *function);

/* Whether all jobs that were given are done. */
bool weft__pool_is_idle(const weft_pool *pool);

/* Whether there may be something to take; sequentially consistent, for bells. */
bool weft__pool_has_work(const weft_pool *pool);

/* Takes items that are not begun: of the given job, or NULL: of the oldest. Inputs and outputs take
 * `room` bytes at most, if it is more than one item. False: there are none. *more says whether others
 * are left in the pool. */
bool weft__pool_take(weft_pool *pool, weft_result *of, size_t room, struct weft__chunk *chunk,
                     bool *more);

/* An item of a job has no output: for its status and its list of failures. */
void weft__job_fail(weft_result *job, const weft_failure *failure);

/* count items of the job are done, `failed` of them not well; seconds is what they took, or 0. The job
 * may be gone when this returns. */
void weft__job_settle(weft_result *job, size_t count, size_t failed, double seconds);

/* Items that were taken will not be run, after all. */
void weft__job_drop(weft_result *job, size_t count);

/* Takes back what is not begun; returns how many items. */
size_t weft__job_withdraw(weft_result *job);
void weft__pool_withdraw_all(weft_pool *pool);

/* Sleeps until it is done: false at the deadline. */
bool weft__job_wait(weft_result *job, double deadline);

static inline bool weft__job_done(const weft_result *job)
{
    /* pairs with complete() */
    return (__atomic_load_n(&job->word_, __ATOMIC_ACQUIRE) & weft__job_is_done) != 0;
}

/* "returned 42" and so on, into failure->reason; by status and code. deadline 0: not known. */
void weft__failure_explain(weft_failure *failure, double deadline);

/* Rung when any job is done, for who waits for one of several. */
extern struct weft__bell weft__any_result;

/* ---- the task that runs (task.c) ---- */

struct weft__running {
    void *ctx;
    size_t worker, base;
    const volatile uint32_t *at; /* the item, from base; NULL: none */
    weft_stop *stop;
};
extern _Thread_local struct weft__running weft__running;

/* What one worker has of all cores, at least 1; and to have no more, for calls of weft in it. */
size_t weft__pool_share(const weft_pool *pool, size_t cores);
void weft__pool_share_cores(const weft_pool *pool, size_t cores);

/* ---- pool.c ---- */

/* Counts forks, so that a child can tell pools that are its parent's. */
extern size_t weft__generation;

weft_status weft__pool_refuse(const weft_pool *pool, const char *function);
weft_status weft__pool_check_task(const weft_pool *pool, const weft_task *task,
                                  const char *function);

#endif
