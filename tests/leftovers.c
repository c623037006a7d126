/* leftovers.c - what programs of the tests leave behind through no fault of theirs.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * libomp registers each program as /dev/shm/__KMP_REGISTERED_LIB_PID_UID and takes that back at exit().
 * A program that is killed, that a sanitizer ends, or that is a forked child and ends by _exit() leaves
 * it there. */
#include "leftovers.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

static bool is_left_over(const char *name)
{
    int program;
    unsigned user;
    return sscanf(name, "__KMP_REGISTERED_LIB_%d_%u", &program, &user) == 2 && program > 0 &&
           kill(program, 0) != 0 && errno == ESRCH;
}

void leftovers_remove(void)
{
    DIR *const d = opendir("/dev/shm");
    for (struct dirent *e; d && (e = readdir(d));)
        if (is_left_over(e->d_name))
            unlinkat(dirfd(d), e->d_name, 0); /* another user's stays */
    if (d)
        closedir(d);
}
