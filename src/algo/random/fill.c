/* fill.c - arrays of random numbers.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Tiles of 512 elements: their bits are made in a tile that stays in the L1 cache, the numbers of these
 * bits in the array, or in a second tile where the array is streamed past the cache. */
#include <weft/random.h>

#include "algo/blocks.h"
#include "algo/leaf.h"
#include "algo/random/normal.h"
#include "algo/random/words.h"
#include "base/at_most.h"
#include "base/detail.h"
#include "base/options.h"

static const size_t streamed_from = 8 << 20; /* bytes */

enum { tile = weft__random_tile };

/* n numbers of their bits; the first one is that of item `first`. */
typedef void make(void *out, const void *bits, size_t n, const struct weft__drawn *d,
                  uint64_t first);

struct job {
    struct weft__drawn drawn;
    make *make;
    char *x;
    size_t n;
    uint64_t first;
    bool stream;
};

static void make_bits(void *out, const void *bits, size_t n, const struct weft__drawn *d,
                      uint64_t first)
{
    (void)first;
    memcpy(out, bits, n * d->size);
}

static void make_uniform_f64(void *out, const void *bits, size_t n, const struct weft__drawn *d,
                             uint64_t first)
{
    (void)d, (void)first;
    weft__leaves()->random->uniform_f64(out, bits, n);
}

static void make_uniform_f32(void *out, const void *bits, size_t n, const struct weft__drawn *d,
                             uint64_t first)
{
    (void)d, (void)first;
    weft__leaves()->random->uniform_f32(out, bits, n);
}

static void make_normal_f64(void *out, const void *bits, size_t n, const struct weft__drawn *d,
                            uint64_t first)
{
    uint16_t at[tile];
    double *const x = out;
    const uint64_t *const u = bits;
    const size_t count = weft__leaves()->random->normal_f64(x, u, n, at);
    for (size_t k = 0; k < count; k++)
        x[at[k]] = weft__normal_outside(d->r, first + at[k], d->draw, u[at[k]]);
}

static void make_normal_f32(void *out, const void *bits, size_t n, const struct weft__drawn *d,
                            uint64_t first)
{
    uint16_t at[tile];
    float *const x = out;
    const uint32_t *const u = bits;
    const size_t count = weft__leaves()->random->normal_f32(x, u, n, at);
    for (size_t k = 0; k < count; k++)
        x[at[k]] = weft__normal_outside_f32(d->r, first + at[k], d->draw, u[at[k]]);
}

static void fill_tiles(size_t block, weft_range tiles, void *ctx)
{
    (void)block;
    const struct job *const job = ctx;
    const struct weft__leaves *const leaves = weft__leaves();
    const size_t size = job->drawn.size;
    struct weft__words words;
    double out[tile] __attribute__((aligned(64)));
    weft_each (t, tiles) {
        const size_t begin = t * tile, n = weft__at_most(job->n - begin, tile);
        const uint64_t first = job->first + begin;
        char *const x = job->x + begin * size;
        const void *const bits = weft__words(&words, &job->drawn, first, n);
        job->make(job->stream ? (void *)out : x, bits, n, &job->drawn, first);
        if (job->stream)
            leaves->stream(x, out, n * size);
    }
    if (job->stream)
        leaves->stream_end();
}

/* The kinds of numbers. */
struct kind {
    const char *name;
    uint32_t what;
    size_t size;
    make *make;
};

static void fill(const struct kind *kind, void *x, size_t n, const weft_random *r,
                 const weft_fill_opts *opts)
{
    weft_fill_opts o;
    weft__take_options(&o, opts);
    weft__need(x, n, kind->name, "x");
    if (n && o.first > UINT64_MAX - (n - 1))
        weft__panic("%s: first is %llu with n = %zu: first + n must be at most 2^64", kind->name,
                    (unsigned long long)o.first, n);
    struct job job = {
        .drawn = { r, o.draw, kind->what, kind->size },
        .make = kind->make,
        .x = x,
        .n = n,
        .first = o.first,
        .stream = n >= streamed_from / kind->size,
    };
    const size_t tiles = n / tile + (n % tile != 0);
    weft__blocks(weft__grid_of(tiles, weft__blocks_most), fill_tiles, &job);
}

void weft_fill_random_32(void *x, size_t n, const weft_random *r, const weft_fill_opts *opts)
{
    fill(&(struct kind){ "weft_fill_random", WEFT_FOR_U32_, 4, make_bits }, x, n, r, opts);
}

void weft_fill_random_64(void *x, size_t n, const weft_random *r, const weft_fill_opts *opts)
{
    fill(&(struct kind){ "weft_fill_random", WEFT_FOR_U64_, 8, make_bits }, x, n, r, opts);
}

void weft_fill_uniform_f32(float *x, size_t n, const weft_random *r, const weft_fill_opts *opts)
{
    fill(&(struct kind){ "weft_fill_uniform", WEFT_FOR_UNIFORM_F32_, 4, make_uniform_f32 }, x, n, r,
         opts);
}

void weft_fill_uniform_f64(double *x, size_t n, const weft_random *r, const weft_fill_opts *opts)
{
    fill(&(struct kind){ "weft_fill_uniform", WEFT_FOR_UNIFORM_, 8, make_uniform_f64 }, x, n, r,
         opts);
}

void weft_fill_normal_f32(float *x, size_t n, const weft_random *r, const weft_fill_opts *opts)
{
    fill(&(struct kind){ "weft_fill_normal", WEFT_FOR_NORMAL_F32_, 4, make_normal_f32 }, x, n, r,
         opts);
}

void weft_fill_normal_f64(double *x, size_t n, const weft_random *r, const weft_fill_opts *opts)
{
    fill(&(struct kind){ "weft_fill_normal", WEFT_FOR_NORMAL_, 8, make_normal_f64 }, x, n, r, opts);
}
