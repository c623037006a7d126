/* parts.c - folds arrays into parts of any kind: blocks into parts, parts in a fixed tree.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What fold.c does for values of 16 bytes: the same runs of blocks of 2048, the same tree, one part a
 * run on the caller's stack. */
#include "algo/statistics/parts.h"

#include <string.h>

#include <weft/team.h>

#include "algo/fold.h"
#include "base/assert.h"
#include "base/at_most.h"
#include "team/team.h"

/* Below so many bytes one core is done before a second one could begin. */
static const size_t worth_a_team = 192 * 1024;

typedef struct part {
    char bytes[weft__part_most] __attribute__((aligned(8)));
} part;

/* Parts arrive in order; one is kept for each level. */
struct tree {
    const struct weft__parts *of;
    size_t depth, count;
    part level[weft_levels_];
};

static void plant(struct tree *t, const struct weft__parts *of)
{
    t->of = of;
    t->depth = t->count = 0;
}

static void join_last(struct tree *t)
{
    t->depth--;
    t->of->join(&t->level[t->depth - 1], &t->level[t->depth]);
}

/* Counts the part that was put at the end of the levels. */
static void added(struct tree *t)
{
    weft_assert(t->depth < weft_levels_);
    t->depth++;
    for (size_t c = ++t->count; c % 2 == 0; c /= 2)
        join_last(t);
}

static void root(struct tree *t, void *all)
{
    while (t->depth > 1)
        join_last(t);
    memcpy(all, &t->level[0], t->of->size);
}

static void fold_serial(const struct weft__parts *p, size_t begin, size_t end, void *all)
{
    struct tree t;
    plant(&t, p);
    do {
        const size_t next = begin + weft__at_most(end - begin, weft__block);
        p->block(&t.level[t.depth], begin, next, p->ctx);
        added(&t);
        begin = next;
    } while (begin < end);
    root(&t, all);
}

struct job {
    const struct weft__parts *parts;
    size_t length; /* elements a run */
    part *of_run;
};

static void fold_runs(weft_worker_ *worker, void *ctx)
{
    const struct job *const job = ctx;
    while (weft_next_(worker)) {
        const size_t run = worker->index - 1, begin = run * job->length;
        fold_serial(job->parts, begin, weft__at_most(begin + job->length, job->parts->n),
                    &job->of_run[run]);
    }
}

static void fold_by_team(const struct weft__parts *p, size_t threads, void *all)
{
    const struct weft__runs runs = weft__runs_of(p->n);
    part of_run[weft__runs_most];
    struct job job = { p, runs.length, of_run };
    weft_region_ region = weft__region(runs.count, threads, 1);
    weft__fork(&region, fold_runs, &job);
    struct tree t;
    plant(&t, p);
    for (size_t k = 0; k < runs.count; k++) {
        t.level[t.depth] = of_run[k];
        added(&t);
    }
    root(&t, all);
}

void weft__parts_fold(const struct weft__parts *p, void *all)
{
    const size_t threads = p->n * p->bytes < worth_a_team ? 1 : weft_threads();
    weft_assert(p->size <= weft__part_most);
    if (threads > 1)
        fold_by_team(p, threads, all);
    else
        fold_serial(p, 0, p->n, all);
}
