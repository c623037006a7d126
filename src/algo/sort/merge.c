/* merge.c - behind the sorts by comparison: chunks on the team, then rounds of merges.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     chunks   2^k of them, each sorted by one thread          team
 *     round    neighbours are merged, cut into equal parts     team, k times
 *
 * A part is a stretch of the result of one merge: a binary search finds where it begins in both inputs
 * (merge path: S. Odeh, O. Green, Z. Mwassi, O. Shmueli and Y. Birk, 2012), so no round is left to few
 * threads, not even the last one. Arrays and room take turns; the number of rounds says who begins.
 * The order of equals is kept in all of it, so the result is unique. */
#include <weft/sort_t.h>

#include "algo/sort/in_place.h"
#include "algo/sort/room.h"
#include "base/at_most.h"
#include "base/detail.h"
#include "team/team.h"

enum {
    worth_a_team = 4096, /* elements */
    chunk_least = 1024,  /* elements */
    chunks_a_thread = 2,
    parts_a_thread = 8,
    look_unit = 16 * 1024, /* elements */
};

struct job {
    const weft_merging_ *how;
    char *x, *room;
    size_t n, threads;
    size_t chunk, chunks; /* elements of one, and how many */
    size_t width, parts;  /* chunks in a run, and parts of a merge, in this round */
    char *from, *to;      /* in this round */
    bool falling, broken; /* broken is relaxed: the join of the team publishes it */
};

static void on_team(size_t units, size_t threads, weft__work *work, struct job *job)
{
    weft_region_ region = weft__region(units, threads, 1);
    weft__fork(&region, work, job);
}

static bool less(const struct job *job, const char *a, const char *b)
{
    return job->how->less(a, b, job->how->ctx);
}

/* ---- input that is in order ---- */

static bool stays_in_order(const struct job *job, size_t begin, size_t end)
{
    const size_t size = job->how->size;
    for (size_t i = begin; i + 1 < end; i++) {
        const char *const one = job->x + i * size, *const two = one + size;
        if (job->falling ? !less(job, two, one) : less(job, two, one))
            return false;
    }
    return true;
}

static void look(weft_worker_ *worker, void *ctx)
{
    struct job *const job = ctx;
    while (!__atomic_load_n(&job->broken, __ATOMIC_RELAXED) && weft_next_(worker)) {
        const size_t begin = (worker->index - 1) * look_unit;
        if (!stays_in_order(job, begin, weft__at_most(begin + look_unit + 1, job->n)))
            __atomic_store_n(&job->broken, true, __ATOMIC_RELAXED);
    }
}

/* Random input shows within its first few elements that it is not. */
static bool is_in_order(struct job *job, bool falling)
{
    job->falling = falling;
    job->broken = !stays_in_order(job, 0, weft__at_most(job->n, 64));
    if (!job->broken)
        on_team((job->n + look_unit - 1) / look_unit, job->threads, look, job);
    return !job->broken;
}

static void swap_elements(void *ctx, size_t i, size_t j)
{
    const struct job *const job = ctx;
    const size_t size = job->how->size;
    weft__swap_bytes(job->x + i * size, job->x + j * size, size);
}

static bool element_is_less(const void *ctx, size_t i, size_t j)
{
    const struct job *const job = ctx;
    return less(job, job->x + i * job->how->size, job->x + j * job->how->size);
}

static void turn_round_units(weft_worker_ *worker, void *ctx)
{
    struct job *const job = ctx;
    const size_t half = job->n / 2;
    while (weft_next_(worker)) {
        const size_t begin = (worker->index - 1) * look_unit;
        for (size_t i = begin; i < weft__at_most(begin + look_unit, half); i++)
            swap_elements(job, i, job->n - 1 - i);
    }
}

/* ---- chunks ---- */

static size_t chunk_begin(const struct job *job, size_t chunk)
{
    return weft__at_most(chunk * job->chunk, job->n);
}

static void plan_chunks(struct job *job)
{
    const size_t most = job->threads > 1 ? job->threads * chunks_a_thread : 1;
    job->chunks = 1;
    while (job->chunks < most && job->n / job->chunks > 2 * chunk_least)
        job->chunks *= 2;
    job->chunk = (job->n + job->chunks - 1) / job->chunks;
}

static bool rounds_are_odd(const struct job *job) { return __builtin_ctzll(job->chunks) % 2; }

static void sort_chunks(weft_worker_ *worker, void *ctx)
{
    const struct job *const job = ctx;
    while (weft_next_(worker)) {
        const size_t size = job->how->size, begin = chunk_begin(job, worker->index - 1);
        const size_t n = chunk_begin(job, worker->index) - begin;
        job->how->sort(job->x + begin * size, job->room + begin * size, n, rounds_are_odd(job),
                       job->how->ctx);
    }
}

/* ---- rounds ---- */

struct pair {
    const char *a, *b;
    size_t na, nb;
};

/* How many of the first k merged elements come from a. */
static size_t split(const struct job *job, struct pair p, size_t k)
{
    const size_t size = job->how->size;
    size_t low = k > p.nb ? k - p.nb : 0, high = weft__at_most(k, p.na);
    while (low < high) {
        const size_t i = low + (high - low) / 2;
        if (less(job, p.b + (k - i - 1) * size, p.a + i * size))
            high = i;
        else
            low = i + 1;
    }
    return low;
}

static void merge_part(const struct job *job, size_t merge, size_t part)
{
    const size_t size = job->how->size, first = merge * 2 * job->width;
    const size_t begin = chunk_begin(job, first), middle = chunk_begin(job, first + job->width);
    const size_t end = chunk_begin(job, first + 2 * job->width), n = end - begin;
    const struct pair p = { job->from + begin * size, job->from + middle * size, middle - begin,
                            end - middle };
    const size_t k = n * part / job->parts, k_end = n * (part + 1) / job->parts;
    const size_t i = split(job, p, k), i_end = split(job, p, k_end);
    job->how->merge(p.a + i * size, i_end - i, p.b + (k - i) * size, (k_end - i_end) - (k - i),
                    job->to + (begin + k) * size, job->how->ctx);
}

static void merge_parts(weft_worker_ *worker, void *ctx)
{
    const struct job *const job = ctx;
    while (weft_next_(worker)) {
        const size_t unit = worker->index - 1;
        merge_part(job, unit / job->parts, unit % job->parts);
    }
}

static void merge_all(struct job *job)
{
    const bool odd = rounds_are_odd(job);
    job->from = odd ? job->room : job->x;
    job->to = odd ? job->x : job->room;
    for (job->width = 1; job->width < job->chunks; job->width *= 2) {
        const size_t merges = job->chunks / (2 * job->width);
        job->parts = (job->threads * parts_a_thread + merges - 1) / merges;
        on_team(merges * job->parts, job->threads, merge_parts, job);
        char *const t = job->from;
        job->from = job->to;
        job->to = t;
    }
}

/* ---- */

static void in_place(weft_worker_ *worker, void *ctx)
{
    (void)worker;
    struct job *const job = ctx;
    weft__sort_in_place(job->n, element_is_less, swap_elements, job);
}

void weft_merge_sort_(void *x, size_t n, const weft_merging_ *how)
{
    weft__need(x, n, how->function, "x");
    if (n < 2 || !how->size)
        return;
    struct job job = {
        .how = how, .x = x, .n = n, .threads = n < worth_a_team ? 1 : weft__threads()
    };
    if (is_in_order(&job, false))
        return;
    if (is_in_order(&job, true)) {
        on_team((n / 2 + look_unit - 1) / look_unit, job.threads, turn_round_units, &job);
        return;
    }
    plan_chunks(&job);
    job.room = weft__room_take(n * how->size);
    if (job.room) {
        on_team(job.chunks, job.threads, sort_chunks, &job);
        merge_all(&job);
    } else {
        on_team(1, 1, in_place, &job);
    }
    weft__room_give(job.room);
}
