/* fill.c - gives every element of an array one value.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A pattern of several elements stays in the L1 cache and is copied from there. Its length is whole
 * elements and, where that is possible, whole cache lines: what follows a copy that ended with a line
 * begins with one. So that an output which begins within a line comes to begin with one, the first
 * copy is shorter, and all others begin in the middle of an element of the pattern.
 *
 * Elements that fill a line without rest are written from registers where the output stays in cache:
 * there a load for each store costs a third. */
#include <weft/copy.h>

#include <string.h>

#include <weft/team.h>

#include "algo/copy.h"
#include "algo/leaf.h"
#include "algo/scan.h"
#include "base/at_most.h"
#include "team/team.h"

/* Below so many bytes one core is done before a second one could begin. */
static const size_t worth_a_team = 192 * 1024;

enum {
    line = 64,           /* bytes */
    pattern_most = 4096, /* bytes */
    unit_most = 1 << 20, /* bytes */
    units_a_thread = 8,
};

struct job {
    char *out;
    size_t n, size;      /* elements, bytes of each */
    const char *pattern; /* `period` bytes; where it is whole lines, another element behind them */
    size_t period;
    size_t unit; /* elements */
    bool stream;
};

/* The least whole elements that are whole lines, in bytes. */
static size_t whole_lines(size_t size)
{
    const size_t twos = size & -size;
    return size / weft__at_most(twos, line) * line;
}

/* Fills bytes, of which the first `done` are right already, with copies of these. */
static void repeat(char *to, size_t done, size_t bytes)
{
    for (size_t step; done < bytes; done += step) {
        step = weft__at_most(weft__at_most(done, pattern_most), bytes - done);
        memcpy(to + done, to, step);
    }
}

static void put(const struct job *job, char *to, const char *from, size_t bytes)
{
    if (job->stream)
        weft__leaves()->stream(to, from, bytes);
    else if (job->period == line)
        weft__leaves()->repeat(to, from, bytes);
    else
        memcpy(to, from, bytes);
}

static void fill_part(const struct job *job, size_t begin, size_t end)
{
    char *to = job->out + begin * job->size;
    const char *from = job->pattern;
    size_t left = (end - begin) * job->size;
    if (job->stream && job->period % line == 0) {
        const size_t head = weft__at_most(-(uintptr_t)to % line, left);
        memcpy(to, from, head);
        to += head, left -= head;
        from += head % job->size;
    }
    const size_t most = job->period == line ? left : job->period;
    for (size_t step; left; to += step, left -= step) {
        step = weft__at_most(left, most);
        put(job, to, from, step);
    }
}

static void fill_some(weft_worker_ *worker, void *ctx)
{
    const struct job *const job = ctx;
    while (weft_next_(worker))
        fill_part(job, (worker->index - 1) * job->unit,
                  weft__at_most(worker->index * job->unit, job->n));
    if (job->stream)
        weft__leaves()->stream_end();
}

/* Room for the longest period and another element. */
struct pattern {
    char bytes[2 * pattern_most];
};

/* An element that is longer than any pattern is one itself. */
static void make_pattern(struct job *job, struct pattern *pattern, const void *value)
{
    const size_t lines = whole_lines(job->size);
    const size_t least = lines <= pattern_most ? lines : job->size;
    job->period = lines == line && !job->stream ? line : pattern_most / least * least;
    job->pattern = job->period ? pattern->bytes : value;
    if (job->period) {
        memcpy(pattern->bytes, value, job->size);
        repeat(pattern->bytes, job->size, job->period + (least == lines ? job->size : 0));
    } else {
        job->period = job->size;
    }
}

void weft_fill_(void *out, size_t n, size_t size, const void *value)
{
    weft__need(out, n, "weft_fill", "out");
    const size_t bytes = weft__bytes(n, size, "weft_fill");
    const size_t threads = bytes < worth_a_team ? 1 : weft_threads();
    struct job job = { .out = out, .n = n, .size = size, .stream = weft__beyond_cache(bytes) };
    struct pattern pattern;
    if (!n)
        return;
    make_pattern(&job, &pattern, value);
    job.unit = weft__at_most(n / (threads * units_a_thread), unit_most / size) + 1;
    weft_region_ region = weft__region((n - 1) / job.unit + 1, threads, 1);
    weft__fork(&region, fill_some, &job);
}
