/* parts.c - counts many bins: their numbers go to partitions first, which are counted in cache.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A count that is not in the cache costs a line in and a line out. So the numbers are sorted by their upper
 * bits: those of a partition of 65536 bins go, 2 bytes each, to blocks that are its own.
 *
 *     number    | partition | 16 bits |
 *     thread    a line for each partition, in cache; a full one is written to memory at once, past it
 *     block     8 to 64 lines of one thread and partition
 *     piece     some blocks of one partition: what one thread counts in a table of 256 KiB
 *
 * Partitions that got much are cut into pieces, so that it is no matter whether all numbers are in one
 * of them. Pieces of one partition add to its counts atomically; sums do not depend on the order. */
#include "algo/histogram/parts.h"

#include <string.h>

#include "algo/leaf.h"
#include "algo/sort/on_team.h"
#include "algo/sort/room.h"
#include "base/assert.h"
#include "base/at_most.h"

enum {
    line = 32,         /* numbers that are written at once: 64 bytes */
    block_most = 2048, /* numbers */
    block_least = 256, /* where there are many partitions */
    parts_few = 1024,
    batch_most = 1 << 27,
    tables_a_thread = 2, /* so that the same bin may come again and again */
    pieces_a_thread = 4, /* of all that is counted, at least */
    piece_least = 64,    /* blocks */
};

/* What a thread is about to write to a partition. */
struct weft__line_of {
    uint16_t number[line];
} __attribute__((aligned(64)));

struct weft__block {
    uint32_t part, filled;
};

/* What a thread has of a partition. */
struct place {
    uint16_t *next; /* in the line */
    uint16_t *to;   /* where the line goes, in the pool */
    uint32_t block;
};

struct layout {
    size_t open, tables, block, order, pool, bytes;
};

static size_t whole_lines(size_t bytes) { return (bytes + 127) / 128 * 128; }

static size_t open_bytes(const struct weft__parts *p)
{
    return whole_lines(p->parts * (sizeof(struct weft__line_of) + sizeof(struct place)));
}

static struct weft__line_of *lines_of(const struct weft__parts *p, size_t thread)
{
    return (struct weft__line_of *)((char *)p->open + thread * open_bytes(p));
}

static struct place *places_of(const struct weft__parts *p, size_t thread)
{
    return (struct place *)(lines_of(p, thread) + p->parts);
}

static uint32_t *table_of(const struct weft__parts *p, size_t thread)
{
    return p->tables + thread * tables_a_thread * weft__part_bins;
}

static struct layout layout_of(const struct weft__parts *p)
{
    struct layout l = { 0 };
    l.tables = l.open + p->threads * open_bytes(p);
    l.block = l.tables + p->threads * tables_a_thread * weft__part_bins * sizeof(uint32_t);
    l.order = l.block + whole_lines(p->blocks * sizeof(struct weft__block));
    l.pool = l.order + whole_lines(p->blocks * sizeof(uint32_t));
    l.bytes = l.pool + p->blocks * p->block_size * sizeof(uint16_t);
    return l;
}

static void open_block(struct weft__parts *p, struct place *place, size_t part)
{
    /* relaxed: it hands out a number; the join of the team publishes the block */
    const size_t k = __atomic_fetch_add(&p->used, 1, __ATOMIC_RELAXED);
    weft_assert(k < p->blocks);
    p->block[k] = (struct weft__block){ .part = (uint32_t)part };
    place->block = (uint32_t)k;
    place->to = p->pool + k * p->block_size;
}

/* One for each thread and partition; each that gets full is followed by another. */
static void open_blocks(struct weft__parts *p)
{
    p->used = 0;
    for (size_t t = 0; t < p->threads; t++)
        for (size_t part = 0; part < p->parts; part++) {
            struct place *const place = &places_of(p, t)[part];
            place->next = lines_of(p, t)[part].number;
            open_block(p, place, part);
        }
}

bool weft__parts_open(struct weft__parts *p, size_t bins, size_t n, size_t threads)
{
    *p = (struct weft__parts){
        .bins = bins,
        .parts = (bins - 1) / weft__part_bins + 1,
        .threads = threads,
        .batch = weft__at_most(n, batch_most),
    };
    p->block_size = p->parts <= parts_few ? block_most : block_least;
    p->blocks = p->batch / p->block_size + threads * p->parts;
    const struct layout l = layout_of(p);
    p->memory = weft__room_take(l.bytes);
    if (!p->memory)
        return false;
    p->open = (struct weft__line_of *)(p->memory + l.open);
    p->tables = (uint32_t *)(p->memory + l.tables);
    p->block = (struct weft__block *)(p->memory + l.block);
    p->order = (uint32_t *)(p->memory + l.order);
    p->pool = (uint16_t *)(p->memory + l.pool);
    open_blocks(p);
    return true;
}

void weft__parts_close(struct weft__parts *p)
{
    weft__room_give(p->memory);
    p->memory = NULL;
}

/* ---- numbers to blocks ---- */

static void write_line(struct weft__parts *p, struct place *place, size_t part)
{
    place->next -= line;
    weft__leaves()->stream(place->to, place->next, sizeof(struct weft__line_of));
    place->to += line;
    if ((size_t)(place->to - p->pool) % p->block_size == 0) {
        p->block[place->block].filled = (uint32_t)p->block_size;
        open_block(p, place, part);
    }
}

void weft__parts_add(struct weft__parts *p, size_t thread, const uint32_t *bin, size_t n)
{
    struct place *const places = places_of(p, thread);
    for (size_t i = 0; i < n; i++) {
        const size_t part = bin[i] >> weft__part_bits;
        struct place *const place = &places[part];
        *place->next++ = (uint16_t)bin[i];
        if ((uintptr_t)place->next % sizeof(struct weft__line_of) == 0)
            write_line(p, place, part);
    }
}

void weft__parts_leave(struct weft__parts *p, size_t thread)
{
    for (size_t part = 0; part < p->parts; part++) {
        struct place *const place = &places_of(p, thread)[part];
        uint16_t *const begin = lines_of(p, thread)[part].number;
        const size_t rest = (size_t)(place->next - begin);
        memcpy(place->to, begin, rest * sizeof *begin);
        p->block[place->block].filled =
            (uint32_t)((size_t)(place->to - p->pool) % p->block_size + rest);
        place->next = begin;
    }
    weft__leaves()->stream_end();
}

/* ---- blocks to counts ---- */

struct job {
    struct weft__parts *parts;
    size_t *counts;
    size_t outside; /* written by the one piece, or atomically by those, of the last partition */
    size_t piece;   /* blocks in one */
    size_t pieces;
};

/* The blocks in the order of their partitions. */
static void put_in_order(struct weft__parts *p)
{
    uint32_t *const next = p->tables; /* of which nobody has need now */
    size_t sum = 0;
    memset(next, 0, p->parts * sizeof *next);
    for (size_t k = 0; k < p->used; k++)
        next[p->block[k].part]++;
    for (size_t part = 0; part < p->parts; part++) {
        const uint32_t count = next[part];
        next[part] = (uint32_t)sum;
        sum += count;
    }
    for (size_t k = 0; k < p->used; k++)
        p->order[next[p->block[k].part]++] = (uint32_t)k;
}

static void count_block(uint32_t *table, const uint16_t *number, size_t n)
{
    uint32_t *const other = table + weft__part_bins;
    for (size_t i = 0; i + 1 < n; i += 2) {
        table[number[i]]++;
        other[number[i + 1]]++;
    }
    if (n % 2)
        table[number[n - 1]]++;
}

/* Relaxed: sums, that the join of the team publishes. */
static void add(size_t *to, size_t count)
{
    if (count)
        __atomic_fetch_add(to, count, __ATOMIC_RELAXED);
}

static void deliver(struct job *job, size_t part, const uint32_t *table, bool whole)
{
    const uint32_t *const other = table + weft__part_bins;
    const size_t begin = part * weft__part_bins, last = job->parts->bins - 1;
    const size_t end = weft__at_most(begin + weft__part_bins, last);
    size_t *const counts = job->counts + begin;
    for (size_t k = 0; k < end - begin; k++) {
        const size_t count = (size_t)table[k] + other[k];
        if (whole)
            counts[k] += count;
        else
            add(&counts[k], count);
    }
    if (last - begin < weft__part_bins)
        add(&job->outside, (size_t)table[last - begin] + other[last - begin]);
}

static uint32_t part_at(const struct weft__parts *p, size_t k)
{
    return k < p->used ? p->block[p->order[k]].part : UINT32_MAX;
}

/* The blocks begin..end-1 of the order are of one partition; `whole`: all that it has. */
static void count_run(struct job *job, size_t begin, size_t end, bool whole, uint32_t *table)
{
    struct weft__parts *const p = job->parts;
    memset(table, 0, tables_a_thread * weft__part_bins * sizeof *table);
    for (size_t k = begin; k < end; k++) {
        const uint32_t b = p->order[k];
        count_block(table, p->pool + (size_t)b * p->block_size, p->block[b].filled);
    }
    deliver(job, part_at(p, begin), table, whole);
}

static void count_pieces(weft_worker_ *worker, void *ctx)
{
    struct job *const job = ctx;
    const struct weft__parts *const p = job->parts;
    uint32_t *const table = table_of(p, worker->self);
    while (weft_next_(worker)) {
        const size_t first = (worker->index - 1) * job->piece;
        const size_t last = weft__at_most(first + job->piece, p->used);
        for (size_t begin = first, end; begin < last; begin = end) {
            const uint32_t part = part_at(p, begin);
            for (end = begin + 1; end < last && part_at(p, end) == part;)
                end++;
            const bool whole = (begin > first || begin == 0 || part_at(p, begin - 1) != part) &&
                               part_at(p, end) != part;
            count_run(job, begin, end, whole, table);
        }
    }
}

size_t weft__parts_count(struct weft__parts *p, size_t *counts)
{
    put_in_order(p);
    struct job job = { .parts = p, .counts = counts };
    job.piece = p->used / (p->threads * pieces_a_thread) + 1;
    if (job.piece < piece_least)
        job.piece = piece_least;
    job.pieces = (p->used + job.piece - 1) / job.piece;
    weft__on_team(job.pieces, p->threads, count_pieces, &job);
    open_blocks(p);
    return job.outside;
}
