/* slots.h - who waits at a shared condition.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All but slots_sleep() with the lock held. */
#ifndef WEFT_SYNC_SLOTS_H
#define WEFT_SYNC_SLOTS_H

#include <weft/cond.h>

/* The number k of a slot for the calling thread, or WEFT_COND_SHARED_MAX: all are taken. */
size_t weft__slots_take(weft_cond *cond);

/* Sleeps in it until notified; false: the deadline is past. */
bool weft__slots_sleep(weft_cond *cond, size_t k, double deadline);

/* Whether the thread was notified, after all; gives the slot back. */
bool weft__slots_leave(weft_cond *cond, size_t k);

void weft__slots_notify(weft_cond *cond, size_t n);

#endif
