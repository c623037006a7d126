/* environment.c - the environment of a program that has a share of the cores.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Only here can libraries that have threads of their own be told how many, before they start them. */
#include "exec/process/environment.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

static const char *const counts[] = { "WEFT_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS",
                                      "MKL_NUM_THREADS", "BLIS_NUM_THREADS" };

enum { kinds = sizeof counts / sizeof *counts, text_most = 48 };

static bool is_a_count(const char *variable)
{
    for (size_t k = 0; k < kinds; k++) {
        const size_t n = strlen(counts[k]);
        if (strncmp(variable, counts[k], n) == 0 && variable[n] == '=')
            return true;
    }
    return false;
}

char **weft__environment(size_t threads, char *more)
{
    size_t room = 0, n = 0;
    while (environ && environ[room])
        room++;
    char **const env = malloc((room + kinds + 2) * sizeof *env + kinds * text_most);
    if (!env)
        return NULL;
    char *text = (char *)(env + room + kinds + 2);
    for (size_t k = 0; k < room && environ[k]; k++)
        if (!is_a_count(environ[k]))
            env[n++] = environ[k];
    for (size_t k = 0; k < kinds; k++, text += text_most) {
        snprintf(text, text_most, "%s=%zu", counts[k], threads);
        env[n++] = text;
    }
    if (more)
        env[n++] = more;
    env[n] = NULL;
    return env;
}
