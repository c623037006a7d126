/* quantile.c - quantiles of an array that stays as it is.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A quantile lies between two neighbours in sorted order: two targets, each an element of some rank. A
 * pass over the array counts the elements between some bounds, which tells between which of them a
 * target lies. The first pass takes its bounds from a sample and keeps what is between the two on
 * either side of each target; sorted, that has the targets. One that is not found in this way is
 * narrowed down: to so few elements that these can be kept, or to one key. */
#include <weft/quantile.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weft/alloc.h>
#include <weft/sort.h>

#include "algo/quantile/keys.h"
#include "algo/quantile/pass.h"
#include "algo/quantile/sample.h"
#include "algo/statistics/sums.h"
#include "algo/types.h"
#include "base/at_most.h"
#include "base/detail.h"
#include "team/rounding.h"

enum {
    few = 4096,       /* elements that are sorted instead */
    group_most = 128, /* quantiles a pass: two bounds each */
    narrowing = 8,    /* bounds a pass where the sample did not help */
};

_Static_assert(2 * group_most <= weft__bounds_most, "bounds of a group fit");

struct input {
    weft_type_ type;
    const void *x;
    size_t n;
};

struct target {
    size_t rank; /* among the numbers, from 0 */
    bool found;
    uint64_t key;              /* when found */
    struct weft__keys between; /* else */
    size_t within;             /* elements that are there, at most */
};

struct search {
    struct input in;
    size_t numbers; /* elements that are not NaN */
    struct target target[2 * group_most];
    size_t targets;
    struct weft__pass pass;
};

/* ---- what a pass tells ---- */

static uint64_t key_at(const struct search *s, const char *elements, size_t k)
{
    uint64_t key = 0;
    (void)weft__key_of(s->in.type, elements + k * s->pass.size, &key);
    return key;
}

static bool all_kept(const struct weft__pass *p) { return p->room && p->kept <= p->capacity; }

static bool is_kept_gap(const struct weft__pass *p, size_t place)
{
    return place % 4 == 2 && place / 2 < p->m;
}

/* The target lies in a gap, behind `before` elements that are kept of the gaps below and `in_gap` of its
 * own. */
static void found_in_gap(const struct search *s, struct target *t, size_t place, size_t before,
                         size_t in_gap)
{
    const struct weft__pass *const p = &s->pass;
    const size_t bound = place / 2;
    t->within = weft__at_most(t->within, p->count[place]);
    if (is_kept_gap(p, place) && all_kept(p)) {
        t->key = key_at(s, p->room, before + in_gap);
        t->found = true;
        return;
    }
    if (bound > 0) {
        const uint64_t below = key_at(s, p->bounds, bound - 1);
        t->between.first = t->between.first > below ? t->between.first : below + 1;
    }
    if (bound < p->m) {
        const uint64_t above = key_at(s, p->bounds, bound);
        t->between.last = t->between.last < above ? t->between.last : above - 1;
    }
}

static void locate(const struct search *s, struct target *t)
{
    const struct weft__pass *const p = &s->pass;
    size_t passed = 0, before = 0, place = 0;
    while (passed + p->count[place] <= t->rank) {
        passed += p->count[place];
        before += is_kept_gap(p, place) ? p->count[place] : 0;
        place++;
    }
    if (place % 2) {
        t->key = key_at(s, p->bounds, place / 2);
        t->found = true;
    } else {
        found_in_gap(s, t, place, before, t->rank - passed);
    }
}

static void sort_elements(weft_type_ type, void *x, size_t n)
{
    switch (type) {
    case WEFT_TYPE_I32_:
        weft_sort_i32(x, n);
        break;
    case WEFT_TYPE_I64_:
        weft_sort_i64(x, n);
        break;
    case WEFT_TYPE_U32_:
        weft_sort_u32(x, n);
        break;
    case WEFT_TYPE_U64_:
        weft_sort_u64(x, n);
        break;
    case WEFT_TYPE_F32_:
        weft_sort_f32(x, n);
        break;
    default:
        weft_sort_f64(x, n);
        break;
    }
}

static void run_pass(struct search *s)
{
    struct weft__pass *const p = &s->pass;
    weft__pass_run(p);
    if (all_kept(p))
        sort_elements(s->in.type, p->room, p->kept);
    s->numbers = 0;
    for (size_t k = 0; k < 2 * p->m + 1; k++)
        s->numbers += p->count[k];
}

static void locate_all(struct search *s)
{
    for (size_t k = 0; k < s->targets; k++)
        if (!s->target[k].found)
            locate(s, &s->target[k]);
}

/* ---- bounds of a pass ---- */

/* Keys come rising; one whose element is that of the key before is left out. */
static void add_bound(struct search *s, uint64_t key)
{
    struct weft__pass *const p = &s->pass;
    char *const to = p->bounds + p->m * p->size;
    weft__element_of(s->in.type, key, to);
    if (p->m == 0 || key_at(s, p->bounds, p->m) > key_at(s, p->bounds, p->m - 1))
        p->m++;
}

static int compare_keys(const void *a, const void *b)
{
    const struct weft__keys *const x = a, *const y = b;
    return (x->first > y->first) - (x->first < y->first);
}

/* Those of the sample, for some probabilities; what overlaps becomes one. */
static void bounds_from_sample(struct search *s, const struct weft__sample *sample, const double *p,
                               size_t count, size_t *expected)
{
    struct weft__keys bounds[group_most];
    *expected = 0;
    for (size_t k = 0; k < count; k++) {
        size_t more;
        bounds[k] = weft__sample_bounds(sample, p[k], &more);
        *expected += more;
    }
    qsort(bounds, count, sizeof *bounds, compare_keys);
    for (size_t k = 0; k < count;) {
        struct weft__keys b = bounds[k++];
        for (; k < count && bounds[k].first <= b.last; k++)
            b.last = b.last > bounds[k].last ? b.last : bounds[k].last;
        add_bound(s, b.first);
        add_bound(s, b.last);
    }
}

/* Around all that is left for a target where that can be kept, else through it. */
static void bounds_between(struct search *s, struct weft__keys keys, size_t within)
{
    const uint64_t width = keys.last - keys.first;
    s->pass.m = 0;
    if (s->pass.room && within <= s->pass.capacity && width > 0) {
        add_bound(s, keys.first);
        add_bound(s, keys.last);
    } else if (width < narrowing) {
        for (uint64_t k = 0; k <= width; k++)
            add_bound(s, keys.first + k);
    } else {
        for (unsigned k = 1; k <= narrowing; k++)
            add_bound(s, keys.first + width / (narrowing + 1) * k);
    }
}

/* ---- the search ---- */

static void set_targets(struct search *s, const double *p, size_t count)
{
    s->targets = 2 * count;
    for (size_t k = 0; k < count; k++) {
        const size_t last = s->numbers - 1, rank = (size_t)((double)last * p[k]);
        const struct target t = { .between = weft__keys_of(s->in.type), .within = s->numbers };
        s->target[2 * k] = s->target[2 * k + 1] = t;
        s->target[2 * k].rank = weft__at_most(rank, last);
        s->target[2 * k + 1].rank = weft__at_most(rank + 1, last);
    }
}

static void narrow_down(struct search *s)
{
    for (size_t k = 0; k < s->targets; k++)
        while (!s->target[k].found) {
            bounds_between(s, s->target[k].between, s->target[k].within);
            run_pass(s);
            locate_all(s);
        }
}

/* Half as much again as is expected to be kept. */
static void make_room(struct weft__pass *p, size_t expected)
{
    p->capacity = weft__at_most(expected + expected / 2 + few, p->n);
    p->room = weft_alloc(p->capacity * p->size);
}

static void search(struct search *s, const double *p, size_t count)
{
    const struct input *const in = &s->in;
    struct weft__sample sample = weft__sample_of(in->type, in->x, in->n);
    size_t expected;
    s->pass.m = 0;
    s->pass.room = NULL;
    if (sample.key) {
        bounds_from_sample(s, &sample, p, count, &expected);
        make_room(&s->pass, expected);
    } else {
        bounds_between(s, weft__keys_of(in->type), in->n);
    }
    weft__sample_drop(&sample);
    run_pass(s);
    if (s->numbers > 0) {
        set_targets(s, p, count);
        locate_all(s);
        narrow_down(s);
    }
    weft_dealloc(s->pass.room);
}

/* The same for a few elements. */
static void sort_few(struct search *s, const double *p, size_t count)
{
    uint64_t key[few];
    s->numbers = 0;
    for (size_t k = 0; k < s->in.n; k++)
        s->numbers +=
            weft__key_of(s->in.type, (const char *)s->in.x + k * s->pass.size, &key[s->numbers]);
    if (s->numbers == 0)
        return;
    weft_sort_u64(key, s->numbers);
    set_targets(s, p, count);
    for (size_t k = 0; k < s->targets; k++)
        s->target[k].key = key[s->target[k].rank];
}

/* ---- and what is made of its answers ---- */

static double value_of(weft_type_ type, uint64_t key)
{
    weft_value_ v;
    double value;
    weft__element_of(type, key, &v.is);
    weft__leaves()->sums->type[type].widen(&v.is, 1, &value);
    return value;
}

/* From a to b, t of the way; exactly a or b at the ends and where they are equal. */
static double interpolate(double a, double b, double t)
{
    const double way = b - a;
    if (t == 0 || a == b)
        return a;
    if (!isfinite(way)) {
        const double value = a * (1 - t) + b * t;
        return isnan(value) ? (double)NAN : value;
    }
    return t < 0.5 ? a + way * t : b - way * (1 - t);
}

/* Not inlined: its operations must not move to where the host's mode is back. */
static __attribute__((noinline)) void quantiles(struct input in, const double *p, size_t count,
                                                double *out)
{
    struct search s;
    s.in = in;
    s.pass.type = in.type, s.pass.size = weft__size_of(in.type);
    s.pass.x = in.x, s.pass.n = in.n;
    (in.n <= few ? sort_few : search)(&s, p, count);
    for (size_t k = 0; k < count; k++) {
        const double h = s.numbers ? (double)(s.numbers - 1) * p[k] : 0;
        out[k] = s.numbers ? interpolate(value_of(in.type, s.target[2 * k].key),
                                         value_of(in.type, s.target[2 * k + 1].key), h - floor(h))
                           : (double)NAN;
    }
}

static void quantiles_in_groups(struct input in, const double *p, size_t count, double *out)
{
    const unsigned host = weft__rounding_begin();
    for (size_t k = 0; k < count; k += group_most)
        quantiles(in, p + k, weft__at_most(count - k, group_most), out + k);
    weft__rounding_end(host);
}

static double quantile(struct input in, double p)
{
    double value;
    weft__need(in.x, in.n, "weft_quantile", "x");
    if (!(p >= 0 && p <= 1))
        weft__panic("weft_quantile: p is %g: it must lie in [0, 1]", p);
    quantiles_in_groups(in, &p, 1, &value);
    return value;
}

static void check_and_find(struct input in, const double *p, size_t count, double *out)
{
    weft__need(in.x, in.n, "weft_quantiles", "x");
    if (count > 0 && (!p || !out))
        weft__panic("weft_quantiles: %s is NULL with count = %zu: it must point to as many doubles",
                    p ? "out" : "probabilities", count);
    for (size_t k = 0; k < count; k++)
        if (!(p[k] >= 0 && p[k] <= 1))
            weft__panic("weft_quantiles: probabilities[%zu] is %g: it must lie in [0, 1]", k, p[k]);
    quantiles_in_groups(in, p, count, out);
}

#define DEFINE_TYPE(t, CODE, T)                                                              \
    double weft_quantile_##t(const T *x, size_t n, double p)                                 \
    {                                                                                        \
        return quantile((struct input){ CODE, x, n }, p);                                    \
    }                                                                                        \
    void weft_quantiles_##t(const T *x, size_t n, const double *probabilities, size_t count, \
                            double *out)                                                     \
    {                                                                                        \
        check_and_find((struct input){ CODE, x, n }, probabilities, count, out);             \
    }

WEFT__TYPES(DEFINE_TYPE)
