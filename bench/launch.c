/* launch.c - a command line and its environment for one thread count.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Threads are bound twice over. The process is started on the union of its places, which holds for
 * every program, pthreads and interpreters too; OMP_PLACES then parts that union among the threads of
 * an OpenMP program. No preloaded library has a hand in it, so nothing breaks when a runtime changes. */
#include "launch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char mark[] = "{threads}";

/* A text that grows. */
static void append(char **text, const char *more, size_t size)
{
    const size_t had = *text ? strlen(*text) : 0;
    *text = realloc(*text, had + size + 1);
    if (!*text)
        abort(); /* a few kilobytes: there is no machine left to measure */
    memcpy(*text + had, more, size);
    (*text)[had + size] = '\0';
}

static char *replace(const char *text, size_t threads)
{
    char number[24], *result = NULL;
    snprintf(number, sizeof number, "%zu", threads);
    for (const char *at; (at = strstr(text, mark)); text = at + sizeof mark - 1) {
        append(&result, text, (size_t)(at - text));
        append(&result, number, strlen(number));
    }
    append(&result, text, strlen(text));
    return result;
}

static size_t count(char *const *strings)
{
    size_t n = 0;
    while (strings[n])
        n++;
    return n;
}

static char **new_strings(size_t n)
{
    char **strings = calloc(n + 1, sizeof *strings);
    if (!strings)
        abort();
    return strings;
}

/* "{0,1},{2,3}": each place once, for a runtime goes round when threads are more than places. */
static char *omp_places(const weft_cpus *places, size_t threads)
{
    char *text = NULL;
    append(&text, "OMP_PLACES=", 11);
    for (size_t k = 0; k < threads && (k == 0 || !weft_cpus_equal(&places[k], &places[0])); k++) {
        append(&text, k ? ",{" : "{", k ? 2 : 1);
        for (size_t cpu = 0, more = 0; cpu < WEFT_CPUS_MAX; cpu++)
            if (weft_cpus_has(&places[k], cpu)) {
                char number[24];
                const int size = snprintf(number, sizeof number, more++ ? ",%zu" : "%zu", cpu);
                append(&text, number, (size_t)size);
            }
        append(&text, "}", 1);
    }
    return text;
}

static char *assignment(const char *name, size_t value)
{
    char text[64];
    snprintf(text, sizeof text, "%s=%zu", name, value);
    return strdup(text);
}

static bool assigns(const char *entry, const char *assignment)
{
    const size_t name = strcspn(assignment, "=") + 1;
    return strncmp(entry, assignment, name) == 0;
}

/* Replaces the variable that the entry assigns, or adds it; env has room. */
static void set(char **env, char *entry)
{
    size_t at = 0;
    while (env[at] && !assigns(env[at], entry))
        at++;
    free(env[at]);
    env[at] = entry;
}

char **launch_argv(char *const *argv, size_t threads)
{
    const size_t n = count(argv);
    char **copy = new_strings(n);
    for (size_t k = 0; k < n; k++)
        copy[k] = replace(argv[k], threads);
    return copy;
}

bool launch_mentions(char *const *argv)
{
    while (*argv && !strstr(*argv, mark))
        argv++;
    return *argv;
}

char **launch_env(size_t threads, const weft_cpus *places)
{
    enum { ours = 4 };
    const size_t n = count(environ);
    char **env = new_strings(n + ours);
    for (size_t k = 0; k < n; k++)
        env[k] = strdup(environ[k]);
    set(env, assignment("OMP_NUM_THREADS", threads));
    set(env, assignment("WEFT_NUM_THREADS", threads));
    if (places) {
        set(env, omp_places(places, threads));
        set(env, strdup("OMP_PROC_BIND=true"));
    }
    return env;
}

void launch_free(char **strings)
{
    for (size_t k = 0; strings && strings[k]; k++)
        free(strings[k]);
    free(strings);
}

weft_cpus launch_union(const weft_cpus *places, size_t threads)
{
    weft_cpus all = { { 0 } };
    for (size_t k = 0; k < threads; k++)
        for (size_t w = 0; w < WEFT_CPUS_MAX / 64; w++)
            all.bits[w] |= places[k].bits[w];
    return all;
}
