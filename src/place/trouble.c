/* trouble.c - what went wrong while the machine was looked at, in one line.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "place/trouble.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void weft__trouble(weft_limits *limits, const char *format, ...)
{
    char *const line = limits->trouble;
    const size_t room = sizeof limits->trouble;
    size_t used = strlen(line);
    if (used > 0)
        used += (size_t)snprintf(line + used, room - used, "; ");
    if (used >= room)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(line + used, room - used, format, args);
    va_end(args);
}
