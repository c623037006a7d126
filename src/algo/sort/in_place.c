/* in_place.c - a stable sort without memory.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Runs of 16 by insertion, then neighbours are merged by rotations (SymMerge: P. Kim and A. Kutzner,
 * Stable Minimum Storage Merging by Symmetric Comparisons, 2004): n log^2 n steps at most.
 *
 * It is turned inside out: it stops at each comparison and asks. A key expression can only be
 * evaluated in the user's function, and where there is no memory for keys the sort has to come back
 * to it. So the recursion is a stack of merges that wait. */
#include "algo/sort/in_place.h"

#include <string.h>

#include "base/assert.h"
#include "base/at_most.h"

enum { run = 16 };

static bool ask(struct weft__in_place *s, size_t i, size_t j)
{
    s->i = i, s->j = j;
    return true;
}

static void reverse(const struct weft__in_place *s, size_t begin, size_t end)
{
    for (; begin + 1 < end; begin++, end--)
        s->swap(s->ctx, begin, end - 1);
}

/* Exchanges [begin, middle) and [middle, end). */
static void rotate(const struct weft__in_place *s, size_t begin, size_t middle, size_t end)
{
    reverse(s, begin, middle);
    reverse(s, middle, end);
    reverse(s, begin, end);
}

/* ---- merging ---- */

static size_t centre_of(struct weft__runs_to_merge r) { return r.begin + (r.end - r.begin) / 2; }

/* Pairs that mirror each other in the sum of centre and middle tell how far before `middle` the left run gives way to
 * the right one, and as far behind it the right one to the left. */
static bool search(struct weft__in_place *s)
{
    const size_t k = s->low + (s->high - s->low) / 2;
    return ask(s, centre_of(s->at) + s->at.middle - 1 - k, k);
}

static void begin_search(struct weft__in_place *s)
{
    const struct weft__runs_to_merge r = s->at;
    const size_t centre = centre_of(r);
    s->low = r.middle > centre ? centre + r.middle - r.end : r.begin;
    s->high = r.middle > centre ? centre : r.middle;
}

static void put_off(struct weft__in_place *s, size_t begin, size_t middle, size_t end)
{
    if (begin == middle || middle == end)
        return;
    weft_assert(s->depth < sizeof s->later / sizeof s->later[0]);
    s->later[s->depth++] = (struct weft__runs_to_merge){ begin, middle, end };
}

/* The search is over: what is left are two merges of half the size. */
static void halve(struct weft__in_place *s)
{
    const struct weft__runs_to_merge r = s->at;
    const size_t centre = centre_of(r), first = s->low, last = centre + r.middle - first;
    if (first < r.middle && r.middle < last)
        rotate(s, first, r.middle, last);
    put_off(s, centre, last, r.end);
    put_off(s, r.begin, first, centre);
}

static bool take_next_runs(struct weft__in_place *s)
{
    if (s->next + s->width >= s->n) {
        s->next = 0;
        s->width *= 2;
    }
    if (s->width >= s->n)
        return false;
    const size_t begin = s->next;
    s->next = weft__at_most(begin + 2 * s->width, s->n);
    put_off(s, begin, begin + s->width, s->next);
    return true;
}

/* Merges until there is a question. */
static bool merge(struct weft__in_place *s)
{
    while (s->low == s->high) {
        if (s->depth == 0 && !take_next_runs(s))
            return false;
        s->at = s->later[--s->depth];
        begin_search(s);
        if (s->low == s->high)
            halve(s);
    }
    return search(s);
}

static bool answer_search(struct weft__in_place *s, bool less)
{
    if (less)
        s->high = s->j;
    else
        s->low = s->j + 1;
    if (s->low == s->high)
        halve(s);
    return merge(s);
}

/* ---- insertion ---- */

static bool insert_next(struct weft__in_place *s)
{
    do
        s->inserted++;
    while (s->inserted % run == 0);
    if (s->inserted < s->n)
        return ask(s, s->inserted, s->inserted - 1);
    s->merging = true;
    s->width = run;
    return merge(s);
}

static bool answer_insertion(struct weft__in_place *s, bool less)
{
    if (less)
        s->swap(s->ctx, s->i, s->j);
    if (less && s->j % run)
        return ask(s, s->j, s->j - 1);
    return insert_next(s);
}

/* ---- */

bool weft__in_place_begin(struct weft__in_place *s, size_t n, weft__swap_at *swap, void *ctx)
{
    *s = (struct weft__in_place){ .n = n, .swap = swap, .ctx = ctx };
    return n > 1 && insert_next(s);
}

bool weft__in_place_next(struct weft__in_place *s, bool less)
{
    return s->merging ? answer_search(s, less) : answer_insertion(s, less);
}

void weft__sort_in_place(size_t n, weft__less_at *less, weft__swap_at *swap, void *ctx)
{
    struct weft__in_place s;
    bool more = weft__in_place_begin(&s, n, swap, ctx);
    while (more)
        more = weft__in_place_next(&s, less(ctx, s.i, s.j));
}

void weft__swap_bytes(char *a, char *b, size_t size)
{
    char t[64];
    for (size_t done = 0, part; done < size; done += part) {
        part = weft__at_most(size - done, sizeof t);
        memcpy(t, a + done, part);
        memcpy(a + done, b + done, part);
        memcpy(b + done, t, part);
    }
}
