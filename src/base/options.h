/* options.h - keyword arguments as the library takes them in.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A program compiled against older headers hands over a shorter struct: what it does not know of is
 * zero, and zero means default. */
#ifndef WEFT_BASE_OPTIONS_H
#define WEFT_BASE_OPTIONS_H

#include <string.h>

/* Copies the caller's options, whose first member is their size, into ours. NULL: all default. */
#define weft__take_options(ours, theirs) \
    weft__copy_options((ours), sizeof *(ours), (theirs), (theirs) ? (theirs)->size : 0)

static inline void weft__copy_options(void *ours, size_t room, const void *theirs, size_t size)
{
    memset(ours, 0, room);
    if (theirs)
        memcpy(ours, theirs, size < room ? size : room);
}

#endif
