/* title.h - a command line as a person would type it.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_TITLE_H
#define BENCH_CLI_TITLE_H

/* title_of - the command on one line, quoted where a shell wants that; never freed. */
const char *title_of(char *const *argv);

#endif
