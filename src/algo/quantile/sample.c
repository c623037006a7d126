/* sample.c - where in an array an element of a wanted rank lies, most likely.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The array is cut into as many parts as the sample has elements, and one is drawn from each. Of s
 * elements s p lie below the quantile on average, with a deviation of at most sqrt(s p (1 - p)): a
 * range of 4.5 deviations to either side is missed about once in 10^5 times. */
#include "algo/quantile/sample.h"

#include <math.h>

#include <weft/alloc.h>
#include <weft/sort.h>

#include "algo/blocks.h"

enum { sample_least = 512, sample_most = 1 << 18 };

static const double deviations = 4.5, beside = 2; /* and so many elements of the sample */

/* Behind the keys of all numbers; where every number has a key there are no others. */
static const uint64_t no_number = UINT64_MAX;

static uint64_t random_bits(uint64_t k)
{
    k = (k + 1) * UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    k = (k ^ k >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    k = (k ^ k >> 27) * UINT64_C(0x94d049bb133111eb);
    return k ^ k >> 31;
}

struct drawing {
    const struct weft__sample *sample;
    const char *x;
};

static void draw(size_t block, weft_range range, void *ctx)
{
    (void)block;
    const struct drawing *const d = ctx;
    const struct weft__sample *const s = d->sample;
    const struct weft__grid parts = { s->of, s->n };
    const size_t size = weft__size_of(s->type);
    weft_each (i, range) {
        const weft_range part = weft__grid_block(parts, i);
        const size_t at = part.begin + random_bits(i) % (part.end - part.begin);
        uint64_t key;
        s->key[i] = weft__key_of(s->type, d->x + at * size, &key) ? key : no_number;
    }
}

/* About n^(2/3), to a power of 2. */
static size_t size_for(size_t n)
{
    size_t s = sample_least;
    while (s < sample_most && s * s < n / s * n)
        s *= 2;
    return s < n ? s : n;
}

static bool is_floating(weft_type_ type)
{
    return type == WEFT_TYPE_F32_ || type == WEFT_TYPE_F64_;
}

struct weft__sample weft__sample_of(weft_type_ type, const void *x, size_t n)
{
    struct weft__sample s = { .type = type, .n = size_for(n), .of = n };
    s.key = weft_alloc(s.n * sizeof *s.key);
    if (!s.key)
        return s;
    struct drawing drawing = { &s, x };
    weft__blocks(weft__grid_of(s.n, weft__blocks_most), draw, &drawing);
    weft_sort_u64(s.key, s.n);
    while (is_floating(type) && s.n > 0 && s.key[s.n - 1] == no_number)
        s.n--;
    if (s.n == 0)
        weft__sample_drop(&s);
    return s;
}

void weft__sample_drop(struct weft__sample *s)
{
    weft_dealloc(s->key);
    s->key = NULL;
}

/* The key that elements with this one have. */
static uint64_t of_an_element(weft_type_ type, uint64_t key)
{
    weft_value_ v;
    weft__element_of(type, key, &v.is);
    (void)weft__key_of(type, &v.is, &key);
    return key;
}

/* Bounds that differ. */
static struct weft__keys apart(weft_type_ type, struct weft__keys bounds)
{
    if (bounds.first == bounds.last) {
        if (bounds.last < weft__keys_of(type).last)
            bounds.last = of_an_element(type, bounds.last + 1);
        else
            bounds.first--;
    }
    return bounds;
}

struct weft__keys weft__sample_bounds(const struct weft__sample *s, double p, size_t *expected)
{
    const struct weft__keys all = weft__keys_of(s->type);
    const double n = (double)s->n, middle = p * (n - 1);
    const double margin = deviations * sqrt(n * p * (1 - p)) + beside;
    const double low = floor(middle - margin), high = ceil(middle + margin) + 1;
    const struct weft__keys bounds = {
        low < 0 ? all.first : s->key[(size_t)low],
        high > n - 1 ? all.last : s->key[(size_t)high],
    };
    *expected = (size_t)((high - low + 1) / n * (double)s->of);
    return apart(s->type, bounds);
}
