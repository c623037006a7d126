/* lock_wait.h - between what excludes (lock.c) and what waits (lock_wait.c).
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_SYNC_LOCK_WAIT_H
#define WEFT_SYNC_LOCK_WAIT_H

#include <weft/lock.h>

#include "sync/unset.h"

/* One attempt, whoever waits: WEFT_TIMEOUT where the lock is held. */
weft_status weft__lock_attempt(weft_lock *lock);

/* Goes on after a first attempt in vain. */
weft_status weft__lock_wait(weft_lock *lock, double timeout);

/* Whether who comes new does not even try: a sleeper has waited for long. */
bool weft__lock_door_is_shut(weft_lock *lock);

enum { weft__one_sleeper = 2 };
void weft__lock_wake_unless_on_its_way(weft_lock *lock, uint32_t seen);

/* Wakes who sleeps, after the lock was freed. */
static inline void weft__lock_wake(weft_lock *lock)
{
    const uint32_t seen = weft__load_after_unset(&lock->sleepers_);
    if (__builtin_expect(seen >= weft__one_sleeper, 0))
        weft__lock_wake_unless_on_its_way(lock, seen);
}

#endif
