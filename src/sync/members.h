/* members.h - the processes that take part in a shared barrier.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_SYNC_MEMBERS_H
#define WEFT_SYNC_MEMBERS_H

#include <weft/barrier.h>

/* With the guard held: makes the calling process one of them; false: there is no room. */
bool weft__members_join(weft_barrier *barrier);

/* With the guard held: forgets those who have ended; whether there were any. */
bool weft__members_clear_away(weft_barrier *barrier);

/* Without the guard: whether one of the next few has ended. Calls by several threads look at others
 * in turn: all are looked at within eight calls. */
bool weft__members_one_has_ended(weft_barrier *barrier);

#endif
