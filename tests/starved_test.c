/* starved_test.c - whichever allocation fails, the answers are right all the same.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Every algorithm runs again and again: the first allocation fails, then the second and so on, until none
 * did; then the same with all behind it failing too, in every thread. Threads keep memory from call to
 * call, so each call is made by a thread of its own, and has a team of its own. */
#include <stdio.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "laws.h"
#include "suites.h"

enum { most = 70001, too_many = 100 };

/* Up to 65536 values of an expression are stored. Sorts without memory are slow. */
enum { stored = 30011, slow = 9001 };

#ifdef WEFT_DEBUG
enum { unoptimised = 1 };
#else
enum { unoptimised = 0 };
#endif

struct trial {
    const struct law *law;
    struct input in;
    struct answer expected, serial, now;
    size_t spared; /* allocations that succeed */
    bool everywhere, failed;
    size_t failures;
};

static void call(size_t self, void *ctx)
{
    struct trial *const t = ctx;
    (void)self;
    t->everywhere ? fault_everywhere(t->spared) : fault_begin(t->spared);
    weft_with_threads (2)
        t->law->weft(&t->in, &t->now);
    t->failed = fault_end();
}

static bool is_right(const struct trial *t)
{
    return answers_equal(t->law, &t->now, &t->expected, t->in.n) ||
           (t->law->regroups && answer_is_right(t->law, &t->now, &t->serial, t->in.n));
}

static void expect_right(const struct trial *t)
{
    const bool right = is_right(t);
    if (!right)
        printf("\n    %s, n = %zu, %s allocation %zu failed: wrong", t->law->name, t->in.n,
               t->everywhere ? "every one from" : "the", t->spared);
    CU_ASSERT_TRUE(right);
}

static void sweep(struct trial *t, bool everywhere)
{
    t->everywhere = everywhere;
    t->failed = true;
    for (t->spared = 0; t->failed && t->spared < too_many; t->spared++) {
        answer_clear(&t->now, t->law, t->in.n);
        crew_run(1, call, t);
        t->failures += t->failed;
        expect_right(t);
    }
    CU_ASSERT_FALSE(t->failed);
}

static void no_failure_changes_an_answer(struct trial *t)
{
    answer_clear(&t->expected, t->law, t->in.n);
    t->law->weft(&t->in, &t->expected);
    if (t->law->regroups) {
        answer_clear(&t->serial, t->law, t->in.n);
        t->law->serial(&t->in, &t->serial);
    }
    sweep(t, false);
    sweep(t, true);
}

static void starve_at(struct trial *t, const struct family *f, size_t n)
{
    input_fill(&t->in, ROUGH, n);
    for (size_t k = 0; k < f->count; k++) {
        t->law = &f->law[k];
        no_failure_changes_an_answer(t);
    }
}

static void starve(const struct family *f)
{
    struct trial t = { .in = input_new(most) };
    t.expected = answer_new(most), t.serial = answer_new(most), t.now = answer_new(most);
    weft_log_hook *const before = weft_set_log(weft_log_nothing); /* teams are smaller then */
    starve_at(&t, f, f->slow ? slow : stored);
    if (!f->slow && !unoptimised)
        starve_at(&t, f, most);
    weft_set_log(before);
    CU_ASSERT_TRUE(t.failures > (unoptimised ? 0 : f->count));
    input_free(&t.in);
    answer_free(&t.expected), answer_free(&t.serial), answer_free(&t.now);
}

#define STARVED_TEST_(name) \
    static void name##_need_no_memory(void) { starve(&name##_laws); }
LAWS(STARVED_TEST_)

CU_TestInfo starved_tests[] = {
#define STARVED_ROW_(name) { #name "_need_no_memory", name##_need_no_memory },
    LAWS(STARVED_ROW_) CU_TEST_INFO_NULL
};
