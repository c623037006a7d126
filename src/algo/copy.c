/* copy.c - copies bytes at the speed of memory.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The output is cut into units, which go to the threads: those of one thread lie side by side, and who
 * is done takes some of another's. All but the first begin where a cache line does, so that only the
 * two ends of the whole are written as parts of lines. */
#include "algo/copy.h"

#include <string.h>

#include <weft/copy.h>
#include <weft/team.h>

#include "algo/leaf.h"
#include "algo/scan.h"
#include "base/at_most.h"
#include "team/team.h"

/* Below so many bytes one core is done before a second one could begin. */
static const size_t worth_a_team = 192 * 1024;

enum {
    line = 64, /* bytes */
    unit_most = 1 << 20,
    units_a_thread = 8,
};

struct job {
    char *out;
    const char *x;
    size_t bytes;
    size_t ahead; /* bytes from the beginning of a line to out */
    size_t unit;
    bool stream;
};

static void copy_part(const struct job *job, size_t begin, size_t end)
{
    if (job->stream)
        weft__leaves()->stream(job->out + begin, job->x + begin, end - begin);
    else
        memcpy(job->out + begin, job->x + begin, end - begin);
}

/* Where a unit begins, counted from out. */
static size_t begin_of(const struct job *job, size_t unit)
{
    return unit ? weft__at_most(unit * job->unit - job->ahead, job->bytes) : 0;
}

static void copy_some(weft_worker_ *worker, void *ctx)
{
    const struct job *const job = ctx;
    while (weft_next_(worker))
        copy_part(job, begin_of(job, worker->index - 1), begin_of(job, worker->index));
    if (job->stream)
        weft__leaves()->stream_end();
}

static void copy_by_team(struct job *job, size_t threads)
{
    job->ahead = (uintptr_t)job->out % line;
    job->unit = weft__at_most(job->bytes / (threads * units_a_thread), unit_most) / line * line;
    const size_t units = (job->bytes + job->ahead - 1) / job->unit + 1;
    weft_region_ region = weft__region(units, threads, 1);
    weft__fork(&region, copy_some, job);
}

static void copy_alone(const struct job *job)
{
    copy_part(job, 0, job->bytes);
    if (job->stream)
        weft__leaves()->stream_end();
}

void weft__copy(void *out, const void *x, size_t bytes)
{
    struct job job = { .out = out, .x = x, .bytes = bytes, .stream = weft__beyond_cache(bytes) };
    const size_t threads = bytes < worth_a_team ? 1 : weft_threads();
    if (threads > 1)
        copy_by_team(&job, threads);
    else if (bytes)
        copy_alone(&job);
}

void weft_copy_(void *out, const void *x, size_t n, size_t size)
{
    weft__need(out, n, "weft_copy", "out");
    weft__need(x, n, "weft_copy", "x");
    if (out == x)
        return;
    const size_t bytes = weft__bytes(n, size, "weft_copy");
    weft__need_apart(out, bytes, "out", x, bytes, "x", "weft_copy");
    weft__copy(out, x, bytes);
}
