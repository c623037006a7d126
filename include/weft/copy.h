/* weft/copy.h - moves elements: copy, fill, gather, scatter.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Elements are of any type; what is moved are their bytes. Small arrays are moved by the calling
 * thread, larger ones by the team. Outputs beyond the cache are written past it (non-temporal stores):
 * a third fewer bytes move, since no line of the output is read first; once a call has returned, every
 * thread sees what it wrote. Nothing here fails. NULL with n > 0 panics, and so does an output that is
 * known to overlap an input. */
#ifndef WEFT_COPY_H
#define WEFT_COPY_H

#include <weft/api.h>
#include <weft/reduce.h>

WEFT_BEGIN_C

/* weft_copy - copies an array.
 *
 *     for (size_t i = 0; i < n; i++) out[i] = x[i];
 *
 * out  n elements, written
 * x    n elements of the same size; out itself, which changes nothing, or apart from it */
#define weft_copy(out, x, n) weft_copy_((out), (x), (n), WEFT_ALIKE_(out, x))

/* weft_fill - gives every element one value.
 *
 *     for (size_t i = 0; i < n; i++) out[i] = value;
 *
 * out    n elements, written
 * value  converted to the type of out as in an assignment; evaluated once, as are the others */
#define weft_fill(out, n, ...) WEFT_UNIQUE_(WEFT_FILL_VALUE_, out, n, __VA_ARGS__)

/* weft_gather - picks elements by their indices.
 *
 *     for (size_t k = 0; k < n; k++) out[k] = x[index[k]];
 *
 * out    n elements, written; apart from index and from what is read of x
 * x      elements of the same size; each index must be one of x, which is not checked: how long x is
 *        is not known here
 * index  n indices of i32, i64, u32 or u64 (size_t is one of them); an index may occur again, and be
 *        negative where x points into an array
 *
 * weft_scatter - puts elements where their indices say.
 *
 *     for (size_t k = 0; k < n; k++) out[index[k]] = x[k];
 *
 * out    elements of the same size as those of x; each index must be one of out, which is not checked
 * x      n elements, apart from what is written of out
 * index  n indices as in weft_gather, each of them once: what is put at an index that occurs again is
 *        undefined
 *
 * Memory is asked for what is 128 elements ahead, where there are enough of them. */
#define weft_gather(out, x, index, n) \
    weft_gather_((out), (x), (index), (n), WEFT_ALIKE_(out, x), WEFT_INDEX_(index))
#define weft_scatter(out, x, index, n) \
    weft_scatter_((out), (x), (index), (n), WEFT_ALIKE_(out, x), WEFT_INDEX_(index))

/* From here on: what the macros expand to. */

WEFT_API void weft_copy_(void *out, const void *x, size_t n, size_t size);
WEFT_API void weft_fill_(void *out, size_t n, size_t size, const void *value);
WEFT_API void weft_gather_(void *out, const void *x, const void *index, size_t n, size_t size,
                           weft_type_ index_type);
WEFT_API void weft_scatter_(void *out, const void *x, const void *index, size_t n, size_t size,
                            weft_type_ index_type);

/* The bytes of an element; refuses arrays whose elements differ in size. */
#define WEFT_ALIKE_(a, b) (sizeof *(a) + 0 * sizeof(char[sizeof *(a) == sizeof *(b) ? 1 : -1]))

/* clang-format off */
#define WEFT_INDEX_(index)                  \
    _Generic((index)[0],                    \
        int:                WEFT_TYPE_I32_, \
        unsigned:           WEFT_TYPE_U32_, \
        long:               WEFT_TYPE_I64_, \
        long long:          WEFT_TYPE_I64_, \
        unsigned long:      WEFT_TYPE_U64_, \
        unsigned long long: WEFT_TYPE_U64_)
/* clang-format on */

#define WEFT_FILL_VALUE_(v, to, n, ...)            \
    do {                                           \
        __typeof__(&(to)[0]) const v##o = (to);    \
        const size_t v##c = (n);                   \
        const __typeof__(v##o[0]) v = __VA_ARGS__; \
        weft_fill_(v##o, v##c, sizeof v, &v);      \
    } while (0)

WEFT_END_C

#endif
