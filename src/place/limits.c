/* limits.c - how many threads this process may use by default, and why.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     orders   WEFT_NUM_THREADS, OMP_NUM_THREADS       as they are
 *     grants   of a scheduler to the job               at most the allowed CPUs and the quota
 *     cores    one thread each                         at most the quota
 *
 * The first that is there counts. A grant may be larger than what the process gets of it: srun hands
 * SLURM_CPUS_PER_TASK on to steps that have fewer CPUs. Nothing goes beyond what can be created,
 * which is OMP_THREAD_LIMIT and the room for new threads: the caller is one already. */
#include "place/limits.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "place/cgroup.h"
#include "place/quota.h"
#include "place/room.h"
#include "place/trouble.h"
#include "place/variables.h"

/* Lines of why, strongest first. */
enum { at_room, at_limit, at_variables, at_quota = at_variables + weft__variables_count, at_cores };
_Static_assert(at_cores < WEFT__WHY_LINES, "every source has a line");

typedef struct sources {
    weft_limits *limits;
    weft__variable limit, variables[weft__variables_count];
    size_t quota; /* rounded up; SIZE_MAX: none */
} sources;

static size_t round_up(double cpus)
{
    if (cpus >= WEFT_THREADS_MAX)
        return SIZE_MAX;
    return cpus > 1 ? (size_t)ceil(cpus) : 1;
}

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

/* ---- which one wins ---- */

typedef struct decision {
    size_t threads, line;
    char rule[sizeof((weft_limits *)0)->rule];
} decision;

__attribute__((format(printf, 4, 5))) static void decide(decision *d, size_t threads, size_t line,
                                                         const char *rule, ...)
{
    va_list args;
    va_start(args, rule);
    vsnprintf(d->rule, sizeof d->rule, rule, args);
    va_end(args);
    d->threads = threads, d->line = line;
}

/* Names the bound, and behind it what it bounds. */
static void bound(decision *d, size_t most, size_t line, const char *rule)
{
    char before[sizeof d->rule];
    if (d->threads <= most)
        return;
    strcpy(before, d->rule);
    decide(d, most, line, "%s, below %s", rule, before);
}

static void quote_quota(const sources *s, char *text, size_t size)
{
    const double cpus = s->limits->quota;
    snprintf(text, size, "cgroup quota of %.4g CPU%s", cpus, cpus == 1 ? "" : "s");
}

static void by_grant(decision *d, const sources *s)
{
    const size_t cpus = weft_cpus_count(&s->limits->allowed);
    char rule[60];
    snprintf(rule, sizeof rule, "%zu CPU%s allowed", cpus, plural(cpus));
    bound(d, cpus, at_cores, rule);
    quote_quota(s, rule, sizeof rule);
    bound(d, s->quota, at_quota, rule);
}

/* False where no variable counts. */
static bool by_variables(decision *d, const sources *s)
{
    size_t k = 0;
    while (k < weft__variables_count && !s->variables[k].threads)
        k++;
    if (k == weft__variables_count)
        return false;
    const weft__variable *const v = &s->variables[k];
    decide(d, v->threads, at_variables + k, "%s", v->rule);
    if (v->is_grant)
        by_grant(d, s);
    return true;
}

static void by_machine(decision *d, const sources *s)
{
    const size_t cores = s->limits->allowed_cores;
    char quota[60];
    quote_quota(s, quota, sizeof quota);
    if (s->quota < cores)
        decide(d, s->quota, at_quota, "%s", quota);
    else
        decide(d, cores, at_cores, "%zu core%s", cores, plural(cores));
}

static decision choose(const sources *s)
{
    const size_t room = s->limits->new_threads;
    decision d;
    char rule[60];
    if (!by_variables(&d, s))
        by_machine(&d, s);
    if (s->limit.threads)
        bound(&d, s->limit.threads, at_limit, s->limit.rule);
    snprintf(rule, sizeof rule, "room for %zu new thread%s", room, plural(room));
    if (room < SIZE_MAX)
        bound(&d, room + 1, at_room, rule);
    return d;
}

/* ---- why ---- */

__attribute__((format(printf, 4, 5))) static void say(weft__why *why, const decision *d,
                                                      const char *source, const char *format, ...)
{
    char *const line = why->line[why->count];
    const size_t room = sizeof why->line[0];
    const int used = snprintf(line, room, "%c %-20s ", why->count == d->line ? '*' : ' ', source);
    va_list args;
    va_start(args, format);
    vsnprintf(line + used, room - (size_t)used, format, args);
    va_end(args);
    why->count++;
}

static void explain(weft__why *why, const decision *d, const sources *s)
{
    const weft_limits *const l = s->limits;
    const size_t cpus = weft_cpus_count(&l->allowed);
    if (l->new_threads < SIZE_MAX)
        say(why, d, "new threads", "room for %zu", l->new_threads);
    else
        say(why, d, "new threads", "no limit");
    say(why, d, s->limit.name, "%s", s->limit.text);
    for (size_t k = 0; k < weft__variables_count; k++)
        say(why, d, s->variables[k].name, "%s", s->variables[k].text);
    if (isinf(l->quota))
        say(why, d, "cgroup quota", "none");
    else
        say(why, d, "cgroup quota", "%.4g CPU%s", l->quota, l->quota == 1 ? "" : "s");
    say(why, d, "cores", "%zu, with %zu CPU%s", l->allowed_cores, cpus, plural(cpus));
}

static void report(const weft__variable *v, weft_limits *limits, weft__why *why)
{
    const size_t used = strlen(why->skipped);
    if (!v->is_wrong)
        return;
    weft__trouble(limits, "%s: %s", v->name, v->text);
    snprintf(why->skipped + used, sizeof why->skipped - used, "%s%s: %s", used ? "; " : "", v->name,
             v->text);
}

void weft__limits_find(weft_limits *limits, weft__why *why, const char *root,
                       const char *(*env)(const char *name))
{
    sources s = { .limits = limits };
    weft__cgroups groups;
    weft__cgroups_open(&groups, root, limits);
    weft__quota_find(&groups);
    weft__room_find(&groups);
    weft__cgroups_close(&groups);
    s.quota = round_up(limits->quota);
    weft__variables_read(s.variables, root, env);
    weft__variable_limit(&s.limit, env);
    for (size_t k = 0; k < weft__variables_count; k++)
        report(&s.variables[k], limits, why);
    report(&s.limit, limits, why);
    const decision d = choose(&s);
    limits->threads = d.threads;
    memcpy(limits->rule, d.rule, sizeof limits->rule);
    explain(why, &d, &s);
}
