/* storm.h - a thousand signals a second, while a test waits.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * They go to the main thread as long as that lets them through. */
#ifndef WEFT_TESTS_STORM_H
#define WEFT_TESTS_STORM_H

#include <stddef.h>

/* storm_begin - from here on; `handler`, if not NULL, is called with how many came so far.
 * storm_end - until here; returns how many came. */
void storm_begin(void (*handler)(size_t count));
size_t storm_end(void);

#endif
