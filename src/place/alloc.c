/* alloc.c - memory whose pages land near the threads that use them first.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Big memory is a mapping of its own: malloc would hand out again what somebody has touched before.
 * What dealloc has to know stands right in front of the memory, behind which big memory begins a page
 * of its own:
 *
 *     ...........| page: ....... note |memory, aligned to 2 MiB ...             |.........
 *      unmapped  ^ start                                                        ^ end, unmapped
 *
 * So the page that the note touches is never one of the caller's. */
#include <weft/alloc.h>

#include <stdlib.h>

#include <sys/mman.h>
#include <unistd.h>

#include "base/detail.h"

enum {
    alignment = 128,     /* two cache lines: the processor fetches them in pairs */
    huge_page = 2 << 20, /* bytes; on x86-64, and on arm64 with 4 KiB pages */
    big = 4 << 20,       /* bytes; from here on huge pages are worth their rounding */
};

typedef struct note {
    void *start;
    size_t length; /* of the mapping; 0: from malloc */
} note;

static note *note_of(char *memory) { return (note *)(memory - alignment); }

static size_t round_up(size_t n, size_t unit) { return (n + unit - 1) / unit * unit; }

static char *small_memory(size_t size)
{
    char *const start = aligned_alloc(alignment, round_up(alignment + size, alignment));
    if (!start)
        return NULL;
    *note_of(start + alignment) = (note){ .start = start };
    return start + alignment;
}

/* Unmapping a part that has nothing at all in it fails, and does nothing. */
static void unmap(char *begin, char *end) { (void)munmap(begin, (size_t)(end - begin)); }

static char *big_memory(size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t used = round_up(size, huge_page), room = page + huge_page + used;
    char *const all = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED)
        return NULL;
    char *const memory = (char *)round_up((uintptr_t)(all + page), huge_page);
    unmap(all, memory - page);
    unmap(memory + used, all + room);
    (void)madvise(memory, used, MADV_HUGEPAGE); /* small pages serve where there are no others */
    *note_of(memory) = (note){ .start = memory - page, .length = page + used };
    return memory;
}

void *weft_alloc(size_t size)
{
    char *memory = NULL;
    if (size < big)
        memory = small_memory(size);
    else if (size <= PTRDIFF_MAX / 2)
        memory = big_memory(size);
    if (!memory)
        weft__fail(WEFT_ENOMEM, "weft_alloc: size is %zu bytes: there is not that much memory",
                   size);
    return memory;
}

void weft_dealloc(void *memory)
{
    if (!memory)
        return;
    const note n = *note_of(memory);
    if (n.length)
        munmap(n.start, n.length);
    else
        free(n.start);
}
