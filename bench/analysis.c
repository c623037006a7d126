/* analysis.c - what follows from one command at some thread counts: intervals, laws, advice.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "analysis.h"

#include <math.h>
#include <stdlib.h>

#include "bootstrap.h"

const double good_efficiency = 0.7;

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

/* ---- intervals of ratios ---- */

static bootstrap redraw(const analysis *a)
{
    const size_t rounds = a->result[0].point->count;
    double *all = must(malloc(a->count * rounds * sizeof *all));
    const double **x = must(malloc(a->count * sizeof *x));
    for (size_t k = 0; k < a->count; k++) {
        result_times(a->result[k].point, a->result[k].reports, all + k * rounds);
        x[k] = all + k * rounds;
    }
    const bootstrap b = bootstrap_of(x, a->count, rounds);
    free(all), free(x);
    return b;
}

typedef struct pair {
    size_t over, under;
} pair;

static double ratio(const double *medians, const void *context)
{
    const pair *p = context;
    return medians[p->over] / medians[p->under];
}

static interval times(interval i, double factor)
{
    return (interval){ factor * i.low, factor * i.high };
}

static void compare(result *r, size_t k, const analysis *a, const bootstrap *b)
{
    const double p = (double)r->point->threads, base = (double)a->result[0].point->threads;
    const interval slower = bootstrap_interval(b, ratio, &(pair){ k, a->fastest });
    r->tied = k == a->fastest || slower.low <= 1;
    if (k == 0)
        return;
    r->speedup_ci = bootstrap_interval(b, ratio, &(pair){ 0, k });
    r->efficiency_ci = times(r->speedup_ci, base / p);
    if (base > 1)
        return;
    r->karp_flatt = fits_karp_flatt(p, r->speedup);
    r->karp_flatt_ci =
        (interval){ fits_karp_flatt(p, r->speedup_ci.high), fits_karp_flatt(p, r->speedup_ci.low) };
}

/* ---- laws ---- */

static bool has_own_cores(const point *p) { return p->cores >= p->threads; }

/* p and s of the points with a core for each thread, from the medians of one draw; returns n. */
static size_t usable(const analysis *a, const double *medians, double *p, double *s)
{
    size_t n = 0;
    for (size_t k = 0; k < a->count; k++)
        if (has_own_cores(a->result[k].point)) {
            p[n] = (double)a->result[k].point->threads;
            s[n++] = medians[0] / medians[k];
        }
    return n;
}

static double serial_share(const double *medians, const void *context)
{
    const analysis *a = context;
    double *p = must(malloc(2 * a->count * sizeof *p)), *s = p + a->count;
    const size_t n = usable(a, medians, p, s);
    const double share = fits_amdahl(p, s, n);
    free(p);
    return share;
}

static usl_fit scalability(const double *medians, const analysis *a)
{
    double *p = must(malloc(2 * a->count * sizeof *p)), *s = p + a->count;
    const size_t n = usable(a, medians, p, s);
    const usl_fit law = fits_usl(p, s, n);
    free(p);
    return law;
}

static refusal may_fit(const analysis *a, size_t least)
{
    if (a->result[0].point->threads > 1)
        return refused_no_serial;
    return a->usable < least ? refused_few : fitted;
}

static void fit(analysis *a, const bootstrap *b)
{
    double *medians = must(malloc(a->count * sizeof *medians));
    for (size_t k = 0; k < a->count; k++)
        medians[k] = a->result[k].time.median;
    a->amdahl = may_fit(a, amdahl_least);
    a->usl = may_fit(a, usl_least);
    if (a->amdahl == fitted) {
        a->serial = serial_share(medians, a);
        a->serial_ci = bootstrap_interval(b, serial_share, a);
    }
    if (a->usl == fitted)
        a->scalability = scalability(medians, a);
    free(medians);
}

/* ---- the whole ---- */

static void find_best(analysis *a)
{
    for (size_t k = 0; k < a->count; k++) {
        if (a->result[k].time.median < a->result[a->fastest].time.median)
            a->fastest = k;
        if (a->result[k].efficiency >= good_efficiency)
            a->efficient = k;
        a->usable += has_own_cores(a->result[k].point);
    }
}

analysis analysis_of(const point *points, size_t count)
{
    analysis a = { .count = count, .serial = NAN, .serial_ci = { NAN, NAN } };
    a.result = must(calloc(count, sizeof *a.result));
    results_of(points, count, a.result);
    find_best(&a);
    bootstrap b = redraw(&a);
    for (size_t k = 0; k < count; k++)
        compare(&a.result[k], k, &a, &b);
    fit(&a, &b);
    bootstrap_free(&b);
    return a;
}

void analysis_free(analysis *a)
{
    free(a->result);
    *a = (analysis){ 0 };
}
