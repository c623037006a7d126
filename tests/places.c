/* places.c - what processes of a test share, and what they do there.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe.h"
#include "suites.h"

static const struct play *play_called(const char *name)
{
    static const struct play *const all[] = { cond_plays, barrier_plays, signal_plays };
    for (size_t k = 0; k < COUNT(all); k++)
        for (const struct play *p = all[k]; p->name; p++)
            if (strcmp(name, p->name) == 0)
                return p;
    return NULL;
}

static bool set_up(struct place *p)
{
    return !weft_lock_init(&p->lock, .shared = true) && !weft_cond_init(&p->cond, &p->lock) &&
           !weft_sem_init(&p->sem, 0, .shared = true) &&
           !weft_sem_init(&p->back, 0, .shared = true) &&
           !weft_event_init(&p->event, .shared = true) &&
           !weft_barrier_init(&p->barrier, 3, .shared = true);
}

int shared_probe(int argc, char **argv)
{
    struct place *const p = herd_memory(sizeof *p);
    const size_t kills = argc > 1 ? (size_t)atol(argv[1]) : 0;
    const struct play *const play = argc > 0 ? play_called(argv[0]) : NULL;
    if (!play || !set_up(p))
        return 1;
    if (play->begin)
        play->begin(p);
    if (play->storm) {
        const size_t hung = herd_storm(play->herd, kills, play->storm, p, &p->stop);
        printf("%zu hung, %ld lost\n", hung, p->lost);
    }
    return 0;
}

void says(const char *what, const char *kills, const char *expected)
{
    said s = probe_run((const char *[]){ "shared", what, kills, NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, expected);
    said_free(&s);
}
