/* budget.c - how many threads a call uses.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Inside a parallel region and inside an expression the budget is one thread; calls that hand blocks to
 * the other threads of a crew have these inside a task. One thread it is, too, on the one
 * thread of a forked child: its team was left behind in the parent, and libgomp would wait for it for
 * ever. */
#include <weft/machine.h>
#include <weft/team.h>

#include <omp.h>

#include "base/at_most.h"
#include "team/crew.h"
#include "team/member.h"
#include "team/team.h"

_Thread_local struct weft__member weft__member;

static size_t default_threads(void)
{
    static size_t known; /* relaxed: every thread that finds 0 stores the same number */
    size_t n = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (!n) {
        n = weft_machine_limits(weft_machine_this())->threads;
        __atomic_store_n(&known, n, __ATOMIC_RELAXED);
    }
    return n;
}

size_t weft__threads_of_a_team(void)
{
    const struct weft__member *me = &weft__member;
    if (me->forked || omp_get_level() > 0)
        return 1;
    return weft__at_most(me->asked ? me->asked : default_threads(), WEFT_THREADS_MAX);
}

size_t weft_threads(void)
{
    const struct weft__member *me = &weft__member;
    return me->alone || me->worker ? 1 : weft__threads_of_a_team();
}

size_t weft__threads(void)
{
    const struct weft__member *me = &weft__member;
    if (!me->worker)
        return weft_threads();
    return me->asked ? weft__at_most(me->asked, me->worker->crew->threads)
                     : me->worker->crew->threads;
}

size_t weft_set_threads(size_t n)
{
    const size_t before = weft__member.asked;
    weft__member.asked = weft__at_most(n, WEFT_THREADS_MAX);
    return before;
}
