/* rounding.h - default rounding and denormal mode inside a region, the host's own after it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A host that was linked with -ffast-math flushes denormals on its main thread and not on the others,
 * and fesetround() reaches one thread only: without this the digits would depend on who computes
 * what. The one file that knows the processors' control registers. */
#ifndef WEFT_TEAM_ROUNDING_H
#define WEFT_TEAM_ROUNDING_H

#if defined __x86_64__

#include <xmmintrin.h>

/* Exceptions masked, to nearest, denormals kept; the low six bits are sticky flags and stay out. */
enum { weft__default_rounding = 0x1f80, weft__rounding_flags = 0x3f };

static inline unsigned weft__rounding_begin(void)
{
    const unsigned host = _mm_getcsr();
    if (__builtin_expect((host & ~weft__rounding_flags) != weft__default_rounding, 0))
        _mm_setcsr(weft__default_rounding);
    return host;
}

static inline void weft__rounding_end(unsigned host)
{
    if (__builtin_expect((host & ~weft__rounding_flags) != weft__default_rounding, 0))
        _mm_setcsr(host);
}

#elif defined __aarch64__

static inline unsigned weft__rounding_begin(void)
{
    unsigned long host;
    __asm__ volatile("mrs %0, fpcr" : "=r"(host));
    if (__builtin_expect(host != 0, 0))
        __asm__ volatile("msr fpcr, %0" : : "r"(0ul));
    return (unsigned)host;
}

static inline void weft__rounding_end(unsigned host)
{
    if (__builtin_expect(host != 0, 0))
        __asm__ volatile("msr fpcr, %0" : : "r"((unsigned long)host));
}

#else

#include <fenv.h>

static inline unsigned weft__rounding_begin(void)
{
    const int host = fegetround();
    if (host != FE_TONEAREST)
        fesetround(FE_TONEAREST);
    return (unsigned)host;
}

static inline void weft__rounding_end(unsigned host)
{
    if (host != FE_TONEAREST)
        fesetround((int)host);
}

#endif

#endif
