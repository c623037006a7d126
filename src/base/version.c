/* version.c - the version of the library that runs.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/version.h>

#define TEXT(x)  TEXT_(x)
#define TEXT_(x) #x

const char *weft_version(void)
{
    return TEXT(WEFT_VERSION_MAJOR) "." TEXT(WEFT_VERSION_MINOR) "." TEXT(WEFT_VERSION_PATCH);
}
