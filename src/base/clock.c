/* clock.c - double seconds on CLOCK_MONOTONIC.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Sleeps run to an absolute deadline, so signals neither shorten nor lengthen them. */
#include <weft/clock.h>

#include <errno.h>
#include <time.h>

#include "base/detail.h"

static const double longest_sleep = 1e9; /* seconds; later deadlines would overflow time_t sums */

static struct timespec deadline_after(double seconds)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    double whole = __builtin_floor(seconds);
    t.tv_sec += (time_t)whole;
    t.tv_nsec += (long)((seconds - whole) * 1e9);
    if (t.tv_nsec >= 1000000000)
        t.tv_nsec -= 1000000000, t.tv_sec++;
    return t;
}

double weft_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

weft_status weft_sleep(double seconds)
{
    if (!(seconds >= 0))
        return weft__fail(WEFT_EINVAL, "weft_sleep: seconds is %g: it must be 0 or more", seconds);
    do {
        const double part = seconds < longest_sleep ? seconds : longest_sleep;
        const struct timespec t = deadline_after(part);
        while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
            ;
        seconds -= part;
    } while (seconds > 0);
    return WEFT_OK;
}
