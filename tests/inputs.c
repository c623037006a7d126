/* inputs.c - what the algorithms of the laws are given.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "inputs.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sort_input.h"

_Static_assert(input_kinds == first_pattern + pattern_count, "every pattern is a kind");

static const char *const names[first_pattern] = { "rough", "tiny", "one NaN" };

const char *input_name(size_t kind)
{
    return kind < first_pattern ? names[kind] : pattern_name(kind - first_pattern);
}

bool input_is_tame(size_t kind)
{
    static const char *const tame[] = {
        "rough", "tiny",       "equal",      "sorted", "reversed",      "reversed with ties",
        "zipf",  "organ pipe", "few values", "saw",    "nearly sorted", "last is least",
    };
    for (size_t k = 0; k < sizeof tame / sizeof *tame; k++)
        if (strcmp(tame[k], input_name(kind)) == 0)
            return true;
    return false;
}

struct input input_new(size_t most)
{
    const size_t room = most + 1;
    return (struct input){
        .i32 = malloc(room * sizeof(int32_t)),
        .i64 = malloc(room * sizeof(int64_t)),
        .u32 = malloc(room * sizeof(uint32_t)),
        .u64 = malloc(room * sizeof(uint64_t)),
        .f32 = malloc(room * sizeof(float)),
        .f64 = malloc(room * sizeof(double)),
    };
}

void input_free(struct input *in)
{
    const void *const all[] = { in->i32, in->i64, in->u32, in->u64, in->f32, in->f64 };
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free((void *)all[k]);
}

/* The element at k of each array, to be written. */
struct place {
    int32_t *i32;
    int64_t *i64;
    uint32_t *u32;
    uint64_t *u64;
    float *f32;
    double *f64;
};

static struct place place_of(const struct input *in, size_t k)
{
    return (struct place){ (int32_t *)in->i32 + k,  (int64_t *)in->i64 + k, (uint32_t *)in->u32 + k,
                           (uint64_t *)in->u64 + k, (float *)in->f32 + k,   (double *)in->f64 + k };
}

static void rough_at(struct place at, size_t k)
{
    const uint64_t r = random_bits(k + 1);
    *at.i32 = (int32_t)(r % 2001) - 1000;
    *at.i64 = (int64_t)r;
    *at.u32 = (uint32_t)(r >> 20) | 5;
    *at.u64 = r;
    *at.f32 = (float)*at.i32 * 0.1f;
    *at.f64 = ldexp((double)(int64_t)r, -(int)(r % 40) - 40);
}

static void tiny_at(struct place at, size_t k)
{
    const uint64_t r = random_bits(k + 1);
    const uint64_t bits = (r & 1) << 63 | (r & 6 ? r >> 16 : 0); /* a quarter is zero */
    const uint32_t narrow = (uint32_t)(r & 1) << 31 | (r & 6 ? (uint32_t)(r >> 44) : 0);
    *at.i32 = r & 2 ? INT_MIN + (int32_t)(r & 1) : INT_MAX - (int32_t)(r & 1);
    *at.i64 = r & 2 ? INT64_MIN + (int64_t)(r & 1) : INT64_MAX - (int64_t)(r & 1);
    *at.u32 = r & 2 ? UINT32_MAX : (uint32_t)(r & 1);
    *at.u64 = r & 2 ? UINT64_MAX : r & 1;
    memcpy(at.f32, &narrow, sizeof narrow);
    memcpy(at.f64, &bits, sizeof bits);
}

static void spoil(const struct input *in, size_t n)
{
    *place_of(in, n / 2).f32 = -NAN, *place_of(in, n / 2).f64 = -(double)NAN;
    *place_of(in, n / 3).f32 = -0.0f, *place_of(in, n / 3).f64 = -0.0;
    *place_of(in, 3 * n / 4).f32 = NAN, *place_of(in, 3 * n / 4).f64 = (double)NAN;
}

static void fill_pattern(const struct input *in, size_t pattern, size_t n)
{
    const struct place x = place_of(in, 0);
    const struct {
        void *x;
        enum element e;
    } array[] = { { x.i32, ELEMENT_i32 }, { x.i64, ELEMENT_i64 }, { x.u32, ELEMENT_u32 },
                  { x.u64, ELEMENT_u64 }, { x.f32, ELEMENT_f32 }, { x.f64, ELEMENT_f64 } };
    for (size_t k = 0; k < sizeof array / sizeof array[0]; k++) {
        const size_t size = element_size(array[k].e);
        fill(array[k].x, array[k].e, pattern, n);
        if (n)
            memcpy((char *)array[k].x + n * size, array[k].x, size);
        else
            memset(array[k].x, 0, size);
    }
}

void input_fill(struct input *in, size_t kind, size_t n)
{
    in->n = n;
    if (kind >= first_pattern) {
        fill_pattern(in, kind - first_pattern, n);
        return;
    }
    for (size_t k = 0; k <= n; k++)
        kind == TINY ? tiny_at(place_of(in, k), k) : rough_at(place_of(in, k), k);
    if (kind == ONE_NAN)
        spoil(in, n);
}
