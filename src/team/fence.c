/* fence.c - a fence in two halves, by Linux' membarrier.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The system call makes every running thread of the process execute a fence; one that does not run
 * passed one when it was switched out. The light half then only has to keep the compiler from moving its
 * accesses. ThreadSanitizer follows neither: what the accesses around a fence guard is published by
 * acquire and release besides, never by the fence alone. */
#include "team/fence.h"

#include <pthread.h>

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

bool weft__fences_are_equal;

static long membarrier(int command) { return syscall(SYS_membarrier, command, 0, 0); }

static void ask_the_kernel(void)
{
    if (membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED))
        __atomic_store_n(&weft__fences_are_equal, true, __ATOMIC_RELAXED);
}

void weft__fence_init(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, ask_the_kernel);
}

/* A read-modify-write, since gcc warns of fences under ThreadSanitizer. */
void weft__fence_full(void)
{
#ifdef __SANITIZE_THREAD__
    static int word;
    __atomic_fetch_add(&word, 1, __ATOMIC_SEQ_CST);
#else
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

bool weft__fence_heavy(void)
{
    weft__fence_full();
    return weft__fences_are_equal || membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0;
}
