/* machines.h - machines that are not here: what weft must see of them, and where threads go there.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_MACHINES_H
#define WEFT_TESTS_MACHINES_H

#include <stddef.h>

#include <weft/machine.h>

/* A list of places, as "{0,4} 1": a CPU list each, parted by blanks. */
typedef struct model {
    const char *name;
    const char *synthetic; /* for hwloc; NULL: */
    const char *xml;       /* a file for hwloc */
    const char *cpus;      /* the process may use; NULL: all */
    size_t packages, nodes, cores, pus;
    const char *allowed;
    size_t allowed_cores;
    size_t threads;                      /* to be placed: */
    const char *near, *spread, *compact; /* by "cores", and so on */
} model;

/* Ended by one without a name. */
extern const model models[];

/* model_machine - the machine itself, for weft_machine_free; a failed assertion ends the test. */
weft_machine *model_machine(const model *m);

#endif
