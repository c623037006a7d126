/* kernel.h - runs weft-kernel for a test, in a process of its own, as users run it.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_KERNEL_H
#define WEFT_TESTS_KERNEL_H

#include "program.h"

/* kernel_run - what weft-kernel says to a line of arguments that blanks part; it runs the kernel
 * once, where users have it run for a tenth of a second.
 *
 * set  as for program_run()
 *
 * kernel_answer - the same without the lines of its measurements, which begin with "weft: ". */
said kernel_run(const char *arguments, const char *const *set);
said kernel_answer(const char *arguments);

/* kernel_refuses - it says this on stderr and nothing else, and exits with status 2. */
void kernel_refuses(const char *arguments, const char *text);

#endif
