/* topo.c - weft topo: this machine, its limits, and where threads go.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include <weft/machine.h>

#include "cli.h"
#include "picture.h"
#include "placement.h"

enum { list_size = 200 };

static void print_limits(const weft_limits *l)
{
    char text[list_size];
    puts("\nlimits");
    printf("  CPUs allowed   %s: %zu of %zu PUs, %zu of %zu cores\n",
           weft_cpus_format(&l->allowed, text, sizeof text), weft_cpus_count(&l->allowed), l->pus,
           l->allowed_cores, l->cores);
    if (isinf(l->quota))
        puts("  CPU quota      none");
    else
        printf("  CPU quota      %.3g CPUs (%s)\n", l->quota, l->quota_source);
    if (l->new_threads == SIZE_MAX)
        puts("  new threads    no limit");
    else
        printf("  new threads    %zu (%s)\n", l->new_threads, l->new_threads_source);
    printf("  binding        %s\n", l->can_bind ? "possible" : "not possible");
    if (*l->trouble)
        printf("  trouble        %s\n", l->trouble);
}

static void print_threads(const weft_machine *m, bool why)
{
    const weft_limits *l = weft_machine_limits(m);
    char text[list_size];
    printf("\nthreads of a call: %zu, by %s\n", l->threads, l->rule);
    for (size_t line = 0; why && weft_machine_why(m, line, text, sizeof text); line++)
        printf("  %s\n", text);
}

static void print_placement(const weft_machine *m)
{
    static const char *const policies[] = { "cores", "spread", "compact", "none" };
    const weft_limits *l = weft_machine_limits(m);
    const size_t most = l->allowed_cores > l->threads ? l->allowed_cores : l->threads;
    printf("\nwhere policies put 1 to %zu threads, thread by thread\n", most);
    for (size_t k = 0; k < sizeof policies / sizeof *policies; k++)
        placement_print(stdout, m, policies[k], most);
}

static int print_all(bool why)
{
    const weft_machine *m = weft_machine_this();
    const weft_limits *l = weft_machine_limits(m);
    if (!picture_print(stdout, &l->allowed))
        printf("machine: %zu cores, %zu PUs; hwloc cannot say more\n", l->cores, l->pus);
    print_limits(l);
    print_threads(m, why);
    print_placement(m);
    return exit_good;
}

int topo_main(int argc, char **argv)
{
    bool why = false;
    words rest = { 0 };
    char **tail;
    const option table[] = {
        { "--why", 0, NULL, "also what decided the number of threads", option_flag, &why },
        { 0 },
    };
    switch (options_parse("topo", table, argc, argv, &rest, &tail)) {
    case parsed_badly:
        return exit_usage;
    case parsed_help:
        puts("usage: weft topo [OPTIONS]\n\n"
             "Draws the machine: cores in brackets with the numbers of their PUs, \"-\" for\n"
             "those that this process may not use. Then its limits, the number of threads\n"
             "that follows from them, and on which CPUs each policy puts 1 to that many.\n");
        options_print(table);
        return exit_good;
    case parsed_all:
        break;
    }
    if (rest.count)
        return usage_error("topo: there is nothing to be done with \"%s\"", rest.word[0]);
    return tail ? usage_error("topo takes no command") : print_all(why);
}
