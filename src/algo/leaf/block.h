/* block.h - a whole block at once, out of the steps of an operation.
 * SPDX-License-Identifier: BSD-3-Clause */

#define DEFINE_BLOCK(op)                                                               \
    static void NAME(op##_block)(const void *x, const void *y, size_t n, size_t first, \
                                 weft_value_ *value)                                   \
    {                                                                                  \
        struct weft__state s;                                                          \
        NAME(op##_start)(&s);                                                          \
        NAME(op##_fold)(&s, x, y, n, first);                                           \
        NAME(op##_tie)(&s, value);                                                     \
    }
