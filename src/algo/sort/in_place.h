/* in_place.h - a stable sort without memory.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_SORT_IN_PLACE_H
#define WEFT_ALGO_SORT_IN_PLACE_H

#include <stdbool.h>
#include <stddef.h>

typedef bool weft__less_at(const void *ctx, size_t i, size_t j);
typedef void weft__swap_at(void *ctx, size_t i, size_t j);

struct weft__runs_to_merge {
    size_t begin, middle, end;
};

/* A sort that waits for the answer to a question: is the element at i less than the one at j? */
struct weft__in_place {
    size_t n, i, j;
    weft__swap_at *swap;
    void *ctx;
    bool merging;
    size_t inserted;    /* elements in sorted runs; the next one is being inserted */
    size_t width, next; /* of the runs, and where the next two begin */
    struct weft__runs_to_merge at;
    size_t low, high;                     /* of the search in there */
    struct weft__runs_to_merge later[72]; /* more than log2(n) */
    size_t depth;
};

/* Begins. There is a question if the answer is true; the sort is done if not. */
bool weft__in_place_begin(struct weft__in_place *s, size_t n, weft__swap_at *swap, void *ctx);

/* Goes on after the answer to the question. */
bool weft__in_place_next(struct weft__in_place *s, bool less);

/* All of it, with somebody who answers. */
void weft__sort_in_place(size_t n, weft__less_at *less, weft__swap_at *swap, void *ctx);

/* Exchanges two stretches of memory. */
void weft__swap_bytes(char *a, char *b, size_t size);

#endif
