/* sample.c - different numbers out of a range, by Floyd's algorithm.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The set is a table of slots with linear probing, twice as many as elements. Where there is no memory for it
 * the slots are those of `out`, which are full in the end: then k elements take k^1.5 steps or so. */
#include <weft/random.h>

#include <string.h>

#include <weft/alloc.h>
#include <weft/sort.h>

#include "algo/random/words.h"
#include "base/at_most.h"
#include "base/detail.h"

enum { tile = weft__random_tile };

static const size_t empty = SIZE_MAX; /* no number is: all are below n */

struct set {
    size_t *slot, slots;
};

static void set_clear(struct set *s)
{
    for (size_t k = 0; k < s->slots; k++)
        s->slot[k] = empty;
}

static size_t home_of(const struct set *s, size_t t)
{
    return (size_t)((weft_u128_)(t * 0x9e3779b97f4a7c15u) * s->slots >> 64);
}

/* False where t was in it. */
static bool set_add(struct set *s, size_t t)
{
    size_t k = home_of(s, t);
    while (s->slot[k] != empty) {
        if (s->slot[k] == t)
            return false;
        k = k + 1 == s->slots ? 0 : k + 1;
    }
    s->slot[k] = t;
    return true;
}

/* Draws for the elements `first` to first + m - 1; slots are fetched ahead. */
static void draw(size_t *t, size_t first, size_t m, size_t j, const struct set *s,
                 const weft_random *r)
{
    const struct weft__drawn drawn = { r, 0, WEFT_FOR_SAMPLE_, 8 };
    struct weft__words words;
    const uint64_t *const u = weft__words(&words, &drawn, first, m);
    for (size_t k = 0; k < m; k++) {
        t[k] = weft_scaled_(r, first + k, 0, WEFT_FOR_SAMPLE_, u[k], j + k + 1);
        __builtin_prefetch(&s->slot[home_of(s, t[k])], 1);
    }
}

/* out may be the set's own slots. */
static void sample(size_t *out, size_t k, size_t n, struct set *s, const weft_random *r)
{
    size_t t[tile];
    set_clear(s);
    for (size_t first = 0; first < k; first += tile) {
        const size_t m = weft__at_most(k - first, tile), j = n - k + first;
        draw(t, first, m, j, s, r);
        for (size_t i = 0; i < m; i++) {
            const size_t one = set_add(s, t[i]) ? t[i] : j + i;
            if (one != t[i])
                set_add(s, one);
            if (out != s->slot)
                out[first + i] = one;
        }
    }
}

void weft_sample(size_t *out, size_t k, size_t n, const weft_random *r)
{
    weft__need(out, k, "weft_sample", "out");
    if (k > n)
        weft__panic("weft_sample: k is %zu: it must be at most n = %zu", k, n);
    size_t *const slot =
        k <= PTRDIFF_MAX / (2 * sizeof *slot) ? weft_alloc(2 * k * sizeof *slot) : NULL;
    struct set set = slot ? (struct set){ slot, 2 * k } : (struct set){ out, k };
    sample(out, k, n, &set, r);
    weft_dealloc(slot);
    weft_sort(out, k);
}
