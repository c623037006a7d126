/* modes.h - the rounding and denormal mode of a host that has set them.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_MODES_H
#define WEFT_TESTS_MODES_H

#include <fenv.h>

#ifdef __x86_64__
#include <xmmintrin.h>
#endif

typedef struct host_modes {
    fenv_t all;
} host_modes;

/* host_modes_set - rounds this way on this thread, and denormals are zero where the processor can; returns
 * what was set. */
static inline host_modes host_modes_set(int rounding)
{
    host_modes before;
    fegetenv(&before.all);
    fesetround(rounding);
#ifdef __x86_64__
    _mm_setcsr(_mm_getcsr() | 0x8040); /* flush to zero, denormals are zero */
#endif
    return before;
}

static inline void host_modes_restore(host_modes before) { fesetenv(&before.all); }

#endif
