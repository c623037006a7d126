/* copy.h - copies bytes, by the team where that pays.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_COPY_H
#define WEFT_ALGO_COPY_H

#include <stdint.h>

#include "base/detail.h"

/* As memcpy(). */
void weft__copy(void *out, const void *x, size_t bytes);

/* The bytes of n elements; panics where an array of so many cannot be. */
static inline size_t weft__bytes(size_t n, size_t size, const char *function)
{
    if (__builtin_expect(n > SIZE_MAX / size, 0))
        weft__panic("%s: n is %zu: so many elements of %zu bytes are more than memory can hold",
                    function, n, size);
    return n * size;
}

/* Panics when two arrays of so many bytes have one in common. */
static inline void weft__need_apart(const void *a, size_t a_bytes, const char *a_name,
                                    const void *b, size_t b_bytes, const char *b_name,
                                    const char *function)
{
    const uintptr_t p = (uintptr_t)a, q = (uintptr_t)b;
    if (a_bytes && b_bytes && (p < q ? q - p < a_bytes : p - q < b_bytes))
        weft__panic("%s: %s overlaps %s: it must be apart from it", function, a_name, b_name);
}

#endif
