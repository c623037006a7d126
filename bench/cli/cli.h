/* cli.h - the subcommands of weft and what they share.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_CLI_H
#define BENCH_CLI_CLI_H

#include <stddef.h>

#include "options.h"

/* Exit statuses, as env(1) and timeout(1) have them. */
enum {
    exit_good,
    exit_failed,
    exit_usage,
    exit_cannot = 125, /* weft pin cannot bind */
    exit_not_executable = 126,
    exit_not_found = 127,
};

/* A subcommand gets the arguments behind its name and returns the exit status. */
typedef int subcommand(int argc, char **argv);
subcommand topo_main, list_main, run_main, pin_main, scale_main;

/* kernels_path - the path of the program that holds the built-in kernels: WEFT_KERNEL, or weft-kernel
 * beside this program or in ../libexec/weft; NULL, with a line on stderr, where it is not there. */
const char *kernels_path(void);

/* kernels_argv - the command line that runs a kernel, for free(); size 0 is its default. */
char **kernels_argv(const char *path, const char *kernel, size_t size, const words *inputs);

/* kernels_check - asks the kernel program whether this command line is good; where it is not, that
 * has said why on stderr. Returns an exit status. */
int kernels_check(char *const *argv);

#endif
