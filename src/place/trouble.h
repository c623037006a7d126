/* trouble.h - what went wrong while the machine was looked at, in one line.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_PLACE_TROUBLE_H
#define WEFT_PLACE_TROUBLE_H

#include <weft/machine.h>

/* Adds to limits->trouble, behind "; " where it is not the first. */
__attribute__((format(printf, 2, 3))) void weft__trouble(weft_limits *limits, const char *format,
                                                         ...);

#endif
