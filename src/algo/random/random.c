/* random.c - generators by seed, and misuse of the calls by index.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/random.h>

#include "base/detail.h"
#include "base/options.h"

/* A bijection under which 0 stays 0 and neighbours are far apart: the finalizer of splitmix64 (G. Steele,
 * D. Lea, C. Flood, Fast splittable pseudorandom number generators, 2014). */
static uint64_t mix(uint64_t z)
{
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

weft_random weft_random_seed_opts(uint64_t seed, const weft_random_opts *opts)
{
    weft_random_opts o;
    weft__take_options(&o, opts);
    if (o.generator != WEFT_PHILOX && o.generator != WEFT_THREEFRY)
        weft__panic("weft_random_seed: generator is %d: it must be WEFT_PHILOX or WEFT_THREEFRY",
                    (int)o.generator);
    if (o.generator == WEFT_THREEFRY)
        return (weft_random){ { seed, o.stream }, o.generator };
    return (weft_random){ { seed ^ mix(o.stream), 0 }, o.generator };
}

void weft_below_zero_(void) { weft__panic("weft_below: n is 0: it must be at least 1"); }
