/* list.h - CPU numbers out of a list such as "0-3,8,10-12:2", one by one and in its order.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_PLACE_LIST_H
#define WEFT_PLACE_LIST_H

#include <stdbool.h>
#include <stddef.h>

typedef struct weft__list {
    const char *rest;        /* set it to the text; the others to 0 */
    size_t next, last, step; /* of the range that is being read; step 0: none is */
    bool broken;             /* the text is not a list, or a CPU is over WEFT_CPUS_MAX - 1 */
} weft__list;

/* The next CPU; false at the end and where the list is broken. */
bool weft__list_next(weft__list *list, size_t *cpu);

#endif
