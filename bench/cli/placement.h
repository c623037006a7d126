/* placement.h - where a policy puts threads, as text.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_PLACEMENT_H
#define BENCH_CLI_PLACEMENT_H

#include <stdio.h>

#include <weft/machine.h>

/* placement_print - one line for the policy where more threads only add places to those of fewer; else
 * one for each of 1, 2, 4 ... and `most` threads. */
void placement_print(FILE *out, const weft_machine *m, const char *policy, size_t most);

#endif
