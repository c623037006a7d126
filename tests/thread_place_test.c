/* thread_place_test.c - where threads run, with which signals, on which stack; starts that are refused.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/thread.h>

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"
#include "threads.h"

static void look_at_cpus(void *set)
{
    if (weft_cpus_bound(set))
        abort();
}

static weft_cpus cpus_of(const weft_cpus *place)
{
    weft_cpus set;
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, look_at_cpus, &set, .place = place), WEFT_OK);
    join_ok(&t);
    return set;
}

static weft_cpus one_of(const weft_cpus *set, bool last)
{
    weft_cpus one = { { 0 } };
    for (size_t cpu = 0; cpu < WEFT_CPUS_MAX && (last || !weft_cpus_count(&one)); cpu++)
        if (weft_cpus_has(set, cpu)) {
            one = (weft_cpus){ { 0 } };
            weft_cpus_add(&one, cpu);
        }
    return one;
}

static void a_place_binds_the_thread(void)
{
    weft_cpus original;
    weft_cpus_original(&original);
    for (int last = 0; last < 2; last++) {
        const weft_cpus place = one_of(&original, last), got = cpus_of(&place);
        CU_ASSERT(weft_cpus_equal(&got, &place));
    }
}

static void a_thread_of_a_bound_thread_is_not_bound(void)
{
    weft_cpus original, before;
    weft_cpus_original(&original);
    const weft_cpus one = one_of(&original, false);
    CU_ASSERT_EQUAL_FATAL(weft_cpus_bound(&before), WEFT_OK);
    CU_ASSERT_EQUAL_FATAL(weft_cpus_bind(&one), WEFT_OK);
    const weft_cpus got = cpus_of(NULL);
    CU_ASSERT_EQUAL(weft_cpus_bind(&before), WEFT_OK);
    CU_ASSERT(weft_cpus_equal(&got, &original));
}

/* No failed start leaves anything behind. */
static void leaves_nothing(weft_status got, weft_status expected, const weft_thread *t,
                           size_t before)
{
    static const weft_thread zero;
    CU_ASSERT_EQUAL(got, expected);
    CU_ASSERT(memcmp(t, &zero, sizeof zero) == 0);
    CU_ASSERT_EQUAL(weft_thread_active_count(), before);
    CU_ASSERT_EQUAL(weft_thread_join(t, WEFT_FOREVER), WEFT_ESTATE);
}

static void a_place_without_a_usable_cpu_is_refused(void)
{
    const weft_cpus nowhere = { { 0 } };
    const size_t before = weft_thread_active_count();
    weft_thread t;
    const weft_status s = weft_thread_start(&t, abort_if_run, NULL, .place = &nowhere);
    ASSERT_TEXT(weft_detail(),
                "weft_thread_start: place is {}: it must hold a CPU that this process may use");
    leaves_nothing(s, WEFT_EINVAL, &t, before);
}

static void look_at_mask(void *mask) { pthread_sigmask(SIG_BLOCK, NULL, mask); }

static void the_signal_mask_is_the_creators(void)
{
    sigset_t blocked, before, got;
    weft_thread t;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    start_ok(&t, look_at_mask, &got);
    join_ok(&t);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    CU_ASSERT(sigismember(&got, SIGUSR1));
    CU_ASSERT_FALSE(sigismember(&got, SIGUSR2));
}

static void use_stack(void *bytes)
{
    const size_t size = *(size_t *)bytes;
    volatile char *const stack = __builtin_alloca(size);
    for (size_t k = 0; k < size; k += 4096)
        stack[k] = 1;
}

static void a_thread_has_the_stack_it_asks_for(void)
{
    size_t used = 30 << 20;
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, use_stack, &used, .stack_size = 32 << 20), WEFT_OK);
    join_ok(&t);
}

static void a_stack_that_is_too_small_is_refused(void)
{
    const size_t before = weft_thread_active_count();
    weft_thread t;
    const weft_status s = weft_thread_start(&t, abort_if_run, NULL, .stack_size = 100);
    ASSERT_TEXT(weft_detail(),
                "weft_thread_start: stack_size is 100 bytes: a stack needs more than that");
    leaves_nothing(s, WEFT_EINVAL, &t, before);
}

/* Half of all addresses: no system has them, whatever it promises. */
static void a_thread_that_cannot_be_created_leaves_nothing_behind(void)
{
    const size_t before = weft_thread_active_count();
    weft_thread t;
    int arg = 0;
    const weft_status s = weft_thread_start(&t, abort_if_run, &arg, .arg_size = sizeof arg,
                                            .stack_size = (size_t)1 << 47);
    ASSERT_TEXT(weft_detail(), "weft_thread_start: no more threads can be created: Resource "
                               "temporarily unavailable");
    leaves_nothing(s, WEFT_ESYS, &t, before);
}

static void a_start_without_function_or_argument_is_refused(void)
{
    const size_t before = weft_thread_active_count();
    weft_thread t;
    weft_status s = weft_thread_start(&t, NULL, NULL);
    ASSERT_TEXT(weft_detail(), "weft_thread_start: run is NULL: it must be a function");
    leaves_nothing(s, WEFT_EINVAL, &t, before);
    s = weft_thread_start(&t, nothing, NULL, .arg_size = 4);
    ASSERT_TEXT(weft_detail(), "weft_thread_start: arg is NULL with arg_size = 4: it must point to "
                               "that many bytes");
    leaves_nothing(s, WEFT_EINVAL, &t, before);
}

CU_TestInfo thread_place_tests[] = {
    { "a_place_binds_the_thread", a_place_binds_the_thread },
    { "a_thread_of_a_bound_thread_is_not_bound", a_thread_of_a_bound_thread_is_not_bound },
    { "a_place_without_a_usable_cpu_is_refused", a_place_without_a_usable_cpu_is_refused },
    { "the_signal_mask_is_the_creators", the_signal_mask_is_the_creators },
    { "a_thread_has_the_stack_it_asks_for", a_thread_has_the_stack_it_asks_for },
    { "a_stack_that_is_too_small_is_refused", a_stack_that_is_too_small_is_refused },
    { "a_thread_that_cannot_be_created_leaves_nothing_behind",
      a_thread_that_cannot_be_created_leaves_nothing_behind },
    { "a_start_without_function_or_argument_is_refused",
      a_start_without_function_or_argument_is_refused },
    CU_TEST_INFO_NULL,
};
