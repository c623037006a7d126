/* load.h - how busy others kept the machine meanwhile.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

/* Seconds since some start: of the clock, of all CPUs being busy, of our own part of that, and of the
 * part that a hypervisor took away (steal). */
typedef struct load {
    double clock, busy, own, steal;
    double average; /* of the last minute: threads that run or want to; NaN: unknown */
} load;

load load_now(void);

/* load_others - how many CPUs others used between two moments, on average; NaN where the system does
 * not say, or the time between is too short to tell. load_steal - how many the hypervisor took. */
double load_others(const load *from, const load *to);
double load_steal(const load *from, const load *to);

#endif
