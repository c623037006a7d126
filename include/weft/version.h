/* weft/version.h - the version, written here and nowhere else.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_VERSION_H
#define WEFT_VERSION_H

#include <weft/api.h>

#define WEFT_VERSION_MAJOR 0
#define WEFT_VERSION_MINOR 1
#define WEFT_VERSION_PATCH 0

WEFT_BEGIN_C

/* weft_version - the version of the library that runs, "0.1.0"; static. The macros above are the
 * version of the headers that were compiled against. */
WEFT_API const char *weft_version(void);

WEFT_END_C

#endif
