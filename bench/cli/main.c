/* main.c - the weft command: finds the subcommand and runs it.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include <weft/version.h>

#include "cli.h"

static const struct {
    const char *name, *help;
    subcommand *run;
} subcommands[] = {
    { "topo", "this machine, its limits, and where threads go", topo_main },
    { "list", "the built-in kernels", list_main },
    { "run", "run one kernel once", run_main },
    { "pin", "run a command whose threads have places of their own", pin_main },
    { "scale", "measure how kernels or a command scale with threads", scale_main },
};

enum { subcommand_count = sizeof subcommands / sizeof *subcommands };

static int help(void)
{
    puts("usage: weft COMMAND [OPTIONS]\n");
    for (size_t k = 0; k < subcommand_count; k++)
        printf("  %-8s %s\n", subcommands[k].name, subcommands[k].help);
    puts("\nweft COMMAND --help explains one of them, weft --version prints the version.");
    return exit_good;
}

static int version(void)
{
    printf("weft %s\n", weft_version());
    return exit_good;
}

/* What was written must have arrived: a full disk is a failure, not a short file. */
static int flushed(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    perror("weft: standard output");
    return status ? status : exit_failed;
}

static int dispatch(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (!*name)
        return usage_error("which command? topo, list, run, pin or scale: see weft --help");
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return help();
    if (strcmp(name, "--version") == 0)
        return version();
    for (size_t k = 0; k < subcommand_count; k++)
        if (strcmp(name, subcommands[k].name) == 0)
            return subcommands[k].run(argc - 2, argv + 2);
    return usage_error("there is no command \"%s\": topo, list, run, pin and scale there are",
                       name);
}

int main(int argc, char **argv) { return flushed(dispatch(argc, argv)); }
