/* pin.c - weft pin: becomes a command whose threads have places of their own.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The process gets the union of the places, which holds for every program; OMP_PLACES parts it among
 * the threads of an OpenMP program. Nothing is loaded into the command and nobody stands between it
 * and the shell: its exit status and its signals are its own. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft/machine.h>

#include "cli.h"
#include "launch.h"
#include "places.h"

static int cannot_bind(const char *policy)
{
    const weft_limits *l = weft_machine_limits(weft_machine_this());
    fprintf(stderr, "weft: pin: threads cannot be placed by %s: %s\n", policy,
            *l->trouble ? l->trouble
                        : "this system does not bind, or HWLOC_SYNTHETIC or HWLOC_XMLFILE "
                          "describes another machine");
    return exit_cannot;
}

static int bind(const weft_cpus *places, size_t threads)
{
    const weft_cpus all = launch_union(places, threads);
    if (weft_cpus_bind(&all) == WEFT_OK)
        return exit_good;
    fprintf(stderr, "weft: pin: %s\n", weft_detail());
    return exit_cannot;
}

/* Returns only where that fails. */
static int become(char *const *command, size_t threads, const weft_cpus *places)
{
    char **argv = launch_argv(command, threads), **env = launch_env(threads, places);
    execvpe(argv[0], argv, env);
    const int error = errno;
    fprintf(stderr, "weft: pin: %s cannot be started: %s\n", argv[0], strerror(error));
    launch_free(argv), launch_free(env);
    return error == ENOENT ? exit_not_found : exit_not_executable;
}

static int pin(char *const *command, size_t threads, const char *policy)
{
    weft_cpus *places;
    int status = places_for("pin", policy, threads, &places);
    if (status)
        return status;
    if (!places && strcmp(policy, "none") != 0)
        return cannot_bind(policy);
    if (places)
        status = bind(places, threads);
    if (status == exit_good)
        status = become(command, threads, places);
    free(places);
    return status;
}

int pin_main(int argc, char **argv)
{
    size_t threads = 0;
    const char *policy = "cores";
    words rest = { 0 };
    char **command;
    const option table[] = {
        { "--threads", 't', "N", "default: as weft topo says; for a list: its CPUs", option_threads,
          &threads },
        { "--place", 'p', "POLICY", "cores (default) spread compact none auto, or CPUs: 0-3",
          option_text, &policy },
        { 0 },
    };
    switch (options_parse("pin", table, argc, argv, &rest, &command)) {
    case parsed_badly:
        return exit_usage;
    case parsed_help:
        puts("usage: weft pin [OPTIONS] -- COMMAND [ARGUMENT...]\n\n"
             "Runs a command on the places of its threads: the process on all of them, each\n"
             "thread of an OpenMP program on its own. Sets OMP_NUM_THREADS, OMP_PLACES,\n"
             "OMP_PROC_BIND and WEFT_NUM_THREADS; {threads} in an argument becomes N.\n");
        options_print(table);
        return exit_good;
    case parsed_all:
        break;
    }
    if (rest.count)
        return usage_error(
            "pin: there is nothing to be done with \"%s\": put the command behind --",
            rest.word[0]);
    if (!command || !*command)
        return usage_error("pin: name a command behind --, as in weft pin -t 2 -- ./a.out");
    return pin(command, threads ? threads : places_threads(policy), policy);
}
