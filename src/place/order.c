/* order.c - the cores of a hwloc topology, in order.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * hwloc's tree goes from the machine over packages and caches down to cores. Read from left to right
 * its cores are near to near. For far, the children of every node take turns:
 *
 *     package 0: a b c        package 1: d e        far: a d b e c
 *
 * Last, in both, performance cores go before efficiency cores: those take the later turns. */
#include "place/order.h"

#include <string.h>

#include "base/assert.h"

typedef struct turn {
    hwloc_obj_t core;
    size_t round;
} turn;

static bool is_core(hwloc_obj_t o) { return o->type == HWLOC_OBJ_CORE || o->type == HWLOC_OBJ_PU; }

static void sort_by_rounds(turn *list, size_t n)
{
    turn old[WEFT_CPUS_MAX];
    memcpy(old, list, n * sizeof *list);
    for (size_t round = 0, sorted = 0; sorted < n; round++)
        for (size_t k = 0; k < n; k++)
            if (old[k].round == round)
                list[sorted++] = old[k];
}

/* The cores under o; returns how many. */
static size_t list_cores(hwloc_obj_t o, enum weft__order order, turn *list)
{
    if (is_core(o)) {
        list[0].core = o;
        return 1;
    }
    size_t n = 0;
    for (hwloc_obj_t child = o->first_child; child; child = child->next_sibling) {
        const size_t found = list_cores(child, order, list + n);
        for (size_t k = 0; k < found; k++)
            list[n + k].round = k;
        n += found;
    }
    if (order == weft__far)
        sort_by_rounds(list, n);
    return n;
}

/* 0 is the slowest kind; kinds that hwloc cannot rank are all 0. */
static size_t speed(hwloc_topology_t topology, hwloc_obj_t core)
{
    int rank = -1;
    const int kind = hwloc_cpukinds_get_by_cpuset(topology, core->cpuset, 0);
    if (kind >= 0)
        hwloc_cpukinds_get_info(topology, (unsigned)kind, NULL, &rank, NULL, NULL, 0);
    return rank > 0 ? (size_t)rank : 0;
}

static void sort_by_speed(hwloc_topology_t topology, turn *list, size_t n)
{
    size_t fastest = 0;
    for (size_t k = 0; k < n; k++) {
        const size_t here = speed(topology, list[k].core);
        fastest = here > fastest ? here : fastest;
    }
    for (size_t k = 0; k < n; k++)
        list[k].round = fastest - speed(topology, list[k].core);
    sort_by_rounds(list, n);
}

weft_cpus weft__cpus_of(hwloc_const_cpuset_t set)
{
    weft_cpus cpus = { { 0 } };
    for (int cpu = hwloc_bitmap_first(set); cpu >= 0 && cpu < WEFT_CPUS_MAX;
         cpu = hwloc_bitmap_next(set, cpu))
        weft_cpus_add(&cpus, (size_t)cpu);
    return cpus;
}

static size_t count_under(hwloc_obj_t o)
{
    size_t n = is_core(o);
    for (hwloc_obj_t child = o->first_child; child && !is_core(o); child = child->next_sibling)
        n += count_under(child);
    return n;
}

size_t weft__count_cores(hwloc_topology_t topology)
{
    return count_under(hwloc_get_root_obj(topology));
}

void weft__order_cores(hwloc_topology_t topology, enum weft__order order, weft_cpus *cores)
{
    turn list[WEFT_CPUS_MAX];
    weft_assert(weft__count_cores(topology) <= WEFT_CPUS_MAX);
    const size_t n = list_cores(hwloc_get_root_obj(topology), order, list);
    sort_by_speed(topology, list, n);
    for (size_t k = 0; k < n; k++)
        cores[k] = weft__cpus_of(list[k].core->cpuset);
}
