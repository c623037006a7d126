/* sort_input.h - arrays to sort, and an order that does not come from the library.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_SORT_INPUT_H
#define WEFT_TESTS_SORT_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELEMENTS(X)  \
    X(i32, int32_t)  \
    X(i64, int64_t)  \
    X(u32, uint32_t) \
    X(u64, uint64_t) \
    X(f32, float)    \
    X(f64, double)

enum element {
#define ELEMENT_(t, T) ELEMENT_##t,
    ELEMENTS(ELEMENT_)
#undef ELEMENT_
        element_count
};

enum { pattern_count = 18 };

/* The name of a type, of a pattern, and the bytes of an element. */
const char *element_name(enum element e);
const char *pattern_name(size_t pattern);
size_t element_size(enum element e);

/* n elements of a type in a pattern: the same in every run. */
void fill(void *x, enum element e, size_t pattern, size_t n);

/* Below, equal or above 0 as the elements at a and b are in the documented order. */
int compare_elements(enum element e, const void *a, const void *b);

/* Random bits for an index. */
uint64_t random_bits(uint64_t k);

#endif
