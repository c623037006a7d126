/* limits.c - how many threads this process may use by default, and why.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * One thread a physical core. */
#include "place/limits.h"

#include <stdio.h>

void weft__limits_find(weft_limits *limits, weft__why *why, const char *root,
                       const char *(*env)(const char *name))
{
    (void)root, (void)env;
    limits->quota = WEFT_FOREVER;
    limits->new_threads = SIZE_MAX;
    limits->threads = limits->allowed_cores;
    snprintf(limits->rule, sizeof limits->rule, "%zu core%s", limits->threads,
             limits->threads == 1 ? "" : "s");
    snprintf(why->line[why->count++], sizeof why->line[0], "%s, one thread each", limits->rule);
}
