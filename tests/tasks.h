/* tasks.h - what the tests of pools have in common: both kinds, tasks, and a stage that workers share.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_TASKS_H
#define WEFT_TESTS_TASKS_H

#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>
#include <sys/types.h>

#include <weft.h>

/* The .ctx of the pools here; memory that processes share. Counters are atomic, relaxed. */
typedef struct stage {
    weft_event gate;
    size_t begun, ended, worker[8];
    int attempts[64];
    pid_t pids[8], keeper;
} stage;

static inline stage *stage_new(void)
{
    stage *const s =
        mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s == MAP_FAILED || weft_event_init(&s->gate, .shared = true))
        abort();
    return s;
}

static inline void stage_free(stage *s)
{
    weft_event_fini(&s->gate);
    munmap(s, sizeof *s);
}

static inline size_t count(size_t *counter)
{
    return __atomic_add_fetch(counter, 1, __ATOMIC_RELAXED);
}

static inline size_t counted(const size_t *counter)
{
    return __atomic_load_n(counter, __ATOMIC_RELAXED);
}

/* Waits, ten seconds at most, until the counter is n. */
static inline bool comes_to(const size_t *counter, size_t n)
{
    for (const double end = weft_now() + 10; counted(counter) < n; weft_sleep(1e-4))
        if (weft_now() > end)
            return false;
    return true;
}

/* Both kinds of pools: a test that says nothing else holds for either. */
#define for_each_kind(k) for (weft_pool_kind k = WEFT_THREADS; k <= KINDS_LAST; k++)
#define KINDS_LAST       WEFT_PROCESSES

weft_task(square, const int *x, int *y)
{
    *y = *x * *x;
    return 0;
}

/* Fails on what is 3 mod 10. */
weft_task(picky, const int *x, int *y)
{
    *y = *x + 1;
    return *x % 10 == 3 ? 42 : 0;
}

/* Runs until the gate is opened. */
weft_task(gated, const int *x, int *y)
{
    stage *const s = weft_task_ctx();
    count(&s->begun);
    weft_event_wait(&s->gate, 20);
    count(&s->ended);
    *y = *x + 1;
    return 0;
}

static inline int *numbers(size_t n)
{
    int *const x = malloc((n ? n : 1) * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = (int)(i % 40000);
    return x;
}

#endif
