/* lock.h - a lock as the objects built on it use it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * As the public calls, without a check of arguments and without a line of detail. */
#ifndef WEFT_SYNC_LOCK_H
#define WEFT_SYNC_LOCK_H

#include <weft/lock.h>

weft_status weft__lock_try(weft_lock *lock);
weft_status weft__lock_take(weft_lock *lock, double timeout);
weft_status weft__lock_free(weft_lock *lock);

/* Whether the calling thread may release it: a plain lock that anybody has, a shared one that it has
 * itself. */
bool weft__lock_is_mine(const weft_lock *lock);

#endif
