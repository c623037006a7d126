/* scan.h - the innermost loops of scans, and how long a tile is.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_SCAN_H
#define WEFT_ALGO_SCAN_H

#include <weft/scan.h>

/* What precedes an element: the tiles before its own, and the part of its tile before it. */
struct weft__prefix {
    weft_value_ tiles, tile;
};

typedef void weft__scan_part(void *out, const void *x, size_t n, struct weft__prefix *prefix);

/* One operation over one element type. A tile is scanned in parts, which begin and end where rows
 * do, all but the last; weft__scan_row_bytes a row. `tile` is the identity before the first of them
 * and the total of the tile after the last. What is written past the cache begins at a multiple of
 * 64 bytes. */
struct weft__scan_leaf {
    void (*identity)(weft_value_ *value);
    void (*total)(const void *x, size_t n, weft_value_ *total);
    weft__scan_part *scan[2][2]; /* exclusive or inclusive; to memory or past the cache */
    void (*join)(weft_value_ *left, const weft_value_ *right); /* left = left op right */
};

enum { weft__scan_row_bytes = 512 };

struct weft__scan_leaves {
    struct weft__scan_leaf op[WEFT_SCAN_MAX_ + 1][WEFT_TYPE_F64_ + 1];
};

/* What is scanned. */
struct weft__scan {
    const struct weft__scan_leaf *leaf;
    const char *x;
    char *out;
    size_t size; /* bytes an element */
    size_t n, tile, tiles;
    bool inclusive;
    bool stream; /* past the cache */
};

/* Cuts n elements into tiles, by n alone. */
void weft__scan_cut(struct weft__scan *s);

/* The length of a tile. */
static inline size_t weft__scan_length(const struct weft__scan *s, size_t tile)
{
    const size_t left = s->n - tile * s->tile;
    return left < s->tile ? left : s->tile;
}

/* Scans a tile whose n elements lie at `from`; returns its total. */
weft_value_ weft__scan_one(const struct weft__scan *s, size_t tile, const void *from,
                           const weft_value_ *before);

/* All of an array, by the team if that pays; returns the total. */
weft_value_ weft__scan_array(struct weft__scan *s);

/* Whether an output of so many bytes is better written past the cache. */
static inline bool weft__beyond_cache(size_t bytes) { return bytes >= (size_t)8 << 20; }

#endif
