/* bind.h - the CPUs that a thread is bound to; errno values, for those who do not fail with them.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_PLACE_BIND_H
#define WEFT_PLACE_BIND_H

#include <sys/types.h>

#include <weft/cpus.h>

/* thread  its id; 0: the calling thread. 0, or the errno why not. */
int weft__bind(pid_t thread, const weft_cpus *set);
int weft__bound(pid_t thread, weft_cpus *set);

#endif
