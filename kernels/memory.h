/* memory.h - how much memory there is to take, and how large the caches are.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef KERNELS_MEMORY_H
#define KERNELS_MEMORY_H

#include <stddef.h>

typedef struct memory {
    size_t available; /* bytes that this process may still take; SIZE_MAX: nobody knows */
    char source[400]; /* what says so: "/proc/meminfo", "ulimit -v" or a file of a cgroup's */
    size_t cache;     /* bytes of the last-level caches of the allowed CPUs; 0: nobody knows */
} memory;

/* memory_read - reads what the system, the cgroups (all ancestors, v1 and v2) and ulimit leave.
 *
 * root  the folder that holds the proc and sys to read: "" for those of this machine */
void memory_read(memory *m, const char *root);

#endif
