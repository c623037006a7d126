/* partition.c - behind weft_partition: where the rest stays until it is known how many are in front.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * It is a filter (filter.c) that collects what it does not keep, too, in memory of its own, and copies it
 * behind those kept at the end. Since all that is kept goes to indices that have been looked at, and the
 * rest goes elsewhere, it works in place.
 *
 * Where that memory is not to be had, the calling thread partitions a piece, as many elements as its
 * stack holds, where it is, and joins parts as they come, in a tree as that of tree.h:
 *
 *     kept rest | kept rest   ->   kept kept rest rest       the two in the middle change places */
#include "algo/filter.h"

#include <string.h>

#include <weft/team.h>

#include "algo/copy.h"
#include "algo/leaf.h"
#include "algo/sort/room.h"
#include "base/assert.h"
#include "base/at_most.h"

/* ---- without memory ---- */

static void swap(char *a, char *b, size_t bytes)
{
    char c[512];
    for (size_t step; bytes; a += step, b += step, bytes -= step) {
        step = weft__at_most(bytes, sizeof c);
        memcpy(c, a, step);
        memcpy(a, b, step);
        memcpy(b, c, step);
    }
}

/* Two neighbours change places (D. Gries and H. Mills, Swapping sections, 1981): the shorter one goes to
 * its end, in exchange for what was there, and this and the rest of the longer one are neighbours. */
static void rotate(char *p, size_t left, size_t right)
{
    while (left && right)
        if (left <= right) {
            swap(p, p + right, left);
            right -= left;
        } else {
            swap(p, p + left, right);
            p += right;
            left -= right;
        }
}

/* The last two parts, which end at index `end`, become one. */
static void join_last(const weft_filtering_ *f, weft_parts_ *parts, size_t end)
{
    weft_assert(parts->depth > 1);
    const struct weft_part_ right = parts->part[--parts->depth];
    struct weft_part_ *const left = &parts->part[parts->depth - 1];
    const size_t begin = end - right.length - left->length;
    rotate(f->out + (begin + left->kept) * f->size, (left->length - left->kept) * f->size,
           right.kept * f->size);
    left->length += right.length;
    left->kept += right.kept;
}

/* The piece at hand is a part. */
static void add_part(weft_partitioner_ *p)
{
    const weft_filterer_ *const w = &p->filterer;
    const weft_filtering_ *const f = w->filtering;
    weft_parts_ *const parts = p->parts;
    if (p->out[0] == p->spare)
        memcpy(f->out + (w->begin + p->found[1]) * f->size, p->spare, p->found[0] * f->size);
    parts->part[parts->depth++] = (struct weft_part_){ w->count, p->found[1] };
    for (size_t c = ++parts->pieces; c % 2 == 0; c /= 2)
        join_last(f, parts, w->begin + w->count);
}

/* A piece is partitioned in place: by way of the spare memory, or it is one element. */
static void split_in_place(weft_partitioner_ *p)
{
    const weft_filterer_ *const w = &p->filterer;
    weft_filtering_ *const f = w->filtering;
    char *const here = f->out + w->begin * f->size;
    p->out[0] = f->size > sizeof p->spare ? here : p->spare;
    p->out[1] = here;
    f->kept += p->found[1];
}

/* ---- with it ---- */

static void split_alone(weft_partitioner_ *p)
{
    const weft_filterer_ *const w = &p->filterer;
    weft_filtering_ *const f = w->filtering;
    p->out[0] = f->rest + (w->begin - f->kept) * f->size;
    p->out[1] = f->out + f->kept * f->size;
    f->kept += p->found[1];
}

/* The rest of a tile is collected behind what may be kept of it. */
static void split_in_team(weft_partitioner_ *p)
{
    weft_filterer_ *const w = &p->filterer;
    const weft_filtering_ *const f = w->filtering;
    const size_t seen = w->begin - (f->pieces.head + w->tile * f->tile);
    p->out[0] = w->room + (f->tile + seen - w->collected) * f->size;
    p->out[1] = w->room + w->collected * f->size;
    w->collected += p->found[1];
}

static char *room_for_rest(weft_partitioner_ *alone, size_t n, size_t size)
{
    if (n <= sizeof alone->spare / size)
        return alone->spare;
    return n > SIZE_MAX / size ? NULL : weft__room_take(n * size);
}

void weft_partition_begin_(weft_filtering_ *f, weft_partitioner_ *alone, weft_parts_ *parts,
                           void *out, size_t n, size_t size)
{
    weft__need(out, n, "weft_partition", "out");
    f->out = out;
    f->size = size;
    f->rest = room_for_rest(alone, n, size);
    alone->parts = f->rest ? NULL : parts;
    parts->depth = parts->pieces = 0;
    size_t most = weft_filter_piece_;
    if (!f->rest)
        most = size > sizeof alone->spare ? 1 : weft__at_most(most, sizeof alone->spare / size);
    weft__filter_begin(f, &alone->filterer, n, f->rest ? weft_threads() : 1, most);
}

void weft_partition_enter_(weft_partitioner_ *p, weft_filtering_ *f)
{
    p->parts = NULL;
    weft_filter_enter_(&p->filterer, f);
}

bool weft_partition_next_(weft_partitioner_ *p)
{
    if (p->parts && p->filterer.count)
        add_part(p);
    return weft_filter_next_(&p->filterer);
}

void weft_partition_split_(weft_partitioner_ *p)
{
    weft_filterer_ *const w = &p->filterer;
    p->place[0] = p->other;
    p->place[1] = w->place;
    p->found[1] = weft__leaves()->split(w->place, p->other, w->holds, w->count);
    p->found[0] = w->count - p->found[1];
    if (p->parts)
        split_in_place(p);
    else if (weft__filter_alone(w))
        split_alone(p);
    else
        split_in_team(p);
}

size_t weft_partition_end_(weft_filtering_ *f, const weft_partitioner_ *alone)
{
    const size_t kept = weft_filter_end_(f), n = f->pieces.n;
    while (alone->parts && alone->parts->depth > 1)
        join_last(f, alone->parts, n);
    if (f->rest)
        weft__copy(f->out + kept * f->size, f->rest, (n - kept) * f->size);
    if (f->rest != alone->spare)
        weft__room_give_touched(f->rest, (n - kept) * f->size);
    return kept;
}
