/* shared.c - memory that processes share: anonymous mappings.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     | length |  ... 128 |  memory ...
 *
 * The length stands in front, for munmap, and in each process the same. */
#include <weft/shared.h>

#include <errno.h>
#include <string.h>

#include <sys/mman.h>

#include "base/detail.h"

enum { in_front = 128 }; /* bytes; two cache lines, which processors fetch together */

void *weft_shared_alloc(size_t size)
{
    char *start = MAP_FAILED;
    errno = ENOMEM;
    if (size <= PTRDIFF_MAX - in_front)
        start =
            mmap(NULL, size + in_front, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) {
        weft__fail(errno == ENOMEM ? WEFT_ENOMEM : WEFT_ESYS,
                   "weft_shared_alloc: size is %zu bytes: %s", size, strerror(errno));
        return NULL;
    }
    const size_t length = size + in_front;
    memcpy(start, &length, sizeof length);
    return start + in_front;
}

void weft_shared_free(void *memory)
{
    size_t length;
    if (!memory)
        return;
    char *const start = (char *)memory - in_front;
    memcpy(&length, start, sizeof length);
    munmap(start, length);
}
