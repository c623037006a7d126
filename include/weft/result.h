/* weft/result.h - what becomes of a job that was given to a pool and not waited for.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_result r;
 *     weft_pool_apply_async(pool, &r, square, &x, &y);
 *     while (weft_result_get(&r, 0.1) == WEFT_TIMEOUT)
 *         printf("not yet\n");
 *
 * A weft_result lies in the caller's storage and is the job: no call allocates for it. It, the input
 * and the output must stay where they are until the job is done. A result that no call has filled is
 * WEFT_ESTATE. Any thread may ask, as often as it likes, also after the pool was freed. */
#ifndef WEFT_RESULT_H
#define WEFT_RESULT_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/status.h>

WEFT_BEGIN_C

/* weft_failure - an item that has no output. */
typedef struct weft_failure {
    size_t index;       /* of the item */
    weft_status status; /* WEFT_EFAILED, WEFT_EDIED, WEFT_EDEADLINE */
    int code;           /* what the task returned, or the exit code; -N: signal N ended it */
    char reason[56];    /* "returned 42", "killed by SIGSEGV", "returned with a shared lock held" */
} weft_failure;

typedef struct weft_result {
    uint32_t word_; /* begun or done, and whether somebody sleeps on it */
    int32_t code_;
    weft_status status_;
    uint32_t listed_;
    size_t n_, begun_, done_, first_;
    double item_seconds_;
    struct weft_pool *pool_;
    const struct weft_task *task_;
    const char *in_;
    char *out_;
    struct weft_result *next_, *before_;
    struct weft_result_more_ *more_;
} weft_result;

/* weft_result_get - waits until every item of a job is done.
 *
 * timeout  seconds; 0 polls, WEFT_FOREVER waits. The job goes on after a timeout
 *
 * WEFT_OK         every output is there
 * WEFT_TIMEOUT    not yet
 * WEFT_CANCELLED  some items were never begun: the job was cancelled, or stopped
 * WEFT_EFAILED    the task returned something else than 0, or with a shared lock held
 * WEFT_EDIED      the process that ran it died
 * WEFT_EDEADLINE  it ran for longer than the pool allows
 *
 * Where several items failed it is the one of the lowest index that counts; weft_detail() names it and
 * why. A task that waits for a job of its own pool runs what of that is not begun: a pool never waits
 * for itself. What the tasks wrote, who got the result sees. */
WEFT_API weft_status weft_result_get(weft_result *r, double timeout);

/* weft_result_ready - whether it is done.
 *
 * weft_result_done - how many of its items are, the failed ones and those never begun too. */
WEFT_API bool weft_result_ready(const weft_result *r);
WEFT_API size_t weft_result_done(const weft_result *r);

/* weft_result_cancel - takes back what is not begun.
 *
 * WEFT_OK where something was taken back: the result is WEFT_CANCELLED once the items that run are
 * done, unless one of them fails. WEFT_ESTATE where everything was begun already. */
WEFT_API weft_status weft_result_cancel(weft_result *r);

/* weft_result_wait_all - waits until n jobs, of any pools, are done, well or not.
 *
 * weft_result_wait_any - waits until one of them is; *which is the lowest such index.
 *
 * WEFT_OK, WEFT_TIMEOUT; WEFT_EINVAL for none of them in wait_any. */
WEFT_API weft_status weft_result_wait_all(weft_result *r, size_t n, double timeout);
WEFT_API weft_status weft_result_wait_any(weft_result *r, size_t n, size_t *which, double timeout);

WEFT_END_C

#endif
