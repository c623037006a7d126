/* scratch.h - memory that a calling thread keeps from call to call.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_SCRATCH_H
#define WEFT_ALGO_SCRATCH_H

#include <stddef.h>

enum { weft__scratch_bytes = 512 * 1024 };

/* weft__scratch_bytes bytes of the calling thread's, freed when it ends, or NULL. One user at a time:
 * for calls that fork a team, since these do not nest. */
void *weft__scratch(void);

#endif
