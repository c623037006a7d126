/* weft/api.h - what every other header of weft starts with.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_API_H
#define WEFT_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define WEFT_BEGIN_C extern "C" {
#define WEFT_END_C   }
#else
#define WEFT_BEGIN_C
#define WEFT_END_C
#endif

/* Marks what the shared library exports. */
#define WEFT_API __attribute__((visibility("default")))

/* A pragma inside a macro. */
#define WEFT_PRAGMA_(text) _Pragma(#text)

/* Names that cannot clash, also where macros nest: WEFT_NAME_(loop, __COUNTER__). */
#define WEFT_NAME_(stem, id)  WEFT_NAME__(stem, id)
#define WEFT_NAME__(stem, id) weft_##stem##id##_

/* weft_range - the indices begin, begin + 1, ..., end - 1. */
typedef struct weft_range {
    size_t begin, end;
} weft_range;

/* weft_each - a serial loop over a range.
 *
 *     for (size_t i = r.begin; i < r.end; i++) */
#define weft_each(i, r)                                                                            \
    for (size_t i = (r).begin, WEFT_NAME__(end, i) = (r).end; i < WEFT_NAME__(end, i); i++)

#endif
