/* range_test.c - how weft_for_range cuts its indices.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "crew.h"
#include "suites.h"

struct ranges {
    weft_range r[1024];
    size_t count;
};

static void note_range(weft_range r, void *ctx)
{
    struct ranges *const all = ctx;
    const size_t k = __atomic_fetch_add(&all->count, 1, __ATOMIC_RELAXED); /* as in count() */
    if (k < COUNT(all->r))
        all->r[k] = r;
}

static int by_begin(const void *a, const void *b)
{
    const weft_range *const x = a, *const y = b;
    return x->begin < y->begin ? -1 : x->begin > y->begin;
}

static struct ranges ranges_of(size_t n, size_t threads)
{
    struct ranges all = { .count = 0 };
    weft_with_threads (threads)
        weft_for_range(n, note_range, &all);
    CU_ASSERT_TRUE_FATAL(all.count <= COUNT(all.r));
    qsort(all.r, all.count, sizeof all.r[0], by_begin);
    return all;
}

/* Nothing is stored for an index: n may be as large as it likes. */
static const size_t range_sizes[] = {
    0, 1, 2, 3, 1023, 1024, 1025, 70001, 1 << 20, 1000000007, SIZE_MAX / 2 + 3, SIZE_MAX
};

static void ranges_are_contiguous_and_equal_but_for_one(void)
{
    for (size_t s = 0; s < COUNT(range_sizes); s++) {
        const size_t n = range_sizes[s];
        const struct ranges all = ranges_of(n, 2);
        const size_t least = all.count ? n / all.count : 0;
        CU_ASSERT_EQUAL(all.count > 0, n > 0);
        for (size_t k = 0, next = 0; k < all.count; next = all.r[k++].end) {
            const size_t length = all.r[k].end - all.r[k].begin;
            CU_ASSERT_EQUAL(all.r[k].begin, next);
            CU_ASSERT(length > 0 && (length == least || length == least + 1));
        }
        CU_ASSERT_EQUAL(all.count ? all.r[all.count - 1].end : 0, n);
    }
}

static void ranges_depend_on_n_alone(void)
{
    for (size_t s = 0; s < COUNT(range_sizes); s++) {
        const struct ranges first = ranges_of(range_sizes[s], 1);
        for (size_t threads = 2; threads <= 5; threads++) {
            const struct ranges again = ranges_of(range_sizes[s], threads);
            CU_ASSERT_EQUAL(again.count, first.count);
            CU_ASSERT_EQUAL(memcmp(again.r, first.r, sizeof first.r), 0);
        }
    }
}

static void a_missing_body_panics(void)
{
    ASSERT_TEXT(PANIC_OF(weft_for_range(3, NULL, NULL)),
                "weft_for_range: body is NULL: it must be a function");
}

struct stopped {
    weft_stop stop;
    size_t ranges, set_at;
};

/* Whoever is late sets it, too: so each thread runs at most one range more. */
static void stop_some_time(weft_range r, void *ctx)
{
    struct stopped *const s = ctx;
    (void)r;
    if (__atomic_add_fetch(&s->ranges, 1, __ATOMIC_RELAXED) >= s->set_at)
        weft_stop_set(&s->stop);
}

static void a_loop_ends_soon_after_its_token_is_set(void)
{
    static const size_t sizes[] = { 1000, 100000000 };
    for (size_t threads = 1; threads <= 4; threads++)
        for (size_t k = 0; k < COUNT(sizes); k++)
            weft_with_threads (threads) {
                struct stopped s = { .set_at = 20 };
                CU_ASSERT_EQUAL(weft_for_range_until(sizes[k], stop_some_time, &s, &s.stop),
                                WEFT_CANCELLED);
                CU_ASSERT(s.ranges >= 20 && s.ranges < 20 + threads);
                CU_ASSERT_EQUAL(weft_for_range_until(sizes[k], stop_some_time, &s, &s.stop),
                                WEFT_CANCELLED);
                CU_ASSERT(s.ranges < 20 + threads);
            }
}

static void a_loop_whose_token_is_not_set_is_done(void)
{
    struct stopped s = { .set_at = SIZE_MAX };
    CU_ASSERT_EQUAL(weft_for_range_until(5000, stop_some_time, &s, &s.stop), WEFT_OK);
    CU_ASSERT_EQUAL(weft_for_range_until(5000, stop_some_time, &s, NULL), WEFT_OK);
    CU_ASSERT_EQUAL(weft_for_range_until(0, stop_some_time, &s, NULL), WEFT_OK);
    CU_ASSERT_EQUAL(s.ranges, 2048);
    ASSERT_TEXT(PANIC_OF(weft_for_range_until(3, NULL, NULL, NULL)),
                "weft_for_range_until: body is NULL: it must be a function");
}

CU_TestInfo range_tests[] = {
    { "ranges_are_contiguous_and_equal_but_for_one", ranges_are_contiguous_and_equal_but_for_one },
    { "ranges_depend_on_n_alone", ranges_depend_on_n_alone },
    { "a_missing_body_panics", a_missing_body_panics },
    { "a_loop_ends_soon_after_its_token_is_set", a_loop_ends_soon_after_its_token_is_set },
    { "a_loop_whose_token_is_not_set_is_done", a_loop_whose_token_is_not_set_is_done },
    CU_TEST_INFO_NULL,
};
