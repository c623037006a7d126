/* report.c - a figure as a table to read.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "peer.h"

#include <stdio.h>
#include <string.h>

static const char *const verdicts[] = {
    [MET] = "met", [MISSED] = "MISSED", [UNCLEAR] = "within the spread", [NO_GOAL] = "-"
};
static const char *const roles[] = {
    [PEER] = "", [WEFT] = "weft", [LIMIT] = "limit", [ASIDE] = ""
};

/* "47.1 ms", three digits. */
static const char *duration(double seconds, char text[16])
{
    static const struct {
        double unit;
        const char *name;
    } units[] = { { 1, "s" }, { 1e-3, "ms" }, { 1e-6, "us" }, { 1e-9, "ns" } };
    size_t k = 0;
    while (k < 3 && seconds < units[k].unit)
        k++;
    const double v = seconds / units[k].unit;
    snprintf(text, 16, "%.*f %s", v < 10 ? 2 : v < 100 ? 1 : 0, v, units[k].name);
    return text;
}

/* GB/s where the figure is about memory, else ns an element. */
static const char *rate(const outcome *o, double seconds, char text[24])
{
    const double n = (double)o->n;
    if (o->figure->bytes > 0)
        snprintf(text, 24, "%.1f GB/s", 1e-9 * n * o->figure->bytes / seconds);
    else
        snprintf(text, 24, "%.2f ns/el", 1e9 * seconds / n);
    return text;
}

static void report_entry(const outcome *o, const entry *e)
{
    char t[16], r[24];
    printf("  %-5s %-38s", roles[e->who->role], e->who->name);
    if (e->absent) {
        printf(" %s\n", e->absent);
        return;
    }
    printf(" %9s %5.1f %% %14s", duration(e->time.median, t), 100 * e->time.spread,
           rate(o, e->time.median, r));
    if (o->weft)
        printf(" %8.2f", e->time.median / o->weft->time.median);
    printf("%s\n", e->wrong ? "  WRONG RESULT" : "");
}

static void report_goal(const outcome *o)
{
    const figure *f = o->figure;
    char t[16], u[16];
    if (!o->weft)
        return;
    if (f->at_most > 0)
        printf("  goal: at most %s; weft takes %s (spread %.1f %%): %s\n", duration(f->at_most, t),
               duration(o->weft->time.median, u), 100 * o->weft->time.spread, verdicts[o->verdict]);
    else if (f->goal > 0 && o->base)
        printf("  goal: %.2f of %s; weft has %.2f (spread %.1f %%): %s\n", f->goal,
               o->base->who->name, o->ratio.median, 100 * o->ratio.spread, verdicts[o->verdict]);
    else if (f->goal > 0)
        printf("  goal: %.2f of %s, which does not run here\n", f->goal, f->base);
    if (o->limit)
        printf("  weft is at %.0f %% of the limit (%s)\n", 100 * o->share.median,
               o->limit->who->name);
}

static void report_disturbance(const outcome *o)
{
    size_t kept = 0;
    for (size_t r = 0; r < o->rounds; r++)
        kept += o->marked[r];
    printf("  %zu rounds; %zu disturbed by others and repeated", o->rounds, o->repeats);
    printf(kept ? "; %zu still disturbed, KEPT AS THEY ARE\n" : "\n", kept);
}

void report(const outcome *o)
{
    printf("\n%s, n = %zu, %d thread%s\n", o->figure->name, o->n, peer_threads,
           peer_threads == 1 ? "" : "s");
    printf("  %-5s %-38s %9s %7s %14s %8s\n", "", "", "time", "spread", "", "/ weft");
    for (size_t k = 0; k < o->count; k++)
        report_entry(o, &o->entries[k]);
    if (o->figure->same_bits && o->weft)
        printf("  bits on 1 to %d threads: %s\n", peer_threads,
               o->bits_differ ? "DIFFER" : "the same");
    report_goal(o);
    report_disturbance(o);
    fflush(stdout);
}

static void report_line(const outcome *o)
{
    const figure *f = o->figure;
    char t[16], goal[64] = "", value[32] = "", limit[16] = "";
    if (f->at_most > 0) {
        snprintf(goal, sizeof goal, "at most %s", duration(f->at_most, t));
        snprintf(value, sizeof value, "%s", duration(o->weft ? o->weft->time.median : 0, t));
    } else if (o->base && o->weft) {
        snprintf(goal, sizeof goal, "%.2f of %s", f->goal, o->base->who->name);
        snprintf(value, sizeof value, "%.2f", o->ratio.median);
    }
    if (o->limit && o->weft)
        snprintf(limit, sizeof limit, "%.0f %%", 100 * o->share.median);
    const double spread = f->at_most > 0 && o->weft ? o->weft->time.spread : o->ratio.spread;
    printf("  %-36s %9zu %9s %5.1f %% %6s  %-40s %s%s\n", f->name, o->n, value, 100 * spread, limit,
           f->goal > 0 || f->at_most > 0 ? goal : "", verdicts[o->verdict],
           failed(o) ? ", WRONG RESULT" : "");
}

void report_all(const outcome *all, size_t count)
{
    printf("\n  %-36s %9s %9s %7s %6s  %-40s\n", "", "n", "weft", "spread", "limit", "goal");
    for (size_t k = 0; k < count; k++)
        report_line(&all[k]);
}
