/* module.h - a function's place in the file it was loaded from, which another process finds again.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Where the system loads a program and its libraries differs from one process to the next, what is in
 * them does not: so a function is named by its file and how far it stands behind the file's beginning. */
#ifndef WEFT_EXEC_MODULE_H
#define WEFT_EXEC_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct weft__spot {
    uint64_t mark; /* of the file: a hash of its segments and its build id */
    size_t offset; /* bytes */
};

/* False: it is in no file. *path is that of the file, "" for the program itself; it stays as long as
 * the file is loaded. */
bool weft__spot_of(const void *function, struct weft__spot *spot, const char **path);

/* NULL: this process has no such file loaded. */
void *weft__spot_find(const struct weft__spot *spot);

/* Whether the function is in the program, or in a library that is loaded with it since the program
 * needs it: one that main() has loaded is not. 0, ENOENT or ENOMEM. */
int weft__check_linked(const void *function);

/* Whether the program was started as an argument of its loader, and not by itself. */
bool weft__is_loaders_argument(void);

/* Calls a function once all constructors have run, just before main().
 *
 * self  the constructor that calls it, which may be the last one itself */
typedef void weft__constructor(int argc, char **argv, char **env);
void weft__call_before_main(void (*function)(void), weft__constructor *self);

#endif
