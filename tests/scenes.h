/* scenes.h - processes with threads that a test looks at from outside.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A scene is a process of its own (probe.h); what it prints and how it ends is the result. */
#ifndef WEFT_TESTS_SCENES_H
#define WEFT_TESTS_SCENES_H

#include <stdbool.h>
#include <stddef.h>

#include "races.h"

struct scene {
    const char *name;
    int (*play)(void);
};

/* Each is ended by one without a name. */
extern const struct scene exit_scenes[], fork_scenes[], hardship_scenes[];

/* plays - asserts what becomes of a scene: its exit status, what it prints, and nothing on stderr. */
void plays(const char *name, int status, const char *out);

/* For scenes: a thread that says its text, one that stays until the token is set, half a minute at
 * most, and what is said where a fact is none. */
void say(void *text);
void stay(void *stop);
void check(bool fact, const char *text);

/* Under ThreadSanitizer forked children start no threads, and libomp's part of it dies in exit(). */
enum { tsan = RACES_ARE_LOOKED_FOR };

#endif
