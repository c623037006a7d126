/* warnings.c - what should make a reader doubt the numbers, and what to do about it.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "warnings.h"

#include <math.h>
#include <stdarg.h>

#include "launch.h"
#include "table.h"

static const double wide_spread = 0.05;
static const double short_time =
    5e-3; /* seconds: about ten times what it takes to start a process */
static const double idle_growth = 1.1;   /* of the CPUs used, from the fewest threads to the most */
static const double high_load = 0.1;     /* of all CPUs, used by others */
static const double high_steal = 0.01;   /* of all CPUs, taken by the hypervisor */
static const double sure_trend = 0.01;   /* p-value, for all thread counts together */
static const double much_stopped = 0.01; /* of the wall time, by the quota */

enum { rounds_for_interval = 6, looks_that_tell = 3 };

__attribute__((format(printf, 4, 5))) static void warn(warnings *w, const char *code,
                                                       const char *advice, const char *seen, ...)
{
    if (w->count == warnings_most)
        return;
    warning *next = &w->list[w->count++];
    va_list args;
    va_start(args, seen);
    vsnprintf(next->seen, sizeof next->seen, seen, args);
    va_end(args);
    next->code = code, next->advice = advice;
}

/* ---- about times ---- */

static void few_rounds(warnings *w, const analysis *a)
{
    const size_t n = a->result->time.n;
    if (n < rounds_for_interval)
        warn(w, "few_rounds", "take six or more: --rounds 10 is the default",
             "%zu round%s no 95 %% interval", n, n == 1 ? " has" : "s have");
}

static void noise(warnings *w, const analysis *a)
{
    const result *worst = a->result;
    for (size_t k = 1; k < a->count; k++)
        if (stats_spread(&a->result[k].time) > stats_spread(&worst->time))
            worst = &a->result[k];
    if (stats_spread(&worst->time) > wide_spread)
        warn(w, "noise", "take more --rounds, or measure again when the machine is quiet",
             "the spread is %.1f %% with %zu thread%s: half the interquartile range",
             100 * stats_spread(&worst->time), worst->point->threads,
             table_plural(worst->point->threads));
}

static void drift(warnings *w, const analysis *a)
{
    const result *worst = NULL;
    for (size_t k = 0; k < a->count; k++)
        if (a->result[k].trend < (worst ? worst->trend : sure_trend / (double)a->count))
            worst = &a->result[k];
    if (worst)
        warn(w, "drift", "take more --warmup rounds; does it leave more work to each next run?",
             "times with %zu thread%s rise or fall from round to round (p = %.1g)",
             worst->point->threads, table_plural(worst->point->threads), worst->trend);
}

static void short_runs(warnings *w, const analysis *a)
{
    const summary *least = &a->result[a->fastest].time;
    char text[32];
    if (!a->result->reports && least->median < short_time)
        warn(w, "short_runs", "give it more work",
             "a run of %s is mostly the start and end of a process",
             format_seconds(least->median, text, sizeof text));
}

/* ---- about threads ---- */

/* A program that does not know its number of threads is no study of them. */
static void unheard(warnings *w, const analysis *a)
{
    const result *fewest = &a->result[0], *most = &a->result[a->count - 1];
    if (a->count > 1 && !fewest->point->told && most->cpus < idle_growth * fewest->cpus)
        warn(w, "unheard", "where it takes the number of threads as an argument, write {threads}",
             "%.2f CPUs were busy with %zu thread%s, %.2f with %zu", fewest->cpus,
             fewest->point->threads, table_plural(fewest->point->threads), most->cpus,
             most->point->threads);
}

static void missing_threads(warnings *w, const analysis *a)
{
    for (size_t k = 0; k < a->count; k++) {
        const point *p = a->result[k].point;
        if (p->seen.looks < looks_that_tell || p->seen.threads >= p->threads)
            continue;
        warn(w, "threads", "does it know {threads} or OMP_NUM_THREADS? has it work for so many?",
             "%zu thread%s at most where %zu were asked for", p->seen.threads,
             p->seen.threads == 1 ? " was seen" : "s were seen", p->threads);
        return;
    }
}

static void broken_binding(warnings *w, const analysis *a)
{
    for (size_t k = 0; k < a->count; k++) {
        const point *p = a->result[k].point;
        const binding b = watch_binding(&p->seen);
        const bool escaped = b == binding_escaped;
        if (!escaped && b != binding_huddled)
            continue;
        const weft_cpus places = launch_union(p->places, p->threads);
        char is[60], should[60];
        weft_cpus_format(escaped ? &p->seen.allowed : &p->seen.huddle, is, sizeof is);
        weft_cpus_format(&places, should, sizeof should);
        warn(w, "binding", "does it bind its threads itself? turn that off, or take --place none",
             "with %zu thread%s: its threads may run on CPUs %s, their places are %s", p->threads,
             table_plural(p->threads), is, should);
        return;
    }
}

/* ---- about the output ---- */

static const result *first_with(int output, const analysis *a)
{
    for (size_t k = 0; k < a->count; k++)
        if ((int)a->result[k].output == output)
            return &a->result[k];
    return NULL;
}

static void outputs(warnings *w, const analysis *a)
{
    const result *varies = first_with(output_varies, a), *differs = first_with(output_differs, a);
    if (varies)
        warn(w, "output_varies", "is there a time, a seed or the name of a temporary file in it?",
             "the output varies from run to run with %zu thread%s", varies->point->threads,
             table_plural(varies->point->threads));
    else if (differs)
        warn(w, "output_differs", "compare it yourself before you trust the speedup",
             "the output with %zu thread%s is not that with %zu", differs->point->threads,
             table_plural(differs->point->threads), a->result->point->threads);
}

/* ---- about the machine ---- */

static void stopped(warnings *w, const analysis *a)
{
    const result *worst = NULL;
    for (size_t k = 0; k < a->count; k++)
        if (a->result[k].throttled >
            (worst ? worst->throttled : much_stopped * a->result[k].time.median))
            worst = &a->result[k];
    char text[32];
    if (worst)
        warn(w, "throttled", "the time is that of the quota: raise it, or take fewer threads",
             "the quota stopped threads for %s in an average run with %zu thread%s",
             format_seconds(worst->throttled, text, sizeof text), worst->point->threads,
             table_plural(worst->point->threads));
}

static size_t most_threads(const study *s)
{
    size_t most = 0;
    for (size_t k = 0; k < s->count; k++)
        most = s->points[k].threads > most ? s->points[k].threads : most;
    return most;
}

static void few_cores(warnings *w, size_t most, const granted *machine)
{
    if (machine->cores && most > machine->cores)
        warn(w, "few_cores",
             most > machine->cpus ? "they take turns: read the table up to that many"
                                  : "hardware threads of one core share it: efficiency falls there",
             "%zu threads share %zu core%s", most, machine->cores, table_plural(machine->cores));
}

static void small_quota(warnings *w, size_t most, const granted *machine)
{
    if (machine->quota > 0 && (double)most > machine->quota)
        warn(w, "small_quota",
             "they are stopped for a part of the time: raise the quota, or take fewer",
             "%zu threads share a quota of %.3g CPUs", most, machine->quota);
}

static void others(warnings *w, double used, const granted *machine)
{
    if (machine->cpus && used > high_load * (double)machine->cpus)
        warn(w, "others", "measure again when the machine is quiet",
             "others used %.1f of %zu CPUs meanwhile", used, machine->cpus);
}

static void steal(warnings *w, double stolen, const granted *machine)
{
    if (machine->cpus && stolen > high_steal * (double)machine->cpus)
        warn(w, "steal", "measure again when its host is quiet, or on a machine of your own",
             "the hypervisor took %.2f of %zu CPUs meanwhile", stolen, machine->cpus);
}

void warnings_of_results(warnings *w, const analysis *a)
{
    few_rounds(w, a);
    noise(w, a);
    drift(w, a);
    short_runs(w, a);
    unheard(w, a);
    missing_threads(w, a);
    broken_binding(w, a);
    outputs(w, a);
    stopped(w, a);
}

void warnings_of_machine(warnings *w, const study *s, const granted *machine)
{
    const size_t most = most_threads(s);
    few_cores(w, most, machine);
    small_quota(w, most, machine);
    others(w, load_others(&s->before, &s->after), machine);
    steal(w, load_steal(&s->before, &s->after), machine);
}

void warnings_print(FILE *out, const warnings *w)
{
    for (size_t k = 0; k < w->count; k++)
        fprintf(out, "warning: %s\n  %s\n", w->list[k].seen, w->list[k].advice);
}
