/* laws.c - when an answer is right.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "laws/rows.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { block = 2048 };

struct answer answer_new(size_t n)
{
    return (struct answer){ .y = malloc(16 * n + 16), .seen = malloc(n + 1) };
}

void answer_free(struct answer *a)
{
    free(a->y);
    free(a->seen);
}

void answer_clear(struct answer *a, const struct law *law, size_t n)
{
    memset(a->y, 0, n * law->width);
    memset(a->seen, 0, n);
    *a = (struct answer){ .y = a->y, .seen = a->seen };
}

/* Not by malloc, which the linker sends elsewhere. */
void *row_memory(size_t bytes) { return reallocarray(NULL, 1, bytes + 1); }

static bool same_result(const struct answer *a, const struct answer *b)
{
    return memcmp(&a->f32, &b->f32, sizeof a->f32) == 0 &&
           memcmp(&a->f64, &b->f64, sizeof a->f64) == 0;
}

/* Of the two, a row writes one. */
static double result(const struct answer *a) { return (double)a->f32 + a->f64; }

/* The bound of reduce.h, over the magnitude of the sum; besides, each term may fall below the least
 * number that there is. */
static double error_bound(const struct law *law, double magnitude, size_t n)
{
    const double blocks = ceil((double)n / block);
    const double least = law->ulp < FLT_EPSILON ? DBL_TRUE_MIN : (double)FLT_TRUE_MIN;
    return law->ulp * magnitude *
               (block / (double)law->lanes + log2((double)law->lanes) +
                (blocks > 1 ? log2(blocks) : 0) + 1) +
           least * (double)n;
}

/* Extremes may be a zero of either sign. */
static bool near(const struct law *law, const struct answer *a, const struct answer *serial,
                 size_t n)
{
    if (law->ulp == 0)
        return result(a) == result(serial) || same_result(a, serial);
    return fabs(result(a) - result(serial)) <= error_bound(law, (double)serial->magnitude, n);
}

bool answer_is_right(const struct law *law, const struct answer *a, const struct answer *serial,
                     size_t n)
{
    return a->i == serial->i && near(law, a, serial, n) &&
           memcmp(a->y, serial->y, n * law->width) == 0;
}

bool answers_equal(const struct law *law, const struct answer *a, const struct answer *b, size_t n)
{
    return a->i == b->i && same_result(a, b) && memcmp(a->y, b->y, n * law->width) == 0;
}
