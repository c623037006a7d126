/* load.c - how busy others kept the machine meanwhile.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * /proc/stat counts the ticks of all CPUs; busy is what was neither idle nor waiting for disks, and
 * with it what a hypervisor took away. Take off our own time and that of our children: the rest was
 * used by others. */
#include "load.h"

#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include <weft/clock.h>

static const double shortest = 0.3; /* seconds: 30 ticks */

static void read_busy(load *l)
{
    double user = NAN, nice = NAN, system = NAN, idle, wait, irq, soft, steal = NAN;
    FILE *f = fopen("/proc/stat", "re");
    l->busy = l->steal = NAN;
    if (!f)
        return;
    const int n = fscanf(f, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &user, &nice, &system, &idle,
                         &wait, &irq, &soft, &steal);
    fclose(f);
    if (n != 8)
        return;
    const double ticks = (double)sysconf(_SC_CLK_TCK);
    l->busy = (user + nice + system + irq + soft + steal) / ticks;
    l->steal = steal / ticks;
}

static double read_average(void)
{
    double average = NAN;
    FILE *f = fopen("/proc/loadavg", "re");
    if (!f)
        return NAN;
    const int n = fscanf(f, "%lf", &average);
    fclose(f);
    return n == 1 ? average : NAN;
}

static double used_by(int who)
{
    struct rusage r;
    getrusage(who, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
           1e-6 * (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
}

load load_now(void)
{
    load l = { .clock = weft_now(),
               .own = used_by(RUSAGE_SELF) + used_by(RUSAGE_CHILDREN),
               .average = read_average() };
    read_busy(&l);
    return l;
}

double load_others(const load *from, const load *to)
{
    const double clock = to->clock - from->clock;
    const double others = (to->busy - from->busy) - (to->own - from->own);
    if (clock < shortest)
        return NAN;
    return others < 0 ? 0 : others / clock; /* ticks are coarse: just below 0 is 0 */
}

double load_steal(const load *from, const load *to)
{
    const double clock = to->clock - from->clock;
    return clock < shortest ? NAN : (to->steal - from->steal) / clock;
}
