/* program.h - runs a program for a test and keeps what it said.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_PROGRAM_H
#define WEFT_TESTS_PROGRAM_H

#include <stdbool.h>
#include <sys/types.h>

/* What came of it; freed by said_free. */
typedef struct said {
    int status; /* exit status, or 128 + the signal that ended it, as a shell has it */
    char *out, *err;
} said;

/* built - the path of a program of this build, by name: "weft". Never freed. */
const char *built(const char *name);

/* program_run - runs argv in the C locale, with an empty standard input and without the variables that
 * guide weft, OpenMP, hwloc or a batch system.
 *
 * set  assignments to add, NULL last; NULL: none
 *
 * run_weft - the same for the weft command and a line of arguments that blanks part; what stands in
 * '...' is one argument. */
said program_run(char *const *argv, const char *const *set);
said run_weft(const char *arguments, const char *const *set);
void said_free(said *s);

/* program_start, program_end - the two halves of program_run, for programs that run side by side. */
typedef struct started {
    pid_t process;
    int out, err; /* files in memory */
} started;

started program_start(char *const *argv, const char *const *set);
said program_end(const started *r);

/* process_ends - whether a process, which need not be our child, has ended or does within ten
 * seconds. */
bool process_ends(pid_t process);

#endif
