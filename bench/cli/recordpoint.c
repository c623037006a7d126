/* recordpoint.c - one command at one thread count, as JSON.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "recordpoint.h"

#include <inttypes.h>
#include <sys/wait.h>

#include "conclusions.h"
#include "jsonfile.h"
#include "machinejson.h"
#include "report.h"

/* ---- samples ---- */

static json_t *exit_of(const sample *s)
{
    return json_integer(WIFSIGNALED(s->status) ? 128 + WTERMSIG(s->status)
                                               : WEXITSTATUS(s->status));
}

json_t *recordpoint_sample(const sample *s)
{
    json_t *o = json_object();
    json_object_set_new(o, "round", json_integer((json_int_t)s->round));
    json_object_set_new(o, "seq", json_integer((json_int_t)s->order));
    json_object_set_new(o, "warmup", json_boolean(s->warmup));
    json_object_set_new(o, "watched", json_boolean(s->watched));
    json_set(o, "wall_s", s->wall);
    json_set(o, "user_s", s->user);
    json_set(o, "sys_s", s->sys);
    json_set(o, "reported_s", s->seconds);
    json_set(o, "reported_cpu_s", s->cpu);
    json_set(o, "bytes", s->bytes);
    json_set(o, "flops", s->flops);
    json_set(o, "items", s->items);
    json_object_set_new(o, "maxrss_kib", json_integer(s->memory));
    json_object_set_new(o, "nvcsw", json_integer(s->waits));
    json_object_set_new(o, "nivcsw", json_integer(s->preemptions));
    json_set(o, "throttled_us", 1e6 * s->throttled);
    json_object_set_new(o, "exit", exit_of(s));
    json_object_set_new(o, "out_fnv1a", json_sprintf("%016" PRIx64, s->hash));
    return o;
}

static void add_samples(json_t *list, const sample *s, size_t n, size_t counted)
{
    for (size_t k = 0; k < n; k++) {
        json_t *one = recordpoint_sample(&s[k]);
        json_object_set_new(one, "counted", json_boolean(k < counted));
        json_array_append_new(list, one);
    }
}

static json_t *samples(const point *p)
{
    json_t *list = json_array();
    add_samples(list, p->warmups, p->warmed, 0);
    add_samples(list, p->samples, p->taken, p->count);
    return list;
}

/* ---- placement ---- */

static json_t *seen(const watcher *w)
{
    json_t *o = json_object();
    json_object_set_new(o, "looks", json_integer((json_int_t)w->looks));
    json_object_set_new(o, "threads", json_integer((json_int_t)w->threads));
    json_object_set_new(o, "processes", json_integer((json_int_t)w->processes));
    json_object_set_new(o, "allowed", machinejson_cpus(&w->allowed));
    json_object_set_new(o, "ran_on", machinejson_cpus(&w->ran));
    json_object_set_new(o, "places_held", json_integer((json_int_t)w->held));
    return o;
}

static json_t *placement(const point *p, const char *policy)
{
    json_t *o = json_object();
    json_object_set_new(o, "policy", json_string(policy));
    json_object_set_new(o, "places",
                        p->places ? machinejson_places(p->places, p->threads) : json_null());
    json_object_set_new(o, "cores", json_integer((json_int_t)p->cores));
    json_object_set_new(o, "verified", json_string(conclusions_binding(p)));
    json_object_set_new(o, "seen", seen(&p->seen));
    return o;
}

/* ---- figures ---- */

static json_t *stats(const result *r)
{
    const summary *t = &r->time;
    json_t *o = json_object();
    json_object_set_new(o, "n", json_integer((json_int_t)t->n));
    json_object_set_new(o, "of", json_string(r->reports ? "reported_s" : "wall_s"));
    json_set(o, "median", t->median);
    json_pair(o, "ci95", t->ci.low, t->ci.high);
    json_set(o, "min", t->min);
    json_set(o, "max", t->max);
    json_set(o, "p5", t->p5);
    json_set(o, "p95", t->p95);
    json_set(o, "mean", t->mean);
    json_set(o, "mad", t->mad);
    json_set(o, "drift_p", r->trend);
    return o;
}

static json_t *with_interval(double value, interval ci)
{
    json_t *o = json_object();
    json_set(o, "v", value);
    json_pair(o, "ci", ci.low, ci.high);
    return o;
}

/* Work a second: the interval is that of the time, upside down. */
static json_t *rate(double value, const summary *time)
{
    const double work = value * time->median;
    return with_interval(value, (interval){ work / time->ci.high, work / time->ci.low });
}

static void add_figures(json_t *o, const result *r)
{
    json_object_set_new(o, "stats", stats(r));
    json_object_set_new(o, "speedup", with_interval(r->speedup, r->speedup_ci));
    json_object_set_new(o, "efficiency", with_interval(r->efficiency, r->efficiency_ci));
    json_object_set_new(o, "karp_flatt", with_interval(r->karp_flatt, r->karp_flatt_ci));
    json_object_set_new(o, "bytes_per_s", rate(r->bytes, &r->time));
    json_object_set_new(o, "flops_per_s", rate(r->flops, &r->time));
    json_object_set_new(o, "items_per_s", rate(r->items, &r->time));
    json_set(o, "cpus_used", r->cpus);
    json_object_set_new(o, "output", json_string(report_output(r)));
    json_object_set_new(o, "tied", json_boolean(r->tied));
}

json_t *recordpoint_of(const point *p, const char *policy, const result *r)
{
    json_t *o = json_object();
    json_object_set_new(o, "threads", json_integer((json_int_t)p->threads));
    json_object_set_new(o, "placement", placement(p, policy));
    json_object_set_new(o, "samples", samples(p));
    if (r)
        add_figures(o, r);
    return o;
}
