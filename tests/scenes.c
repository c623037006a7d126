/* scenes.c - processes with threads that a test looks at from outside.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "scenes.h"

#include <stdio.h>
#include <string.h>

#include <weft/stop.h>

#include "probe.h"
#include "suites.h"

int scene_probe(int argc, char **argv)
{
    static const struct scene *const all[] = { exit_scenes, fork_scenes, hardship_scenes };
    for (size_t k = 0; argc > 0 && k < COUNT(all); k++)
        for (const struct scene *s = all[k]; s->name; s++)
            if (strcmp(argv[0], s->name) == 0)
                return s->play();
    return 2;
}

void plays(const char *name, int status, const char *out)
{
    said s = probe_run((const char *[]){ "scene", name, NULL }, NULL);
    ASSERT_TEXT(s.out, out);
    ASSERT_TEXT(s.err, "");
    CU_ASSERT_EQUAL(s.status, status);
    said_free(&s);
}

void say(void *text) { puts(text); }
void stay(void *stop) { (void)weft_stop_wait(stop, 30); }

void check(bool fact, const char *text)
{
    if (!fact)
        puts(text), fflush(stdout);
}
