/* pause.h - tells the core that its thread waits for another one.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_BASE_PAUSE_H
#define WEFT_BASE_PAUSE_H

static inline void weft__pause(void)
{
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ volatile("isb" : : : "memory");
#endif
}

#endif
