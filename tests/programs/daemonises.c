/* daemonises.c - a program that leaves a daemon behind: daemonises FILE.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The daemon has a session of its own, keeps standard output open, and lives for half a minute. FILE
 * gets a line with its number before the program ends. */
#include <stdio.h>
#include <unistd.h>

static int live(const char *path, int ready)
{
    FILE *f = fopen(path, "a");
    if (!f || setsid() < 0)
        return 1;
    fprintf(f, "%d\n", (int)getpid());
    fclose(f);
    close(ready);
    sleep(30);
    return 0;
}

int main(int argc, char **argv)
{
    int ready[2];
    char nothing;
    if (argc != 2 || pipe(ready))
        return 2;
    const pid_t child = fork();
    if (child < 0)
        return 1;
    if (child == 0)
        return live(argv[1], ready[1]);
    close(ready[1]);
    return read(ready[0], &nothing, 1) != 0;
}
