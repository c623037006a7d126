/* amdahl.c - a program with a serial part of known length: amdahl SERIAL PARALLEL THREADS.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * It sleeps SERIAL seconds, then THREADS threads sleep PARALLEL / THREADS seconds each: its times, which
 * it reports, are right on a machine with one core and a load of others. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void nap(double seconds)
{
    const double whole = floor(seconds);
    const struct timespec t = { (time_t)whole, (long)(1e9 * (seconds - whole)) };
    clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *work(void *seconds)
{
    nap(*(double *)seconds);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    const size_t threads = (size_t)atoi(argv[3]);
    double share = atof(argv[2]) / (double)threads;
    pthread_t team[64];
    const double start = now();
    nap(atof(argv[1]));
    for (size_t k = 1; k < threads && k < 64; k++)
        if (pthread_create(&team[k], NULL, work, &share))
            return 1;
    work(&share);
    for (size_t k = 1; k < threads && k < 64; k++)
        pthread_join(team[k], NULL);
    printf("weft: seconds %.6f\n", now() - start);
    return 0;
}
