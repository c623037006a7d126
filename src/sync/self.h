/* self.h - the calling thread's number.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_SYNC_SELF_H
#define WEFT_SYNC_SELF_H

#include <stdint.h>

/* A number that no other thread of this machine has, nor had before, never 0; about 1 ns. The child
 * of a fork() gets one of its own. */
uint64_t weft__self(void);

#endif
