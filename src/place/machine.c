/* machine.c - looks at a machine once and remembers what threads need to know of it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * hwloc reads or is told the whole machine; what is not allowed is cut off; the cores that are left go
 * into two orders, and hwloc is not needed any more. Where it sees nothing every allowed CPU is a
 * core.
 *
 * Owns one global: the machine that the process runs on. */
#include <weft/machine.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pthread.h>

#include <hwloc.h>

#include "base/detail.h"
#include "base/options.h"
#include "place/bind.h"
#include "place/limits.h"
#include "place/machine.h"
#include "place/order.h"
#include "place/trouble.h"

#if HWLOC_API_VERSION < 0x00020500
#error "weft needs hwloc 2.5 or later"
#endif

/* ---- what hwloc sees ---- */

static size_t count(hwloc_topology_t t, hwloc_obj_type_t type)
{
    const int n = hwloc_get_nbobjs_by_type(t, type);
    return n > 0 ? (size_t)n : 0;
}

/* NULL where hwloc fails. */
static hwloc_topology_t load_with(const char *synthetic, unsigned long flags)
{
    hwloc_topology_t t;
    if (hwloc_topology_init(&t))
        return NULL;
    if (hwloc_topology_set_flags(t, flags) == 0 &&
        (!synthetic || hwloc_topology_set_synthetic(t, synthetic) == 0) &&
        hwloc_topology_load(t) == 0)
        return t;
    hwloc_topology_destroy(t);
    return NULL;
}

/* hwloc reads sysfs. Where that says nothing of cores, it may bind this thread to one CPU after the
 * other for a moment, and ask each. */
static hwloc_topology_t load(const char *synthetic)
{
    const unsigned long whole = HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED;
    hwloc_topology_t t = load_with(synthetic, whole | HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING);
    if (!t || count(t, HWLOC_OBJ_CORE) > 0 || !hwloc_topology_is_thissystem(t))
        return t;
    hwloc_topology_destroy(t);
    return load_with(synthetic, whole);
}

/* A machine is a package and a node, also where hwloc names none. */
static void count_whole(weft_limits *l, hwloc_topology_t t)
{
    const size_t packages = count(t, HWLOC_OBJ_PACKAGE), nodes = count(t, HWLOC_OBJ_NUMANODE);
    l->packages = packages ? packages : 1;
    l->numa_nodes = nodes ? nodes : 1;
    l->cores = weft__count_cores(t);
    l->pus = count(t, HWLOC_OBJ_PU);
    if (count(t, HWLOC_OBJ_CORE) == 0)
        weft__trouble(l, "hwloc sees no cores: each CPU counts as one");
}

/* Cuts off what is not in l->allowed; false where hwloc cannot. */
static bool restrict_to_allowed(const weft_limits *l, hwloc_topology_t t)
{
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    if (!set)
        return false;
    for (unsigned cpu = 0; cpu < WEFT_CPUS_MAX; cpu++)
        if (weft_cpus_has(&l->allowed, cpu))
            hwloc_bitmap_set(set, cpu);
    const bool done = hwloc_topology_restrict(t, set, 0) == 0;
    hwloc_bitmap_free(set);
    return done;
}

static weft_cpus both(weft_cpus a, const weft_cpus *b)
{
    for (size_t k = 0; k < sizeof a.bits / sizeof a.bits[0]; k++)
        a.bits[k] &= b->bits[k];
    return a;
}

/* False where none of the CPUs to start with is in the topology. */
static bool describe(weft_machine *m, hwloc_topology_t t, const weft_cpus *start)
{
    weft_limits *const l = &m->limits;
    l->allowed = both(weft__cpus_of(hwloc_topology_get_complete_cpuset(t)), start);
    if (weft_cpus_count(&l->allowed) == 0)
        return false;
    count_whole(l, t);
    if (!restrict_to_allowed(l, t))
        return false;
    l->allowed_cores = weft__count_cores(t);
    weft__order_cores(t, weft__near, m->near);
    weft__order_cores(t, weft__far, m->far);
    return true;
}

static void describe_without_hwloc(weft_machine *m, const weft_cpus *start)
{
    weft_limits *const l = &m->limits;
    size_t n = 0;
    for (size_t cpu = 0; cpu < WEFT_CPUS_MAX; cpu++)
        if (weft_cpus_has(start, cpu))
            weft_cpus_add(&m->near[n++], cpu);
    memcpy(m->far, m->near, sizeof m->far);
    l->packages = l->numa_nodes = 1;
    l->cores = l->pus = l->allowed_cores = n;
    l->allowed = *start;
    weft__trouble(l, "hwloc cannot read this machine: each CPU counts as a core");
}

/* ---- machines ---- */

/* The CPUs that the process starts with, if the caller does not say. */
static weft_cpus default_start(hwloc_topology_t t)
{
    weft_cpus start;
    if (t && !hwloc_topology_is_thissystem(t))
        return weft__cpus_of(hwloc_topology_get_allowed_cpuset(t));
    weft_cpus_original(&start);
    return start;
}

/* Some sandboxes let a thread look and not bind: only trying shows. */
static void try_to_bind(weft_limits *l)
{
    weft_cpus now;
    int error = weft__bound(0, &now);
    if (!error)
        error = weft__bind(0, &now);
    if (error)
        weft__trouble(l, "threads cannot be bound: %s", strerror(error));
    l->can_bind = !error;
}

static const char *from_environment(const char *name) { return secure_getenv(name); }

static weft_status fill(weft_machine *m, const weft_machine_opts *o)
{
    weft_cpus start;
    if (o->cpus && weft_cpus_parse(&start, o->cpus))
        return weft__fail(WEFT_EINVAL, "weft_machine_new: cpus is \"%s\": it must be a CPU list",
                          o->cpus);
    hwloc_topology_t t = load(o->synthetic);
    if (!t && o->synthetic)
        return weft__fail(WEFT_EINVAL,
                          "weft_machine_new: synthetic is \"%s\": hwloc cannot read it",
                          o->synthetic);
    if (!o->cpus)
        start = default_start(t);
    const bool here = !t || hwloc_topology_is_thissystem(t),
               described = t && describe(m, t, &start);
    if (t)
        hwloc_topology_destroy(t);
    if (!described && t && (o->cpus || o->synthetic))
        return weft__fail(
            WEFT_EINVAL, "weft_machine_new: cpus is \"%s\": the machine has none of them", o->cpus);
    if (!described)
        describe_without_hwloc(m, &start);
    if (here)
        try_to_bind(&m->limits);
    weft__limits_find(&m->limits, &m->why, o->root ? o->root : "/",
                      o->env ? o->env : from_environment);
    return WEFT_OK;
}

static weft_machine this_machine;

static void fill_this(void)
{
    (void)fill(&this_machine, &(weft_machine_opts){ 0 }); /* cannot fail */
}

/* Not within fill_this(): the log hook may ask for the machine. */
static void warn_once(void)
{
    static bool warned;
    if (*this_machine.why.skipped &&
        !__atomic_exchange_n(&warned, true, __ATOMIC_RELAXED)) /* one of them says it */
        weft__warn("%s", this_machine.why.skipped);
}

const weft_machine *weft_machine_this(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, fill_this);
    warn_once();
    return &this_machine;
}

weft_machine *weft_machine_new_opts(const weft_machine_opts *opts)
{
    weft_machine_opts o;
    weft__take_options(&o, opts);
    weft_machine *m = calloc(1, sizeof *m);
    if (!m) {
        weft__fail(WEFT_ENOMEM, "weft_machine_new: no memory for a machine");
        return NULL;
    }
    if (fill(m, &o) == WEFT_OK)
        return m;
    free(m);
    return NULL;
}

void weft_machine_free(weft_machine *machine) { free(machine); }

const weft_limits *weft_machine_limits(const weft_machine *machine) { return &machine->limits; }

char *weft_machine_why(const weft_machine *machine, size_t line, char *text, size_t size)
{
    if (line >= machine->why.count)
        return NULL;
    snprintf(text, size, "%s", machine->why.line[line]);
    return text;
}
