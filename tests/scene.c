/* scene.c - scenes: what a test sees happen in a process of its own.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "scene.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "probe.h"
#include "suites.h"

enum { seconds_a_scene = 30 };

/* Children of a program with threads start one, and end at once. TSAN_OPTIONS wins over these. */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void) { return "die_after_fork=0:atexit_sleep_ms=0"; }

int scene_run(const scene *scenes, int argc, char **argv)
{
    alarm(seconds_a_scene);
    for (; argc > 0 && scenes->name; scenes++)
        if (strcmp(scenes->name, argv[0]) == 0)
            return scenes->run();
    fprintf(stderr, "no such scene: %s\n", argc > 0 ? argv[0] : "");
    return 2;
}

said scene_end(const char *probe, const char *name)
{
    return probe_run((const char *[]){ probe, name, NULL }, NULL);
}

void scene_says(const char *probe, const char *name, int status, const char *out)
{
    said s = scene_end(probe, name);
    CU_ASSERT_EQUAL(s.status, status);
    ASSERT_TEXT(s.out, out);
    ASSERT_TEXT(s.err, "");
    said_free(&s);
}

void check(bool fact, const char *text)
{
    if (!fact)
        puts(text), fflush(stdout);
}

/* ---- belongings ---- */

static size_t entries(const char *folder)
{
    size_t n = 0;
    DIR *const d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

/* Zombies among them. */
static size_t children_of(const char *thread)
{
    char path[300];
    int pid;
    size_t n = 0;
    snprintf(path, sizeof path, "/proc/self/task/%.200s/children", thread);
    FILE *const f = fopen(path, "re");
    while (f && fscanf(f, "%d", &pid) == 1)
        n++;
    if (f)
        fclose(f);
    return n;
}

static size_t children(void)
{
    size_t n = 0;
    DIR *const d = opendir("/proc/self/task");
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.')
            n += children_of(e->d_name);
    if (d)
        closedir(d);
    return n;
}

static size_t shared_mappings(void)
{
    char line[600], how[8];
    size_t n = 0;
    FILE *const f = fopen("/proc/self/maps", "re");
    while (f && fgets(line, sizeof line, f))
        n += sscanf(line, "%*s %7s", how) == 1 && how[3] == 's';
    if (f)
        fclose(f);
    return n;
}

belongings belongings_now(void)
{
    return (belongings){ entries("/proc/self/fd"), entries("/proc/self/task"), children(),
                         shared_mappings() };
}

static bool same_number(const char *what, size_t a, size_t b)
{
    if (a != b)
        printf("%s: %zu, then %zu\n", what, a, b);
    return a == b;
}

bool belongings_equal(const belongings *a, const belongings *b)
{
    bool same = same_number("files", a->files, b->files);
    same &= same_number("threads", a->threads, b->threads);
    same &= same_number("children", a->children, b->children);
    return same & same_number("shared mappings", a->shared_mappings, b->shared_mappings);
}
