/* spots.h - a condition over a lock or over a recursive one, so that most tests run over both.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_SPOTS_H
#define WEFT_TESTS_SPOTS_H

#include <weft.h>

typedef struct spot {
    bool recursive;
    weft_lock lock;
    weft_rlock rlock;
    weft_cond cond;
    size_t waiting, woken, late; /* under the lock */
    long tickets, taken;
} spot;

/* over_both - runs a test over both sorts of lock. */
void over_both(void (*test)(spot *s));
void spot_init(spot *s, bool recursive);
void spot_fini(spot *s);

/* take, give - the lock, whichever it is. */
void take(spot *s);
void give(spot *s);
bool is_locked(const spot *s);

/* wait_once - the work of a helper (crew.h): waits, and counts that it does and that it was woken.
 *
 * under_lock - a count, read with the lock.
 * reaches - whether a count is n within ten seconds.
 * notify - takes the lock for it. */
void wait_once(void *spot);
size_t under_lock(spot *s, const size_t *count);
bool reaches(spot *s, const size_t *count, size_t n);
void notify(spot *s, size_t n);

#endif
