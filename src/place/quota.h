/* quota.h - how much CPU time the control groups grant this process.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_PLACE_QUOTA_H
#define WEFT_PLACE_QUOTA_H

#include "place/cgroup.h"

/* Sets quota and quota_source of all->limits. */
void weft__quota_find(const weft__cgroups *all);

#endif
