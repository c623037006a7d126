/* result.c - what follows from the samples of one command at some thread counts.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "result.h"

#include <math.h>
#include <stdlib.h>

static bool reports_time(const point *p)
{
    for (size_t k = 0; k < p->count; k++)
        if (!(p->samples[k].seconds > 0))
            return false;
    return true;
}

static bool all_report_time(const point *points, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (!reports_time(&points[k]))
            return false;
    return true;
}

/* What is derived from one sample. */
typedef double derived(const sample *s);

static double own_time(const sample *s) { return s->seconds; }
static double own_cpus(const sample *s) { return s->cpu / s->seconds; }
static double wall_time(const sample *s) { return s->wall; }
static double wall_cpus(const sample *s) { return (s->user + s->sys) / s->wall; }
static double stopped(const sample *s) { return s->throttled; }

static double *all_of(const point *p, derived *of)
{
    double *x = malloc((p->count + 1) * sizeof *x);
    if (!x)
        abort();
    for (size_t k = 0; k < p->count; k++)
        x[k] = of(&p->samples[k]);
    return x;
}

static summary over(const point *p, derived *of)
{
    double *x = all_of(p, of);
    const summary s = stats_summary(x, p->count);
    free(x);
    return s;
}

static double trend_of(const point *p, derived *of)
{
    double *x = all_of(p, of);
    const double trend = stats_trend(x, p->count);
    free(x);
    return trend;
}

static bool same_output(const point *p)
{
    for (size_t k = 1; k < p->count; k++)
        if (p->samples[k].hash != p->samples[0].hash)
            return false;
    return true;
}

static result derive(const point *p, bool reports)
{
    derived *time = reports ? own_time : wall_time;
    result r = { .point = p, .reports = reports, .tied = false };
    r.time = over(p, time);
    r.trend = trend_of(p, time);
    r.cpus = over(p, reports ? own_cpus : wall_cpus).median;
    r.bytes = p->samples[0].bytes / r.time.median;
    r.flops = p->samples[0].flops / r.time.median;
    r.items = p->samples[0].items / r.time.median;
    r.throttled = over(p, stopped).mean;
    r.speedup_ci = r.efficiency_ci = r.karp_flatt_ci = (interval){ NAN, NAN };
    r.karp_flatt = NAN;
    return r;
}

/* base may be r itself. */
static void compare(result *r, const result *base)
{
    const uint64_t hash = r->point->samples[0].hash, base_hash = base->point->samples[0].hash;
    r->speedup = base->time.median / r->time.median;
    r->efficiency = r->speedup * (double)base->point->threads / (double)r->point->threads;
    r->output = !same_output(r->point)                          ? output_varies
                : same_output(base->point) && hash == base_hash ? output_same
                                                                : output_differs;
}

void results_of(const point *points, size_t count, result *results)
{
    const bool reports = all_report_time(points, count);
    for (size_t k = 0; k < count; k++) {
        results[k] = derive(&points[k], reports);
        compare(&results[k], &results[0]);
    }
}

void result_times(const point *p, bool reports, double *seconds)
{
    for (size_t k = 0; k < p->count; k++)
        seconds[k] = (reports ? own_time : wall_time)(&p->samples[k]);
}

double result_precision(const point *p)
{
    const summary s = over(p, p->count && reports_time(p) ? own_time : wall_time);
    return stats_precision(&s);
}
