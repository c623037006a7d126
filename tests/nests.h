/* nests.h - control groups as a process sees them, and what follows for its threads.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_NESTS_H
#define WEFT_TESTS_NESTS_H

#include <weft/machine.h>

#include "cgroups.h"

#define V1      "/sys/fs/cgroup/cpu,cpuacct"
#define PIDS    "/sys/fs/cgroup/pids"
#define V2      "/sys/fs/cgroup"
#define UNIFIED "/sys/fs/cgroup/unified"

#define OWN    "/proc/self/cgroup"
#define MOUNTS "/proc/self/mountinfo"
#define STATUS "/proc/self/status"

#define MOUNT_1(root, point) \
    "32 31 0:29 " root " " point " rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
#define MOUNT_PIDS           "36 31 0:36 / " PIDS " rw - cgroup cgroup rw,pids\n"
#define MOUNT_2(root, point) "41 31 0:38 " root " " point " rw,nosuid - cgroup2 cgroup2 rw\n"
#define DISK                 "29 1 259:2 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"

/* The file that every group has, at the top of a mount. */
#define IS_GROUP(folder)           \
    {                              \
        folder "/cgroup.procs", "" \
    }

/* quota 0 stands for none, new_threads 0 for no limit. */
typedef struct nest {
    const char *name;
    tree_file files[14];
    double quota;
    const char *quota_source;
    size_t new_threads;
    const char *new_threads_source;
    size_t threads;
    const char *rule, *trouble;
} nest;

/* Seen on eight cores; ended by one without a name. */
extern const nest quota_nests[], trouble_nests[], room_nests[];

/* No groups at all, on a node called n17; and a group that grants two CPUs and a half. */
extern const tree_file no_groups[], two_and_a_half[];

/* machine_in - a made-up machine in a folder of tree_new(), under variables that are set nowhere else.
 *
 * environment  "NAME=VALUE", NULL last; NULL: none; lives as long as the machine */
weft_machine *machine_in(const char *synthetic, const char *root, const char *const *environment);

#endif
