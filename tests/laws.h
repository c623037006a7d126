/* laws.h - what every algorithm must do, whatever it computes.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * An algorithm is a row of a table: one function that calls weft, one that is the plain serial loop.
 * laws_hold() runs them over one grid of sizes and team sizes and asserts that
 *
 *     the answer equals the serial one: exactly, or within the documented error of a sum,
 *     every index is visited once, where the algorithm runs code of the caller's,
 *     the bits of the answer are the same for every team. */
#ifndef WEFT_TESTS_LAWS_H
#define WEFT_TESTS_LAWS_H

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

/* All zero before the call; an algorithm writes what it has. */
struct answer {
    int64_t i;
    double f;
    long double magnitude; /* by the serial loop: the sum of the |terms| of f */
    double *y;             /* n elements */
    unsigned char *seen;   /* n counts of visits */
};

typedef void algorithm(const struct input *in, struct answer *a);

enum visits { BLIND, EACH_ONCE, EACH_AT_MOST_ONCE };

struct law {
    const char *name;
    algorithm *weft, *serial;
    enum visits visits;
    double ulp;   /* of f; 0: exact */
    size_t lanes; /* of the sum that gives f */
};

void laws_hold(const struct law *law, size_t laws);

#endif
