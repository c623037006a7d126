/* weft/shared.h - memory that a process shares with those that it starts.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_SHARED_H
#define WEFT_SHARED_H

#include <weft/api.h>

WEFT_BEGIN_C

/* weft_shared_alloc - size bytes, all zero, aligned to 128 bytes, shared with all processes that are
 * started or forked from then on: at the same address, so pointers into it mean the same everywhere.
 *
 * It has no name and is no file: it is gone when the last process that has it has freed it or ended,
 * whatever way. Pages count as memory of the system once somebody touches them.
 *
 * NULL with weft_detail() when there is none; size 0 gives a pointer that may be freed.
 *
 * weft_shared_free - takes it from the calling process; those that share it keep it. Takes NULL. */
WEFT_API void *weft_shared_alloc(size_t size);
WEFT_API void weft_shared_free(void *memory);

WEFT_END_C

#endif
