/* study.c - one experiment: some commands at some thread counts, in interleaved rounds.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "study.h"

#include <stdlib.h>
#include <string.h>

#include "draw.h"
#include "interrupt.h"
#include "launch.h"
#include "load.h"

static cpu_set_t cpu_set(const weft_cpus *cpus)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (weft_cpus_has(cpus, cpu))
            CPU_SET(cpu, &set);
    return set;
}

static sample run_once(study *s, const point *p)
{
    char **argv = launch_argv(p->argv, p->threads), **env = launch_env(p->threads, p->places);
    cpu_set_t cpus;
    launch what = { .argv = argv, .env = env, .timeout = s->timeout };
    if (p->places) {
        const weft_cpus all = launch_union(p->places, p->threads);
        cpus = cpu_set(&all);
        what.cpus = &cpus;
    }
    const sample run = child_run(&what, &s->words);
    launch_free(argv), launch_free(env);
    return run;
}

/* False where the study ends with this run. */
static bool run_point(study *s, point *p, bool warming)
{
    const sample run = run_once(s, p);
    if (interrupt_came())
        return false;
    if (run.exec_error || run.end != child_ended || run.status) {
        s->failed = p;
        s->failure = run;
        return false;
    }
    if (!warming)
        p->samples[p->count++] = run;
    return true;
}

static bool run_rounds(study *s, size_t *order, study_progress *progress)
{
    const size_t rounds = s->warmups + s->rounds;
    uint64_t state = s->seed;
    for (size_t round = 0; round < rounds; round++) {
        draw_shuffle(order, s->count, &state);
        for (size_t k = 0; k < s->count; k++) {
            if (progress)
                progress(s, round * s->count + k, rounds * s->count);
            if (!run_point(s, &s->points[order[k]], round < s->warmups))
                return false;
        }
        s->done += round >= s->warmups;
    }
    return true;
}

/* Points that were ahead when the study ended have no more samples than the others. */
static void drop_incomplete_round(study *s)
{
    for (size_t k = 0; k < s->count; k++)
        s->points[k].count = s->done;
}

bool study_run(study *s, study_progress *progress)
{
    size_t *order = calloc(s->count, sizeof *order);
    if (!order)
        abort();
    const load before = load_now();
    const bool complete = run_rounds(s, order, progress);
    const load after = load_now();
    s->others = load_others(&before, &after);
    drop_incomplete_round(s);
    free(order);
    return complete;
}
