/* corpus.c - real text: files and folders read into one piece of memory.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "corpus.h"

#include <errno.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <weft.h>

#include "kernel.h"

enum {
    head_size = 4096,    /* bytes that show whether a file is text */
    first_room = 4 << 20 /* bytes */
};

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

/* Text has no NUL bytes, and not the first two bytes of gzip. */
static bool looks_like_text(const char *bytes, size_t size)
{
    const size_t head = size < head_size ? size : head_size;
    return !memchr(bytes, '\0', head) && !(head >= 2 && memcmp(bytes, "\x1f\x8b", 2) == 0);
}

/* Makes room for at least one byte more; where there is none, errno is ENOMEM. */
static bool grow(corpus *t)
{
    const size_t room = t->room ? 2 * t->room : first_room;
    char *bytes = room <= t->memory ? weft_alloc(room) : NULL;
    errno = ENOMEM;
    if (!bytes)
        return false;
    if (t->size)
        memcpy(bytes, t->bytes, t->size);
    weft_dealloc(t->bytes);
    t->bytes = bytes, t->room = room;
    return true;
}

/* Appends what a stream holds, up to `most` bytes in all. */
static bool append_stream(corpus *t, FILE *f, size_t most)
{
    while (t->size < most) {
        if (t->size == t->room && !grow(t))
            return false;
        const size_t room = (t->room < most ? t->room : most) - t->size;
        const size_t n = fread(t->bytes + t->size, 1, room, f);
        t->size += n;
        if (n < room)
            return !ferror(f);
    }
    return true;
}

static bool append(corpus *t, const char *path, size_t most)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    const size_t before = t->size;
    const bool good = append_stream(t, f, most);
    const int error = errno;
    fclose(f);
    errno = error;
    t->files += good;
    t->size = good ? t->size : before;
    return good;
}

/* A file below a folder; false only where there is no memory. */
static bool append_found(corpus *t, const char *path, size_t most)
{
    const size_t before = t->size;
    if (!append(t, path, most))
        return errno != ENOMEM;
    if (!looks_like_text(t->bytes + before, t->size - before))
        t->size = before, t->files--;
    return true;
}

static bool append_all(corpus *t, FTS *walk, size_t most)
{
    bool good = true;
    for (FTSENT *e; good && t->size < most && (e = fts_read(walk));)
        if (e->fts_info == FTS_F && e->fts_level > 0)
            good = append_found(t, e->fts_accpath, most);
        else if (e->fts_level == FTS_ROOTLEVEL && e->fts_info != FTS_D && e->fts_info != FTS_DP)
            good = append(t, e->fts_accpath, most);
    return good;
}

/* A file or a folder of the user's. */
static bool append_path(corpus *t, const char *path, size_t most)
{
    FTS *walk = fts_open((char *[]){ (char *)path, NULL },
                         FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);
    const bool good = walk && append_all(t, walk, most);
    const int error = errno;
    if (walk)
        fts_close(walk);
    if (!good && error == ENOMEM)
        return complain("--input %s: memory holds %zu bytes of text and no more: -n takes less",
                        path, t->room);
    return good || complain("--input %s cannot be read: %s", path, strerror(error));
}

bool corpus_read(corpus *t, const char *const *paths, size_t count, size_t most, size_t memory)
{
    *t = (corpus){ .memory = memory };
    for (size_t k = 0; k < count; k++)
        if (!append_path(t, paths[k], most))
            return false;
    return true;
}

bool corpus_check(const char *const *paths, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (access(paths[k], R_OK))
            return complain("--input %s cannot be read: %s", paths[k], strerror(errno));
    return true;
}
