/* aside.c - moves the caller out of the way of its workers.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Workers are bound and the caller is not. While they slept the system may have put the caller on the
 * CPU of one of them. The worker cannot leave when it wakes, and the system moves a thread that runs
 * only after a while: measured, both share one CPU for 4 to 12 ms. So before a region the caller looks
 * where it is (the C library reads that from memory) and, if need be, binds itself to its own place
 * for a moment: two system calls, about a microsecond. */
#include "team/aside.h"

#include <sched.h>

#include "place/bind.h"
#include "team/member.h"

static bool at_home(const struct weft__plan *plan)
{
    const int cpu = sched_getcpu();
    return cpu < 0 || weft_cpus_has(&plan->places[0], (size_t)cpu);
}

static weft_cpus both(const weft_cpus *a, const weft_cpus *b)
{
    weft_cpus set = *a;
    for (size_t k = 0; k < sizeof set.bits / sizeof *set.bits; k++)
        set.bits[k] &= b->bits[k];
    return set;
}

/* A caller whose own mask keeps it elsewhere cannot move. */
static void move_home(const struct weft__plan *plan)
{
    weft_cpus mask;
    if (weft__bound(0, &mask))
        return;
    const weft_cpus home = both(&plan->places[0], &mask);
    if (weft_cpus_count(&home) > 0 && weft__bind(0, &home) == 0)
        weft__bind(0, &mask);
}

void weft__step_aside(const struct weft__plan *plan)
{
    struct weft__member *const me = &weft__member;
    if (at_home(plan) || me->elsewhere == plan)
        return;
    move_home(plan);
    me->elsewhere = at_home(plan) ? NULL : plan;
}
