/* topo.c - weft topo: this machine, its limits, and where threads go.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft/machine.h>

#include "cli.h"
#include "jsonfile.h"
#include "machinejson.h"
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

static const char *const policies[] = { "cores", "spread", "compact", "none" };

enum { policy_count = sizeof policies / sizeof *policies };

static size_t most_threads(const weft_limits *l)
{
    return l->allowed_cores > l->threads ? l->allowed_cores : l->threads;
}

static void print_placement(const weft_machine *m)
{
    const size_t most = most_threads(weft_machine_limits(m));
    printf("\nwhere policies put 1 to %zu threads, thread by thread\n", most);
    for (size_t k = 0; k < policy_count; k++)
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

/* ---- as JSON ---- */

/* The counts that placement is told for: 1, 2, 4 ... and most. */
static json_t *placed_by(const weft_machine *m, const char *policy, size_t most)
{
    json_t *by_count = json_object();
    weft_cpus *places = calloc(most, sizeof *places);
    if (!places)
        abort();
    for (size_t n = 1; n; n = n == most ? 0 : 2 * n < most ? 2 * n : most) {
        char count[24];
        snprintf(count, sizeof count, "%zu", n);
        if (weft_machine_places(m, policy, n, places) == WEFT_OK)
            json_object_set_new(by_count, count, machinejson_places(places, n));
    }
    free(places);
    return by_count;
}

static int print_json(void)
{
    const weft_machine *m = weft_machine_this();
    json_t *o = json_object(), *placement = json_object();
    for (size_t k = 0; k < policy_count; k++)
        json_object_set_new(placement, policies[k],
                            placed_by(m, policies[k], most_threads(weft_machine_limits(m))));
    json_object_set_new(o, "schema", json_string("weft.topo/1"));
    json_object_set_new(o, "machine", machinejson_machine(m));
    json_object_set_new(o, "os", machinejson_os());
    json_object_set_new(o, "limits", machinejson_limits(m));
    json_object_set_new(o, "env_state", machinejson_state());
    json_object_set_new(o, "placement", placement);
    return jsonfile_write("-", o) ? exit_good : exit_failed;
}

int topo_main(int argc, char **argv)
{
    bool why = false, json = false;
    words rest = { 0 };
    char **tail;
    const option table[] = {
        { "--why", 0, NULL, "also what decided the number of threads", option_flag, &why },
        { "--json", 0, NULL, "all of it for programs, with what decided", option_flag, &json },
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
    if (tail)
        return usage_error("topo takes no command");
    return json ? print_json() : print_all(why);
}
