/* task.c - what a task can ask about itself.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Owns one global, a thread's: the task that it runs. */
#include "exec/pool/pool.h"

#include <weft/team.h>

_Thread_local struct weft__running weft__running;

void *weft_task_ctx(void) { return weft__running.ctx; }
size_t weft_task_worker(void) { return weft__running.worker; }
size_t weft_task_index(void)
{
    return weft__running.base + (weft__running.at ? *weft__running.at : 0);
}

weft_stop *weft_task_stop(void)
{
    static weft_stop never;
    return weft__running.stop ? weft__running.stop : &never;
}

size_t weft__pool_share(const weft_pool *pool, size_t cores)
{
    const size_t share = cores / pool->o.workers;
    return share ? share : 1;
}

void weft__pool_share_cores(const weft_pool *pool, size_t cores)
{
    (void)weft_set_threads(weft__pool_share(pool, cores));
}
