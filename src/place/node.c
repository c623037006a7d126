/* node.c - what of a scheduler's job is on this node.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Hosts are compared up to the first dot: one list says "n17", the other "n17.cluster.example". */
#include "place/node.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "place/file.h"
#include "place/number.h"

static const char ends_host[] = ". \t\n";

/* ---- processes ---- */

/* Number `node` of a list such as "2(x3),1", which is 2, 2, 2, 1; 0 where there is none. */
static size_t tasks_of(const char *list, size_t node)
{
    for (size_t tasks, times; weft__number(&list, &tasks); list++) {
        times = 1;
        if (strncmp(list, "(x", 2) == 0) {
            list += 2;
            if (!weft__number(&list, &times) || *list++ != ')')
                return 0;
        }
        if (node < times)
            return tasks;
        node -= times;
        if (*list != ',')
            return 0;
    }
    return 0;
}

static size_t tasks_of_step(const char *(*env)(const char *name))
{
    const char *const list = env("SLURM_STEP_TASKS_PER_NODE"), *const id = env("SLURM_NODEID");
    size_t node = 0;
    if (id && !weft__number_alone(id, &node))
        return 0;
    return list ? tasks_of(list, node) : 0;
}

/* Open MPI, MPICH and its kin, MVAPICH, Slurm's srun: the innermost launcher first. */
size_t weft__node_processes(const char *(*env)(const char *name))
{
    static const char *const names[] = { "OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS",
                                         "MV2_COMM_WORLD_LOCAL_SIZE" };
    size_t n;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const char *const value = env(names[k]);
        if (value && weft__number_alone(value, &n) && n > 0)
            return n;
    }
    n = tasks_of_step(env);
    return n ? n : 1;
}

/* ---- hosts ---- */

/* The name of this host, to be freed; NULL where it is not known. */
static char *own_name(const char *root)
{
    return weft__file_load(root, "/proc/sys/kernel/hostname");
}

static bool same_host(const char *a, const char *b)
{
    const size_t n = strcspn(a, ends_host);
    return n > 0 && n == strcspn(b, ends_host) && strncasecmp(a, b, n) == 0;
}

size_t weft__node_lines(const char *root, const char *text)
{
    char *const own = own_name(root);
    size_t lines = 0;
    for (; own && *text; text += strcspn(text, "\n"), text += *text == '\n')
        lines += same_host(text, own);
    free(own);
    return lines;
}

bool weft__node_slots(const char *root, const char *text, size_t *hosts, size_t *slots)
{
    char *const own = own_name(root);
    bool good = true;
    size_t n = 0, here = 0;
    *hosts = 0;
    for (text += strspn(text, " "); good && *text; text += strspn(text, " ")) {
        const bool is_own = own && same_host(text, own);
        text += strcspn(text, " ");
        text += strspn(text, " ");
        good = weft__number(&text, &n) && n > 0 && (*text == ' ' || *text == '\0');
        here += is_own ? n : 0;
        ++*hosts;
    }
    *slots = *hosts == 1 ? n : here;
    free(own);
    return good && *hosts > 0;
}
