/* life.h - has a process ended?
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_SYNC_LIFE_H
#define WEFT_SYNC_LIFE_H

#include <stdbool.h>
#include <stdint.h>

/* A number for the calling process that no other process of this machine has or had before; never 0. */
uint64_t weft__life(void);

/* Whether the process with that number has ended, waited for or not. Some ten microseconds. */
bool weft__life_is_over(uint64_t life);

#endif
