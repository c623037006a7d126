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

/* An expression need not use its index. */
#define WEFT_MAYBE_UNUSED_ __attribute__((unused))

/* A pragma inside a macro. */
#define WEFT_PRAGMA_(text) _Pragma(#text)

/* Expands to MACRO(name, ...) with a name that no other expansion has, so that macros nest. */
#define WEFT_UNIQUE_(MACRO, ...)       WEFT_UNIQUE__(MACRO, __COUNTER__, __VA_ARGS__)
#define WEFT_UNIQUE__(MACRO, id, ...)  WEFT_UNIQUE___(MACRO, id, __VA_ARGS__)
#define WEFT_UNIQUE___(MACRO, id, ...) MACRO(weft_##id##_, __VA_ARGS__)

/* weft_range - the indices begin, begin + 1, ..., end - 1. */
typedef struct weft_range {
    size_t begin, end;
} weft_range;

/* weft_each - a serial loop over a range.
 *
 *     for (size_t i = r.begin; i < r.end; i++) statement
 *
 * r  evaluated once
 *
 * continue and break work. */
#define weft_each(i, r) WEFT_UNIQUE_(WEFT_EACH_, i, r)
#define WEFT_EACH_(left, i, r)                                                \
    for (weft_range left = (r); left.begin < left.end; left.begin = left.end) \
        for (size_t i = left.begin; i < left.end; i++)

#endif
