/* nearest.c - which kernel was meant by a name that none has.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Names are as far apart as letters must be put in, taken out or replaced to make one the other. */
#include <stdint.h>
#include <string.h>

#include "kernel.h"

enum { longest = 40 };

static size_t least(size_t a, size_t b, size_t c)
{
    const size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* row[j] is the distance of the first i letters of a from the first j of b. */
static size_t distance(const char *a, const char *b)
{
    size_t row[longest + 1];
    const size_t n = strlen(a), m = strlen(b);
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            const size_t above = row[j];
            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[m];
}

const kernel *kernel_nearest(const char *name)
{
    const kernel *nearest = NULL;
    size_t closest = strlen(name) / 3 + 2; /* further than that is another word */
    for (const kernel *k = kernels; k->name; k++) {
        const size_t d = distance(name, k->name);
        if (d < closest)
            nearest = k, closest = d;
    }
    return nearest;
}
