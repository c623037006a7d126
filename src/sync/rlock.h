/* rlock.h - a recursive lock as the condition uses it.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_SYNC_RLOCK_H
#define WEFT_SYNC_RLOCK_H

#include <weft/rlock.h>

bool weft__rlock_is_mine(const weft_rlock *rlock);

/* Frees the lock, however often the calling thread took it, and returns how often that was; and takes
 * it back that often, with the status of weft_rlock_acquire(). */
size_t weft__rlock_free_all(weft_rlock *rlock);
weft_status weft__rlock_take_all(weft_rlock *rlock, size_t count);

#endif
