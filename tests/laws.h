/* laws.h - the table of all algorithms, beside the loops that they equal.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * An algorithm is a row: one function that calls weft, one that is the plain serial loop. The rows of a
 * header are a family, a file in laws/ that is listed here. What must hold of every row is checked by
 *
 *     laws_test.c      the answer is that of the loop, every index is visited once
 *     digest_test.c    the bits are those of digests.txt: for every team, processor and compiler
 *     hostmode_test.c  they are under every rounding and denormal mode of the host
 *     starved_test.c   the answer is right whichever allocation fails
 *
 * each over inputs.h. A family is compiled twice, the second time with -ffast-math as a user may: that
 * one is fast_NAME, and must give the same bits. */
#ifndef WEFT_TESTS_LAWS_H
#define WEFT_TESTS_LAWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inputs.h"

#define LAWS(X)   \
    X(reductions) \
    X(loops)      \
    X(scans)      \
    X(filters)    \
    X(moves)      \
    X(histograms) \
    X(partitions) \
    X(groups)     \
    X(sorts)      \
    X(exact)      \
    X(statistics) \
    X(randoms)

/* An algorithm writes what it has; the rest stays zero. f32 and f64 are apart so that nothing is
 * converted, since the host's mode would act on that. */
struct answer {
    int64_t i;
    float f32;
    double f64;
    long double magnitude; /* by the serial loop: the sum of the |terms| of f32 or f64 */
    unsigned char *y;      /* n elements of `width` bytes */
    unsigned char *seen;   /* n counts of visits */
};

typedef void algorithm(const struct input *in, struct answer *a);

enum visits { BLIND, EACH_ONCE, EACH_AT_MOST_ONCE };

struct law {
    const char *name;
    algorithm *weft, *serial;
    size_t width; /* bytes of y an element, at most 16 */
    enum visits visits;
    double ulp;      /* of f32 or f64; 0: exact */
    size_t lanes;    /* of the sum that gives it */
    bool calculates; /* the row itself rounds: -ffast-math may change its bits, */
    bool regroups;   /* and so may a lack of memory, as the header says */
};

struct family {
    const char *name;
    const struct law *law;
    size_t count;
    bool fast;  /* compiled with -ffast-math */
    bool slow;  /* the loops are: none over millions of elements */
    bool heavy; /* the calls take milliseconds, whatever n is: few of them, over many elements */
};

#define LAWS_DECLARE_(name) extern const struct family name##_laws, fast_##name##_laws;
LAWS(LAWS_DECLARE_)
#undef LAWS_DECLARE_

/* Room for answers about n elements; zero what a row will write. */
struct answer answer_new(size_t n);
void answer_clear(struct answer *a, const struct law *law, size_t n);
void answer_free(struct answer *a);

/* The documented error of a sum, or the same bits; y is the same bits always. */
bool answer_is_right(const struct law *law, const struct answer *a, const struct answer *serial,
                     size_t n);
bool answers_equal(const struct law *law, const struct answer *a, const struct answer *b, size_t n);

#endif
