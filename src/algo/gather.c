/* gather.c - elements picked by their indices, and put where their indices say.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What a thread waits for is memory, one line an element. A processor looks only as far ahead as it
 * can keep loads in flight; asking for lines long before keeps the next level busy, too. Measured, two
 * threads, random f64: 1e7 of 1e8 84 ms in place of 91, 1e7 of 1e6 15 ms in place of 18; a scatter to
 * 1e6 22 ms in place of 28. Within the L2 cache the asking costs more than it brings, so few elements
 * go without. Vector gathers of the processor won nothing from memory. */
#include <weft/copy.h>

#include <string.h>

#include <weft/team.h>

#include "algo/copy.h"
#include "algo/leaf.h"
#include "algo/scan.h"
#include "base/at_most.h"
#include "team/team.h"

enum {
    worth_a_team = 8192, /* elements */
    ahead = 128,         /* elements */
    unit_most = 16384,   /* elements */
    units_a_thread = 16,
    tile = 1024, /* bytes that are gathered into the L1 cache, then streamed out */
};

/* The bytes of an element: sizes that have code of their own; any other is known when it runs. */
#define SIZES(X) X(1, 1) X(2, 2) X(4, 4) X(8, 8) X(16, 16) X(24, 24)

/* Moves n elements; `more`: at least `ahead` indices follow, whose lines are asked for in time. */
typedef void move(char *out, const char *x, const void *index, size_t n, size_t size, bool more);

#define AT(p, k, bytes) ((p) + (ptrdiff_t)at[k] * (ptrdiff_t)(bytes))

#define DEFINE_OP(op, write, apart, to, from, name, bytes, t, T)                         \
    static void op##_##t##_##name(char *out, const char *x, const void *index, size_t n, \
                                  size_t size, bool more)                                \
    {                                                                                    \
        const T *const at = index;                                                       \
        (void)size;                                                                      \
        for (size_t k = 0; more && k < n; k++) {                                         \
            __builtin_prefetch(AT(apart, k + ahead, bytes), write, 2);                   \
            memcpy(to, from, bytes);                                                     \
        }                                                                                \
        for (size_t k = 0; !more && k < n; k++)                                          \
            memcpy(to, from, bytes);                                                     \
    }
#define DEFINE_TYPE(name, bytes, t, T)                                             \
    DEFINE_OP(gather, 0, x, out + k * (bytes), AT(x, k, bytes), name, bytes, t, T) \
    DEFINE_OP(scatter, 1, out, AT(out, k, bytes), x + k * (bytes), name, bytes, t, T)
#define DEFINE(name, bytes)                 \
    DEFINE_TYPE(name, bytes, i32, int32_t)  \
    DEFINE_TYPE(name, bytes, u32, uint32_t) \
    DEFINE_TYPE(name, bytes, i64, int64_t)
SIZES(DEFINE)
DEFINE(any, size)

/* By the size and by the type of the index; u64 is i64: neither reaches 2^63. */
enum { I32, U32, I64, INDICES };

struct moves {
    size_t size; /* 0: any */
    move *gather[INDICES], *scatter[INDICES];
};

#define ROW(name, size)                                            \
    { size,                                                        \
      { gather_i32_##name, gather_u32_##name, gather_i64_##name }, \
      { scatter_i32_##name, scatter_u32_##name, scatter_i64_##name } },

static const struct moves moves[] = { SIZES(ROW) ROW(any, 0) };

static const struct moves *moves_of(size_t size)
{
    const struct moves *m = moves;
    while (m->size && m->size != size)
        m++;
    return m;
}

static const struct {
    int row;
    size_t size;
} indices[] = {
    [WEFT_TYPE_I32_] = { I32, sizeof(int32_t) },
    [WEFT_TYPE_U32_] = { U32, sizeof(uint32_t) },
    [WEFT_TYPE_I64_] = { I64, sizeof(int64_t) },
    [WEFT_TYPE_U64_] = { I64, sizeof(uint64_t) },
};

struct job {
    char *out;
    const char *x, *index;
    size_t n, size;    /* elements, bytes of each */
    size_t index_size; /* bytes */
    move *move;
    size_t unit; /* elements */
    bool large;
};

/* Elements begin to end - 1; out and x are where the first of them is, or all where they are scattered
 * to, or gathered from. Lines are asked for as long as `ahead` others follow. */
static void move_part(const struct job *job, char *out, const char *x, size_t begin, size_t end,
                      size_t out_step, size_t x_step)
{
    const size_t known = job->n > ahead ? job->n - ahead : 0;
    const size_t middle = !job->large || known < begin ? begin : weft__at_most(known, end);
    const size_t done = middle - begin;
    job->move(out, x, job->index + begin * job->index_size, done, job->size, true);
    job->move(out + done * out_step, x + done * x_step, job->index + middle * job->index_size,
              end - middle, job->size, false);
}

static void gather_part(const struct job *job, size_t begin, size_t end)
{
    move_part(job, job->out + begin * job->size, job->x, begin, end, job->size, 0);
}

/* Through the L1 cache. */
static void gather_past_cache(const struct job *job, size_t begin, size_t end)
{
    char here[tile] __attribute__((aligned(64)));
    const size_t most = tile / job->size;
    for (size_t k = begin, count; k < end; k += count) {
        count = weft__at_most(end - k, most);
        move_part(job, here, job->x, k, k + count, job->size, 0);
        weft__leaves()->stream(job->out + k * job->size, here, count * job->size);
    }
}

static weft_range unit_of(const struct job *job, const weft_worker_ *worker)
{
    return (weft_range){ (worker->index - 1) * job->unit,
                         weft__at_most(worker->index * job->unit, job->n) };
}

static void gather_some(weft_worker_ *worker, void *ctx)
{
    const struct job *const job = ctx;
    const bool stream = job->large && job->size <= tile;
    while (weft_next_(worker)) {
        const weft_range r = unit_of(job, worker);
        (stream ? gather_past_cache : gather_part)(job, r.begin, r.end);
    }
    if (stream)
        weft__leaves()->stream_end();
}

static void scatter_some(weft_worker_ *worker, void *ctx)
{
    const struct job *const job = ctx;
    while (weft_next_(worker)) {
        const weft_range r = unit_of(job, worker);
        move_part(job, job->out, job->x + r.begin * job->size, r.begin, r.end, 0, job->size);
    }
}

static void move_all(struct job *job, size_t threads, weft__work *some)
{
    job->unit = weft__at_most(job->n / (threads * units_a_thread), unit_most) + 1;
    weft_region_ region = weft__region((job->n - 1) / job->unit + 1, threads, 1);
    weft__fork(&region, some, job);
}

static struct job job_of(const char *function, void *out, const void *x, const void *index,
                         size_t n, size_t size, weft_type_ type)
{
    weft__need(out, n, function, "out");
    weft__need(x, n, function, "x");
    weft__need(index, n, function, "index");
    const struct job job = {
        .out = out,
        .x = x,
        .index = index,
        .n = n,
        .size = size,
        .index_size = indices[type].size,
        .large = weft__beyond_cache(weft__bytes(n, size, function)),
    };
    (void)weft__bytes(n, job.index_size, function);
    return job;
}

void weft_gather_(void *out, const void *x, const void *index, size_t n, size_t size,
                  weft_type_ type)
{
    struct job job = job_of("weft_gather", out, x, index, n, size, type);
    weft__need_apart(out, n * size, "out", index, n * job.index_size, "index", "weft_gather");
    if (out == x && n)
        weft__panic("weft_gather: out is x: it must be apart from what is read of x");
    job.move = moves_of(size)->gather[indices[type].row];
    if (n)
        move_all(&job, n < worth_a_team ? 1 : weft_threads(), gather_some);
}

/* Threads that write to the same lines take them from each other's caches: within these, one thread
 * alone is several times as fast. */
void weft_scatter_(void *out, const void *x, const void *index, size_t n, size_t size,
                   weft_type_ type)
{
    struct job job = job_of("weft_scatter", out, x, index, n, size, type);
    if (out == x && n)
        weft__panic("weft_scatter: x is out: it must be apart from what is written of out");
    job.move = moves_of(size)->scatter[indices[type].row];
    if (n)
        move_all(&job, job.large ? weft_threads() : 1, scatter_some);
}
