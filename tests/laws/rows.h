/* rows.h - what the files of rows share: the types, and how a family ends.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_LAWS_ROWS_H
#define WEFT_TESTS_LAWS_ROWS_H

#include <float.h>
#include <math.h>
#include <string.h>

#include <weft.h>

#include "../laws.h"

/* t; type; member of the answer that holds an element, and a sum; type that a sum is exact in, or nearly;
 * ulp; lanes; identities of min and max */
#define INTEGERS(X)                                          \
    X(i32, int32_t, i, uint64_t, 0, 1, INT32_MAX, INT32_MIN) \
    X(i64, int64_t, i, uint64_t, 0, 1, INT64_MAX, INT64_MIN) \
    X(u32, uint32_t, i, uint64_t, 0, 1, UINT32_MAX, 0)       \
    X(u64, uint64_t, i, uint64_t, 0, 1, UINT64_MAX, 0)
#define FLOATS(X)                                                          \
    X(f32, float, f32, long double, FLT_EPSILON, 128, INFINITY, -INFINITY) \
    X(f64, double, f64, long double, DBL_EPSILON, 64, INFINITY, -INFINITY)
#define TYPES(X) INTEGERS(X) FLOATS(X)

/* a->member = value, of whatever type */
#define ANSWER(member, value) (a->member = (__typeof__(a->member))(value))

#ifdef __FAST_MATH__
#define FAMILY_NAME_(name) fast_##name##_laws
enum { fast_math = 1 };
#else
#define FAMILY_NAME_(name) name##_laws
enum { fast_math = 0 };
#endif

/* A row; more members may follow. Rows end in a comma, also those of a type:
 *
 *     TYPES(ROWS) LAW("weft_for", loop, serial_loop, .visits = EACH_ONCE), */
#define LAW(text, f, loop, ...)                              \
    {                                                        \
        .name = text, .weft = f, .serial = loop, __VA_ARGS__ \
    }

/* Ends a file: makes its rows a family. */
#define FAMILY(text, rows, ...)                                                         \
    const struct family FAMILY_NAME_(text) = { .name = #text,                           \
                                               .fast = fast_math,                       \
                                               .law = rows,                             \
                                               .count = sizeof(rows) / sizeof(rows)[0], \
                                               __VA_ARGS__ };

/* Memory of a row's own, which no fault of fault.h reaches; for free(). */
void *row_memory(size_t bytes);

/* A function of a row. */
#define ALGORITHM(name) static void name(const struct input *in, struct answer *a)

#endif
