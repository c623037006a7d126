/* variables.c - environment variables that say how many threads a process should have.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * WEFT_NUM_THREADS and OMP_NUM_THREADS are orders of the user. Schedulers grant CPUs to a job, and
 * some of their numbers are for a process and others for a node or for all nodes:
 *
 *     SLURM_CPUS_PER_TASK  a process         srun(1); set where --cpus-per-task is given
 *     SLURM_CPUS_ON_NODE   this node         srun(1)
 *     PBS_NODEFILE         this node         Torque: a line for each CPU, with the name of its node
 *     PBS_NUM_PPN          a node            Torque: that of the first part of a request
 *     PBS_NP               all nodes         Torque
 *     NCPUS                a process         PBS Professional; others use the name too
 *     LSB_MCPU_HOSTS       each host         LSF: "hostA 4 hostB 2"
 *     LSB_DJOB_NUMPROC     all hosts         LSF
 *
 * What is for a node is shared out to the processes that the launcher started there. What is for all
 * nodes counts where there is one. The nodefile of PBS Professional has a line for each process: there
 * PBS_NP is not set, and the file does not count. */
#include "place/variables.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft/machine.h>

#include "place/file.h"
#include "place/node.h"
#include "place/number.h"

typedef struct reading {
    const char *(*env)(const char *name);
    const char *root, *value;
    weft__variable *to;
} reading;

/* ---- what comes of it ---- */

/* A value may be long and hold anything; what is written about it is one line. */
static void quote(const char *value, char *text, size_t size)
{
    const size_t length = strlen(value);
    snprintf(text, size, "%.*s%s", (int)(length < size ? length : size - 4), value,
             length < size ? "" : "...");
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = '?';
}

static void take(const reading *r, size_t threads)
{
    weft__variable *const v = r->to;
    char value[60];
    quote(r->value, value, sizeof value);
    v->threads = threads;
    snprintf(v->text, sizeof v->text, "%s", value);
    snprintf(v->rule, sizeof v->rule, "%s=%s", v->name, value);
}

static void share_out(const reading *r, size_t cpus)
{
    weft__variable *const v = r->to;
    const size_t processes = weft__node_processes(r->env);
    char others[50] = "";
    if (processes > 1)
        snprintf(others, sizeof others, ", for %zu processes", processes);
    v->threads = cpus > processes ? cpus / processes : 1;
    snprintf(v->text, sizeof v->text, "%zu on this node%s", cpus, others);
    snprintf(v->rule, sizeof v->rule, "%s: %s", v->name, v->text);
}

__attribute__((format(printf, 2, 3))) static void skip(const reading *r, const char *reason, ...)
{
    va_list args;
    va_start(args, reason);
    vsnprintf(r->to->text, sizeof r->to->text, reason, args);
    va_end(args);
}

static void refuse(const reading *r, const char *rule)
{
    char value[20];
    quote(r->value, value, sizeof value);
    r->to->is_wrong = true;
    skip(r, "\"%s\" skipped: not %s", value, rule);
}

#define STRING_(x) #x
#define STRING(x)  STRING_(x)
#define TO_MOST    "from 1 to " STRING(WEFT_THREADS_MAX)

static bool is_count(size_t n) { return n >= 1 && n <= WEFT_THREADS_MAX; }

/* Whether the value is one; if not, it is refused. */
static bool read_count(const reading *r, size_t *n)
{
    const bool good = weft__number_alone(r->value, n) && is_count(*n);
    if (!good)
        refuse(r, "a whole number " TO_MOST);
    return good;
}

/* ---- how a variable is read ---- */

static void of_process(const reading *r)
{
    size_t n;
    if (read_count(r, &n))
        take(r, n);
}

/* "4,2": the first level of nested regions counts, but all must be right, as for OpenMP. */
static void of_levels(const reading *r)
{
    const char *at = r->value;
    size_t first = 0, n;
    bool good;
    do {
        at += strspn(at, " \t");
        good = weft__number(&at, &n) && is_count(n);
        first = first ? first : n;
        at += strspn(at, " \t");
    } while (good && *at == ',' && *++at);
    if (good && *at == '\0' && at[-1] != ',')
        take(r, first);
    else
        refuse(r, "a list of whole numbers " TO_MOST);
}

/* OpenMP has no most. */
static void of_limit(const reading *r)
{
    size_t n;
    if (weft__number_alone(r->value, &n) && n > 0)
        take(r, n);
    else
        refuse(r, "a whole number from 1");
}

static void of_node(const reading *r)
{
    size_t n;
    if (read_count(r, &n))
        share_out(r, n);
}

static void of_pbs_process(const reading *r)
{
    if (r->env("PBS_JOBID"))
        of_process(r);
    else
        skip(r, "does not count: PBS_JOBID is not set");
}

static void of_torque_file(const reading *r)
{
    if (!r->env("PBS_NP")) {
        skip(r, "does not count: PBS_NP is not set");
        return;
    }
    char *const hosts = weft__file_load("", r->value);
    const int error = errno;
    const size_t lines = hosts ? weft__node_lines(r->root, hosts) : 0;
    if (!hosts)
        skip(r, "does not count: %s", strerror(error));
    else if (is_count(lines))
        share_out(r, lines);
    else
        skip(r, "does not count: %zu lines have the name of this host", lines);
    free(hosts);
}

static void of_torque_nodes(const reading *r)
{
    const char *const nodes = r->env("PBS_NUM_NODES");
    size_t n;
    if (nodes && weft__number_alone(nodes, &n) && n == 1)
        of_node(r);
    else
        skip(r, "does not count: PBS_NUM_NODES is not 1");
}

static void of_lsf_hosts(const reading *r)
{
    size_t hosts, slots;
    if (!weft__node_slots(r->root, r->value, &hosts, &slots) || slots > WEFT_THREADS_MAX)
        refuse(r, "hosts with their CPUs");
    else if (slots)
        share_out(r, slots);
    else
        skip(r, "does not count: this host is not one of the %zu", hosts);
}

static void of_lsf_job(const reading *r)
{
    const char *const list = r->env("LSB_MCPU_HOSTS");
    size_t hosts = 1, slots;
    if (list && weft__node_slots(r->root, list, &hosts, &slots) && hosts > 1)
        skip(r, "does not count: it is for %zu hosts", hosts);
    else
        of_node(r);
}

/* ---- the table ---- */

static const struct {
    const char *name;
    void (*read)(const reading *r);
    bool is_grant;
} variables_known[weft__variables_count] = {
    { "WEFT_NUM_THREADS", of_process, false },   { "OMP_NUM_THREADS", of_levels, false },
    { "SLURM_CPUS_PER_TASK", of_process, true }, { "SLURM_CPUS_ON_NODE", of_node, true },
    { "PBS_NODEFILE", of_torque_file, true },    { "PBS_NUM_PPN", of_node, true },
    { "PBS_NP", of_torque_nodes, true },         { "NCPUS", of_pbs_process, true },
    { "LSB_MCPU_HOSTS", of_lsf_hosts, true },    { "LSB_DJOB_NUMPROC", of_lsf_job, true },
};

static void read_one(const reading *r, void (*read)(const reading *r))
{
    if (!r->value)
        skip(r, "not set");
    else if (r->value[strspn(r->value, " \t\n")] == '\0')
        skip(r, "empty, so not set");
    else
        read(r);
}

void weft__variables_read(weft__variable variables[static weft__variables_count], const char *root,
                          const char *(*env)(const char *name))
{
    for (size_t k = 0; k < weft__variables_count; k++) {
        variables[k] = (weft__variable){
            .name = variables_known[k].name,
            .is_grant = variables_known[k].is_grant,
        };
        read_one(&(reading){ env, root, env(variables_known[k].name), &variables[k] },
                 variables_known[k].read);
    }
}

void weft__variable_limit(weft__variable *variable, const char *(*env)(const char *name))
{
    *variable = (weft__variable){ .name = "OMP_THREAD_LIMIT" };
    read_one(&(reading){ env, "", env(variable->name), variable }, of_limit);
}
