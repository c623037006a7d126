/* weft/pool.h - workers that run a task over many inputs: threads or processes, the same source.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_task (square, const int *x, int *y)
 *     {
 *         *y = *x * *x;
 *         return 0;
 *     }
 *
 *     weft_pool *pool = weft_pool_new(.workers = 3, .kind = WEFT_THREADS);
 *     weft_pool_map(pool, square, x, 10, y);
 *     weft_pool_free(pool);
 *
 * Python's multiprocessing.Pool, with its words. What fails is the item, never the pool: every other
 * output arrives. */
#ifndef WEFT_POOL_H
#define WEFT_POOL_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/progress.h>
#include <weft/result.h>
#include <weft/status.h>
#include <weft/stop.h>

WEFT_BEGIN_C

/* ---- tasks ---- */

/* weft_task - defines a task: what is done to one input, and makes one output.
 *
 *     weft_task (name, const T *in, U *out)
 *     {
 *         ...
 *         return 0;
 *     }
 *
 * in   one input; the pool's arrays are made of such
 * out  one output to write; NULL where the call gave none. What is left of it after a failure is
 *      undefined
 *
 * Returns 0, anything else: this item failed. So has one that returns with a shared lock (weft/lock.h,
 * .shared) that its thread did not hold before. A process is ended and replaced then: who takes the lock
 * next gets WEFT_EDIED, and items that the process has run since are run again. A thread has the lock
 * until its pool ends; only the first such item of those that it takes at once is seen, and not run
 * again. Locks that are not shared, and what has no owner, are not looked at.
 *
 * T and U are types of which `T *` declares a pointer: typedefs and structs do, for arrays and pointers.
 * The task is known to its file as `name`, a pointer to a constant weft_task.
 *
 * In processes a task works on copies: of T, of U, and of all memory as it was when the pool was made,
 * but for what is shared. */
typedef struct weft_task {
    const char *name;
    size_t in_size, out_size; /* bytes */
    /* Runs items begin to end, until one fails, whose code it returns. *at is always the item that
     * runs, and the failed one or end after that. */
    int (*run)(const void *in, void *out, size_t begin, size_t end, volatile uint32_t *at);
} weft_task;

#define weft_task(name, in, out)                                                                   \
    static int name##_one_(in, out);                                                               \
    WEFT_MAYBE_UNUSED_ static int name##_run_(const void *in_, void *out_, size_t begin_,          \
                                              size_t end_, volatile uint32_t *at_)                 \
    {                                                                                              \
        typedef struct {                                                                           \
            in, *type_;                                                                            \
        } from_;                                                                                   \
        typedef struct {                                                                           \
            out, *type_;                                                                           \
        } to_;                                                                                     \
        const size_t step_ = out_ ? sizeof *((to_ *)0)->type_ : 0;                                 \
        for (size_t i_ = begin_; i_ < end_; i_++) {                                                \
            *at_ = (uint32_t)i_;                                                                   \
            const int code_ =                                                                      \
                name##_one_((__typeof__(((from_ *)0)->type_))in_ + i_,                             \
                            (__typeof__(((to_ *)0)->type_))((uintptr_t)out_ + i_ * step_));        \
            if (__builtin_expect(code_, 0))                                                        \
                return code_;                                                                      \
        }                                                                                          \
        *at_ = (uint32_t)end_;                                                                     \
        return 0;                                                                                  \
    }                                                                                              \
    WEFT_MAYBE_UNUSED_ static const weft_task name[1] = { { #name, WEFT_TASK_SIZE_(in),            \
                                                            WEFT_TASK_SIZE_(out), name##_run_ } }; \
    static int name##_one_(in, out)

/* `const int *x, *type_` declares type_ with the type of x, whose name nobody knows here. */
#define WEFT_TASK_SIZE_(pointer) sizeof(*((struct { pointer, *type_; } *)0)->type_)

/* For a task that runs: the .ctx of its pool; the number of its worker, from 0; the index of its item;
 * a token that is set when the task should give up: in threads it is over its deadline, or its pool was
 * terminated (in processes it is ended). Elsewhere: NULL, 0, 0, and a token that nobody sets. */
WEFT_API void *weft_task_ctx(void);
WEFT_API size_t weft_task_worker(void);
WEFT_API size_t weft_task_index(void);
WEFT_API weft_stop *weft_task_stop(void);

/* ---- pools ---- */

typedef struct weft_pool weft_pool;

typedef enum weft_pool_kind {
    WEFT_THREADS,  /* share all memory; cheap; a crash is everybody's */
    WEFT_PROCESSES /* forked; a crash, an exit or a hang costs the item */
} weft_pool_kind;

#define WEFT_WORKERS_MAX 1024

/* weft_pool_new - a pool, its workers running and initialised.
 *
 * .workers    how many; 0: as many as weft_threads() says the process should have
 * .kind       WEFT_THREADS or WEFT_PROCESSES
 * .name       of the workers, "NAME-0" and so on; copied. NULL: "pool"
 * .init       called once on each worker before its first task; anything but 0: there is no pool
 * .fini       called on each worker at its end, if it ends by itself
 * .ctx        handed to both, and what weft_task_ctx() gives
 * .deadline   seconds that a task may run for one item; 0: no limit. A process that runs for longer is
 *             killed. A thread cannot be: its task's token is set, and when the task returns, whatever it
 *             returns, the item has failed
 * .retries    how often an item that failed is run again
 * .max_tasks  items after which a process is replaced by a new one; 0: never
 * .item_size  bytes that an input and an output have together, at most, in processes; 0: 1 MiB
 * .place      where the workers are bound, a policy of weft_machine_places(); NULL: nowhere
 *
 * Calls of weft inside a task share out the cores: each worker has its part of weft_threads(). For
 * programs that a task in a process executes, OMP_NUM_THREADS and its kind are that too.
 *
 * NULL with weft_detail() where an argument is wrong, .init fails, or workers cannot be had. */
typedef struct weft_pool_opts {
    size_t size; /* of this struct; the macro fills it in */
    size_t workers;
    weft_pool_kind kind;
    const char *name;
    int (*init)(void *ctx);
    void (*fini)(void *ctx);
    void *ctx;
    double deadline;
    size_t retries;
    size_t max_tasks;
    size_t item_size;
    const char *place;
} weft_pool_opts;

WEFT_API weft_pool *weft_pool_new_opts(const weft_pool_opts *opts);
#define weft_pool_new(...) \
    weft_pool_new_opts(&(weft_pool_opts){ .size = sizeof(weft_pool_opts), __VA_ARGS__ })

/* weft_pool_workers - how many there are. */
WEFT_API size_t weft_pool_workers(const weft_pool *pool);

/* weft_pool_close - no more jobs: from here on giving it one is WEFT_CLOSED.
 *
 * weft_pool_terminate - closes, takes back what is not begun, and asks the tasks that run to stop.
 *
 * weft_pool_join - waits, after one of these, until all jobs are done. WEFT_OK, WEFT_TIMEOUT; WEFT_ESTATE
 * where the pool is open; WEFT_EDEADLK in one of its own tasks.
 *
 * weft_pool_free - closes, joins, ends the workers: finishes what was submitted. Takes NULL. No other
 * thread may be inside a call on the pool, nor may one of its tasks call it. */
WEFT_API weft_status weft_pool_close(weft_pool *pool);
WEFT_API weft_status weft_pool_terminate(weft_pool *pool);
WEFT_API weft_status weft_pool_join(weft_pool *pool, double timeout);
WEFT_API void weft_pool_free(weft_pool *pool);

/* ---- jobs ---- */

/* How a job is watched.
 *
 * .failed        filled with its first failures by index, .failed_max at most
 * .failed_count  how many items failed, which may be more
 * .progress      hears how far it is, item by item; .progress_ctx is handed to it
 * .stop          once set, no more items are begun
 * .callback      hears that it is done, before any get() does; on a thread of the pool, whose other
 *                jobs wait for it: it must not wait for jobs of the pool. .callback_ctx is handed to it
 *
 * All these must stay until the job is done. */
typedef struct weft_job_opts {
    size_t size; /* of this struct; the macro fills it in */
    weft_failure *failed;
    size_t failed_max;
    size_t *failed_count;
    weft_progress_hook *progress;
    void *progress_ctx;
    const weft_stop *stop;
    void (*callback)(weft_status status, void *out, void *ctx);
    void *callback_ctx;
} weft_job_opts;

#define WEFT_JOB_OPTS_(...) (&(weft_job_opts){ __VA_ARGS__ })

/* weft_pool_map - runs a task over an array and waits for it.
 *
 *     for (i = 0; i < n; i++)
 *         task(&in[i], &out[i]);
 *
 * in   n inputs
 * out  n outputs, written in the order of the inputs; NULL: the task gets NULL
 * ...  members of weft_job_opts
 *
 * All items are run, also after one has failed. Workers take as many items at once as they do in about
 * 100 us, one where an item takes longer. The status is that of weft_result_get(); WEFT_CLOSED after
 * weft_pool_close(), WEFT_ESTATE in a process that was forked from the pool's, WEFT_ENOMEM.
 *
 * weft_pool_map_async - the same, and does not wait; r becomes the job.
 *
 * weft_pool_apply, weft_pool_apply_async - one item, about 0.1 us in threads. r may be NULL: then
 * nobody will ask for it. */
#define weft_pool_map(pool, task, in, n, ...) \
    WEFT_POOL_MAP_(pool, task, in, n, __VA_ARGS__, .size = sizeof(weft_job_opts))
#define WEFT_POOL_MAP_(pool, task, in, n, out, ...) \
    weft_pool_map_opts((pool), (task), (in), (n), (out), WEFT_JOB_OPTS_(__VA_ARGS__))
#define weft_pool_map_async(pool, r, task, in, n, ...) \
    WEFT_POOL_MAP_ASYNC_(pool, r, task, in, n, __VA_ARGS__, .size = sizeof(weft_job_opts))
#define WEFT_POOL_MAP_ASYNC_(pool, r, task, in, n, out, ...) \
    weft_pool_map_async_opts((pool), (r), (task), (in), (n), (out), WEFT_JOB_OPTS_(__VA_ARGS__))
#define weft_pool_apply(pool, task, in, ...) \
    WEFT_POOL_APPLY_(pool, task, in, __VA_ARGS__, .size = sizeof(weft_job_opts))
#define WEFT_POOL_APPLY_(pool, task, in, out, ...) \
    weft_pool_map_opts((pool), (task), (in), 1, (out), WEFT_JOB_OPTS_(__VA_ARGS__))
#define weft_pool_apply_async(pool, r, task, in, ...) \
    WEFT_POOL_APPLY_ASYNC_(pool, r, task, in, __VA_ARGS__, .size = sizeof(weft_job_opts))
#define WEFT_POOL_APPLY_ASYNC_(pool, r, task, in, out, ...) \
    weft_pool_map_async_opts((pool), (r), (task), (in), 1, (out), WEFT_JOB_OPTS_(__VA_ARGS__))

WEFT_API weft_status weft_pool_map_opts(weft_pool *pool, const weft_task *task, const void *in,
                                        size_t n, void *out, const weft_job_opts *opts);
WEFT_API weft_status weft_pool_map_async_opts(weft_pool *pool, weft_result *r,
                                              const weft_task *task, const void *in, size_t n,
                                              void *out, const weft_job_opts *opts);

WEFT_END_C

#endif
