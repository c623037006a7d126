/* region.c - opens and closes a region; lets each thread in and out.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The same functions serve the library's own region and those of the macros in users' files. */
#include <weft/region.h>

#include <omp.h>

#include <weft/team.h>

#include "base/at_most.h"
#include "base/signals.h"
#include "team/aside.h"
#include "team/member.h"
#include "team/plan.h"
#include "team/rounding.h"
#include "team/spans.h"
#include "team/team.h"

/* `unit` indices a unit, more where there would be too many units for one word. */
static size_t unit_of(size_t n, size_t unit)
{
    const size_t least = n / weft__spans_most + 1;
    return unit > least ? unit : least;
}

static void hand_out(weft_region_ *r, size_t unit)
{
    r->unit = unit_of(r->n, unit);
    const size_t units = r->n / r->unit + (r->n % r->unit != 0);
    r->spans = weft__spans_new((size_t)r->threads, units);
    if (!r->spans)
        r->threads = 1;
}

/* In a task there is a team, and it is as it must be. */
static weft_region_ shared(size_t n, size_t threads, size_t unit)
{
    weft_region_ r = { .threads = (int)weft__at_most(threads, n), .open = true, .n = n };
    if (r.threads > 1 && unit)
        hand_out(&r, unit);
    return r;
}

weft_region_ weft__region(size_t n, size_t threads, size_t unit)
{
    if (weft__member.worker)
        return shared(n, threads, unit);
    weft_region_ r = { .threads = (int)weft__ready(weft__at_most(threads, n)),
                       .open = true,
                       .n = n };
    if (r.threads > 1 && unit)
        hand_out(&r, unit);
    if (r.threads > 1)
        r.plan = weft__plan_for((size_t)r.threads);
    if (r.plan)
        weft__step_aside(r.plan);
    return r;
}

/* A team of one thread still opens a region where the body is a macro's: it needs at least 1. */
static weft_region_ for_macro(size_t n, size_t unit)
{
    weft_region_ r = weft__region(n, weft_threads(), unit);
    if (r.threads < 1)
        r.threads = 1;
    return r;
}

weft_region_ weft_region_begin_(size_t n) { return for_macro(n, 0); }
weft_region_ weft_region_begin_dynamic_(size_t n) { return for_macro(n, 1); }

void weft_region_end_(weft_region_ *region)
{
    weft__spans_free(region->spans);
    region->spans = NULL;
    region->open = false;
}

/* The region in which a team grows is not open: its workers are as they must be, or the host's. */
static void greet(const weft_region_ *region)
{
    struct weft__member *const me = &weft__member;
    if (!me->met && region->open)
        weft__block_signals(NULL);
    me->met = true;
}

weft_worker_ weft_enter_(weft_region_ *region)
{
    weft_worker_ w = { .region = region, .open = true, .rounding = weft__rounding_begin() };
    if (region->threads > 1) {
        w.self = (size_t)omp_get_thread_num();
        if (w.self)
            greet(region);
        if (w.self && region->plan)
            weft__plan_bind(region->plan, w.self);
    } else {
        w.end = region->n; /* all of it is the one thread's */
    }
    return w;
}

void weft_leave_(weft_worker_ *worker)
{
    weft__rounding_end(worker->rounding);
    worker->open = false;
}

static bool next_unit(weft_worker_ *w)
{
    const weft_region_ *const r = w->region;
    size_t unit;
    if (!r->spans || !weft__spans_next(r->spans, w->self, &unit))
        return false;
    w->index = unit * r->unit;
    w->end = weft__at_most(w->index + r->unit, r->n);
    return true;
}

bool weft_next_(weft_worker_ *worker)
{
    if (worker->index == worker->end && !next_unit(worker))
        return false;
    worker->index++;
    return true;
}
