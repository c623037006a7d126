/* room.h - scratch memory of sorts and partitions.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_SORT_ROOM_H
#define WEFT_ALGO_SORT_ROOM_H

#include <stddef.h>

/* Memory of at least so many bytes, aligned to 128; NULL: there is none. Contents undefined. */
void *weft__room_take(size_t bytes);

/* Gives it back; takes NULL. Where no more than so many bytes of it were touched, it may be kept for that,
 * however large it is. */
void weft__room_give(void *room);
void weft__room_give_touched(void *room, size_t bytes);

#endif
