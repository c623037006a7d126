/* order.h - the cores of a hwloc topology, in order.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A core is a core, or a PU that hwloc knows no core for. */
#ifndef WEFT_PLACE_ORDER_H
#define WEFT_PLACE_ORDER_H

#include <hwloc.h>

#include <weft/cpus.h>

enum weft__order { weft__near, weft__far };

size_t weft__count_cores(hwloc_topology_t topology);

/* Writes the PUs of each core; at most WEFT_CPUS_MAX cores may be there. See place/machine.h. */
void weft__order_cores(hwloc_topology_t topology, enum weft__order order, weft_cpus *cores);

/* A hwloc set as ours, without CPUs that are too high for it. */
weft_cpus weft__cpus_of(hwloc_const_cpuset_t set);

#endif
