/* jsonfile.c - a JSON value goes to a file as a whole, or the file stays as it was.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jsonfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_standard_output(const char *path) { return strcmp(path, "-") == 0; }

/* What is there already and is no regular file: a terminal, a pipe, /dev/null; or a folder. */
static bool is_special(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && !S_ISREG(s.st_mode);
}

/* Where a name beside the file goes: links are followed, so that they stay. */
static bool beside(const char *path, char *target, char *temporary, size_t size)
{
    if (!realpath(path, target) && (errno != ENOENT || strlen(path) >= PATH_MAX))
        return false;
    if (errno == ENOENT && access(path, F_OK))
        strcpy(target, path);
    if ((size_t)snprintf(temporary, size, "%s.XXXXXX", target) < size)
        return true;
    errno = ENAMETOOLONG;
    return false;
}

/* A new file has the rights that any would have, an old one keeps its own. */
static mode_t rights(const char *target)
{
    struct stat s;
    const mode_t mask = umask(0);
    umask(mask);
    return stat(target, &s) == 0 ? s.st_mode & 0777 : 0666 & ~mask;
}

static bool open_special(const char *path)
{
    const int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0)
        close(fd);
    return fd >= 0 || errno == ENXIO; /* a pipe that nobody reads yet */
}

static bool dump(FILE *f, const json_t *value)
{
    const bool good = json_dumpf(value, f, JSON_INDENT(1)) == 0 && fputc('\n', f) != EOF;
    return fflush(f) == 0 && good && !ferror(f);
}

static bool dump_special(const char *path, const json_t *value)
{
    FILE *f = fopen(path, "we");
    if (!f)
        return false;
    const bool good = dump(f, value);
    return fclose(f) == 0 && good;
}

static bool dump_to(int fd, const json_t *value)
{
    FILE *f = fdopen(fd, "w");
    if (!f)
        return close(fd), false;
    const bool good = dump(f, value) && fsync(fd) == 0;
    return fclose(f) == 0 && good;
}

static bool replace(const char *path, const json_t *value)
{
    char target[PATH_MAX], temporary[PATH_MAX + 8];
    if (!beside(path, target, temporary, sizeof temporary))
        return false;
    const int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return false;
    if (fchmod(fd, rights(target)) == 0 && dump_to(fd, value) && rename(temporary, target) == 0)
        return true;
    const int error = errno;
    unlink(temporary);
    errno = error;
    return false;
}

/* Makes the file that will be renamed later, and removes it. */
static bool try_beside(const char *path)
{
    char target[PATH_MAX], temporary[PATH_MAX + 8];
    if (!beside(path, target, temporary, sizeof temporary))
        return false;
    if (access(target, F_OK) == 0 && access(target, W_OK))
        return false;
    const int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return false;
    close(fd);
    return unlink(temporary) == 0;
}

bool jsonfile_check(const char *path)
{
    if (is_standard_output(path))
        return true;
    return is_special(path) ? open_special(path) : try_beside(path);
}

bool jsonfile_write(const char *path, json_t *value)
{
    const bool good = is_standard_output(path) ? dump(stdout, value)
                      : is_special(path)       ? dump_special(path, value)
                                               : replace(path, value);
    const int error = errno;
    json_decref(value);
    errno = error;
    return good;
}

void json_set(json_t *object, const char *name, double value)
{
    json_object_set_new(object, name, isfinite(value) ? json_real(value) : json_null());
}

void json_pair(json_t *object, const char *name, double low, double high)
{
    json_object_set_new(
        object, name, isfinite(low) && isfinite(high) ? json_pack("[ff]", low, high) : json_null());
}
