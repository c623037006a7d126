/* report.c - a study as a table, a recommendation and warnings.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "report.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>

#include "conclusions.h"
#include "table.h"

/* ---- the table ---- */

/* Work a second: the first that the program knows of bytes, operations and items. */
static bool has_rate(const result *r)
{
    return !isnan(r->bytes) || !isnan(r->flops) || !isnan(r->items);
}

static const char *rate_of(const result *r, char *text, size_t size)
{
    return !isnan(r->bytes)   ? format_rate(r->bytes, text, size)
           : !isnan(r->flops) ? format_flops(r->flops, text, size)
                              : format_items(r->items, text, size);
}

static void table_head(table *t, bool rate)
{
    static const char *const names[] = { "threads", "median", "interval", "speedup", "interval",
                                         "eff.",    "rate",   "busy",     "output" };
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
    char text[table_cell_size];
    const summary *time = &r->time;
    table_next(t);
    table_cell(t, "%zu", r->point->threads);
    table_cell(t, "%s", format_seconds(time->median, text, sizeof text));
    table_cell(t, "%s", format_around(time->median, time->ci, text, sizeof text));
    number_cell(t, "%.2f", r->speedup);
    table_cell(t, "%s", format_range(r->speedup_ci, text, sizeof text));
    number_cell(t, "%.0f %%", 100 * r->efficiency);
    if (rate)
        table_cell(t, "%s", rate_of(r, text, sizeof text));
    number_cell(t, r->cpus < 99.95 ? "%.2f" : "%.0f", r->cpus);
    table_cell(t, "%s", report_output(r));
}

static void print_table(FILE *out, const analysis *a)
{
    table t = { 0 };
    const bool rate = has_rate(a->result);
    table_head(&t, rate);
    for (size_t k = 0; k < a->count; k++)
        table_result(&t, &a->result[k], rate);
    table_print(&t, out);
    table_free(&t);
}

/* ---- what stands above it ---- */

static void print_end(FILE *out, const study *s)
{
    switch (s->end) {
    case study_rounds:
        fputs("as asked", out);
        break;
    case study_precise:
        fprintf(out, "until within %.3g %%", 100 * s->precision);
        break;
    case study_over_time:
        fprintf(out, "until %.3g s were over", s->budget);
        break;
    case study_enough:
        fprintf(out, "not yet within %.3g %%", 100 * s->precision);
        break;
    case study_failed:
        fputs("until one failed", out);
        break;
    case study_cut:
        fputs("until interrupted", out);
        break;
    }
}

static void print_head(FILE *out, const study *s, const result *base)
{
    const size_t threads = base->point->threads;
    fprintf(out, "%s\n%zu round%s after %zu to warm up, ", base->point->title, s->done,
            table_plural(s->done), s->warmups);
    print_end(out, s);
    fprintf(out, "; times: %s\n", base->reports ? "as reported" : "of the whole process");
    fputs("intervals: 95 %, of the median by order statistics, of the speedup by bootstrap\n", out);
    fprintf(out, "speedup: against %zu thread%s of the same program; busy: CPUs used\n", threads,
            table_plural(threads));
}

/* ---- failure ---- */

static void indent(FILE *out, const char *text)
{
    while (*text) {
        const size_t line = strcspn(text, "\n");
        fprintf(out, "    %.*s\n", (int)line, text);
        text += line + (text[line] == '\n');
    }
}

void report_command(FILE *out, const study *s, const analysis *a, const warnings *w)
{
    print_head(out, s, a->result);
    print_table(out, a);
    conclusions_print(out, a);
    warnings_print(out, w);
}

void report_reason(FILE *out, const study *s)
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

void report_failure(FILE *out, const study *s)
{
    const point *p = s->failed;
    fprintf(out, "weft: failed with %zu thread%s: %s: ", p->threads, table_plural(p->threads),
            p->title);
    report_reason(out, s);
    fputc('\n', out);
    indent(out, s->words.text);
}

const char *report_output(const result *r)
{
    static const char *const outputs[] = { "same", "differs", "varies" };
    return outputs[r->output];
}
