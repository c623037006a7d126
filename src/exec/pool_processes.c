/* pool_processes.c - a pool's workers as processes: not yet.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "exec/pool.h"

#include "base/detail.h"

static weft_status start(weft_pool *pool)
{
    (void)pool;
    return weft__fail(WEFT_EINVAL, "weft_pool_new: kind is WEFT_PROCESSES: processes: not yet");
}

const struct weft__pool_kind weft__pool_processes = { .start = start };
