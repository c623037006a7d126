/* file.c - small files of proc and sys, as a whole.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Such files have no size before they are read, and a folder in place of a file opens well: only
 * reading tells. */
#include "place/file.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_all(FILE *f)
{
    char *text = NULL;
    size_t room = 0;
    errno = 0;
    if (getdelim(&text, &room, '\0', f) >= 0)
        return text;
    free(text);
    return errno ? NULL : calloc(1, 1); /* empty */
}

char *weft__file_load(const char *root, const char *path)
{
    char whole[2 * PATH_MAX];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    FILE *const f = fopen(whole, "re");
    if (!f)
        return NULL;
    char *const text = read_all(f);
    const int error = errno;
    fclose(f);
    errno = error;
    return text;
}

void weft__file_shorten(char *text, size_t size, const char *path)
{
    static const char dots[] = "...";
    const size_t length = strlen(path);
    const bool fits = length < size;
    snprintf(text, size, "%s%s", fits ? "" : dots,
             fits ? path : path + length - (size - sizeof dots));
}
