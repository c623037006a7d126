/* kernels.c - weft list and weft run; how weft-kernel is found and spoken to.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The kernels are a program of their own: they link libgomp, and this one must not. With
 * OMP_PROC_BIND set libgomp binds the main thread before main(), and all children would inherit that
 * one CPU. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

/* The folder of this program, without a slash at its end. */
static bool own_folder(char *folder)
{
    const ssize_t n = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    if (n <= 0)
        return false;
    folder[n] = '\0';
    *strrchr(folder, '/') = '\0';
    return true;
}

static int cannot_start(const char *path)
{
    fprintf(stderr, "weft: %s cannot be started: %s\n", path, strerror(errno));
    return errno == ENOENT ? exit_not_found : exit_not_executable;
}

/* Becomes the kernel program; returns where that fails. */
static int become(const char *path, char **argv)
{
    execv(path, argv);
    return cannot_start(path);
}

/* Runs it to its end with its output thrown away; returns its exit status, or ours. */
static int run_silently(const char *path, char **argv)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    pid_t child;
    int status;
    errno = posix_spawn(&child, path, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (errno)
        return cannot_start(path);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : exit_failed;
}

const char *kernels_path(void)
{
    static char path[PATH_MAX + 40];
    static const char *const places[] = { "weft-kernel", "../libexec/weft/weft-kernel" };
    const char *given = getenv("WEFT_KERNEL");
    char folder[PATH_MAX];
    if (given && *given)
        return given;
    for (size_t k = 0; own_folder(folder) && k < sizeof places / sizeof *places; k++) {
        snprintf(path, sizeof path, "%s/%s", folder, places[k]);
        if (access(path, X_OK) == 0)
            return path;
    }
    fprintf(stderr, "weft: weft-kernel is neither beside weft nor in ../libexec/weft: "
                    "WEFT_KERNEL may name it\n");
    return NULL;
}

char **kernels_argv(const char *path, const char *kernel, size_t size, const words *inputs)
{
    char **argv = calloc(inputs->count + 8, sizeof *argv), **to = argv;
    char number[24];
    if (!argv)
        abort();
    snprintf(number, sizeof number, "%zu", size);
    *to++ = (char *)path, *to++ = (char *)kernel;
    if (size)
        *to++ = "-n", *to++ = strdup(number);
    if (inputs->count) {
        *to++ = "--input";
        memcpy(to, inputs->word, inputs->count * sizeof *to);
    }
    return argv;
}

int kernels_check(char *const *argv)
{
    size_t n = 0;
    while (argv[n])
        n++;
    char **checking = calloc(n + 2, sizeof *checking);
    if (!checking)
        abort();
    checking[0] = argv[0], checking[1] = "--check";
    memcpy(checking + 2, argv + 1, n * sizeof *argv);
    const int status = run_silently(argv[0], checking);
    free(checking);
    return status;
}

int list_main(int argc, char **argv)
{
    static const option none[] = { { 0 } };
    words rest = { 0 };
    char **tail;
    switch (options_parse("list", none, argc, argv, &rest, &tail)) {
    case parsed_badly:
        return exit_usage;
    case parsed_help:
        puts("usage: weft list\n\nPrints the built-in kernels, one a line.");
        return exit_good;
    case parsed_all:
        break;
    }
    if (rest.count || tail)
        return usage_error("list takes no arguments");
    const char *path = kernels_path();
    return path ? become(path, (char *[]){ (char *)path, "--list", NULL }) : exit_not_found;
}

static void set_threads(size_t threads)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", threads);
    setenv("WEFT_NUM_THREADS", number, 1);
    setenv("OMP_NUM_THREADS", number, 1);
}

static int run(const char *kernel, size_t threads, size_t size, const words *inputs)
{
    const char *path = kernels_path();
    if (!path)
        return exit_not_found;
    if (threads)
        set_threads(threads);
    return become(path, kernels_argv(path, kernel, size, inputs));
}

int run_main(int argc, char **argv)
{
    size_t threads = 0, size = 0;
    words inputs = { 0 }, rest = { 0 };
    char **tail;
    const option table[] = {
        { "--threads", 't', "N", "default: as weft topo says", option_threads, &threads },
        { "--size", 'n', "SIZE", "elements or bytes, also 64K, 32M, 1G", option_size, &size },
        { "--input", 'i', "PATH...", "files or folders to read", option_add, &inputs },
        { 0 },
    };
    switch (options_parse("run", table, argc, argv, &rest, &tail)) {
    case parsed_badly:
        return exit_usage;
    case parsed_help:
        puts("usage: weft run KERNEL [OPTIONS]\n\nRuns one kernel and prints its answer and "
             "time.\n");
        options_print(table);
        return exit_good;
    case parsed_all:
        break;
    }
    if (rest.count != 1 || tail)
        return usage_error("run takes one kernel: see weft list");
    return run(rest.word[0], threads, size, &inputs);
}
