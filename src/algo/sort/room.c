/* room.c - scratch memory of sorts and partitions.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Fresh pages are cleared by the system when they are touched, which takes a tenth of the time of a
 * sort; in a virtual machine that has handed free memory back to its host it takes twice the time of
 * the sort. So the last big room is kept for the next call, but is no longer claimed: MADV_FREE lets
 * the system take its pages whenever it needs some, without asking. Only the first huge page, with
 * the note, stays. What is kept is an eighth of the machine's memory at most: a sort of more than
 * that is rare, and makes its room anew.
 * Owns `kept`, the one room that nobody uses. */
#include "algo/sort/room.h"

#include <stdint.h>

#include <sys/mman.h>
#include <unistd.h>

#include <weft/alloc.h>

enum { note_bytes = 128, huge_page = 2 << 20 };

static const size_t kept_least = 4 << 20; /* bytes */

/* Stands in front of the memory. */
struct room {
    size_t bytes;
};

static struct room *kept;

/* Acquire and release pair with each other: who takes a room sees it as it was given. */
static struct room *exchange(struct room *r)
{
    return __atomic_exchange_n(&kept, r, __ATOMIC_ACQ_REL);
}

static size_t kept_most(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? (size_t)pages / 8 * (size_t)page : 0;
}

static struct room *new_room(size_t bytes)
{
    struct room *const r = bytes < PTRDIFF_MAX ? weft_alloc(note_bytes + bytes) : NULL;
    if (r)
        r->bytes = bytes;
    return r;
}

void *weft__room_take(size_t bytes)
{
    struct room *r = bytes >= kept_least ? exchange(NULL) : NULL;
    if (!r || r->bytes < bytes) {
        weft_dealloc(r);
        r = new_room(bytes);
    }
    return r ? (char *)r + note_bytes : NULL;
}

void weft__room_give_touched(void *memory, size_t bytes)
{
    if (!memory)
        return;
    struct room *r = (struct room *)((char *)memory - note_bytes);
    if (r->bytes >= kept_least && bytes <= kept_most()) {
        const size_t behind = (note_bytes + r->bytes - huge_page) / huge_page * huge_page;
        (void)madvise((char *)r + huge_page, behind, MADV_FREE); /* else they stay claimed */
        r = exchange(r);
    }
    weft_dealloc(r);
}

void weft__room_give(void *memory)
{
    if (memory)
        weft__room_give_touched(memory, ((struct room *)((char *)memory - note_bytes))->bytes);
}
