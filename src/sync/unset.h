/* unset.h - what others did before they saw a lock taken, looked at after it was freed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Who frees a lock and then looks for sleepers, and who registers as a sleeper and then tries the lock,
 * must not both miss each other: between the store and the load of either side stands a full fence
 * (Dekker's pattern). libgomp frees a lock by an exchange, which on x86 is that fence: a plain load will
 * do. libomp, whose functions may serve a library that was built for libgomp, and other processors
 * need one of their own; a read-modify-write of the word is one that ThreadSanitizer understands. */
#ifndef WEFT_SYNC_UNSET_H
#define WEFT_SYNC_UNSET_H

#include <stdint.h>

#ifdef __x86_64__
extern int __kmpc_global_thread_num(void *) __attribute__((weak)); /* in libomp only */
#define weft__unset_is_fence (!__kmpc_global_thread_num)
#else
#define weft__unset_is_fence 0
#endif

static inline uint32_t weft__load_after_unset(uint32_t *word)
{
    return weft__unset_is_fence ? __atomic_load_n(word, __ATOMIC_SEQ_CST)
                                : __atomic_fetch_add(word, 0, __ATOMIC_SEQ_CST);
}

#endif
