/* workers.h - what the tests of pools of processes have in common.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_WORKERS_H
#define WEFT_TESTS_WORKERS_H

#include <dirent.h>
#include <errno.h>

#include <sys/wait.h>
#include <unistd.h>

#include "tasks.h"

#define processes(...) weft_pool_new(.kind = WEFT_PROCESSES, __VA_ARGS__)

/* An .init: says who the worker and its keeper are. */
static inline int note_pid(void *ctx)
{
    stage *const s = ctx;
    __atomic_store_n(&s->keeper, getppid(), __ATOMIC_SEQ_CST);
    __atomic_store_n(&s->pids[weft_task_worker()], getpid(), __ATOMIC_SEQ_CST);
    return 0;
}

weft_task(may_hang, const int *x, int *y)
{
    if (*x)
        for (;;)
            pause();
    *y = 7;
    return 0;
}

/* ---- what is there, before and after ---- */

static inline size_t entries(const char *path)
{
    size_t n = 0;
    DIR *const d = opendir(path);
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

static inline bool has_children(void)
{
    return waitid(P_ALL, 0, &(siginfo_t){ 0 }, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

#endif
