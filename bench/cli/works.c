/* works.c - what a study runs: kernels or a command, at every thread count.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "works.h"

#include <stdlib.h>

#include "cli.h"
#include "launch.h"
#include "places.h"
#include "title.h"

static void *zeroed(size_t n, size_t size)
{
    void *memory = calloc(n + 1, size);
    if (!memory)
        abort();
    return memory;
}

int works_of_kernels(const words *kernels, size_t size, const words *inputs, work **works)
{
    const char *path = kernels_path();
    if (!path)
        return exit_not_found;
    *works = zeroed(kernels->count, sizeof **works);
    for (size_t k = 0; k < kernels->count; k++) {
        char **argv = kernels_argv(path, kernels->word[k], size, inputs);
        const int status = kernels_check(argv);
        if (status)
            return status;
        (*works)[k] = (work){ title_of(argv + 1), argv, kernels->word[k], true };
    }
    return exit_good;
}

int works_of_command(char **command, work **works)
{
    *works = zeroed(1, sizeof **works);
    **works = (work){ title_of(command), command, NULL, launch_mentions(command) };
    return exit_good;
}

static int fill(point *p, const work *w, size_t threads, const char *policy)
{
    weft_cpus *places;
    const int status = places_for("scale", policy, threads, &places);
    *p = (point){
        .title = w->title, .argv = w->argv, .told = w->told, .threads = threads, .places = places
    };
    if (!status)
        p->cores = places_cores(places, threads);
    return status;
}

int works_points(study *s, const work *works, size_t n, const counts *threads, const char *policy)
{
    s->count = n * threads->count;
    s->points = zeroed(s->count, sizeof *s->points);
    for (size_t k = 0; k < s->count; k++) {
        const int status = fill(&s->points[k], &works[k / threads->count],
                                threads->value[k % threads->count], policy);
        if (status)
            return status;
    }
    return exit_good;
}
