/* complain.c - what goes wrong, said in one line.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "kernel.h"

#include <stdarg.h>
#include <stdio.h>

bool complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("weft-kernel: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return false;
}
