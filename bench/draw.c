/* draw.c - random numbers that a seed decides, on every machine alike.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * splitmix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
 * The shuffle is that of Fisher and Yates. */
#include "draw.h"

uint64_t draw_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void draw_shuffle(size_t *order, size_t n, uint64_t *state)
{
    for (size_t k = 0; k < n; k++)
        order[k] = k;
    for (size_t k = n; k > 1; k--) {
        const size_t other = draw_next(state) % k, was = order[k - 1];
        order[k - 1] = order[other];
        order[other] = was;
    }
}
