/* weft/cpus.h - a set of CPUs, numbered as the operating system numbers them.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_CPUS_H
#define WEFT_CPUS_H

#include <weft/api.h>
#include <weft/status.h>

WEFT_BEGIN_C

#define WEFT_CPUS_MAX 1024 /* CPU numbers run from 0 to 1023, as in cpu_set_t */

typedef struct weft_cpus {
    uint64_t bits[WEFT_CPUS_MAX / 64];
} weft_cpus;

/* The set as an object; a cpu outside of 0..1023 is in no set and is not added. */
WEFT_API bool weft_cpus_has(const weft_cpus *set, size_t cpu);
WEFT_API void weft_cpus_add(weft_cpus *set, size_t cpu);
WEFT_API size_t weft_cpus_count(const weft_cpus *set);
WEFT_API bool weft_cpus_equal(const weft_cpus *a, const weft_cpus *b);

/* weft_cpus_parse - reads a list as Linux writes it: "0-3,8,10-12:2"; "" is the empty set.
 *
 * WEFT_EINVAL, with *set untouched, where the text is not such a list or names a CPU over 1023. */
WEFT_API weft_status weft_cpus_parse(weft_cpus *set, const char *list);

/* weft_cpus_format - writes the set as a list, "0-3,8"; returns text, which has room for size bytes
 * and ends in "..." where that is not enough. */
WEFT_API char *weft_cpus_format(const weft_cpus *set, char *text, size_t size);

/* weft_cpus_bind - binds the calling thread to the set; WEFT_ESYS, WEFT_EPERM where it is forbidden,
 * WEFT_EINVAL for an empty set or one without a usable CPU.
 *
 * weft_cpus_bound - the set that the calling thread is bound to now.
 *
 * weft_cpus_original - the set that the process was started with: also when an OpenMP runtime has
 * bound the main thread to one CPU before main(), as libgomp does under OMP_PROC_BIND. */
WEFT_API weft_status weft_cpus_bind(const weft_cpus *set);
WEFT_API weft_status weft_cpus_bound(weft_cpus *set);
WEFT_API void weft_cpus_original(weft_cpus *set);

WEFT_END_C

#endif
