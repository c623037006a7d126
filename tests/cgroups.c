/* cgroups.c - folders that hold a proc and a sys, and control groups that are real.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "cgroups.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- folders ---- */

/* Makes the folders of a path, but not its last part. */
static void make_folders(char *path)
{
    for (char *at = path + 1; (at = strchr(at, '/')); at++) {
        *at = '\0';
        mkdir(path, 0777);
        *at = '/';
    }
}

static bool put(const char *path, const char *text)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    const size_t size = strlen(text);
    const bool good = fd >= 0 && write(fd, text, size) == (ssize_t)size;
    if (fd >= 0)
        close(fd);
    return good;
}

void tree_add(const char *root, const char *path, const char *text)
{
    char whole[1000];
    snprintf(whole, sizeof whole, "%s%s", root, path);
    make_folders(whole);
    if (text ? !put(whole, text) : mkdir(whole, 0777) != 0)
        abort();
}

char *tree_new(const tree_file *files)
{
    char *const root = strdup("/tmp/weft-test-XXXXXX");
    if (!root || !mkdtemp(root))
        abort();
    for (; files->path; files++)
        tree_add(root, files->path, files->text);
    return root;
}

static int drop(const char *path, const struct stat *s, int type, struct FTW *walk)
{
    (void)s, (void)type, (void)walk;
    return remove(path);
}

void tree_free(char *root)
{
    if (nftw(root, drop, 16, FTW_DEPTH | FTW_PHYS))
        abort();
    free(root);
}

/* ---- control groups ---- */

/* A place for groups, and the file and the form of a quota there. */
static const struct {
    const char *folder, *file, *form;
} versions[] = {
    { "/sys/fs/cgroup/cpu", "cpu.cfs_quota_us", "%u" },
    { "/sys/fs/cgroup/cpu,cpuacct", "cpu.cfs_quota_us", "%u" },
    { "/sys/fs/cgroup", "cpu.max", "%u 100000" },
};

static bool set_quota(const char *group, const char *file, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", group, file);
    return access(path, F_OK) == 0 && put(path, text);
}

char *real_group(unsigned quota)
{
    static unsigned made;
    for (size_t k = 0; k < sizeof versions / sizeof *versions; k++) {
        char group[100], text[40];
        snprintf(group, sizeof group, "%s/weft-test-%d-%u", versions[k].folder, (int)getpid(),
                 made++);
        snprintf(text, sizeof text, versions[k].form, quota);
        if (mkdir(group, 0777))
            continue;
        if (set_quota(group, versions[k].file, text))
            return strdup(group);
        rmdir(group);
    }
    return NULL;
}

void real_group_free(char *group)
{
    if (group && rmdir(group))
        perror(group);
    free(group);
}
