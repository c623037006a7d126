/* weft/machine.h - the machine, what this process may use of it, and where its threads go.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_MACHINE_H
#define WEFT_MACHINE_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/cpus.h>
#include <weft/status.h>

WEFT_BEGIN_C

typedef struct weft_machine weft_machine;

/* weft_machine_this - the machine that the process runs on; loaded at the first call, never freed,
 * never NULL. Where hwloc cannot read it, every CPU of the original mask counts as a core and
 * weft_limits.trouble says why. HWLOC_SYNTHETIC and HWLOC_XMLFILE replace it, as for every program
 * that uses hwloc; nothing is bound then.
 *
 * weft_machine_new - another one, for tests and what-if questions:
 *
 *     weft_machine *m = weft_machine_new(.synthetic = "package:2 core:8 pu:2");
 *
 * .synthetic  hwloc's description of a machine; NULL: this machine
 * .cpus       act as if the process had been started with this CPU list; NULL: the real mask, or
 *             every CPU of a synthetic machine
 * .root       a folder that holds the proc and sys to read limits from; NULL: "/"
 * .env        returns the value of an environment variable, or NULL; NULL: the real environment
 *
 * NULL with weft_detail() on failure. Freed by weft_machine_free, which takes NULL. */
typedef struct weft_machine_opts {
    size_t size;
    const char *synthetic;
    const char *cpus;
    const char *root;
    const char *(*env)(const char *name);
} weft_machine_opts;

WEFT_API const weft_machine *weft_machine_this(void);
WEFT_API weft_machine *weft_machine_new_opts(const weft_machine_opts *opts);
WEFT_API void weft_machine_free(weft_machine *machine);
#define weft_machine_new(...) \
    weft_machine_new_opts(&(weft_machine_opts){ .size = sizeof(weft_machine_opts), __VA_ARGS__ })

/* Of a call. */
#define WEFT_THREADS_MAX 4096

/* What limits this process, and the number of threads that follows from it:
 *
 *     WEFT_NUM_THREADS, else OMP_NUM_THREADS, whose first element counts
 *     else what Slurm, PBS or LSF grants, at most `allowed` and the quota rounded up
 *     else one a core of allowed_cores, at most the quota rounded up
 *
 * and at most OMP_THREAD_LIMIT and new_threads + 1, at least 1. A variable that is not a whole number
 * from 1 to WEFT_THREADS_MAX is skipped: `trouble` says so, and for weft_machine_this() a warning. */
typedef struct weft_limits {
    size_t packages, numa_nodes, cores, pus; /* of the whole machine */
    weft_cpus allowed;                       /* by the original mask and the cpuset */
    size_t allowed_cores;                    /* physical cores with at least one allowed PU */
    double quota;                            /* CPUs of time the cgroups grant; WEFT_FOREVER: all */
    char quota_source[160];                  /* the file that says so, or "" */
    size_t new_threads; /* that pids.max and RLIMIT_NPROC leave room for; SIZE_MAX: no limit */
    char new_threads_source[160];
    size_t threads; /* that a call uses by default, at least 1 */
    char rule[160]; /* why: "WEFT_NUM_THREADS=4", "cgroup quota of 1.5 CPUs", "2 cores" */
    bool can_bind;
    char trouble[160]; /* what could not be read or done, and why; "" */
} weft_limits;

WEFT_API const weft_limits *weft_machine_limits(const weft_machine *machine);

/* weft_machine_why - line number `line` (from 0) of the reasons for weft_limits.threads: one source
 * a line, strongest first, with what it says or "not set". The one that won has a star in front.
 * Returns text, or NULL past the last line. */
WEFT_API char *weft_machine_why(const weft_machine *machine, size_t line, char *text, size_t size);

/* weft_machine_places - where a policy puts `threads` threads.
 *
 * policy  "cores"   one thread a core, near first (sharing a cache before crossing a package);
 *                   performance cores before efficiency cores
 *         "spread"  as far apart as the machine allows
 *         "compact" PUs of one core first
 *         "none"    nowhere: every place is the whole allowed set
 *         "auto"    cores when the team fills the allowed cores exactly, else none
 *         a list    "0-3,8": one CPU a thread, in that order
 * places  `threads` sets, written; thread k goes to places[k]. With more threads than there are
 *         places of their own, the places are used again from the first.
 *
 * Computed from the original mask. WEFT_EINVAL for an unknown policy, or a list that is not one or
 * holds a CPU that is not allowed. */
WEFT_API weft_status weft_machine_places(const weft_machine *machine, const char *policy,
                                         size_t threads, weft_cpus *places);

WEFT_END_C

#endif
