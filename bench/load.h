/* load.h - how busy others kept the machine meanwhile.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

/* Seconds since some start: of the clock, of all CPUs being busy, of our own part of that. */
typedef struct load {
    double clock, busy, own;
} load;

load load_now(void);

/* load_others - how many CPUs others used between two moments, on average; NaN where the system does
 * not say, or the time between is too short to tell. */
double load_others(const load *from, const load *to);

#endif
