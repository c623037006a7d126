/* poll.c - waits for a file descriptor, until a deadline.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "exec/poll.h"

#include <math.h>

#include <poll.h>

#include <weft/clock.h>

static const double farthest =
    1e9; /* seconds; what is later never comes, and overflows sums of time */

bool weft__is_past(double deadline) { return isfinite(deadline) && weft_now() >= deadline; }

/* Rounded up, so that a wait does not end early. */
static struct timespec timespec_of(double seconds)
{
    const double whole = floor(seconds);
    const long nanoseconds = (long)ceil((seconds - whole) * 1e9);
    return (struct timespec){ .tv_sec = (time_t)whole + nanoseconds / 1000000000,
                              .tv_nsec = nanoseconds % 1000000000 };
}

void weft__poll(int fd, short events, double deadline)
{
    struct pollfd p = { .fd = fd, .events = events };
    const double left = deadline < WEFT_FOREVER ? fmax(deadline - weft_now(), 0) : WEFT_FOREVER;
    const struct timespec t = timespec_of(fmin(left, farthest));
    ppoll(&p, 1, left < farthest ? &t : NULL, NULL);
}
