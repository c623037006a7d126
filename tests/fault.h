/* fault.h - lets a chosen allocation fail, and counts memory that is not freed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     for (size_t n = 0;; n++) {
 *         fault_begin(n);
 *         thing *const t = thing_new();
 *         if (!fault_end())
 *             break;                          n allocations were enough: all have failed once
 *         CU_ASSERT_PTR_NULL(t);
 *     }
 *
 * The linker (--wrap) sends the calls of malloc, calloc, realloc, aligned_alloc, posix_memalign and
 * free in the library and the tests through here; those inside of libc and other shared libraries go
 * where they always went. */
#ifndef WEFT_TESTS_FAULT_H
#define WEFT_TESTS_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/* fault_begin - from here on the allocation of this thread that has n before it fails, no other.
 *
 * fault_everywhere - all fail that have n before them, of any thread.
 *
 * fault_end - no more of that; returns whether one has failed. */
void fault_begin(size_t n);
void fault_everywhere(size_t n);
bool fault_end(void);

/* fault_live - bytes that all threads have allocated and not freed; only differences mean something,
 * and only over code whose allocations and frees both go through here. */
long fault_live(void);

#endif
