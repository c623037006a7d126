/* nests.c - a machine in control groups, under an environment of the test's own.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "nests.h"

#include <string.h>

#include "suites.h"

const tree_file no_groups[] = { { OWN, "" },
                                { MOUNTS, DISK },
                                { "/proc/sys/kernel/hostname", "n17.cluster.example\n" },
                                { NULL, NULL } };

const tree_file two_and_a_half[] = { { OWN, "0::/\n" },
                                     { MOUNTS, MOUNT_2("/", V2) },
                                     IS_GROUP(V2),
                                     { V2 "/cpu.max", "250000 100000\n" },
                                     { NULL, NULL } };

static const char *const *environment_now; /* "NAME=VALUE", NULL last */

static const char *lookup(const char *name)
{
    const size_t n = strlen(name);
    for (const char *const *v = environment_now; v && *v; v++)
        if (strncmp(*v, name, n) == 0 && (*v)[n] == '=')
            return *v + n + 1;
    return NULL;
}

weft_machine *machine_in(const char *synthetic, const char *root, const char *const *environment)
{
    environment_now = environment;
    weft_machine *const m = weft_machine_new(.synthetic = synthetic, .root = root, .env = lookup);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    return m;
}
