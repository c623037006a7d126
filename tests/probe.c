/* probe.c - programs inside of the test program.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "probe.h"

#include <stdio.h>
#include <stdlib.h>
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

/* A child starts with the mask of the thread that starts it. */
said probe_run_on(const weft_cpus *mask, const char *const *words, const char *const *set)
{
    char *argv[words_most + 3] = { "/proc/self/exe", "--probe" };
    for (size_t k = 0; k < words_most && words[k]; k++)
        argv[2 + k] = (char *)words[k];
    weft_cpus before;
    if (weft_cpus_bound(&before) || weft_cpus_bind(mask))
        abort();
    const said s = program_run(argv, set);
    if (weft_cpus_bind(&before))
        abort();
    return s;
}

said probe_run(const char *const *words, const char *const *set)
{
    weft_cpus original;
    weft_cpus_original(&original);
    return probe_run_on(&original, words, set);
}

int probe_main(int argc, char **argv)
{
    for (size_t k = 0; argc > 2 && k < sizeof probes / sizeof *probes; k++)
        if (strcmp(argv[2], probes[k].name) == 0)
            return probes[k].run(argc - 3, argv + 3);
    fprintf(stderr, "no probe is called %s\n", argc > 2 ? argv[2] : "nothing");
    return 2;
}
