/* original.c - the CPUs that the process was started with.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Under OMP_PROC_BIND or OMP_PLACES libgomp binds the main thread to the first place before anything
 * of ours runs; libomp does so at its first call. Nothing in the kernel remembers the mask before
 * that, but the runtime does: its places were cut from it, and their union is that mask, or the part
 * of it that the user chose by OMP_PLACES. This layer does not know OpenMP, so the runtime's functions
 * are weak: NULL in a program without one.
 *
 * Where no runtime binds, the mask counts that the main thread has when weft is loaded: later it may
 * have bound itself, and who calls may be bound to one CPU. */
#include <weft/cpus.h>

#include <stdlib.h>

#include <pthread.h>
#include <unistd.h>

#include "place/bind.h"

extern int omp_get_proc_bind(void) __attribute__((weak));
extern int omp_get_num_places(void) __attribute__((weak));
extern int omp_get_place_num_procs(int place) __attribute__((weak));
extern void omp_get_place_proc_ids(int place, int *cpus) __attribute__((weak));

/* volatile: clang knows these functions by name and calls them before anybody asks if they are there. */
static const volatile struct {
    int (*proc_bind)(void);
    int (*num_places)(void);
    int (*place_num_procs)(int place);
    void (*place_proc_ids)(int place, int *cpus);
} runtime = { omp_get_proc_bind, omp_get_num_places, omp_get_place_num_procs,
              omp_get_place_proc_ids };

static weft_cpus at_load, original;

__attribute__((constructor)) static void look_at_load(void)
{
    if (weft__bound(getpid(), &at_load))
        for (long cpu = sysconf(_SC_NPROCESSORS_ONLN); cpu-- > 0;)
            weft_cpus_add(&at_load, (size_t)cpu);
}

static void add_place(weft_cpus *set, int place)
{
    const int n = runtime.place_num_procs(place);
    int *const cpus = n > 0 ? malloc((size_t)n * sizeof *cpus) : NULL;
    if (!cpus)
        return;
    runtime.place_proc_ids(place, cpus);
    for (int k = 0; k < n; k++)
        if (cpus[k] >= 0)
            weft_cpus_add(set, (size_t)cpus[k]);
    free(cpus);
}

/* Empty where no runtime binds. */
static weft_cpus all_places(void)
{
    weft_cpus set = { { 0 } };
    if (runtime.proc_bind && runtime.num_places && runtime.place_num_procs &&
        runtime.place_proc_ids && runtime.proc_bind() != 0)
        for (int place = 0; place < runtime.num_places(); place++)
            add_place(&set, place);
    return set;
}

static void find(void)
{
    const weft_cpus places = all_places();
    original = weft_cpus_count(&places) ? places : at_load;
}

void weft_cpus_original(weft_cpus *set)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find);
    *set = original;
}
