/* size.h - how large a job is, and whether memory holds it.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef KERNELS_SIZE_H
#define KERNELS_SIZE_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel.h"

/* size_settle - sets n, memory and the work of a job.
 *
 * n     of the user's; 0: the default
 * root  the folder that holds the proc and sys to read, "" for those of this machine
 *
 * The default of a problem that streams memory is such that each array is 4 times the last-level
 * cache, and at least a million elements (STREAM's rule); it is halved until it takes no more than
 * half of the memory that is there, which is said on stderr. A size of the user's that memory
 * cannot hold is refused: false, with the reason on stderr. */
bool size_settle(job *j, size_t n, const char *root);

#endif
