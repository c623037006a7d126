/* loops.c - loop.h and map.h, and the fold and merge of reduce.h.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "rows.h"

#define Y ((double *)(void *)a->y)

static double image(const struct input *in, size_t k) { return 2 * in->f64[k] + 1; }

ALGORITHM(serial_loop)
{
    for (size_t k = 0; k < in->n; k++)
        Y[k] = image(in, k);
}

ALGORITHM(loop)
{
    weft_for (k, in->n)
        a->seen[k]++, Y[k] = image(in, k);
}

ALGORITHM(loop_dynamic)
{
    weft_for_dynamic (k, in->n)
        a->seen[k]++, Y[k] = image(in, k);
}

/* A plane with rows of 37, and one of a single row. */
enum { row = 37 };

ALGORITHM(loop2)
{
    weft_for2 (i, in->n / row + 1, j, row) {
        const size_t k = i * row + j;
        if (k < in->n)
            a->seen[k]++, Y[k] = image(in, k);
    }
}

ALGORITHM(loop2_thin)
{
    weft_for2 (i, 1, k, in->n)
        a->seen[i + k]++, Y[k] = image(in, k);
}

struct call {
    const struct input *in;
    struct answer *a;
};

static void range_body(weft_range r, void *ctx)
{
    const struct call *const c = ctx;
    struct answer *const a = c->a;
    weft_each (k, r)
        a->seen[k]++, Y[k] = image(c->in, k);
}

ALGORITHM(loop_range)
{
    struct call c = { in, a };
    weft_for_range(in->n, range_body, &c);
}

ALGORITHM(map) { weft_map(Y, k, in->n, (a->seen[k]++, image(in, k))); }

ALGORITHM(map_in_place)
{
    memcpy(a->y, in->f64, in->n * sizeof(double));
    weft_map(Y, k, in->n, 2 * Y[k] + 1);
}

/* Not commutative: where ranges would be merged out of order, `orderly` is lost. */
struct chain {
    size_t begin, end;
    bool orderly;
    double sum;
};

static void chain_fold(void *acc, weft_range r, void *ctx)
{
    struct chain *const c = acc;
    const struct call *const call = ctx;
    if (c->begin == c->end)
        c->begin = c->end = r.begin;
    c->orderly = c->orderly && c->end == r.begin;
    weft_each (k, r)
        call->a->seen[k]++, c->sum += call->in->f64[k];
    c->end = r.end;
}

static void chain_merge(void *into, const void *from)
{
    struct chain *const a = into;
    const struct chain *const b = from;
    *a = (struct chain){ a->begin, b->end, a->orderly && b->orderly && a->end == b->begin,
                         a->sum + b->sum };
}

ALGORITHM(reduce)
{
    struct call call = { in, a };
    struct chain c = { .orderly = true };
    weft_reduce(in->n, &c, sizeof c, chain_fold, chain_merge, &call);
    a->i = c.orderly && c.begin == 0 && c.end == in->n;
    a->f64 = isnan(c.sum) ? (double)NAN : c.sum; /* whose NaN it is depends on the compiler */
}

ALGORITHM(serial_reduce)
{
    long double sum = 0;
    for (size_t k = 0; k < in->n; k++) {
        sum += in->f64[k];
        a->magnitude += fabsl((long double)in->f64[k]);
    }
    a->f64 = (double)sum;
    a->i = 1;
}

#define LOOP_LAW(text, f, how) LAW(text, f, serial_loop, .width = sizeof(double), .visits = how)

static const struct law rows[] = {
    LOOP_LAW("weft_for", loop, EACH_ONCE),
    LOOP_LAW("weft_for_dynamic", loop_dynamic, EACH_ONCE),
    LOOP_LAW("weft_for2", loop2, EACH_ONCE),
    LOOP_LAW("weft_for2, thin", loop2_thin, EACH_ONCE),
    LOOP_LAW("weft_for_range", loop_range, EACH_ONCE),
    LOOP_LAW("weft_map", map, EACH_ONCE),
    LOOP_LAW("weft_map in place", map_in_place, BLIND),
    LAW("weft_reduce", reduce, serial_reduce, .visits = EACH_ONCE, .ulp = DBL_EPSILON, .lanes = 1,
        .calculates = true, .regroups = true),
};

FAMILY(loops, rows)
