/* fault.c - lets a chosen allocation fail, and counts memory that is not freed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * With ld --wrap=malloc a call of malloc becomes one of __wrap_malloc, and __real_malloc is malloc:
 * libc's or a sanitizer's. */
#include "fault.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include <malloc.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
int __real_posix_memalign(void **p, size_t alignment, size_t size);
void __real_free(void *p);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
int __wrap_posix_memalign(void **p, size_t alignment, size_t size);
void __wrap_free(void *p);

static _Thread_local bool armed, happened;
static _Thread_local size_t before; /* allocations that still succeed */
static long live;                   /* relaxed throughout: a number, which orders nothing */

/* More than any machine has. A sanitizer's allocator would rather abort than refuse it. */
static const size_t absurd = (size_t)1 << 40;

/* Relaxed: which thread's allocation is how manieth, nobody can say. */
static size_t before_all =
    SIZE_MAX; /* allocations of any thread that still succeed; SIZE_MAX: all */
static bool happened_anywhere;

static bool fails_everywhere(void)
{
    size_t left = __atomic_load_n(&before_all, __ATOMIC_RELAXED);
    while (left && left != SIZE_MAX)
        if (__atomic_compare_exchange_n(&before_all, &left, left - 1, true, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
            return false;
    if (left == 0)
        __atomic_store_n(&happened_anywhere, true, __ATOMIC_RELAXED);
    return left == 0;
}

static bool fails(size_t size)
{
    const bool chosen = (armed && !happened && before-- == 0) || fails_everywhere();
    happened |= chosen;
    if (chosen || size > absurd)
        errno = ENOMEM;
    return chosen || size > absurd;
}

static void *counted(void *p)
{
    if (p)
        __atomic_fetch_add(&live, (long)malloc_usable_size(p), __ATOMIC_RELAXED);
    return p;
}

static void uncounted(void *p)
{
    if (p)
        __atomic_fetch_sub(&live, (long)malloc_usable_size(p), __ATOMIC_RELAXED);
}

void *__wrap_malloc(size_t size) { return fails(size) ? NULL : counted(__real_malloc(size)); }

void *__wrap_calloc(size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes))
        bytes = SIZE_MAX;
    return fails(bytes) ? NULL : counted(__real_calloc(n, size));
}

void *__wrap_realloc(void *p, size_t size)
{
    if (fails(size))
        return NULL;
    const long old = p ? (long)malloc_usable_size(p) : 0;
    void *const q = __real_realloc(p, size);
    if (!q && size > 0)
        return NULL; /* p is as it was */
    __atomic_fetch_sub(&live, old, __ATOMIC_RELAXED);
    return counted(q);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return fails(size) ? NULL : counted(__real_aligned_alloc(alignment, size));
}

int __wrap_posix_memalign(void **p, size_t alignment, size_t size)
{
    if (fails(size))
        return ENOMEM;
    const int error = __real_posix_memalign(p, alignment, size);
    if (!error)
        counted(*p);
    return error;
}

void __wrap_free(void *p)
{
    uncounted(p);
    __real_free(p);
}

void fault_begin(size_t n) { before = n, happened = false, armed = true; }

void fault_everywhere(size_t n)
{
    happened = false;
    __atomic_store_n(&happened_anywhere, false, __ATOMIC_RELAXED);
    __atomic_store_n(&before_all, n, __ATOMIC_RELAXED);
}

bool fault_end(void)
{
    const bool anywhere = __atomic_exchange_n(&happened_anywhere, false, __ATOMIC_RELAXED);
    __atomic_store_n(&before_all, SIZE_MAX, __ATOMIC_RELAXED);
    armed = false;
    return happened || anywhere;
}

long fault_live(void) { return __atomic_load_n(&live, __ATOMIC_RELAXED); }
