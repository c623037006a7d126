/* counter.c - counts the numbers of bins that threads find.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     bins   counted in
 *     few    eight tables of each thread, element i in table i mod 8
 *     more   one table of each thread, four where the same bin comes again and again
 *     many   partitions (parts.h)
 *     any    counts itself, where there are few numbers or no memory
 *
 * Two increments of one count have to wait for each other, 5 cycles and more; those of several tables do
 * not. So input that is all equal is counted as fast as any. Counts of a thread are 32 bits wide, and
 * carried over before they could overflow. */
#include "algo/histogram/counter.h"

#include <string.h>

#include <weft/alloc.h>

#include "algo/sort/on_team.h"
#include "base/at_most.h"

enum {
    few = 32 * 1024,               /* numbers that are not worth a table */
    sparse = 4,                    /* as few numbers a bin are not worth one either: 1 / sparse */
    copies_small = 8,              /* tables a thread, all in the L1 cache or near, */
    copies_large = 4,              /* or all but one for input that has need of them */
    small_bytes = 64 * 1024,       /* of copies_small tables */
    often = 16,                    /* one number in so many that equals the one before it */
    tables_bins = 2 * 1024 * 1024, /* with more of them partitions are faster */
    merge_unit = 16 * 1024,        /* bins */
    units_alone = 1,
};

static const size_t added_most = (size_t)1 << 31;

/* ---- opening ---- */

static bool open_tables(struct weft__counter *c, size_t threads)
{
    c->stride =
        (c->bins + 1 + 31) / 32 * 32 + 32; /* tables are apart by more than a power of two */
    c->small = copies_small * c->stride * sizeof(uint32_t) <= small_bytes;
    c->copies = c->small ? copies_small : copies_large;
    const size_t tables = threads * c->copies * c->stride * sizeof(uint32_t);
    c->tally = weft_alloc(threads * sizeof *c->tally + tables);
    if (!c->tally)
        return false;
    c->tables = (uint32_t *)(c->tally + threads);
    for (size_t t = 0; t < threads; t++)
        c->tally[t].tables = 0;
    return true;
}

static size_t units_of(const struct weft__counter *c)
{
    return c->bins / merge_unit + (c->bins % merge_unit != 0);
}

static void clear_units(weft_worker_ *worker, void *ctx)
{
    const struct weft__counter *const c = ctx;
    while (weft_next_(worker)) {
        const size_t begin = (worker->index - 1) * merge_unit;
        const size_t n = weft__at_most(merge_unit, c->bins - begin);
        memset(c->counts + begin, 0, n * sizeof *c->counts);
    }
}

void weft__counts_clear(size_t *counts, size_t bins, size_t threads)
{
    struct weft__counter c = { .counts = counts, .bins = bins };
    weft__on_team(units_of(&c), units_of(&c) > units_alone ? threads : 1, clear_units, &c);
}

bool weft__counter_wants(size_t bins, size_t n) { return n > few && n > bins / sparse; }

void weft__counter_open(struct weft__counter *c, size_t *counts, size_t bins, size_t n,
                        size_t threads)
{
    *c = (struct weft__counter){ .counts = counts, .bins = bins, .threads = threads };
    if (!weft__counter_wants(bins, n))
        return;
    if (bins > tables_bins || n < bins ? !weft__parts_open(&c->parts, bins + 1, n, threads)
                                       : !open_tables(c, threads))
        c->threads = 1;
}

size_t weft__counter_batch(const struct weft__counter *c)
{
    return c->parts.memory ? c->parts.batch : SIZE_MAX;
}

/* ---- counting ---- */

static void count_alone(struct weft__counter *c, const uint32_t *bin, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (bin[i] < c->bins)
            c->counts[bin[i]]++;
        else
            c->outside++;
}

/* Where to count a number straight away. */
static size_t *count_of(struct weft__counter *c, uint32_t bin)
{
    return bin < c->bins ? &c->counts[bin] : &c->outside;
}

/* Relaxed, here and below: sums, that the join of the team publishes. */
static void count_together(struct weft__counter *c, const uint32_t *bin, size_t n)
{
    for (size_t i = 0; i < n; i++)
        __atomic_fetch_add(count_of(c, bin[i]), 1, __ATOMIC_RELAXED);
}

static inline __attribute__((always_inline)) void count_in(uint32_t *table, size_t stride,
                                                           size_t copies, const uint32_t *bin,
                                                           size_t n)
{
    size_t i = 0;
    for (; i + copies <= n; i += copies)
        for (size_t k = 0; k < copies; k++)
            table[k * stride + bin[i + k]]++;
    for (; i < n; i++)
        table[bin[i]]++;
}

static uint32_t *tables_of(const struct weft__counter *c, size_t thread)
{
    return c->tables + thread * c->copies * c->stride;
}

/* From the tables of a thread into counts, while others may do the same. */
static void carry_over(struct weft__counter *c, size_t thread)
{
    uint32_t *const table = tables_of(c, thread);
    for (size_t k = 0; k < c->tally[thread].tables; k++)
        for (uint32_t b = 0; b <= c->bins; b++) {
            __atomic_fetch_add(count_of(c, b), table[k * c->stride + b], __ATOMIC_RELAXED);
            table[k * c->stride + b] = 0;
        }
    c->tally[thread].added = 0;
}

/* Whether the same number comes twice in a row so often that one table would have to wait. */
static bool repeats(const uint32_t *bin, size_t n)
{
    uint32_t equal = 0;
    for (size_t i = 1; i < n; i++)
        equal += bin[i - 1] == bin[i];
    return equal > n / often;
}

static void want_tables(struct weft__counter *c, size_t thread, size_t tables)
{
    struct weft__tally *const tally = &c->tally[thread];
    uint32_t *const table = tables_of(c, thread);
    if (tally->tables == 0)
        tally->added = 0;
    for (; tally->tables < tables; tally->tables++)
        memset(table + tally->tables * c->stride, 0, c->stride * sizeof *table);
}

static void count_in_tables(struct weft__counter *c, size_t thread, const uint32_t *bin, size_t n)
{
    uint32_t *const table = tables_of(c, thread);
    const size_t tables = c->small || repeats(bin, n) ? c->copies : 1;
    want_tables(c, thread, tables);
    if (tables == copies_small)
        count_in(table, c->stride, copies_small, bin, n);
    else if (tables == copies_large)
        count_in(table, c->stride, copies_large, bin, n);
    else
        count_in(table, c->stride, 1, bin, n);
    c->tally[thread].added += n;
    if (c->tally[thread].added > added_most)
        carry_over(c, thread);
}

void weft__counter_add(struct weft__counter *c, size_t thread, const uint32_t *bin, size_t n)
{
    if (c->parts.memory)
        weft__parts_add(&c->parts, thread, bin, n);
    else if (c->tables)
        count_in_tables(c, thread, bin, n);
    else if (c->threads > 1)
        count_together(c, bin, n);
    else
        count_alone(c, bin, n);
}

void weft__counter_leave(struct weft__counter *c, size_t thread)
{
    if (c->parts.memory)
        weft__parts_leave(&c->parts, thread);
}

void weft__counter_flush(struct weft__counter *c)
{
    if (c->parts.memory)
        c->outside += weft__parts_count(&c->parts, c->counts);
}

/* ---- closing ---- */

/* Adds the counts of bins begin..end-1 in all tables to `to`. */
static void add_tables(const struct weft__counter *c, size_t begin, size_t end, size_t *to)
{
    for (size_t t = 0; t < c->threads; t++)
        for (size_t k = 0; k < c->tally[t].tables; k++) {
            const uint32_t *const table = tables_of(c, t) + k * c->stride;
            for (size_t b = begin; b < end; b++)
                to[b - begin] += table[b];
        }
}

static void merge_units(weft_worker_ *worker, void *ctx)
{
    const struct weft__counter *const c = ctx;
    while (weft_next_(worker)) {
        const size_t begin = (worker->index - 1) * merge_unit;
        const size_t end = weft__at_most(begin + merge_unit, c->bins);
        add_tables(c, begin, end, c->counts + begin);
    }
}

size_t weft__counter_close(struct weft__counter *c)
{
    if (c->tables) {
        weft__on_team(units_of(c), units_of(c) > units_alone ? c->threads : 1, merge_units, c);
        add_tables(c, c->bins, c->bins + 1, &c->outside);
        weft_dealloc(c->tally);
    }
    weft__parts_close(&c->parts);
    return c->outside;
}
