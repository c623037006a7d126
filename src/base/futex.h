/* futex.h - sleeping until a 32-bit word changes, and waking who sleeps.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A deadline is a point in time of weft_now(), in seconds: weft__late is always past, WEFT_FOREVER
 * never comes. */
#ifndef WEFT_BASE_FUTEX_H
#define WEFT_BASE_FUTEX_H

#include <weft/clock.h>
#include <weft/status.h>

#define weft__late 0.0

/* WEFT_EINVAL, in the name of `function`, where seconds is negative or NaN. */
weft_status weft__check_timeout(double seconds, const char *function);

/* The deadline that is `seconds` from now; asks the clock only where that matters. */
double weft__deadline_in(double seconds);

/* Sleeps while *word is `value`; returns at once when it is not. True: woken, or by chance - look at
 * the word again. False: the deadline is past.
 *
 * shared  the word lies in memory that several processes share. A process that is killed may take a
 *         wake-up with it, its own or one it owed: so nobody sleeps longer than 20 ms at once there */
bool weft__futex_wait(uint32_t *word, uint32_t value, double deadline, bool shared);

/* Wakes at most n sleepers; returns how many there were. */
size_t weft__futex_wake(uint32_t *word, size_t n, bool shared);

#endif
