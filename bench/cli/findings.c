/* findings.c - everything that is said of a study, to people and to programs.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "findings.h"

#include <stdlib.h>
#include <string.h>

#include <weft/machine.h>

#include "report.h"

static void analyse(findings *f)
{
    f->analyses = calloc(f->count, sizeof *f->analyses);
    f->warnings = calloc(f->count, sizeof *f->warnings);
    if (!f->analyses || !f->warnings)
        abort();
    for (size_t k = 0; k < f->count; k++) {
        f->analyses[k] = analysis_of(f->study->points + k * f->counts, f->counts);
        warnings_of_results(&f->warnings[k], &f->analyses[k]);
    }
}

void findings_make(findings *f)
{
    const weft_limits *l = weft_machine_limits(weft_machine_this());
    const granted machine = { l->allowed_cores, weft_cpus_count(&l->allowed), l->quota };
    warnings_of_machine(&f->machine, f->study, &machine);
    if (f->study->done)
        analyse(f);
}

void findings_free(findings *f)
{
    for (size_t k = 0; f->analyses && k < f->count; k++)
        analysis_free(&f->analyses[k]);
    free(f->analyses), free(f->warnings);
    f->analyses = NULL, f->warnings = NULL;
}

static void print_head(FILE *out, const findings *f)
{
    const weft_limits *l = weft_machine_limits(weft_machine_this());
    const study *s = f->study;
    fprintf(out, "machine: %zu cores, %zu PUs, of which this process may use %zu cores, %zu PUs\n",
            l->cores, l->pus, l->allowed_cores, weft_cpus_count(&l->allowed));
    fprintf(out, "threads placed by: %s%s; order drawn with seed %llu\n", f->policy,
            s->points[0].places       ? ""
            : f->given || l->can_bind ? " (not bound)"
                                      : " (cannot bind)",
            (unsigned long long)s->seed);
    if (!f->given && strcmp(f->policy, "none") == 0)
        fputs("note: OMP_PLACES or OMP_PROC_BIND is set and stays so; --place would replace it\n",
              out);
    if (!s->points[0].told && f->counts > 1)
        fputs("note: no {threads} in the command: OMP_NUM_THREADS alone tells it the number\n",
              out);
}

void findings_print(FILE *out, const findings *f)
{
    if (!f->analyses)
        return;
    print_head(out, f);
    for (size_t k = 0; k < f->count; k++) {
        fputc('\n', out);
        report_command(out, f->study, &f->analyses[k], &f->warnings[k]);
    }
    warnings_print(out, &f->machine);
}
