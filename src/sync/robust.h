/* robust.h - the shared lock: a robust mutex of the system, taken by trying only.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_SYNC_ROBUST_H
#define WEFT_SYNC_ROBUST_H

#include <weft/lock.h>

/* Each with WEFT_OK, or what went wrong without a line of detail. try: WEFT_TIMEOUT where somebody
 * else has it, else as weft_lock_acquire; free: WEFT_EPERM where the calling thread has it not. */
weft_status weft__robust_init(weft_lock *lock);
void weft__robust_fini(weft_lock *lock);
weft_status weft__robust_try(weft_lock *lock);
weft_status weft__robust_free(weft_lock *lock);

#endif
