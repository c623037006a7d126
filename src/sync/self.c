/* self.c - the calling thread's number.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The kernel's number of a thread goes to another one once the thread is gone; so the microsecond at
 * which it was asked for comes on top (22 bits are the most that Linux counts threads in; the other 42
 * last for 50 days).
 *
 * Owns one thread-local: the number, found once and forgotten by the child of a fork(). */
#include "sync/self.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <weft/clock.h>

static _Thread_local uint64_t number;

static void forget(void) { number = 0; }

__attribute__((constructor)) static void forget_after_fork(void)
{
    (void)pthread_atfork(NULL, NULL, forget);
}

uint64_t weft__self(void)
{
    if (__builtin_expect(!number, 0))
        number = (uint64_t)syscall(SYS_gettid) | (uint64_t)(weft_now() * 1e6) << 22;
    return number;
}
