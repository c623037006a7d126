/* verdict.c - medians, ratios by round, and whether the goal is met.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All contestants of a round ran within a second of each other, so a slow moment of the machine
 * slows both sides of a ratio: the ratio is taken by round, and its median is what counts.
 * A goal that lies within the spread of the ratio is neither met nor missed. */
#include "peer.h"

#include <stdlib.h>
#include <string.h>

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value a part q of the way through n sorted ones, between two of them where it falls so. */
static double quantile(const double *sorted, size_t n, double q)
{
    const double at = q * (double)(n - 1);
    const size_t k = (size_t)at;
    return k + 1 < n ? sorted[k] + (at - (double)k) * (sorted[k + 1] - sorted[k]) : sorted[k];
}

summary summarize(const double *values, size_t n)
{
    double sorted[most_rounds];
    memcpy(sorted, values, n * sizeof *values);
    qsort(sorted, n, sizeof *sorted, ascending);
    const double median = quantile(sorted, n, 0.5);
    const double range = quantile(sorted, n, 0.75) - quantile(sorted, n, 0.25);
    return (summary){ .median = median, .spread = range / 2 / median };
}

static summary ratio_of(const entry *a, const entry *b, size_t rounds)
{
    double ratios[most_rounds];
    for (size_t r = 0; r < rounds; r++)
        ratios[r] = a->seconds[r] / b->seconds[r];
    return summarize(ratios, rounds);
}

static const entry *first(const outcome *o, role role)
{
    for (size_t k = 0; k < o->count; k++)
        if (o->entries[k].who->role == role && !o->entries[k].absent)
            return &o->entries[k];
    return NULL;
}

static const entry *named(const outcome *o, const char *name)
{
    for (size_t k = 0; name && k < o->count; k++)
        if (strcmp(o->entries[k].who->name, name) == 0 && !o->entries[k].absent)
            return &o->entries[k];
    return NULL;
}

static const entry *fastest(const outcome *o, role role)
{
    const entry *best = first(o, role);
    for (size_t k = 0; k < o->count; k++) {
        const entry *e = &o->entries[k];
        if (e->who->role == role && !e->absent && e->time.median < best->time.median)
            best = e;
    }
    return best;
}

static verdict verdict_of(double value, double spread, double least)
{
    if (value * (1 - spread) >= least)
        return MET;
    return value * (1 + spread) < least ? MISSED : UNCLEAR;
}

void judge(outcome *o)
{
    const figure *f = o->figure;
    o->weft = first(o, WEFT);
    o->limit = fastest(o, LIMIT);
    o->base = f->base ? named(o, f->base) : fastest(o, PEER);
    if (!o->base)
        o->base = named(o, f->spare);
    o->verdict = NO_GOAL;
    if (!o->weft)
        return;
    if (o->limit)
        o->share = ratio_of(o->limit, o->weft, o->rounds);
    if (o->base)
        o->ratio = ratio_of(o->base, o->weft, o->rounds);
    if (f->at_most > 0)
        o->verdict = verdict_of(f->at_most / o->weft->time.median, o->weft->time.spread, 1);
    else if (f->goal > 0 && o->base)
        o->verdict = verdict_of(o->ratio.median, o->ratio.spread, f->goal);
}
