/* places.c - places for the threads of a program that is to be started.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "places.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "launch.h"

static weft_cpus *new_sets(size_t n)
{
    weft_cpus *sets = calloc(n + 1, sizeof *sets);
    if (!sets)
        abort();
    return sets;
}

static bool meet(const weft_cpus *a, const weft_cpus *b)
{
    uint64_t common = 0;
    for (size_t w = 0; w < WEFT_CPUS_MAX / 64; w++)
        common |= a->bits[w] & b->bits[w];
    return common;
}

int places_for(const char *what, const char *policy, size_t threads, weft_cpus **places)
{
    const weft_machine *m = weft_machine_this();
    weft_cpus *sets = new_sets(threads);
    *places = NULL;
    if (weft_machine_places(m, policy, threads, sets) != WEFT_OK) {
        free(sets);
        return usage_error("%s: --place is \"%s\": it must be cores, spread, compact, none, auto "
                           "or a list of allowed CPUs, as in 0-3,8",
                           what, policy);
    }
    if (weft_machine_limits(m)->can_bind && strcmp(policy, "none") != 0)
        *places = sets;
    else
        free(sets);
    return exit_good;
}

size_t places_threads(const char *policy)
{
    weft_cpus list;
    const size_t listed = weft_cpus_parse(&list, policy) == WEFT_OK ? weft_cpus_count(&list) : 0;
    return listed ? listed : weft_machine_limits(weft_machine_this())->threads;
}

size_t places_cores(const weft_cpus *places, size_t threads)
{
    const weft_machine *m = weft_machine_this();
    const size_t cores = weft_machine_limits(m)->allowed_cores;
    if (!places || !cores)
        return threads < cores ? threads : cores;
    const weft_cpus all = launch_union(places, threads);
    weft_cpus *core = new_sets(cores);
    size_t count = 0;
    if (weft_machine_places(m, "cores", cores, core) == WEFT_OK)
        for (size_t k = 0; k < cores; k++)
            count += meet(&core[k], &all);
    free(core);
    return count;
}
