/* libomp.c - removes what LLVM's OpenMP runtime leaves of a child.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * libomp registers each process as /dev/shm/__KMP_REGISTERED_LIB_PID_UID and takes that back in exit
 * handlers and destructors. A child ends without these, or is killed, and the file would stay for
 * ever. Whoever knows of the end first removes it: the child, or the parent while the child is still a
 * zombie, so that nobody else can have its number. */
#include "exec/process/process.h"

#include <stdio.h>

#include <sys/mman.h>
#include <unistd.h>

/* Weak: NULL in a program without libomp. volatile: clang knows this function by name. */
extern int __kmpc_global_thread_num(void *place) __attribute__((weak));
static int (*const volatile is_libomp)(void *place) = __kmpc_global_thread_num;

void weft__forget_libomp(pid_t process)
{
    char name[64];
    if (!is_libomp)
        return;
    snprintf(name, sizeof name, "/__KMP_REGISTERED_LIB_%d_%d", (int)process, (int)getuid());
    shm_unlink(name);
}
