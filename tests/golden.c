/* golden.c - compares text with a file that was read and approved once.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"

static void update(const char *path, const char *text)
{
    FILE *f = fopen(path, "we");
    if (!f || fputs(text, f) < 0 || fclose(f))
        CU_FAIL("the golden file can be written");
}

/* NULL where there is none. */
static char *read_whole(const char *path)
{
    char *text = NULL;
    size_t room = 0;
    FILE *f = fopen(path, "re");
    if (!f)
        return NULL;
    if (getdelim(&text, &room, '\0', f) < 0) {
        free(text);
        text = NULL;
    }
    fclose(f);
    return text;
}

void golden(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "tests/golden/%s.txt", name);
    const char *wish = getenv("WEFT_GOLDEN");
    if (wish && strcmp(wish, "update") == 0)
        update(path, text);
    char *approved = read_whole(path);
    CU_ASSERT_PTR_NOT_NULL(approved);
    if (approved)
        ASSERT_TEXT(text, approved);
    free(approved);
}
