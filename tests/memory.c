/* memory.c - lets the library's weft_alloc run out of memory.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The test program is linked with --wrap=weft_alloc, which sends all calls here. */
#include "memory.h"

#include <stdint.h>

void *__real_weft_alloc(size_t size);
void *__wrap_weft_alloc(size_t size);

/* Relaxed: the tests that set it call the library from one thread. */
static size_t left = SIZE_MAX;
static bool refused;

void memory_lasts(size_t calls)
{
    __atomic_store_n(&refused, false, __ATOMIC_RELAXED);
    __atomic_store_n(&left, calls, __ATOMIC_RELAXED);
}

bool memory_ran_out(void) { return __atomic_load_n(&refused, __ATOMIC_RELAXED); }

void *__wrap_weft_alloc(size_t size)
{
    const size_t calls = __atomic_load_n(&left, __ATOMIC_RELAXED);
    if (calls == 0) {
        __atomic_store_n(&refused, true, __ATOMIC_RELAXED);
        return NULL;
    }
    if (calls != SIZE_MAX)
        __atomic_store_n(&left, calls - 1, __ATOMIC_RELAXED);
    return __real_weft_alloc(size);
}
