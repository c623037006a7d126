/* shuffle.c - arrays in random order.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     1  deal     each element goes to a bucket by random bits of its own, in order; buckets hold 65536
 *                 elements or so, which stay in a cache of their own
 *     2  order    each bucket is shuffled, on its way back (R. Durstenfeld, Algorithm 235, 1964)
 *
 * All bucket sizes are as likely as throwing dice makes them and every order within is as likely, so every
 * order of the whole is (Rao 1961, Sandelius 1962). Both draw by position, and elements of a bucket keep
 * their order when they are dealt: how the work is parted leaves no trace. Without memory to deal into,
 * it is dealt in place (deal_in_place.c). */
#include <weft/random.h>

#include <string.h>

#include <weft/map.h>
#include <weft/team.h>

#include "algo/blocks.h"
#include "algo/random/shuffle.h"
#include "algo/random/words.h"
#include "algo/sort/on_team.h"
#include "algo/sort/room.h"
#include "base/at_most.h"
#include "base/detail.h"

enum {
    tile = weft__random_tile,
    parts_most = 64,
    bucket_bits_most = weft__bucket_bits_most,
    bucket_elements = 65536,
    dealt_from = 262144, /* below, one core has shuffled in its cache before two have dealt */
};

struct job {
    struct weft__deal deal;
    struct weft__grid parts; /* of tiles */
    size_t *rows;            /* of a part: how many go to each bucket, then where they go */
    char *room;
};

/* ---- dealing ---- */

static size_t buckets_of(const struct weft__deal *d) { return (size_t)1 << d->bits; }

static void count_part(weft_worker_ *worker, void *ctx)
{
    const struct job *const job = ctx;
    const struct weft__deal *const d = &job->deal;
    struct weft__labels labels;
    while (weft_next_(worker)) {
        size_t *const row = job->rows + (worker->index - 1) * buckets_of(d);
        memset(row, 0, buckets_of(d) * sizeof *row);
        weft_each (t, weft__grid_block(job->parts, worker->index - 1)) {
            const size_t n = weft__at_most(d->n - t * tile, tile);
            weft__labels(&labels, d, t * tile, n);
            for (size_t k = 0; k < n; k++)
                row[labels.bucket[k]]++;
        }
    }
}

/* From counts to places: buckets in order, in each the parts in order. */
static void place_rows(const struct job *job)
{
    const size_t buckets = buckets_of(&job->deal);
    size_t place = 0;
    for (size_t b = 0; b < buckets; b++)
        for (size_t p = 0; p < job->parts.blocks; p++) {
            size_t *const at = &job->rows[p * buckets + b], count = *at;
            *at = place;
            place += count;
        }
}

static inline __attribute__((always_inline)) void deal_tile(const struct job *job,
                                                            const uint16_t *bucket, size_t *row,
                                                            size_t begin, size_t n, size_t size)
{
    const char *const x = job->deal.x + begin * size;
    for (size_t k = 0; k < n; k++)
        memcpy(job->room + row[bucket[k]]++ * size, x + k * size, size);
}

static void deal_part(weft_worker_ *worker, void *ctx)
{
    const struct job *const job = ctx;
    const struct weft__deal *const d = &job->deal;
    struct weft__labels labels;
    while (weft_next_(worker)) {
        size_t *const row = job->rows + (worker->index - 1) * buckets_of(d);
        weft_each (t, weft__grid_block(job->parts, worker->index - 1)) {
            const size_t n = weft__at_most(d->n - t * tile, tile);
            weft__labels(&labels, d, t * tile, n);
            if (d->size == 8)
                deal_tile(job, labels.bucket, row, t * tile, n, 8);
            else if (d->size == 4)
                deal_tile(job, labels.bucket, row, t * tile, n, 4);
            else
                deal_tile(job, labels.bucket, row, t * tile, n, d->size);
        }
    }
}

/* ---- ordering ---- */

/* for (j = 1; j < n; j++) swap(x[j], x[below(j + 1)]), where x begins as `from`, which may be x. */
static inline __attribute__((always_inline)) void order(char *x, const char *from, size_t begin,
                                                        size_t n, const weft_random *r, size_t size)
{
    const struct weft__drawn drawn = { r, 0, WEFT_FOR_SHUFFLE_, 8 };
    struct weft__words words;
    for (size_t t = 0; t < n; t += tile) {
        const size_t many = weft__at_most(n - t, tile);
        const uint64_t *const u = weft__words(&words, &drawn, begin + t, many);
        for (size_t j = t; j < t + many; j++) {
            const size_t k = weft_scaled_(r, begin + j, 0, WEFT_FOR_SHUFFLE_, u[j - t], j + 1);
            if (x == from) {
                weft__swap(x + j * size, x + k * size, size);
            } else {
                if (k != j)
                    memcpy(x + j * size, x + k * size, size);
                memcpy(x + k * size, from + j * size, size);
            }
        }
    }
}

static void order_sized(char *x, const char *from, size_t begin, size_t n,
                        const struct weft__deal *d)
{
    if (d->size == 8)
        order(x, from, begin, n, d->r, 8);
    else if (d->size == 4)
        order(x, from, begin, n, d->r, 4);
    else
        order(x, from, begin, n, d->r, d->size);
}

/* After dealing, the last row says where each bucket ends. */
static void order_bucket(weft_worker_ *worker, void *ctx)
{
    const struct job *const job = ctx;
    const struct weft__deal *const d = &job->deal;
    const size_t *const ends = job->rows + (job->parts.blocks - 1) * buckets_of(d);
    while (weft_next_(worker)) {
        const size_t b = worker->index - 1, begin = b ? ends[b - 1] : 0;
        order_sized(d->x + begin * d->size, job->room + begin * d->size, begin, ends[b] - begin, d);
    }
}

static void shuffle_on_team(struct job *job)
{
    const size_t threads = weft_threads();
    weft__on_team(job->parts.blocks, threads, count_part, job);
    place_rows(job);
    weft__on_team(job->parts.blocks, threads, deal_part, job);
    weft__on_team(buckets_of(&job->deal), threads, order_bucket, job);
}

static void shuffle_in_place(const struct weft__deal *d)
{
    size_t counts[1 << bucket_bits_most];
    weft__deal_in_place(d, counts);
    for (size_t b = 0, begin = 0; b < buckets_of(d); begin += counts[b++]) {
        char *const x = d->x + begin * d->size;
        order_sized(x, x, begin, counts[b], d);
    }
}

static unsigned bits_for(size_t n)
{
    unsigned bits = 0;
    if (n < dealt_from)
        return 0;
    while (bits < bucket_bits_most && n >> bits >= 2 * bucket_elements)
        bits++;
    return bits;
}

void weft_shuffle_size(void *x, size_t n, size_t size, const weft_random *r)
{
    weft__need(x, n, "weft_shuffle", "x");
    struct job job = { .deal = { x, n, size, r, bits_for(n) } };
    const size_t tiles = n / tile + (n % tile != 0);
    job.parts = weft__grid_of(tiles, parts_most);
    if (job.deal.bits == 0) {
        order_sized(x, x, 0, n, &job.deal);
        return;
    }
    const size_t rows = job.parts.blocks * buckets_of(&job.deal) * sizeof *job.rows;
    void *const memory = weft__room_take(rows + n * size);
    job.rows = memory;
    job.room = memory ? (char *)memory + rows : NULL;
    if (memory)
        shuffle_on_team(&job);
    else
        shuffle_in_place(&job.deal);
    weft__room_give(memory);
}

static void put_indices(size_t block, weft_range range, void *ctx)
{
    (void)block;
    size_t *const out = ctx;
    weft_each (i, range)
        out[i] = i;
}

void weft_permutation(size_t *out, size_t n, const weft_random *r)
{
    weft__need(out, n, "weft_permutation", "out");
    weft__blocks(weft__grid_of(n, weft__blocks_most), put_indices, out);
    weft_shuffle(out, n, r);
}
