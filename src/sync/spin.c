/* spin.c - whether spinning can pay at all.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Owns one global: the number of CPUs that the process was started with. */
#include "sync/spin.h"

#include <weft/cpus.h>

bool weft__spin_pays(void)
{
    static size_t known; /* relaxed: every thread that finds 0 stores the same number */
    size_t n = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (!n) {
        weft_cpus set;
        weft_cpus_original(&set);
        n = weft_cpus_count(&set);
        __atomic_store_n(&known, n, __ATOMIC_RELAXED);
    }
    return n > 1;
}
