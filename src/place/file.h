/* file.h - small files of proc and sys, as a whole.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_PLACE_FILE_H
#define WEFT_PLACE_FILE_H

#include <stddef.h>

/* weft__file_load - what stands in the file `path` below the folder `root`, to be freed; NULL with
 * errno where it cannot be read. */
char *weft__file_load(const char *root, const char *path);

/* weft__file_shorten - copies a path; where it does not fit, its end behind "...". */
void weft__file_shorten(char *text, size_t size, const char *path);

#endif
