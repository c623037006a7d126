/* harness.c - runs the contestants of a figure in interleaved rounds.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     round 1:  omp  weft  TBB  hand       every contestant once, in an order that is
 *     round 2:  hand  omp  weft  TBB       shuffled anew (the same in every run)
 *     ...
 *
 * One timing repeats the call as often as it takes to last a few milliseconds; how often is found
 * once. Before each timing all threads of this process have gone to sleep: the runtimes here let
 * their idle threads spin for up to 25 ms, on the cores that the next contestant needs. A short
 * warm-up then wakes its own. A round that others disturbed (others.c) is repeated a few times; one
 * that stays disturbed is kept and marked. */
#include "peer.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <weft.h>

static const double disturbed_share = 0.05; /* of all CPUs, while the round ran, */
static const double disturbed_least = 0.02; /* and so many seconds: two ticks of /proc/stat */

static volatile double sink; /* so that no result is unused */

static const char *absence(const contestant *c)
{
    if (!c->run)
        return "its library was missing at build time";
#ifdef __x86_64__
    if (c->needs == AVX2 && !(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")))
        return "this CPU has no AVX2";
    if (c->needs == AVX512 && !__builtin_cpu_supports("avx512f"))
        return "this CPU has no AVX-512";
#endif
    return NULL;
}

/* Waits until none of our other threads runs, 100 ms at most. It spins: a sleeper may wake up on the
 * core where a worker was, and then both share one core for milliseconds while the other is idle. */
static void settle(void)
{
    for (int k = 0; k < 100; k++) {
        const double before = workers_cpu(), start = weft_now();
        while (weft_now() - start < 1e-3)
            ;
        if (workers_cpu() - before < 1e-4)
            return;
    }
}

/* Runs that must be prepared are timed one by one. */
static double seconds_of_prepared(const entry *e, const work *w, size_t runs)
{
    double seconds = 0;
    for (size_t k = 0; k < runs; k++) {
        e->who->prepare(w);
        const double start = weft_now();
        sink = e->who->run(w);
        seconds += weft_now() - start;
    }
    return seconds;
}

static double seconds_of(const entry *e, const work *w, size_t runs)
{
    if (e->who->prepare)
        return seconds_of_prepared(e, w, runs);
    const double start = weft_now();
    for (size_t k = 0; k < runs; k++)
        sink = e->who->run(w);
    return weft_now() - start;
}

static void calibrate(entry *e, const work *w, double least)
{
    settle();
    sink = e->who->run(w); /* wakes its threads */
    for (e->runs = 1;; e->runs *= 2) {
        const double s = seconds_of(e, w, e->runs);
        if (s >= least)
            return;
        if (s > least / 64)
            e->runs = (size_t)((double)e->runs * least / s / 2) + 1;
    }
}

static double timing(const entry *e, const work *w, const settings *s)
{
    settle();
    if (e->runs > 1)
        for (const double start = weft_now(); weft_now() - start < s->warm_up;)
            sink = e->who->run(w);
    const size_t calls = e->runs * (e->who->calls ? e->who->calls : 1);
    return seconds_of(e, w, e->runs) / (double)calls - e->who->idle;
}

static bool same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

/* Every weft contestant on 1, 2, ..., peer_threads threads. */
static bool bits_differ(const outcome *o, const work *w)
{
    const double first = o->weft->who->run(w);
    bool differ = false;
    for (size_t k = 0; k < o->count; k++)
        for (int t = 1; t <= peer_threads && o->entries[k].who->role == WEFT; t++) {
            (void)weft_set_threads((size_t)t);
            differ |= !same_bits(first, o->entries[k].who->run(w));
        }
    (void)weft_set_threads((size_t)peer_threads);
    return differ;
}

static void check(entry *e, const figure *f, const work *w)
{
    load_clear(w);
    if (e->who->prepare)
        e->who->prepare(w);
    const double value = e->who->run(w);
    e->wrong = e->who->role != LIMIT && e->who->role != ASIDE && !f->right(w, value);
}

static void enter(outcome *o, const work *w, const settings *s)
{
    for (const contestant *c = o->figure->who; c->name && o->count < most_entries; c++) {
        entry *e = &o->entries[o->count++];
        *e = (entry){ .who = c, .absent = absence(c) };
        if (e->absent)
            continue;
        check(e, o->figure, w);
        calibrate(e, w, s->timing);
        if (c->role == WEFT && !o->weft)
            o->weft = e;
    }
    if (o->figure->same_bits && o->weft)
        o->bits_differ = bits_differ(o, w);
}

static void shuffle(size_t *order, size_t n, uint64_t *state)
{
    for (size_t k = n; k > 1; k--) {
        *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const size_t j = (size_t)(*state >> 33) % k, t = order[j];
        order[j] = order[k - 1], order[k - 1] = t;
    }
}

/* Returns whether others disturbed it. */
static bool run_round(outcome *o, const work *w, const settings *s, size_t round,
                      const size_t *order)
{
    const double start = weft_now(), others = others_cpu();
    for (size_t k = 0; k < o->count; k++) {
        entry *e = &o->entries[order[k]];
        if (!e->absent)
            e->seconds[round] = timing(e, w, s);
    }
    const double cpus = (double)sysconf(_SC_NPROCESSORS_ONLN);
    const double taken = o->others[round] = others_cpu() - others;
    return taken > disturbed_least && taken > disturbed_share * cpus * (weft_now() - start);
}

static void run_rounds(outcome *o, const work *w, const settings *s)
{
    size_t order[most_entries];
    uint64_t state = 1;
    for (size_t k = 0; k < o->count; k++)
        order[k] = k;
    for (; o->rounds < s->rounds; o->rounds++) {
        shuffle(order, o->count, &state);
        size_t repeats = 0;
        while ((o->marked[o->rounds] = run_round(o, w, s, o->rounds, order)) &&
               repeats < s->repeats)
            repeats++;
        o->repeats += repeats;
    }
}

void measure(const figure *f, const settings *s, outcome *o)
{
    *o = (outcome){ .figure = f, .n = f->n < s->most_n ? f->n : s->most_n };
    work w = load_new(f, o->n);
    enter(o, &w, s);
    run_rounds(o, &w, s);
    load_free(&w);
    for (size_t k = 0; k < o->count; k++)
        if (!o->entries[k].absent)
            o->entries[k].time = summarize(o->entries[k].seconds, o->rounds);
    judge(o);
}
