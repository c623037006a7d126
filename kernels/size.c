/* size.c - how large a job is, and whether memory holds it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A capped default is a half, a quarter, ... of the full one: what others take of the memory
 * meanwhile rarely changes it, so that all runs of a study have one size. */
#include "size.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "memory.h"

enum { times_cache = 4, least_elements = 1 << 20, unknown_cache = 32 << 20 };

static double items_of(const problem *p, size_t n)
{
    return p->square ? (double)n * (double)n : (double)n;
}

static double memory_of(const problem *p, size_t n) { return (double)p->each * items_of(p, n); }

static const char *format_bytes(double bytes, char text[static 32])
{
    static const char *const units[] = { "bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
    size_t k = 0;
    for (; bytes >= 1024 && k < sizeof units / sizeof *units - 1; k++)
        bytes /= 1024;
    snprintf(text, 32, "%.4g %s", bytes, units[k]);
    return text;
}

/* ---- of the user's ---- */

/* The greatest n that memory holds. */
static double most_in(const problem *p, const memory *m)
{
    const double items = floor((double)m->available / (double)p->each);
    return p->square ? floor(sqrt(items)) : items;
}

static bool holds(const problem *p, size_t n, const memory *m)
{
    char takes[32], there[32];
    if (p->most && n > p->most)
        return complain("-n is %zu: %s takes 1 to %zu %s", n, p->name, p->most, p->unit);
    if (m->available == SIZE_MAX || memory_of(p, n) <= (double)m->available)
        return true;
    return complain("-n is %zu: %s takes %s for that, and %s leaves %s: it must be at most %.0f", n,
                    p->name, format_bytes(memory_of(p, n), takes), m->source,
                    format_bytes((double)m->available, there), most_in(p, m));
}

/* ---- the default ---- */

static size_t uncapped(const problem *p, const memory *m)
{
    const size_t cache = m->cache ? m->cache : unknown_cache,
                 n = times_cache * cache / sizeof(double);
    return p->n ? p->n : n < least_elements ? least_elements : n;
}

static void say_cap(const problem *p, size_t n, size_t full, const memory *m)
{
    char takes[32], there[32];
    complain(
        "%s: n is capped at %zu: the default of %zu %s takes %s, more than half of the %s that %s "
        "leaves",
        p->name, n, full, p->unit, format_bytes(memory_of(p, full), takes),
        format_bytes((double)m->available, there), m->source);
}

static bool settle_default(job *j, const memory *m)
{
    const problem *p = j->problem;
    const size_t full = uncapped(p, m);
    for (j->n = full; j->n > 1 && memory_of(p, j->n) > (double)m->available / 2; j->n /= 2)
        ;
    if (j->n < full)
        say_cap(p, j->n, full, m);
    return true;
}

bool size_settle(job *j, size_t n, const char *root)
{
    const problem *p = j->problem;
    memory m;
    memory_read(&m, root);
    j->memory = m.available;
    j->n = n;
    if (p->reads_input)
        j->n = n ? n : j->input_count ? SIZE_MAX : p->n;
    else if (n ? !holds(p, n, &m) : !settle_default(j, &m))
        return false;
    j->items = items_of(p, j->n);
    j->bytes = p->bytes * j->items;
    j->flops = p->flops * j->items;
    return true;
}
