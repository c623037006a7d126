/* aside.h - moves the caller out of the way of its workers.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TEAM_ASIDE_H
#define WEFT_TEAM_ASIDE_H

#include "team/plan.h"

/* Moves the calling thread to its own place, thread 0's, should it run elsewhere; its mask stays. */
void weft__step_aside(const struct weft__plan *plan);

#endif
