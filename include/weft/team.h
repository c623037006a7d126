/* weft/team.h - how many threads a call uses and where they are bound.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A call forks a team of threads: the calling thread and workers of the OpenMP runtime's pool. Inside
 * a parallel region, weft's or anybody's, and inside an expression the budget is one thread: nested
 * calls never oversubscribe. Results never depend on the size of the team. */
#ifndef WEFT_TEAM_H
#define WEFT_TEAM_H

#include <weft/api.h>
#include <weft/machine.h>
#include <weft/status.h>

WEFT_BEGIN_C

/* weft_threads - how many threads a call made here would use: 1 inside a parallel region, a
 * callback or an expression of another call, and on the one thread that a forked child inherits from a
 * program that had a team; else what weft_set_threads set, else weft_limits.threads of
 * weft_machine_this(). */
WEFT_API size_t weft_threads(void);

/* weft_set_threads - sets the number for calls made by this thread; returns the setting before it.
 *
 * n  0 goes back to the default; above WEFT_THREADS_MAX counts as that */
WEFT_API size_t weft_set_threads(size_t n);

/* weft_with_threads - sets the number for one statement:
 *
 *     weft_with_threads (2)
 *         total = weft_sum(x, n);
 *
 * break leaves the statement; return and goto out of it leave the setting behind. */
#define weft_with_threads(n) WEFT_UNIQUE_(WEFT_WITH_THREADS_, n)
#define WEFT_WITH_THREADS_(before, n)                                         \
    for (size_t before = weft_set_threads(n), before##open = 1; before##open; \
         before##open = 0, (void)weft_set_threads(before))                    \
        for (; before##open; before##open = 0)

/* weft_set_place - the policy that binds the workers of later calls: "auto" (the default), "cores",
 * "spread", "compact", "none" or a CPU list; see weft_machine_places(). NULL: back to the
 * environment variable WEFT_PLACE, or "auto".
 *
 * The calling thread is never bound: it would hand its one CPU to every thread that it creates
 * later. Bound workers belong to the OpenMP runtime, so they also run the program's own regions;
 * "none" avoids that. Where OMP_PROC_BIND or OMP_PLACES is set, it wins and nothing is bound here.
 *
 * Process-wide. WEFT_EINVAL for an unknown policy. */
WEFT_API weft_status weft_set_place(const char *policy);

WEFT_END_C

#endif
