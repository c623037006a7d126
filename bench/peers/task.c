/* task.c - tasks: trees of tiny ones, the way of one to an idle thread, a stop token that nobody sets.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Times of the trees are those of one node. */
#include "peer.h"

#include <weft.h>

#include "task.h"

enum {
    fib_n = 30,
    fib_nodes = 2692537, /* calls of fib */
    uts_nodes = 849817,
    trips = 1000,
    naps = 20,
    loop_n = 100 * 1000,
};

static const double nap = 400e-6; /* seconds: after those an idle thread sleeps */

/* ---- fib ---- */

struct fib {
    size_t n;
    long value;
};

static int fib(void *arg)
{
    struct fib *const me = arg;
    me->value = (long)me->n;
    if (me->n < 2)
        return 0;
    struct fib one = { .n = me->n - 1 }, two = { .n = me->n - 2 };
    weft_fork2(fib, &one, fib, &two);
    me->value = one.value + two.value;
    return 0;
}

static int fib_by_group(void *arg)
{
    struct fib *const me = arg;
    me->value = (long)me->n;
    if (me->n < 2)
        return 0;
    struct fib one = { .n = me->n - 1 }, two = { .n = me->n - 2 };
    weft_group g = { 0 };
    weft_group_spawn(&g, fib_by_group, &one);
    fib_by_group(&two);
    weft_group_wait(&g);
    me->value = one.value + two.value;
    return 0;
}

static double fib_of(const work *w, weft_job *job)
{
    struct fib f = { .n = w->n };
    weft_in_team(job, &f);
    return (double)f.value;
}

static double weft_fib(const work *w) { return fib_of(w, fib); }
static double weft_fib_by_group(const work *w) { return fib_of(w, fib_by_group); }

static double weft_fib_alone(const work *w)
{
    double value = 0;
    weft_with_threads (1)
        value = weft_fib(w);
    return value;
}

static __attribute__((noinline)) long fib_serial(size_t n)
{
    return n < 2 ? (long)n : fib_serial(n - 1) + fib_serial(n - 2);
}

static double serial_fib(const work *w) { return (double)fib_serial(w->n); }

static double right_fib(const work *w)
{
    double a = 0, b = 1;
    for (size_t k = 0; k < w->n; k++) {
        const double c = a + b;
        a = b, b = c;
    }
    return a;
}

/* ---- UTS ---- */

struct uts {
    uint64_t node;
    unsigned children;
    size_t nodes;
};

static int walk_by_group(void *arg)
{
    struct uts *const me = arg;
    struct uts child[uts_children];
    me->nodes = 1;
    if (me->children == 0)
        return 0;
    weft_group g = { 0 };
    for (unsigned k = 0; k < me->children; k++) {
        child[k].node = uts_child(me->node, k);
        child[k].children = uts_children_of(child[k].node);
        weft_group_spawn(&g, walk_by_group, &child[k]);
    }
    weft_group_wait(&g);
    for (unsigned k = 0; k < me->children; k++)
        me->nodes += child[k].nodes;
    return 0;
}

static int root_by_group(void *total)
{
    static struct uts child[uts_root_children];
    weft_group g = { 0 };
    for (unsigned k = 0; k < uts_root_children; k++) {
        child[k].node = uts_child(1, k);
        child[k].children = uts_children_of(child[k].node);
        weft_group_spawn(&g, walk_by_group, &child[k]);
    }
    weft_group_wait(&g);
    *(size_t *)total = 1;
    for (unsigned k = 0; k < uts_root_children; k++)
        *(size_t *)total += child[k].nodes;
    return 0;
}

/* Siblings begin..end-1, halved again and again. */
struct siblings {
    uint64_t parent;
    unsigned begin, end;
    size_t nodes;
};

static int walk_by_halves(void *arg)
{
    struct siblings *const me = arg;
    if (me->end - me->begin > 1) {
        const unsigned middle = me->begin + (me->end - me->begin) / 2;
        struct siblings left = { me->parent, me->begin, middle, 0 };
        struct siblings right = { me->parent, middle, me->end, 0 };
        weft_fork2(walk_by_halves, &left, walk_by_halves, &right);
        me->nodes = left.nodes + right.nodes;
        return 0;
    }
    const uint64_t node = uts_child(me->parent, me->begin);
    struct siblings children = { node, 0, uts_children_of(node), 0 };
    if (children.end)
        walk_by_halves(&children);
    me->nodes = 1 + children.nodes;
    return 0;
}

static double weft_uts_by_group(const work *w)
{
    size_t total = 0;
    (void)w;
    weft_in_team(root_by_group, &total);
    return (double)total;
}

static double weft_uts(const work *w)
{
    struct siblings root = { 1, 0, uts_root_children, 0 };
    (void)w;
    weft_in_team(walk_by_halves, &root);
    return (double)root.nodes + 1;
}

static double weft_uts_alone(const work *w)
{
    double value = 0;
    weft_with_threads (1)
        value = weft_uts(w);
    return value;
}

static double weft_uts_by_group_alone(const work *w)
{
    double value = 0;
    weft_with_threads (1)
        value = weft_uts_by_group(w);
    return value;
}

static size_t walk_serial(uint64_t node, unsigned children)
{
    size_t total = 1;
    for (unsigned k = 0; k < children; k++) {
        const uint64_t child = uts_child(node, k);
        total += walk_serial(child, uts_children_of(child));
    }
    return total;
}

static double serial_uts(const work *w)
{
    (void)w;
    return (double)walk_serial(1, uts_root_children);
}

/* ---- the way to an idle thread ---- */

static int set_flag(void *flag)
{
    __atomic_store_n((bool *)flag, true, __ATOMIC_RELEASE);
    return 0;
}

static int await_flag(void *flag)
{
    while (!__atomic_load_n((bool *)flag, __ATOMIC_ACQUIRE))
        ;
    return 0;
}

/* f waits for g, so another thread has to take it. */
static void hand_over(void)
{
    bool flag = false;
    weft_fork2(await_flag, &flag, set_flag, &flag);
}

static int hand_over_awake(void *nothing)
{
    (void)nothing;
    for (int k = 0; k < trips; k++)
        hand_over();
    return 0;
}

static int hand_over_asleep(void *nothing)
{
    (void)nothing;
    for (int k = 0; k < naps; k++) {
        for (const double start = weft_now(); weft_now() - start < nap;)
            ;
        hand_over();
    }
    return 0;
}

static double awake(const work *w) { return (void)w, weft_in_team(hand_over_awake, NULL); }
static double asleep(const work *w) { return (void)w, weft_in_team(hand_over_asleep, NULL); }

/* ---- an unused stop token ---- */

static void map_range(weft_range r, void *ctx)
{
    const work *const w = ctx;
    const double *const x = w->x;
    double *const y = w->out;
    weft_each (i, r)
        y[i] = 2 * x[i] + 1;
}

static double loop(const work *w)
{
    weft_for_range(w->n, map_range, (void *)w);
    return 0;
}

static double loop_until(const work *w)
{
    static weft_stop never;
    return weft_for_range_until(w->n, map_range, (void *)w, &never);
}

/* ---- the table ---- */

static bool is_expected(const work *w, double value) { return value == w->expected; }
static bool is_done(const work *w, double value) { return (void)w, value == 0; }

#define TBB    "oneTBB task_group"
#define SERIAL "serial calls"
#define ALONE  "weft, one thread"

static const contestant fibs[] = {
    { TBB, tbb_fib, PEER, .calls = fib_nodes },
    { "omp task", omp_fib, PEER, .calls = fib_nodes },
    { SERIAL, serial_fib, ASIDE, .calls = fib_nodes },
    { "weft_fork2", weft_fib, WEFT, .calls = fib_nodes },
    { "weft_group", weft_fib_by_group, WEFT, .calls = fib_nodes },
    { 0 },
};

static const contestant fib_speedup[] = {
    { ALONE, weft_fib_alone, PEER, .calls = fib_nodes },
    { "weft_fork2", weft_fib, WEFT, .calls = fib_nodes },
    { 0 },
};

static const contestant trees[] = {
    { TBB, tbb_uts, PEER, .calls = uts_nodes },
    { "omp task", omp_uts, PEER, .calls = uts_nodes },
    { SERIAL, serial_uts, ASIDE, .calls = uts_nodes },
    { "weft_group", weft_uts_by_group, WEFT, .calls = uts_nodes },
    { "weft_fork2 by halves", weft_uts, WEFT, .calls = uts_nodes },
    { 0 },
};

static const contestant tree_speedup[] = {
    { ALONE, weft_uts_alone, PEER, .calls = uts_nodes },
    { "weft_fork2 by halves", weft_uts, WEFT, .calls = uts_nodes },
    { "weft_group, one thread", weft_uts_by_group_alone, ASIDE, .calls = uts_nodes },
    { "weft_group", weft_uts_by_group, ASIDE, .calls = uts_nodes },
    { 0 },
};

static const contestant thefts[] = {
    { "weft_fork2", awake, WEFT, .calls = trips },
    { "cache line there and back", limit_round_trip, LIMIT, .calls = trips },
    { 0 },
};

static const contestant calls_for_help[] = {
    { "weft_fork2", asleep, WEFT, .calls = naps, .idle = nap },
    { 0 },
};

static const contestant loops[] = {
    { "weft_for_range", loop, PEER },
    { "weft_for_range_until", loop_until, WEFT },
    { 0 },
};

#define FIB .expect = right_fib, .right = is_expected
#define UTS .expect = serial_uts, .right = is_expected

static const figure figures[] = {
    { "fib(30) without a cut-off", fib_n, fibs, .base = TBB, .goal = 4, FIB },
    { "fib(30), 2 threads over 1", fib_n, fib_speedup, .base = ALONE, .goal = 1.9, FIB },
    { "unbalanced tree search", uts_nodes, trees, .base = TBB, .goal = 3, UTS },
    { "unbalanced tree search, 2 threads over 1", uts_nodes, tree_speedup, .base = ALONE,
      .goal = 1.9, UTS },
    { "spawn to first steal and back", 1, thefts, .at_most = 1e-6, .right = is_done },
    { "spawn to first steal and back, asleep", 1, calls_for_help, .at_most = 40e-6,
      .right = is_done },
    { "loop with an unused stop token", loop_n, loops, .base = "weft_for_range", .goal = 1 / 1.01,
      .writes = true, .right = map_is_right },
    { 0 },
};

const topic task_topic = { "task", figures };
