/* warnings.c - what should make a reader doubt the numbers, and what to do about it.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "warnings.h"

#include <math.h>
#include <stdarg.h>

#include "table.h"

static const double wide_spread = 0.05;
static const double short_time =
    5e-3; /* seconds: about ten times what it takes to start a process */
static const double idle_growth = 1.1; /* of the CPUs used, from the fewest threads to the most */
static const double high_load = 0.1;   /* of all CPUs, used by others */

__attribute__((format(printf, 3, 4))) static void warn(FILE *out, const char *advice,
                                                       const char *seen, ...)
{
    va_list args;
    va_start(args, seen);
    fputs("warning: ", out);
    vfprintf(out, seen, args);
    fprintf(out, "\n  %s\n", advice);
    va_end(args);
}

/* ---- about one command ---- */

static void few_rounds(FILE *out, const result *r)
{
    if (r->point->count == 1)
        warn(out, "take five or more: --rounds 10 is the default", "one round shows no spread");
}

static void noise(FILE *out, const result *results, size_t count)
{
    const result *worst = results;
    for (size_t k = 1; k < count; k++)
        if (stats_spread(&results[k].time) > stats_spread(&worst->time))
            worst = &results[k];
    if (stats_spread(&worst->time) > wide_spread)
        warn(out, "take more --rounds, or measure again when the machine is quiet",
             "the spread is %.1f %% with %zu thread%s", 100 * stats_spread(&worst->time),
             worst->point->threads, table_plural(worst->point->threads));
}

static void short_runs(FILE *out, const result *results, size_t count)
{
    const summary *least = &results[0].time;
    char text[32];
    for (size_t k = 1; k < count; k++)
        if (results[k].time.median < least->median)
            least = &results[k].time;
    if (!results[0].reports && least->median < short_time)
        warn(out, "give it more work", "a run of %s is mostly the start and end of a process",
             format_seconds(least->median, text, sizeof text));
}

/* A program that does not know its number of threads is no study of them. */
static void unheard(FILE *out, const result *results, size_t count)
{
    const result *fewest = &results[0], *most = &results[count - 1];
    if (count > 1 && !fewest->point->told && most->cpus < idle_growth * fewest->cpus)
        warn(out, "where it takes the number of threads as an argument, write {threads}",
             "%.2f CPUs were busy with %zu thread%s, %.2f with %zu", fewest->cpus,
             fewest->point->threads, table_plural(fewest->point->threads), most->cpus,
             most->point->threads);
}

static const result *first_with(int output, const result *results, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if ((int)results[k].output == output)
            return &results[k];
    return NULL;
}

static void outputs(FILE *out, const result *results, size_t count)
{
    const result *varies = first_with(output_varies, results, count);
    const result *differs = first_with(output_differs, results, count);
    if (varies)
        warn(out, "is there a time, a seed or the name of a temporary file in it?",
             "the output varies from run to run with %zu thread%s", varies->point->threads,
             table_plural(varies->point->threads));
    else if (differs)
        warn(out, "compare it yourself before you trust the speedup",
             "the output with %zu thread%s is not that with %zu", differs->point->threads,
             table_plural(differs->point->threads), results[0].point->threads);
}

/* ---- about the whole study ---- */

static size_t most_threads(const study *s)
{
    size_t most = 0;
    for (size_t k = 0; k < s->count; k++)
        most = s->points[k].threads > most ? s->points[k].threads : most;
    return most;
}

static void few_cores(FILE *out, size_t most, const granted *machine)
{
    if (machine->cores && most > machine->cores)
        warn(out,
             most > machine->cpus ? "they take turns: read the table up to that many"
                                  : "hardware threads of one core share it: efficiency falls there",
             "%zu threads share %zu core%s", most, machine->cores, table_plural(machine->cores));
}

static void small_quota(FILE *out, size_t most, const granted *machine)
{
    if (machine->quota > 0 && (double)most > machine->quota)
        warn(out, "they are stopped for a part of the time: raise the quota, or take fewer",
             "%zu threads share a quota of %.3g CPUs", most, machine->quota);
}

static void others(FILE *out, double used, const granted *machine)
{
    if (machine->cpus && used > high_load * (double)machine->cpus)
        warn(out, "measure again when the machine is quiet",
             "others used %.1f of %zu CPUs meanwhile", used, machine->cpus);
}

void warnings_of_results(FILE *out, const result *results, size_t count)
{
    few_rounds(out, results);
    noise(out, results, count);
    short_runs(out, results, count);
    unheard(out, results, count);
    outputs(out, results, count);
}

void warnings_of_machine(FILE *out, const study *s, const granted *machine)
{
    const size_t most = most_threads(s);
    few_cores(out, most, machine);
    small_quota(out, most, machine);
    others(out, s->others, machine);
}
