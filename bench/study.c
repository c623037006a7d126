/* study.c - one experiment: some commands at some thread counts, in interleaved rounds.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "study.h"

#include <stdlib.h>
#include <string.h>

#include <weft/clock.h>

#include "draw.h"
#include "interrupt.h"
#include "launch.h"
#include "result.h"

/* ---- one run ---- */

static cpu_set_t cpu_set(const weft_cpus *cpus)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (weft_cpus_has(cpus, cpu))
            CPU_SET(cpu, &set);
    return set;
}

static sample run_once(study *s, point *p, bool watched)
{
    char **argv = launch_argv(p->argv, p->threads), **env = launch_env(p->threads, p->places);
    cpu_set_t cpus;
    launch what = { .argv = argv, .env = env, .timeout = s->timeout };
    if (watched)
        what.watcher = &p->seen;
    if (p->places) {
        const weft_cpus all = launch_union(p->places, p->threads);
        cpus = cpu_set(&all);
        what.cpus = &cpus;
    }
    const throttled before = throttle_now(&s->quota);
    sample run = child_run(&what, &s->words);
    run.throttled = throttle_now(&s->quota).seconds - before.seconds;
    launch_free(argv), launch_free(env);
    return run;
}

static void add_sample(sample **samples, size_t *count, const sample *run)
{
    sample *more = realloc(*samples, (*count + 1) * sizeof *more);
    if (!more)
        abort();
    *samples = more;
    more[(*count)++] = *run;
}

/* False where the study ends with this run. */
static bool run_point(study *s, point *p, size_t round, size_t order)
{
    const bool warmup = round < s->warmups, watched = warmup || (!s->warmups && !round);
    sample run = run_once(s, p, watched);
    run.round = round, run.order = order, run.warmup = warmup, run.watched = watched;
    if (interrupt_came()) {
        s->end = study_cut;
        return false;
    }
    if (run.exec_error || run.end != child_ended || run.status) {
        s->end = study_failed;
        s->failed = p;
        s->failure = run;
        return false;
    }
    if (warmup)
        add_sample(&p->warmups, &p->warmed, &run);
    else
        add_sample(&p->samples, &p->taken, &run);
    return true;
}

/* ---- rounds ---- */

static bool is_precise(const study *s)
{
    for (size_t k = 0; k < s->count; k++)
        if (!(result_precision(&s->points[k]) <= s->precision))
            return false;
    return true;
}

/* Whether one more round is to be begun; else s->end says why not. */
static bool goes_on(study *s)
{
    const bool enough = s->done >= s->rounds;
    if (s->budget > 0 && weft_now() - s->before.clock >= s->budget)
        return s->end = study_over_time, false;
    if (!(s->precision > 0))
        return s->end = study_rounds, !enough;
    if (enough && is_precise(s))
        return s->end = study_precise, false;
    return s->end = study_enough, s->done < study_most_rounds || !enough;
}

static bool run_round(study *s, size_t *order, size_t round, study_progress *progress)
{
    const size_t planned = (s->warmups + s->rounds) * s->count;
    for (size_t k = 0; k < s->count; k++) {
        const size_t run = round * s->count + k;
        if (progress)
            progress(s, run, planned);
        if (!run_point(s, &s->points[order[k]], round, run))
            return false;
    }
    return true;
}

static bool run_rounds(study *s, size_t *order, study_progress *progress)
{
    uint64_t state = s->seed;
    for (size_t round = 0; round < s->warmups || goes_on(s); round++) {
        draw_shuffle(order, s->count, &state);
        if (!run_round(s, order, round, progress))
            return false;
        s->done += round >= s->warmups;
        for (size_t k = 0; k < s->count; k++)
            s->points[k].count = s->done;
    }
    return true;
}

bool study_run(study *s, study_progress *progress)
{
    size_t *order = calloc(s->count, sizeof *order);
    if (!order)
        abort();
    for (size_t k = 0; k < s->count; k++) {
        s->points[k].seen.places = s->points[k].places;
        s->points[k].seen.count = s->points[k].places ? s->points[k].threads : 0;
    }
    throttle_find(&s->quota, "");
    s->before = load_now();
    const bool complete = run_rounds(s, order, progress);
    s->after = load_now();
    free(order);
    return complete;
}

void study_free(study *s)
{
    for (size_t k = 0; k < s->count; k++)
        free(s->points[k].samples), free(s->points[k].warmups);
}
