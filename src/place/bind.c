/* bind.c - binds the calling thread to CPUs, by Linux' affinity mask.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "place/bind.h"

#include <errno.h>
#include <string.h>

#include <sched.h>

#include "base/detail.h"

int weft__bind(pid_t thread, const weft_cpus *set)
{
    cpu_set_t mask;
    CPU_ZERO(&mask);
    for (size_t cpu = 0; cpu < WEFT_CPUS_MAX; cpu++)
        if (weft_cpus_has(set, cpu))
            CPU_SET(cpu, &mask);
    return sched_setaffinity(thread, sizeof mask, &mask) ? errno : 0;
}

int weft__bound(pid_t thread, weft_cpus *set)
{
    cpu_set_t mask;
    *set = (weft_cpus){ { 0 } };
    if (sched_getaffinity(thread, sizeof mask, &mask))
        return errno;
    for (size_t cpu = 0; cpu < WEFT_CPUS_MAX; cpu++)
        if (CPU_ISSET(cpu, &mask))
            weft_cpus_add(set, cpu);
    return 0;
}

static weft_status status_of(int error)
{
    return error == EINVAL ? WEFT_EINVAL : error == EPERM ? WEFT_EPERM : WEFT_ESYS;
}

weft_status weft_cpus_bind(const weft_cpus *set)
{
    char list[200];
    const int error = weft__bind(0, set);
    if (!error)
        return WEFT_OK;
    weft_cpus_format(set, list, sizeof list);
    if (error == EINVAL)
        return weft__fail(
            WEFT_EINVAL,
            "weft_cpus_bind: set is {%s}: it must hold a CPU that this process may use", list);
    return weft__fail(status_of(error), "weft_cpus_bind: set is {%s}: %s", list, strerror(error));
}

weft_status weft_cpus_bound(weft_cpus *set)
{
    const int error = weft__bound(0, set);
    return error ? weft__fail(status_of(error), "weft_cpus_bound: %s", strerror(error)) : WEFT_OK;
}
