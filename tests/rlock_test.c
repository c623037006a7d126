/* rlock_test.c - the recursive lock: owner and count.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "crew.h"
#include "suites.h"

static void the_owner_takes_it_again(void)
{
    weft_rlock r;
    CU_ASSERT_EQUAL(weft_rlock_init(&r), WEFT_OK);
    CU_ASSERT_FALSE(weft_rlock_locked(&r));
    for (size_t k = 1; k <= 1000; k++) {
        CU_ASSERT_EQUAL(weft_rlock_acquire(&r, 0), WEFT_OK);
        CU_ASSERT_EQUAL(weft_rlock_count(&r), k);
    }
    for (size_t k = 1000; k > 0; k--) {
        CU_ASSERT_TRUE(weft_rlock_locked(&r));
        CU_ASSERT_EQUAL(weft_rlock_release(&r), WEFT_OK);
        CU_ASSERT_EQUAL(weft_rlock_count(&r), k - 1);
    }
    CU_ASSERT_FALSE(weft_rlock_locked(&r));
    weft_rlock_fini(&r);
}

struct visit {
    weft_rlock *rlock;
    double timeout;
    weft_status taken, freed;
    size_t count;
};

static void visit(void *arg)
{
    struct visit *const v = arg;
    v->taken = weft_rlock_acquire(v->rlock, v->timeout);
    v->count = weft_rlock_count(v->rlock);
    v->freed = weft_rlock_release(v->rlock);
}

/* What another thread finds. */
static struct visit visited(weft_rlock *r, double timeout)
{
    struct visit v = { .rlock = r, .timeout = timeout };
    helper h;
    helper_start(&h, visit, &v);
    helper_join(&h);
    return v;
}

static void it_is_free_after_as_many_releases_as_acquires(void)
{
    weft_rlock r;
    weft_rlock_init(&r);
    weft_rlock_acquire(&r, 0), weft_rlock_acquire(&r, 0);
    CU_ASSERT_EQUAL(visited(&r, 0).taken, WEFT_TIMEOUT);
    weft_rlock_release(&r);
    CU_ASSERT_EQUAL(visited(&r, 1e-3).taken, WEFT_TIMEOUT);
    weft_rlock_release(&r);
    const struct visit v = visited(&r, 0);
    CU_ASSERT(v.taken == WEFT_OK && v.count == 1 && v.freed == WEFT_OK);
    CU_ASSERT_FALSE(weft_rlock_locked(&r));
    weft_rlock_fini(&r);
}

static void who_waits_gets_it_at_the_last_release(void)
{
    weft_rlock r;
    weft_rlock_init(&r);
    weft_rlock_acquire(&r, 0), weft_rlock_acquire(&r, 0);
    struct visit v = { .rlock = &r, .timeout = WEFT_FOREVER };
    helper h;
    helper_start(&h, visit, &v);
    CU_ASSERT_TRUE(helper_sleeps(&h));
    weft_rlock_release(&r);
    CU_ASSERT_TRUE(helper_sleeps(&h));
    CU_ASSERT_FALSE(helper_ended(&h));
    weft_rlock_release(&r);
    helper_join(&h);
    CU_ASSERT(v.taken == WEFT_OK && v.freed == WEFT_OK);
    weft_rlock_fini(&r);
}

static void only_the_owner_may_release(void)
{
    static const char rule[] = "weft_rlock_release: lock is not held by the calling thread: only "
                               "who has it may release it";
    weft_rlock r;
    weft_rlock_init(&r);
    CU_ASSERT_EQUAL(weft_rlock_release(&r), WEFT_EPERM);
    ASSERT_TEXT(weft_detail(), rule);
    weft_rlock_acquire(&r, 0);
    CU_ASSERT_EQUAL(visited(&r, 0).freed, WEFT_EPERM);
    CU_ASSERT_EQUAL(weft_rlock_count(&r), 1);
    CU_ASSERT_EQUAL(weft_rlock_release(&r), WEFT_OK);
    CU_ASSERT_EQUAL(weft_rlock_release(&r), WEFT_EPERM);
    weft_rlock_fini(&r);
}

static void only_the_owner_can_read_the_count(void)
{
    weft_rlock r;
    weft_rlock_init(&r);
    weft_rlock_acquire(&r, 0), weft_rlock_acquire(&r, 0);
    CU_ASSERT_EQUAL(weft_rlock_count(&r), 2);
    CU_ASSERT_EQUAL(visited(&r, 0).count, 0);
    weft_rlock_fini(&r);
}

static void the_owner_takes_it_again_in_its_own_parallel_loop(void)
{
    weft_rlock r;
    weft_rlock_init(&r);
    const size_t before = weft_set_threads(4);
    size_t took = 0, refused = 0;
    weft_rlock_acquire(&r, 0);
    const pthread_t owner = pthread_self();
    weft_for (i, 64) {
        const weft_status s = weft_rlock_acquire(&r, 0);
        const bool right = s == (pthread_equal(owner, pthread_self()) ? WEFT_OK : WEFT_TIMEOUT);
        __atomic_fetch_add(right ? &took : &refused, 1, __ATOMIC_RELAXED);
        if (s == WEFT_OK)
            weft_rlock_release(&r);
    }
    CU_ASSERT(took == 64 && refused == 0);
    CU_ASSERT_EQUAL(weft_rlock_count(&r), 1);
    weft_set_threads(before);
    weft_rlock_fini(&r);
}

static void a_timeout_below_zero_or_nan_is_refused_by_the_owner_too(void)
{
    weft_rlock r;
    weft_rlock_init(&r);
    for (int k = 0; k < 2; k++) {
        CU_ASSERT_EQUAL(weft_rlock_acquire(&r, -1), WEFT_EINVAL);
        ASSERT_TEXT(weft_detail(),
                    "weft_rlock_acquire: timeout is -1 seconds: it must be 0 or more");
        CU_ASSERT_EQUAL(weft_rlock_acquire(&r, NAN), WEFT_EINVAL);
        CU_ASSERT_EQUAL(weft_rlock_count(&r), (size_t)k);
        CU_ASSERT_EQUAL(weft_rlock_acquire(&r, 1e10), WEFT_OK);
    }
    weft_rlock_fini(&r);
}

static void a_recursive_lock_that_is_not_in_use_panics(void)
{
    weft_rlock r;
    weft_rlock_init(&r), weft_rlock_fini(&r);
    ASSERT_TEXT(PANIC_OF(weft_rlock_acquire(&r, 0)),
                "weft_rlock_acquire: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_rlock_release(&r)),
                "weft_rlock_release: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_rlock_count(&r)),
                "weft_rlock_count: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_rlock_locked(&r)),
                "weft_rlock_locked: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF((weft_rlock_fini(&r), 0)),
                "weft_rlock_fini: the object is ended: it must be in use");
}

static void the_statement_counts_once(void)
{
    weft_rlock r;
    weft_rlock_init(&r);
    weft_with_lock (&r)
        weft_with_lock (&r)
            CU_ASSERT_EQUAL(weft_rlock_count(&r), 2);
    for (int k = 0; k < 3; k++)
        weft_with_lock (&r)
            break;
    CU_ASSERT_FALSE(weft_rlock_locked(&r));
    weft_rlock_fini(&r);
}

static void the_child_of_a_fork_has_what_its_thread_had(void)
{
    weft_rlock r;
    weft_rlock_init(&r);
    weft_rlock_acquire(&r, 0), weft_rlock_acquire(&r, 0);
    const pid_t child = fork();
    if (child == 0)
        _exit(weft_rlock_count(&r) != 2 || weft_rlock_release(&r) || weft_rlock_release(&r) ||
              weft_rlock_locked(&r));
    int status = -1;
    waitpid(child, &status, 0);
    CU_ASSERT_EQUAL(status, 0);
    CU_ASSERT_EQUAL(weft_rlock_count(&r), 2);
    weft_rlock_fini(&r);
}

static void take_of_another(void *arg) { (void)weft_rlock_acquire(arg, 0); }

static void a_forked_child_can_make_the_recursive_lock_anew(void)
{
    weft_rlock r;
    helper h;
    weft_rlock_init(&r);
    helper_start(&h, take_of_another, &r);
    helper_join(&h);
    const pid_t child = fork();
    if (child == 0)
        _exit(weft_rlock_acquire(&r, 0) != WEFT_TIMEOUT || weft_rlock_reinit(&r) ||
              weft_rlock_acquire(&r, 0) || weft_rlock_release(&r));
    int status = -1;
    waitpid(child, &status, 0);
    CU_ASSERT_EQUAL(status, 0);
    weft_rlock_fini(&r);
}

struct count {
    weft_rlock rlock;
    long counter;
};

static void count_up(size_t self, void *ctx)
{
    struct count *const c = ctx;
    for (long k = 0; k < 5000; k++) {
        const size_t depth = 1 + (self + (size_t)k) % 3;
        for (size_t d = 0; d < depth; d++)
            weft_rlock_acquire(&c->rlock, WEFT_FOREVER);
        c->counter++;
        for (size_t d = 0; d < depth; d++)
            weft_rlock_release(&c->rlock);
    }
}

static void one_to_eight_threads_exclude_each_other(void)
{
    for (size_t threads = 1; threads <= 8; threads++) {
        struct count c = { .counter = 0 };
        weft_rlock_init(&c.rlock);
        crew_run(threads, count_up, &c);
        CU_ASSERT_EQUAL(c.counter, 5000 * (long)threads);
        CU_ASSERT_FALSE(weft_rlock_locked(&c.rlock));
        weft_rlock_fini(&c.rlock);
    }
}

static void signals_do_not_end_a_wait(void)
{
    weft_rlock r;
    helper h;
    weft_rlock_init(&r);
    helper_start(&h, take_of_another, &r);
    helper_join(&h);
    disturbance s;
    disturb_begin(&s, pthread_self());
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_rlock_acquire(&r, 0.05), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 0.05);
    CU_ASSERT(disturb_end(&s) > 2);
    weft_rlock_fini(&r);
}

CU_TestInfo rlock_tests[] = {
    { "the_owner_takes_it_again", the_owner_takes_it_again },
    { "it_is_free_after_as_many_releases_as_acquires",
      it_is_free_after_as_many_releases_as_acquires },
    { "who_waits_gets_it_at_the_last_release", who_waits_gets_it_at_the_last_release },
    { "only_the_owner_may_release", only_the_owner_may_release },
    { "only_the_owner_can_read_the_count", only_the_owner_can_read_the_count },
    { "the_owner_takes_it_again_in_its_own_parallel_loop",
      the_owner_takes_it_again_in_its_own_parallel_loop },
    { "a_timeout_below_zero_or_nan_is_refused_by_the_owner_too",
      a_timeout_below_zero_or_nan_is_refused_by_the_owner_too },
    { "a_recursive_lock_that_is_not_in_use_panics", a_recursive_lock_that_is_not_in_use_panics },
    { "the_statement_counts_once", the_statement_counts_once },
    { "the_child_of_a_fork_has_what_its_thread_had", the_child_of_a_fork_has_what_its_thread_had },
    { "a_forked_child_can_make_the_recursive_lock_anew",
      a_forked_child_can_make_the_recursive_lock_anew },
    { "one_to_eight_threads_exclude_each_other", one_to_eight_threads_exclude_each_other },
    { "signals_do_not_end_a_wait", signals_do_not_end_a_wait },
    CU_TEST_INFO_NULL,
};
