/* others.c - the CPU time that others take while we measure.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * nice and a quiet-looking load average do not protect a measurement; a second job on the machine
 * makes two threads look like one. So every round is charged with
 *
 *     others = busy time of all CPUs - CPU time of this process
 *
 * and the harness repeats a round that others used too much of. The kernel counts busy time in
 * ticks (10 ms): the difference of two calls is off by a tick or two. */
#include "peer.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* The fields of the first line of /proc/stat that are time somebody ran; idle and iowait are not.
 * Stolen time is: another guest of this host had the CPU. */
enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, FIELDS };

static double seconds_on(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double own_cpu(void) { return seconds_on(CLOCK_PROCESS_CPUTIME_ID); }

static double busy_cpu(void)
{
    unsigned long long ticks[FIELDS] = { 0 };
    FILE *f = fopen("/proc/stat", "r");
    if (!f)
        return own_cpu(); /* no such file on this system: nobody else is seen */
    const int got = fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &ticks[0], &ticks[1],
                           &ticks[2], &ticks[3], &ticks[4], &ticks[5], &ticks[6], &ticks[7]);
    fclose(f);
    if (got < SOFTIRQ)
        return own_cpu();
    const unsigned long long busy =
        ticks[USER] + ticks[NICE] + ticks[SYSTEM] + ticks[IRQ] + ticks[SOFTIRQ] + ticks[STEAL];
    return (double)busy / (double)sysconf(_SC_CLK_TCK);
}

double others_cpu(void) { return busy_cpu() - own_cpu(); }

/* CPU time of all threads of this process but the calling one. */
double workers_cpu(void) { return own_cpu() - seconds_on(CLOCK_THREAD_CPUTIME_ID); }
