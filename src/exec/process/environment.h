/* environment.h - the environment of a program that has a share of the cores.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_EXEC_ENVIRONMENT_H
#define WEFT_EXEC_ENVIRONMENT_H

#include <stddef.h>

/* A copy of the environment in which OMP_NUM_THREADS and its kind are `threads`.
 *
 * more  NULL, or one more variable, "NAME=value", which is not copied
 *
 * NULL: there is no memory. It is one block, for free(); the variables in it are those of the
 * environment itself, but for its own. */
char **weft__environment(size_t threads, char *more);

#endif
