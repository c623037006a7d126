/* scene.h - scenes: what a test sees happen in a process of its own.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A probe (probe.h) whose argument names one of a table of scenes. A scene that takes half a minute is
 * ended: a hang is a failure. */
#ifndef WEFT_TESTS_SCENE_H
#define WEFT_TESTS_SCENE_H

#include <stdbool.h>
#include <stddef.h>

#include "build.h"
#include "program.h"

typedef struct scene {
    const char *name;
    int (*run)(void);
} scene;

/* What a probe does: runs the scene that argv[0] names; the table ends with { NULL, NULL }. */
int scene_run(const scene *scenes, int argc, char **argv);

/* Runs a scene of a probe and asserts how it ends and what it prints, nothing to stderr.
 *
 * scene_end - the same for any outcome; freed by said_free. */
void scene_says(const char *probe, const char *name, int status, const char *out);
said scene_end(const char *probe, const char *name);

/* For scenes: says what is wrong where a fact is none. */
void check(bool fact, const char *text);

/* What a process has: taken before and after, to see what is left. */
typedef struct belongings {
    size_t files, threads, children, shared_mappings;
} belongings;

belongings belongings_now(void);
bool belongings_equal(const belongings *a, const belongings *b); /* prints what differs */

/* In shared memory: counts up, from any process or thread, and reads. */
static inline void count_up(unsigned *counter) { __atomic_fetch_add(counter, 1, __ATOMIC_ACQ_REL); }
static inline unsigned counted(const unsigned *counter)
{
    return __atomic_load_n(counter, __ATOMIC_ACQUIRE); /* pairs with count_up() */
}

#endif
