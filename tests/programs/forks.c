/* forks.c - a program that works in processes: forks PROCESSES.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * They live for a third of a second; the first one waits for them. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    for (int k = 0; k < atoi(argv[1]); k++)
        if (fork() == 0) {
            usleep(333000);
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    return 0;
}
