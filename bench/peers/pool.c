/* pool.c - pools of two workers: a map, many small jobs, one job there and back, a pool in a large program.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "peer.h"

#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

enum { workers = 2, map_n = 1000 * 1000, apply_n = 10 * 1000, trips = 1000, naps = 100 };

weft_task(square, const int *x, long *y)
{
    *y = (long)*x * *x;
    return 0;
}

weft_task(nothing, const char *x, char *y)
{
    *y = *x;
    return 0;
}

static weft_pool *pool_of(weft_pool_kind kind)
{
    static weft_pool *pools[2];
    if (!pools[kind] && !(pools[kind] = weft_pool_new(.workers = workers, .kind = kind)))
        abort();
    return pools[kind];
}

/* ---- map ---- */

static int numbers[map_n];
static long squares[map_n];

static double map(const work *w, weft_pool_kind kind)
{
    if (numbers[map_n - 1] == 0)
        for (int i = 0; i < map_n; i++)
            numbers[i] = i;
    if (weft_pool_map(pool_of(kind), square, numbers, w->n, squares))
        return -1;
    return (double)squares[w->n - 1];
}

static double map_processes(const work *w) { return map(w, WEFT_PROCESSES); }
static double map_threads(const work *w) { return map(w, WEFT_THREADS); }

static double last_square(const work *w) { return (double)(w->n - 1) * (double)(w->n - 1); }

/* ---- many small jobs ---- */

static weft_result results[apply_n];
static char from[apply_n], to[apply_n];

static double apply(const work *w, weft_pool_kind kind)
{
    double done = 0;
    weft_pool *const pool = pool_of(kind);
    for (size_t i = 0; i < w->n; i++)
        weft_pool_apply_async(pool, &results[i], nothing, &from[i], &to[i]);
    for (size_t i = 0; i < w->n; i++)
        done += weft_result_get(&results[i], WEFT_FOREVER) == WEFT_OK;
    return done;
}

static double apply_processes(const work *w) { return apply(w, WEFT_PROCESSES); }
static double apply_threads(const work *w) { return apply(w, WEFT_THREADS); }

static double all_of_them(const work *w) { return (double)w->n; }
static bool is_expected(const work *w, double value) { return value == w->expected; }

/* ---- one job, there and back ---- */

static double trip(weft_pool_kind kind)
{
    double done = 0;
    for (size_t k = 0; k < trips; k++)
        done += weft_pool_apply(pool_of(kind), nothing, from, to) == WEFT_OK;
    return done;
}

static double trip_processes(const work *w) { return (void)w, trip(WEFT_PROCESSES); }
static double trip_threads(const work *w) { return (void)w, trip(WEFT_THREADS); }

static const double kept = 150e-6; /* seconds, after which workers have gone to sleep */

static double nap(weft_pool_kind kind)
{
    double done = 0;
    for (size_t k = 0; k < naps; k++) {
        for (const double start = weft_now(); weft_now() - start < kept;)
            ;
        done += weft_pool_apply(pool_of(kind), nothing, from, to) == WEFT_OK;
    }
    return done;
}

static double nap_processes(const work *w) { return (void)w, nap(WEFT_PROCESSES); }
static double nap_threads(const work *w) { return (void)w, nap(WEFT_THREADS); }

static bool trips_are_right(const work *w, double value) { return (void)w, value == trips; }
static bool naps_are_right(const work *w, double value) { return (void)w, value == naps; }

/* ---- a pool in a large program ---- */

static const size_t touched = (size_t)1 << 30; /* bytes, in pages of 4 KiB: the dearest to fork */

static bool is_large(void)
{
    static char *memory;
    if (memory)
        return true;
    memory = mmap(NULL, touched, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || madvise(memory, touched, MADV_NOHUGEPAGE))
        return memory = NULL, false;
    memset(memory, 1, touched);
    return true;
}

static double make_pool(const work *w)
{
    (void)w;
    weft_pool *const pool =
        is_large() ? weft_pool_new(.workers = workers, .kind = WEFT_PROCESSES) : NULL;
    weft_pool_free(pool);
    return pool != NULL;
}

static void fork_workers(void)
{
    for (size_t k = 0; k < workers; k++)
        if (fork() == 0)
            _exit(0);
    while (wait(NULL) > 0)
        ;
    _exit(0);
}

/* What it cannot do without: a keeper, which has as many children as there are workers. */
static double fork_as_many(const work *w)
{
    (void)w;
    int status = 1;
    const pid_t keeper = is_large() ? fork() : -1;
    if (keeper == 0)
        fork_workers();
    return keeper > 0 && waitpid(keeper, &status, 0) == keeper && status == 0;
}

static bool is_made(const work *w, double value) { return (void)w, value == 1; }

/* ---- the table ---- */

#define POOL     "multiprocessing.Pool"
#define EXECUTOR "ProcessPoolExecutor, best chunks"
#define THREADS  "multiprocessing ThreadPool"
#define TASKS    "oneTBB task_group"
#define FORKS    "the forks alone"

static const contestant maps[] = {
    { POOL ".map", python_pool_map, PEER },
    { EXECUTOR, python_executor_map, PEER },
    { "weft_pool_map, processes", map_processes, WEFT },
    { "weft_pool_map, threads", map_threads, ASIDE },
    { 0 },
};

static const contestant applies[] = {
    { POOL ".apply_async", python_pool_apply, PEER },
    { "weft_pool_apply_async, processes", apply_processes, WEFT },
    { 0 },
};

static const contestant thread_applies[] = {
    { THREADS ".apply_async", python_threads_apply, PEER },
    { TASKS, tbb_tasks, PEER },
    { "weft_pool_apply_async, threads", apply_threads, WEFT },
    { 0 },
};

static const contestant trip_there[] = {
    { "weft_pool_apply, processes", trip_processes, WEFT, .calls = trips },
    { "weft_pool_apply, threads", trip_threads, WEFT, .calls = trips },
    { 0 },
};

static const contestant nap_there[] = {
    { "weft_pool_apply, processes", nap_processes, WEFT, .calls = naps, .idle = kept },
    { "weft_pool_apply, threads", nap_threads, WEFT, .calls = naps, .idle = kept },
    { 0 },
};

static const contestant large[] = {
    { FORKS, fork_as_many, PEER },
    { "weft_pool_new and _free, processes", make_pool, WEFT },
    { 0 },
};

#define ALL .expect = all_of_them, .right = is_expected

static const figure figures[] = {
    { "pool, map of x*x", map_n, maps, .base = POOL ".map", .goal = 50, .expect = last_square,
      .right = is_expected },
    { "pool, no-op jobs, processes", apply_n, applies, .base = POOL ".apply_async", .goal = 40,
      ALL },
    { "pool, no-op jobs, threads", apply_n, thread_applies, .base = THREADS ".apply_async",
      .goal = 60, ALL },
    { "pool, no-op jobs, against task_group", apply_n, thread_applies, .base = TASKS, .goal = 1.5,
      ALL },
    { "pool, one job there and back", 1, trip_there, .at_most = 1e-6, .right = trips_are_right },
    { "pool, one job there and back, asleep", 1, nap_there, .at_most = 70e-6,
      .right = naps_are_right },
    { "pool, made after 1 GiB was touched", 1, large, .base = FORKS, .goal = 1 / 1.2,
      .right = is_made },
    { 0 },
};

const topic pool_topic = { "pool", figures };
