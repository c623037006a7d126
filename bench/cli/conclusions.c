/* conclusions.c - what stands below the table of a study: advice, laws, and what was seen in /proc.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "conclusions.h"

#include <math.h>

#include "table.h"

enum { listed_most = 3 };

/* Whether entry k of n is left out of a list that would be long: the first two and the last remain. */
static bool left_out(size_t k, size_t n) { return n > listed_most && k >= 2 && k + 1 < n; }

/* What stands before entry k of a list: a comma, dots in place of what is left out. */
static void separate(FILE *out, size_t k, size_t n)
{
    fputs(k == 0 ? "" : n > listed_most && k + 1 == n ? ", ..., " : ", ", out);
}

/* ---- advice ---- */

static void print_ties(FILE *out, const analysis *a)
{
    size_t ties = 0;
    for (size_t k = 0; k < a->count; k++)
        if (a->result[k].tied && k != a->fastest)
            fprintf(out, "%s%zu",
                    ties++ ? ", " : " (as fast, for all we know: ", a->result[k].point->threads);
    fputs(ties ? ")" : "", out);
}

static void print_advice(FILE *out, const analysis *a)
{
    const result *fastest = &a->result[a->fastest];
    char text[32];
    fprintf(out, "fastest: %zu thread%s, %s", fastest->point->threads,
            table_plural(fastest->point->threads),
            format_seconds(fastest->time.median, text, sizeof text));
    print_ties(out, a);
    fprintf(out, "\nmost threads at %.0f %% efficiency or better: %zu\n", 100 * good_efficiency,
            a->result[a->efficient].point->threads);
}

/* ---- laws ---- */

static void print_amdahl(FILE *out, const analysis *a)
{
    fprintf(out, "Amdahl's law: %.1f %% serial", 100 * a->serial);
    if (!isnan(a->serial_ci.low))
        fprintf(out, " (95 %%: %.1f to %.1f %%)", 100 * a->serial_ci.low, 100 * a->serial_ci.high);
    fputc('\n', out);
}

/* Where the share grows with the threads, overhead does. Threads that share a core would not tell. */
static void print_karp_flatt(FILE *out, const analysis *a)
{
    if (a->amdahl == refused_no_serial || a->usable < 2)
        return;
    fputs("Karp and Flatt: ", out);
    for (size_t k = 1, n = a->usable; k < n; k++)
        if (!left_out(k - 1, n - 1)) {
            const result *r = &a->result[k];
            separate(out, k - 1, n - 1);
            fprintf(out, k == 1 ? "%.1f %% serial with %zu threads" : "%.1f %% with %zu",
                    100 * r->karp_flatt, r->point->threads);
        }
    fputc('\n', out);
}

static void print_usl(FILE *out, const analysis *a)
{
    const usl_fit *law = &a->scalability;
    fprintf(out, "USL: contention %.2g, coherency %.2g, off by %.1f %%; ", law->contention,
            law->coherency, 100 * law->residual);
    if (isinf(law->peak))
        fputs("no peak\n", out);
    else
        fprintf(out, "peak at %.0f threads\n", law->peak);
}

static void print_refusals(FILE *out, const analysis *a)
{
    if (a->amdahl == refused_no_serial)
        fputs("no law is fitted: that takes the time with 1 thread\n", out);
    else if (a->amdahl != fitted)
        fprintf(out,
                "no law is fitted: that takes %d thread counts with a core for each, here %s %zu\n",
                amdahl_least, a->usable == 1 ? "is" : "are", a->usable);
    else if (a->usl != fitted)
        fprintf(out,
                "USL is not fitted: it takes %d thread counts with a core for each, here are %zu\n",
                usl_least, a->usable);
}

/* ---- what was seen ---- */

static const char *words_for(binding b)
{
    static const char *const words[] = {
        [binding_unseen] = "it ended before a look",
        [binding_free] = "not bound",
        [binding_each] = "each bound to a place of its own",
        [binding_shared] = "bound to all their places together",
        [binding_escaped] = "not held by their places",
        [binding_huddled] = "on fewer CPUs than there are",
    };
    return words[b];
}

/* The points from `first` on whose binding is alike; returns the first one that differs. */
static size_t print_alike(FILE *out, const analysis *a, size_t first)
{
    const binding here = watch_binding(&a->result[first].point->seen);
    size_t end = first + 1;
    while (end < a->count && watch_binding(&a->result[end].point->seen) == here)
        end++;
    for (size_t k = first; k < end; k++)
        if (!left_out(k - first, end - first)) {
            const point *p = a->result[k].point;
            separate(out, k - first, end - first);
            if (here == binding_unseen)
                fprintf(out, "with %zu", p->threads);
            else
                fprintf(out, "%zu of %zu", p->seen.threads, p->threads);
        }
    fprintf(out, ": %s", words_for(here));
    return end;
}

static void print_seen(FILE *out, const analysis *a)
{
    fputs("threads seen: ", out);
    for (size_t k = 0; k < a->count;) {
        fputs(k ? ";\n  " : "", out);
        k = print_alike(out, a, k);
    }
    fputc('\n', out);
}

void conclusions_print(FILE *out, const analysis *a)
{
    print_advice(out, a);
    if (a->count > 1) {
        if (a->amdahl == fitted)
            print_amdahl(out, a);
        print_karp_flatt(out, a);
        if (a->usl == fitted)
            print_usl(out, a);
        print_refusals(out, a);
    }
    print_seen(out, a);
}

const char *conclusions_binding(const point *p)
{
    static const char *const words[] = {
        [binding_unseen] = "unseen", [binding_free] = "free",       [binding_each] = "each",
        [binding_shared] = "shared", [binding_escaped] = "escaped", [binding_huddled] = "huddled",
    };
    return words[watch_binding(&p->seen)];
}
