/* futex.c - sleeping until a 32-bit word changes, by Linux' futex.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Deadlines are absolute, so a signal that interrupts a wait neither shortens nor lengthens it. */
#include "base/futex.h"

#include <errno.h>
#include <limits.h>
#include <time.h>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/detail.h"

/* Seconds; later deadlines do not fit the kernel's 64-bit nanoseconds, and never come. */
static const double last_deadline = 4e9;

static const double longest_shared_sleep = 20e-3; /* seconds */

weft_status weft__check_timeout(double seconds, const char *function)
{
    if (seconds >= 0)
        return WEFT_OK;
    return weft__fail(WEFT_EINVAL, "%s: timeout is %g seconds: it must be 0 or more", function,
                      seconds);
}

double weft__deadline_in(double seconds)
{
    return seconds > 0 && seconds < WEFT_FOREVER ? weft_now() + seconds : seconds;
}

static struct timespec timespec_of(double deadline)
{
    const double whole = __builtin_floor(deadline);
    return (struct timespec){ .tv_sec = (time_t)whole,
                              .tv_nsec = (long)((deadline - whole) * 1e9) };
}

/* False: it is past. */
static bool sleep_while(uint32_t *word, uint32_t value, double deadline, int operation)
{
    struct timespec t, *until = NULL;
    if (deadline < last_deadline)
        t = timespec_of(deadline), until = &t;
    return syscall(SYS_futex, word, operation, value, until, NULL, FUTEX_BITSET_MATCH_ANY) == 0 ||
           errno != ETIMEDOUT;
}

bool weft__futex_wait(uint32_t *word, uint32_t value, double deadline, bool shared)
{
    if (deadline == weft__late)
        return false;
    if (!shared)
        return sleep_while(word, value, deadline, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG);
    const double slice = weft_now() + longest_shared_sleep;
    return sleep_while(word, value, slice < deadline ? slice : deadline, FUTEX_WAIT_BITSET) ||
           slice < deadline;
}

size_t weft__futex_wake(uint32_t *word, size_t n, bool shared)
{
    const int operation = FUTEX_WAKE | (shared ? 0 : FUTEX_PRIVATE_FLAG);
    const long woken = syscall(SYS_futex, word, operation, n < INT_MAX ? (int)n : INT_MAX);
    return woken > 0 ? (size_t)woken : 0;
}
