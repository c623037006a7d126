/* report.c - a study as a table, a recommendation and warnings.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "result.h"
#include "table.h"
#include "warnings.h"

static const double good_efficiency = 0.7;

/* ---- the table ---- */

static void table_head(table *t, bool rate)
{
    static const char *const names[] = { "threads",    "median", "spread",    "speedup",
                                         "efficiency", "rate",   "CPUs used", "output" };
    table_next(t);
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (rate || strcmp(names[k], "rate") != 0)
            table_cell(t, "%s", names[k]);
}

/* "-" where there is nothing to say. */
static void number_cell(table *t, const char *format, double x)
{
    char text[table_cell_size];
    snprintf(text, sizeof text, format, x);
    table_cell(t, "%s", isnan(x) ? "-" : text);
}

static void table_result(table *t, const result *r, bool rate)
{
    static const char *const outputs[] = { "same", "differs", "varies" };
    const double spread = r->time.n > 1 ? 100 * stats_spread(&r->time) : NAN;
    char text[table_cell_size];
    table_next(t);
    table_cell(t, "%zu", r->point->threads);
    table_cell(t, "%s", format_seconds(r->time.median, text, sizeof text));
    number_cell(t, "%.1f %%", spread);
    number_cell(t, "%.2f", r->speedup);
    number_cell(t, "%.0f %%", 100 * r->efficiency);
    if (rate)
        table_cell(t, "%s", format_rate(r->rate, text, sizeof text));
    number_cell(t, "%.2f", r->cpus);
    table_cell(t, "%s", outputs[r->output]);
}

static void print_table(FILE *out, const result *results, size_t count)
{
    table t = { 0 };
    const bool rate = !isnan(results[0].rate);
    table_head(&t, rate);
    for (size_t k = 0; k < count; k++)
        table_result(&t, &results[k], rate);
    table_print(&t, out);
    table_free(&t);
}

/* ---- what stands around it ---- */

static void print_head(FILE *out, const study *s, const result *base)
{
    fprintf(out, "%s\n", base->point->title);
    fprintf(out, "%zu round%s after %zu to warm up; a time is that of the %s\n", s->done,
            table_plural(s->done), s->warmups,
            base->reports ? "measured part, as reported" : "whole process");
    fprintf(out, "spread: half the interquartile range; speedup: against %zu thread%s\n",
            base->point->threads, table_plural(base->point->threads));
}

static void print_advice(FILE *out, const result *results, size_t count)
{
    const result *fastest = results, *efficient = results;
    char text[32];
    for (size_t k = 0; k < count; k++) {
        if (results[k].time.median < fastest->time.median)
            fastest = &results[k];
        if (results[k].efficiency >= good_efficiency)
            efficient = &results[k];
    }
    fprintf(out, "fastest: %zu thread%s, %s; most threads at %.0f %% efficiency or better: %zu\n",
            fastest->point->threads, table_plural(fastest->point->threads),
            format_seconds(fastest->time.median, text, sizeof text), 100 * good_efficiency,
            efficient->point->threads);
}

/* ---- failure ---- */

static void describe_failure(FILE *out, const study *s)
{
    const sample *f = &s->failure;
    if (f->exec_error)
        fprintf(out, "cannot be started: %s", strerror(f->exec_error));
    else if (f->end == child_timed_out)
        fprintf(out, "took longer than --timeout %g", s->timeout);
    else if (WIFSIGNALED(f->status))
        fprintf(out, "ended by signal %d (%s)", WTERMSIG(f->status),
                strsignal(WTERMSIG(f->status)));
    else
        fprintf(out, "exit status %d", WEXITSTATUS(f->status));
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
    results_of(from, count, results);
    print_head(out, s, results);
    print_table(out, results, count);
    print_advice(out, results, count);
    warnings_of_results(out, results, count);
    free(results);
}

void report_failure(FILE *out, const study *s)
{
    const point *p = s->failed;
    fprintf(out, "weft: failed with %zu thread%s: %s: ", p->threads, table_plural(p->threads),
            p->title);
    describe_failure(out, s);
    fputc('\n', out);
    indent(out, s->words.text);
}
