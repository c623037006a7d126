/* binds.c - a program that binds its own threads: binds everywhere|together THREADS.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * everywhere: to every CPU there is, whatever mask it was started with; together: all to the first CPU
 * of that mask. The threads then stay for a third of a second. */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static cpu_set_t mask;

static void *stay(void *unused)
{
    sched_setaffinity(0, sizeof mask, &mask);
    usleep(333000);
    return unused;
}

static void choose(const char *how)
{
    int first = 0;
    sched_getaffinity(0, sizeof mask, &mask);
    while (!CPU_ISSET(first, &mask))
        first++;
    CPU_ZERO(&mask);
    CPU_SET(first, &mask);
    for (int cpu = 0; strcmp(how, "everywhere") == 0 && cpu < CPU_SETSIZE; cpu++)
        CPU_SET(cpu, &mask);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    const int threads = atoi(argv[2]);
    pthread_t team[64];
    choose(argv[1]);
    for (int k = 1; k < threads && k < 64; k++)
        if (pthread_create(&team[k], NULL, stay, NULL))
            return 1;
    stay(NULL);
    for (int k = 1; k < threads && k < 64; k++)
        pthread_join(team[k], NULL);
    return 0;
}
