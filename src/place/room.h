/* room.h - how many threads this process may still create.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_PLACE_ROOM_H
#define WEFT_PLACE_ROOM_H

#include "place/cgroup.h"

/* Sets new_threads and new_threads_source of all->limits. */
void weft__room_find(const weft__cgroups *all);

#endif
