/* memory.h - lets the library's weft_alloc run out of memory.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_MEMORY_H
#define WEFT_TESTS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* From here on so many more calls of weft_alloc succeed, and all after them fail; SIZE_MAX: none fails. */
void memory_lasts(size_t calls);

/* Whether a call was refused since then. */
bool memory_ran_out(void);

#endif
