/* plan.h - where the workers of a team are bound.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TEAM_PLAN_H
#define WEFT_TEAM_PLAN_H

#include <weft/cpus.h>

struct weft__plan {
    struct weft__plan *next;
    const char *policy; /* equal policies have equal pointers */
    size_t threads;
    weft_cpus places[];
};

/* The plan for a team of that size, or NULL where nothing is to be bound. Never freed. */
const struct weft__plan *weft__plan_for(size_t threads);

/* Binds the calling worker to its place in the plan, unless it is bound so already. */
void weft__plan_bind(const struct weft__plan *plan, size_t index);

/* Around a fork: the child's plans are whole. */
void weft__plan_lock(void);
void weft__plan_unlock(void);

#endif
