/* laws_test.c - every algorithm equals its loop, and visits every index once.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What an algorithm must do, whatever it computes:
 *
 *     the answer equals the serial one: exactly, or within the documented error of a sum,
 *     every index is visited once, where the algorithm runs code of the caller's,
 *     the bits of the answer are the same for every team. */
#include <stdio.h>

#include <weft.h>

#include "laws.h"
#include "races.h"
#include "suites.h"

/* Around a block; the first that a team folds. Tiles of a scan are longer from `long_tiles` on; a sum of
 * `most` has more blocks than there are runs. */
static const size_t sizes[] = { 0, 1, 2, 2047, 2048, 2049, 6151, 70001 };
enum {
    teams_count = 5,
    patterned = 3001,
    long_tiles = RACES_ARE_LOOKED_FOR ? 140007 : (1 << 19) + 7,
    most = RACES_ARE_LOOKED_FOR ? 140007 : 1025 * 2048 + 7,
};

static void list_teams(size_t teams[teams_count])
{
    const size_t cores = weft_machine_limits(weft_machine_this())->allowed_cores;
    const size_t list[teams_count] = { 1, 2, 3, cores, 2 * cores };
    for (size_t t = 0; t < teams_count; t++)
        teams[t] = list[t];
}

static bool visits_are_right(const struct law *law, const struct answer *a, size_t n)
{
    for (size_t k = 0; law->visits != BLIND && k < n; k++)
        if (a->seen[k] > 1 || (a->seen[k] == 0 && law->visits == EACH_ONCE))
            return false;
    return true;
}

static void expect(bool holds, const char *what, const struct law *law, size_t kind, size_t n,
                   size_t team)
{
    if (!holds)
        printf("\n    %s, %s, n = %zu, team of %zu: not %s", law->name, input_name(kind), n, team,
               what);
    CU_ASSERT_TRUE(holds);
}

/* What is used at one input. */
struct trial {
    struct input in;
    size_t kind;
    struct answer serial, first, other;
};

static void run(algorithm *f, const struct trial *t, const struct law *law, struct answer *a)
{
    answer_clear(a, law, t->in.n);
    f(&t->in, a);
}

static void law_holds_for(struct trial *t, const struct law *law, const size_t *teams, size_t count)
{
    const bool comparable = law->ulp == 0 || input_is_tame(t->kind);
    const size_t n = t->in.n;
    run(law->serial, t, law, &t->serial);
    for (size_t k = 0; k < count; k++) {
        struct answer *const now = k ? &t->other : &t->first;
        weft_with_threads (teams[k])
            run(law->weft, t, law, now);
        expect(visits_are_right(law, now, n), "every index once", law, t->kind, n, teams[k]);
        expect(!comparable || answer_is_right(law, now, &t->serial, n), "as the loop", law, t->kind,
               n, teams[k]);
        expect(answers_equal(law, now, &t->first, n), "the same bits", law, t->kind, n, teams[k]);
    }
}

static void laws_hold_for(struct trial *t, const struct family *f, size_t kind, size_t n,
                          const size_t *teams, size_t count)
{
    t->kind = kind;
    input_fill(&t->in, kind, n);
    for (size_t k = 0; k < f->count; k++)
        if (n < most || f->law[k].ulp > 0)
            law_holds_for(t, &f->law[k], teams, count);
}

static void laws_hold(const struct family *f)
{
    struct trial t = { .in = input_new(most) };
    size_t teams[teams_count];
    t.serial = answer_new(most), t.first = answer_new(most), t.other = answer_new(most);
    list_teams(teams);
    for (size_t s = f->heavy ? COUNT(sizes) - 1 : 0; s < COUNT(sizes); s++)
        laws_hold_for(&t, f, ROUGH, sizes[s], teams, teams_count);
    for (size_t kind = 1; kind < input_kinds && !f->heavy; kind++)
        laws_hold_for(&t, f, kind, patterned, teams, 1);
    if (!f->slow) {
        laws_hold_for(&t, f, ROUGH, long_tiles, &teams[2], 1);
        laws_hold_for(&t, f, ROUGH, most, &teams[2], 1);
    }
    input_free(&t.in);
    answer_free(&t.serial), answer_free(&t.first), answer_free(&t.other);
}

#define LAWS_TEST_(name) \
    static void laws_hold_for_##name(void) { laws_hold(&name##_laws); }
LAWS(LAWS_TEST_)

CU_TestInfo laws_tests[] = {
#define LAWS_ROW_(name) { "laws_hold_for_" #name, laws_hold_for_##name },
    LAWS(LAWS_ROW_) CU_TEST_INFO_NULL
};
