/* cgroup.h - the control groups that this process is in, from its own up to the outermost it can see.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_PLACE_CGROUP_H
#define WEFT_PLACE_CGROUP_H

#include <limits.h>

#include <weft/machine.h>

typedef struct weft__cgroups {
    const char *root;    /* a folder that holds proc and sys */
    weft_limits *limits; /* gets the trouble */
    char *own, *mounts;  /* what stands in /proc/self/cgroup and mountinfo; NULL: unknown */
} weft__cgroups;

void weft__cgroups_open(weft__cgroups *all, const char *root, weft_limits *limits);
void weft__cgroups_close(weft__cgroups *all);

/* weft__cgroups_walk - calls visit(folder, data) for the group that `controller` has this process in,
 * and for each group around it. Folders are paths below `root`. */
typedef void weft__cgroup_visit(const char *folder, void *data);
void weft__cgroups_walk(const weft__cgroups *all, const char *controller, weft__cgroup_visit *visit,
                        void *data);

/* weft__cgroup_value - what stands in a file of a group, to be freed; NULL where there is no such file,
 * which is so in the root and where the controller is off: no limit. Other failures are trouble.
 *
 * path  PATH_MAX characters, written: the path of the file below `root` */
char *weft__cgroup_value(const weft__cgroups *all, const char *folder, const char *file,
                         char *path);

#endif
