/* variables.h - environment variables that say how many threads a process should have.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_PLACE_VARIABLES_H
#define WEFT_PLACE_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

enum { weft__variables_count = 10 };

/* What a variable says. */
typedef struct weft__variable {
    const char *name;
    size_t threads; /* 0: nothing */
    bool is_grant;  /* of a scheduler, to a job: what the process may use of it is seen elsewhere */
    bool is_wrong;  /* it is set to what cannot be */
    char text[100]; /* its value and what it means, "not set", or why it does not count */
    char rule[120]; /* "OMP_NUM_THREADS=4,2" */
} weft__variable;

/* weft__variables_read - every variable, strongest first.
 *
 * root  a folder that holds proc
 * env   returns the value of an environment variable, or NULL
 *
 * weft__variable_limit - OMP_THREAD_LIMIT, which bounds what the others say. */
void weft__variables_read(weft__variable variables[static weft__variables_count], const char *root,
                          const char *(*env)(const char *name));
void weft__variable_limit(weft__variable *variable, const char *(*env)(const char *name));

#endif
