/* laws.c - runs every algorithm of a table over the grid of sizes and teams.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "laws.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "races.h"
#include "suites.h"

enum { block = 2048, most = (RACES_ARE_LOOKED_FOR ? 65 : 1025) * block + 7 };

/* Around a block; the first that a team folds; more blocks than there are runs. */
static const size_t sizes[] = { 0, 1, 2, block - 1, block, block + 1, 3 * block + 7, 70001, most };

enum { sizes_count = sizeof sizes / sizeof sizes[0], teams_count = 5 };

static void list_teams(size_t teams[teams_count])
{
    const size_t cores = weft_machine_limits(weft_machine_this())->allowed_cores;
    const size_t list[teams_count] = { 1, 2, 3, cores, 2 * cores };
    memcpy(teams, list, sizeof list);
}

static uint64_t mix(uint64_t k)
{
    k = (k ^ k >> 30) * 0xbf58476d1ce4e5b9u;
    k = (k ^ k >> 27) * 0x94d049bb133111ebu;
    return k ^ k >> 31;
}

/* i64 and u64 overflow in a sum; f64 rounds; i32, u32 and f32 hold many equal elements. */
static struct input make_input(void)
{
    int32_t *i32 = malloc((most + 1) * sizeof *i32);
    int64_t *i64 = malloc((most + 1) * sizeof *i64);
    uint32_t *u32 = malloc((most + 1) * sizeof *u32);
    uint64_t *u64 = malloc((most + 1) * sizeof *u64);
    float *f32 = malloc((most + 1) * sizeof *f32);
    double *f64 = malloc((most + 1) * sizeof *f64);
    for (size_t k = 0; k <= most; k++) {
        const uint64_t r = mix(k + 1);
        i32[k] = (int32_t)(r % 2001) - 1000;
        i64[k] = (int64_t)r;
        u32[k] = (uint32_t)(r >> 20) | 5;
        u64[k] = r;
        f32[k] = (float)i32[k] * 0.1f;
        f64[k] = ldexp((double)(int64_t)r, -(int)(r % 40) - 40);
    }
    return (struct input){ most, i32, i64, u32, u64, f32, f64 };
}

static void free_input(struct input in)
{
    const void *const all[] = { in.i32, in.i64, in.u32, in.u64, in.f32, in.f64 };
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free((void *)all[k]);
}

static struct answer make_answer(void)
{
    return (struct answer){ .y = malloc(most * sizeof(double)), .seen = malloc(most) };
}

static void run(algorithm *f, const struct input *in, struct answer *a)
{
    memset(a->y, 0, in->n * sizeof *a->y);
    memset(a->seen, 0, in->n);
    *a = (struct answer){ .y = a->y, .seen = a->seen };
    f(in, a);
}

/* The bound of reduce.h, over the magnitude of the sum. */
static double error_bound(const struct law *law, size_t n)
{
    const double blocks = ceil((double)n / block);
    return law->ulp * (block / (double)law->lanes + log2((double)law->lanes) +
                       (blocks > 1 ? log2(blocks) : 0) + 1);
}

static bool near(const struct law *law, const struct answer *a, const struct answer *serial,
                 size_t n)
{
    if (law->ulp == 0)
        return memcmp(&a->f, &serial->f, sizeof a->f) == 0;
    return fabs(a->f - serial->f) <= error_bound(law, n) * (double)serial->magnitude;
}

static bool visits_are_right(const struct law *law, const struct answer *a, size_t n)
{
    for (size_t k = 0; law->visits != BLIND && k < n; k++)
        if (a->seen[k] > 1 || (a->seen[k] == 0 && law->visits == EACH_ONCE))
            return false;
    return true;
}

static bool equal_to_serial(const struct law *law, const struct answer *a,
                            const struct answer *serial, size_t n)
{
    return a->i == serial->i && near(law, a, serial, n) &&
           memcmp(a->y, serial->y, n * sizeof *a->y) == 0;
}

static bool same_bits(const struct answer *a, const struct answer *b, size_t n)
{
    return a->i == b->i && memcmp(&a->f, &b->f, sizeof a->f) == 0 &&
           memcmp(a->y, b->y, n * sizeof *a->y) == 0;
}

static void expect(bool holds, const char *what, const struct law *law, size_t n, size_t team)
{
    if (!holds)
        printf("\n    %s, n = %zu, team of %zu: not %s", law->name, n, team, what);
    CU_ASSERT_TRUE(holds);
}

static void laws_hold_at(const struct law *law, const struct input *in, struct answer answer[3])
{
    struct answer *const serial = &answer[0], *const first = &answer[1], *const a = &answer[2];
    size_t teams[teams_count];
    list_teams(teams);
    run(law->serial, in, serial);
    for (size_t t = 0; t < teams_count; t++) {
        struct answer *const now = t == 0 ? first : a;
        weft_with_threads (teams[t])
            run(law->weft, in, now);
        expect(visits_are_right(law, now, in->n), "every index once", law, in->n, teams[t]);
        expect(equal_to_serial(law, now, serial, in->n), "as the loop", law, in->n, teams[t]);
        expect(same_bits(now, first, in->n), "the same bits", law, in->n, teams[t]);
    }
}

void laws_hold(const struct law *law, size_t laws)
{
    struct input in = make_input();
    struct answer answer[3] = { make_answer(), make_answer(), make_answer() };
    for (size_t k = 0; k < laws; k++)
        for (size_t s = 0; s < sizes_count; s++) {
            in.n = sizes[s];
            laws_hold_at(&law[k], &in, answer);
        }
    for (size_t k = 0; k < 3; k++) {
        free(answer[k].y);
        free(answer[k].seen);
    }
    free_input(in);
}
