/* weft/clock.h - time in double seconds on the monotonic clock.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_CLOCK_H
#define WEFT_CLOCK_H

#include <weft/api.h>
#include <weft/status.h>

WEFT_BEGIN_C

/* As a timeout: wait without end. */
#define WEFT_FOREVER (__builtin_inf())

/* weft_now - seconds on the monotonic clock; only differences mean something. About 25 ns. */
WEFT_API double weft_now(void);

/* weft_sleep - suspends the calling thread for that many seconds, signals or not.
 *
 * seconds  0 returns at once, WEFT_FOREVER never; negative or NaN is WEFT_EINVAL. */
WEFT_API weft_status weft_sleep(double seconds);

WEFT_END_C

#endif
