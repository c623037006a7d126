/* detail.h - how the layers above report failure, misuse and warnings.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_BASE_DETAIL_H
#define WEFT_BASE_DETAIL_H

#include <weft/status.h>

/* weft__fail - stores one line for weft_detail() and returns status. Form of the line:
 * "function: argument is VALUE: rule". */
__attribute__((format(printf, 2, 3))) weft_status weft__fail(weft_status status, const char *format,
                                                             ...);

/* weft__warn - one line to the log hook; for what the user should know and did not ask for. */
__attribute__((format(printf, 1, 2))) void weft__warn(const char *format, ...);

/* weft__panic - misuse: one line to the panic handler, then abort. */
__attribute__((format(printf, 1, 2), noreturn, cold)) void weft__panic(const char *format, ...);

/* Panics when an array argument is NULL although n > 0. */
static inline void weft__need(const void *p, size_t n, const char *function, const char *argument)
{
    if (__builtin_expect(!p && n, 0))
        weft__panic("%s: %s is NULL with n = %zu: it must point to n elements", function, argument,
                    n);
}

#endif
