/* policy.c - where a policy puts threads.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A policy writes places of their own for as many threads as it can. Threads beyond that use them
 * again, from the first.
 *
 *     cores [0 1] [2 3]       cores: {0,1} {2,3}       spread: 0 2 1 3       compact: 0 1 2 3 */
#include <weft/machine.h>

#include <string.h>

#include "base/at_most.h"
#include "base/detail.h"
#include "place/list.h"
#include "place/machine.h"

/* Writes at most `threads` places, and returns how many. */
typedef size_t place_writer(const weft_machine *m, size_t threads, weft_cpus *places);

static weft_cpus only(size_t cpu)
{
    weft_cpus set = { { 0 } };
    weft_cpus_add(&set, cpu);
    return set;
}

static size_t none(const weft_machine *m, size_t threads, weft_cpus *places)
{
    places[0] = m->limits.allowed;
    (void)threads; /* at least 1 */
    return 1;
}

static size_t cores(const weft_machine *m, size_t threads, weft_cpus *places)
{
    const size_t own = weft__at_most(threads, m->limits.allowed_cores);
    memcpy(places, m->near, own * sizeof *places);
    return own;
}

static size_t automatic(const weft_machine *m, size_t threads, weft_cpus *places)
{
    return threads == m->limits.allowed_cores ? cores(m, threads, places)
                                              : none(m, threads, places);
}

static size_t compact(const weft_machine *m, size_t threads, weft_cpus *places)
{
    size_t own = 0;
    for (size_t k = 0; k < m->limits.allowed_cores; k++)
        for (size_t cpu = 0; cpu < WEFT_CPUS_MAX && own < threads; cpu++)
            if (weft_cpus_has(&m->near[k], cpu))
                places[own++] = only(cpu);
    return own;
}

/* The PU number `rank` of a core, or WEFT_CPUS_MAX. */
static size_t pu_of(const weft_cpus *core, size_t rank)
{
    size_t cpu = 0;
    for (; cpu < WEFT_CPUS_MAX; cpu++)
        if (weft_cpus_has(core, cpu) && rank-- == 0)
            break;
    return cpu;
}

/* The first PU of every core, then the second of those that have one, and so on. */
static size_t spread(const weft_machine *m, size_t threads, weft_cpus *places)
{
    const size_t most = weft__at_most(threads, weft_cpus_count(&m->limits.allowed));
    size_t own = 0;
    for (size_t rank = 0; own < most; rank++)
        for (size_t k = 0; k < m->limits.allowed_cores && own < most; k++) {
            const size_t cpu = pu_of(&m->far[k], rank);
            if (cpu < WEFT_CPUS_MAX)
                places[own++] = only(cpu);
        }
    return own;
}

static const struct {
    const char *name;
    place_writer *write;
} policies[] = {
    { "cores", cores }, { "spread", spread },  { "compact", compact },
    { "none", none },   { "auto", automatic },
};

static place_writer *find(const char *name)
{
    for (size_t k = 0; k < sizeof policies / sizeof *policies; k++)
        if (strcmp(name, policies[k].name) == 0)
            return policies[k].write;
    return NULL;
}

/* ---- an explicit list ---- */

static weft_status check_list(const weft_machine *m, const char *text)
{
    char allowed[200];
    weft__list list = { .rest = text };
    size_t n = 0;
    for (size_t cpu; weft__list_next(&list, &cpu); n++)
        if (!weft_cpus_has(&m->limits.allowed, cpu))
            return weft__fail(
                WEFT_EINVAL, "weft_machine_places: policy is \"%s\": CPU %zu is not one of %s",
                text, cpu, weft_cpus_format(&m->limits.allowed, allowed, sizeof allowed));
    if (n == 0 || list.broken)
        return weft__fail(
            WEFT_EINVAL,
            "weft_machine_places: policy is \"%s\": it must be cores, spread, compact, "
            "none, auto, or a CPU list such as 0-3,8",
            text);
    return WEFT_OK;
}

static size_t listed(const char *text, size_t threads, weft_cpus *places)
{
    weft__list list = { .rest = text };
    size_t own = 0;
    for (size_t cpu; own < threads && weft__list_next(&list, &cpu);)
        places[own++] = only(cpu);
    return own;
}

weft_status weft_machine_places(const weft_machine *machine, const char *policy, size_t threads,
                                weft_cpus *places)
{
    weft__need(places, threads, "weft_machine_places", "places");
    place_writer *const known = find(policy);
    if (!known) {
        const weft_status s = check_list(machine, policy);
        if (s)
            return s;
    }
    if (threads == 0)
        return WEFT_OK;
    const size_t own = known ? known(machine, threads, places) : listed(policy, threads, places);
    for (size_t k = own; k < threads; k++)
        places[k] = places[k - own];
    return WEFT_OK;
}
