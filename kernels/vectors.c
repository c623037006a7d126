/* vectors.c - whether a sum is right.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "vectors.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "kernel.h"

bool sum_is_right(const char *name, double sum, long double gold, size_t n)
{
    const double allowed = 4 * DBL_EPSILON * sqrt((double)n) * (double)gold;
    if (!(fabsl(sum - gold) <= allowed))
        return complain("%s: it is %.17g: it must be %.17Lg within %g", name, sum, gold, allowed);
    printf("%s: of %zu elements it is %.17g (%a)\n", name, n, sum, sum);
    return true;
}
