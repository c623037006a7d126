/* report.c - a study as a table, a recommendation and warnings.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     speedup(p) = T(base) / T(p)        efficiency(p) = speedup(p) * base / p
 *
 * where T is the median and base the least thread count that did not fail. The sample is the time
 * that the program reports of itself, if it does so every time, else its wall time from start to end. */
#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "stats.h"
#include "table.h"

static const double good_efficiency = 0.7;
static const double high_load = 0.1; /* of all CPUs, used by others */

/* What is derived from the samples of one point. */
typedef struct result {
    const point *point;
    bool reports; /* every sample has a time of the program's own */
    summary time; /* seconds */
    double cpus;  /* that were busy on average */
    double rate;  /* bytes a second; NaN: unknown */
    uint64_t hash;
    bool steady; /* every sample has that hash */
} result;

static bool reports_time(const point *p)
{
    for (size_t k = 0; k < p->count; k++)
        if (!(p->samples[k].seconds > 0))
            return false;
    return true;
}

static double seconds(const result *r, const sample *s)
{
    return r->reports ? s->seconds : s->wall;
}

static double cpu_seconds(const result *r, const sample *s)
{
    return r->reports ? s->cpu : s->user + s->sys;
}

static bool same_hash(const point *p)
{
    for (size_t k = 1; k < p->count; k++)
        if (p->samples[k].hash != p->samples[0].hash)
            return false;
    return true;
}

/* The median of f over the samples. */
static summary over(const result *r, double f(const result *, const sample *))
{
    const point *p = r->point;
    double *x = malloc((p->count + 1) * sizeof *x);
    if (!x)
        abort();
    for (size_t k = 0; k < p->count; k++)
        x[k] = f(r, &p->samples[k]);
    const summary s = stats_summary(x, p->count);
    free(x);
    return s;
}

static double cpus_used(const result *r, const sample *s)
{
    return cpu_seconds(r, s) / seconds(r, s);
}

static result derive(const point *p, bool reports)
{
    result r = {
        .point = p, .reports = reports, .hash = p->samples[0].hash, .steady = same_hash(p)
    };
    r.time = over(&r, seconds);
    r.cpus = over(&r, cpus_used).median;
    r.rate = p->samples[0].bytes / r.time.median;
    return r;
}

/* The points that have samples; returns how many. */
static size_t derive_all(const point *from, size_t count, result *results)
{
    bool reports = true;
    size_t n = 0;
    for (size_t k = 0; k < count; k++)
        reports = reports && reports_time(&from[k]);
    for (size_t k = 0; k < count; k++)
        if (!from[k].failed && from[k].count)
            results[n++] = derive(&from[k], reports);
    return n;
}

static double speedup(const result *base, const result *r)
{
    return base->time.median / r->time.median;
}

static double efficiency(const result *base, const result *r)
{
    return speedup(base, r) * (double)base->point->threads / (double)r->point->threads;
}

static const char *output(const result *base, const result *r)
{
    return !r->steady ? "varies" : r->hash == base->hash && base->steady ? "same" : "differs";
}

static void table_head(table *t, bool rate)
{
    static const char *const names[] = { "threads",    "median", "spread",    "speedup",
                                         "efficiency", "rate",   "CPUs used", "output" };
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (rate || strcmp(names[k], "rate") != 0)
            table_cell(t, "%s", names[k]);
    table_row(t);
}

static void table_result(table *t, const result *base, const result *r, bool rate)
{
    char text[32];
    table_cell(t, "%zu", r->point->threads);
    table_cell(t, "%s", format_seconds(r->time.median, text, sizeof text));
    table_cell(t, "%.1f %%", 100 * stats_spread(&r->time));
    table_cell(t, "%.2f", speedup(base, r));
    table_cell(t, "%.0f %%", 100 * efficiency(base, r));
    if (rate)
        table_cell(t, "%s", format_rate(r->rate, text, sizeof text));
    table_cell(t, "%.2f", r->cpus);
    table_cell(t, "%s", output(base, r));
    table_row(t);
}

static void print_table(FILE *out, const result *results, size_t n)
{
    table *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    const bool rate = !isnan(results[0].rate);
    table_head(t, rate);
    for (size_t k = 0; k < n; k++)
        table_result(t, results, &results[k], rate);
    table_print(t, out);
    free(t);
}

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

static void print_advice(FILE *out, const result *results, size_t n)
{
    const result *fastest = results, *efficient = results;
    char text[32];
    for (size_t k = 0; k < n; k++) {
        if (results[k].time.median < fastest->time.median)
            fastest = &results[k];
        if (efficiency(results, &results[k]) >= good_efficiency)
            efficient = &results[k];
    }
    fprintf(out, "fastest: %zu thread%s, %s; most threads at %.0f %% efficiency or better: %zu\n",
            fastest->point->threads, plural(fastest->point->threads),
            format_seconds(fastest->time.median, text, sizeof text), 100 * good_efficiency,
            efficient->point->threads);
}

static void print_output_notes(FILE *out, const result *results, size_t n)
{
    size_t varying = 0, differing = 0;
    for (size_t k = 0; k < n; k++) {
        varying += !results[k].steady;
        differing += strcmp(output(results, &results[k]), "differs") == 0;
    }
    if (varying)
        fprintf(out, "warning: the output varies from run to run at the same thread count\n");
    else if (differing)
        fprintf(out, "warning: the output depends on the thread count\n");
}

static void print_head(FILE *out, const study *s, const result *base)
{
    fprintf(out, "%s\n", base->point->title);
    fprintf(out, "time: %s; median of %zu rounds after %zu to warm up\n",
            base->reports ? "one run of the measured part, as the program reports it"
                          : "the whole process, from start to end",
            s->rounds, s->warmups);
    fprintf(out, "spread: half the interquartile range; speedup: against %zu thread%s\n",
            base->point->threads, plural(base->point->threads));
}

static void describe_failure(FILE *out, const sample *s)
{
    if (s->exec_error)
        fprintf(out, "cannot be started: %s", strerror(s->exec_error));
    else if (WIFSIGNALED(s->status))
        fprintf(out, "ended by signal %d (%s)", WTERMSIG(s->status),
                strsignal(WTERMSIG(s->status)));
    else
        fprintf(out, "exit status %d", WEXITSTATUS(s->status));
}

static void indent(FILE *out, const char *text)
{
    while (*text) {
        const size_t line = strcspn(text, "\n");
        fprintf(out, "    %.*s\n", (int)line, text);
        text += line + (text[line] == '\n');
    }
}

void report_command(FILE *out, const study *s, const point *from, size_t count)
{
    result *results = calloc(count, sizeof *results);
    if (!results)
        abort();
    const size_t n = derive_all(from, count, results);
    if (n) {
        print_head(out, s, results);
        print_table(out, results, n);
        print_advice(out, results, n);
        print_output_notes(out, results, n);
    }
    free(results);
}

size_t report_failures(FILE *out, const study *s)
{
    size_t failures = 0;
    for (const point *p = s->points; p < s->points + s->count; p++)
        if (p->failed) {
            failures++;
            fprintf(out, "weft: failed with %zu thread%s: %s: ", p->threads, plural(p->threads),
                    p->title);
            describe_failure(out, &p->failure);
            fputc('\n', out);
            indent(out, p->words.text);
        }
    return failures;
}

void report_warnings(FILE *out, const study *s, const granted *machine)
{
    size_t most = 0;
    for (size_t k = 0; k < s->count; k++)
        most = s->points[k].threads > most ? s->points[k].threads : most;
    if (machine->cores && most > machine->cores)
        fprintf(out, "warning: %zu threads share %zu cores: they take turns\n", most,
                machine->cores);
    if ((double)most > machine->quota)
        fprintf(out, "warning: %zu threads share a quota of %.3g CPUs: they are throttled\n", most,
                machine->quota);
    if (machine->cpus && s->others > high_load * (double)machine->cpus)
        fprintf(out,
                "warning: others used %.1f of %zu CPUs meanwhile: measure again when it is quiet\n",
                s->others, machine->cpus);
}
