/* machine.h - a machine as this layer keeps it: limits, and the allowed cores in two orders.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_PLACE_MACHINE_H
#define WEFT_PLACE_MACHINE_H

#include <weft/machine.h>

#include "place/limits.h"

/* near[k] and far[k], k < limits.allowed_cores, hold the allowed PUs of one core. Performance cores
 * stand before efficiency cores; among equals, neighbours in `near` share as much as possible, and
 * neighbours in `far` as little. Written once, before anybody else sees the machine. */
struct weft_machine {
    weft_limits limits;
    weft__why why;
    weft_cpus near[WEFT_CPUS_MAX], far[WEFT_CPUS_MAX];
};

#endif
