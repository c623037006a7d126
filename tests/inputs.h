/* inputs.h - what the algorithms of the laws are given: arrays of every type, tame and hostile.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_INPUTS_H
#define WEFT_TESTS_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* n elements of each type, and one more behind them: x + 1 is a second array. */
struct input {
    size_t n;
    const int32_t *i32;
    const int64_t *i64;
    const uint32_t *u32;
    const uint64_t *u64;
    const float *f32;
    const double *f64;
};

/* The kinds of input; behind these three those of sort_input.h, which are hostile to a sort.
 *
 * ROUGH     i64 and u64 overflow in a sum; f64 rounds; i32, u32 and f32 hold many equal elements
 * TINY      subnormals and zeros of both signs; integers at the ends of their range
 * ONE_NAN   rough, with a NaN of either sign among them */
enum { ROUGH, TINY, ONE_NAN, first_pattern, input_kinds = first_pattern + 18 };

const char *input_name(size_t kind);

/* Whether sums of it neither overflow nor are NaN, whatever their order. */
bool input_is_tame(size_t kind);

/* Room for up to `most` elements; the same n elements of a kind in every run. */
struct input input_new(size_t most);
void input_fill(struct input *in, size_t kind, size_t n);
void input_free(struct input *in);

#endif
