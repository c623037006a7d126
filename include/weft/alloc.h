/* weft/alloc.h - memory whose pages land near the threads that use them first.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALLOC_H
#define WEFT_ALLOC_H

#include <weft/api.h>

WEFT_BEGIN_C

/* weft_alloc - size bytes, contents undefined, aligned to at least 128 bytes.
 *
 * No page is touched here: each lands on the NUMA node of the thread that writes it first, so fill
 * the array with weft_for or weft_map and later calls find their blocks nearby. From 4 MiB up the
 * memory is aligned to 2 MiB and huge pages are asked for.
 *
 * NULL with weft_detail() when there is none; size 0 gives a pointer that may be freed.
 *
 * weft_dealloc - gives it back; takes NULL. */
WEFT_API void *weft_alloc(size_t size);
WEFT_API void weft_dealloc(void *memory);

WEFT_END_C

#endif
