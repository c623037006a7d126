/* limits.h - how many threads this process may use by default, and why.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_PLACE_LIMITS_H
#define WEFT_PLACE_LIMITS_H

#include <weft/machine.h>

#define WEFT__WHY_LINES 14

typedef struct weft__why {
    size_t count;
    char line[WEFT__WHY_LINES][140];
    char skipped[300]; /* variables that are wrong, with the reason; "" */
} weft__why;

/* in: limits->packages..allowed_cores; out: quota, quota_source, new_threads, new_threads_source,
 * threads, rule, and the why lines; appends to trouble where something could not be read.
 *
 * root  a folder that holds proc and sys
 * env   returns the value of an environment variable, or NULL */
void weft__limits_find(weft_limits *limits, weft__why *why, const char *root,
                       const char *(*env)(const char *name));

#endif
