/* probe.c - programs inside of the test program.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "probe.h"

#include <stdio.h>
#include <string.h>

enum { words_most = 20 };

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} probes[] = {
#define PROBE_ENTRY_(name) { #name, name##_probe },
    PROBES(PROBE_ENTRY_)
#undef PROBE_ENTRY_
};

said probe_run(const char *const *words, const char *const *set)
{
    char *argv[words_most + 3] = { "/proc/self/exe", "--probe" };
    for (size_t k = 0; k < words_most && words[k]; k++)
        argv[2 + k] = (char *)words[k];
    return program_run(argv, set);
}

int probe_main(int argc, char **argv)
{
    for (size_t k = 0; argc > 2 && k < sizeof probes / sizeof *probes; k++)
        if (strcmp(argv[2], probes[k].name) == 0)
            return probes[k].run(argc - 3, argv + 3);
    fprintf(stderr, "no probe is called %s\n", argc > 2 ? argv[2] : "nothing");
    return 2;
}
