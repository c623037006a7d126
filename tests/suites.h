/* suites.h - every suite of the tests, one line each; a test is a sentence and shows one fact.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A file NAME_test.c defines `CU_TestInfo NAME_tests[]`, ended by CU_TEST_INFO_NULL, and is listed
 * here. Assertions stay on the main thread: CUnit's state has no lock. */
#ifndef WEFT_TESTS_SUITES_H
#define WEFT_TESTS_SUITES_H

#include <stdbool.h>
#include <stddef.h>

#include <CUnit/CUnit.h>

#define SUITES(X)      \
    X(status)          \
    X(clock)           \
    X(stop)            \
    X(cpus)            \
    X(machine)         \
    X(limits)          \
    X(variables)       \
    X(why)             \
    X(policy)          \
    X(alloc)           \
    X(team)            \
    X(host)            \
    X(nested)          \
    X(seats)           \
    X(aside)           \
    X(hardship)        \
    X(loop)            \
    X(loop2)           \
    X(range)           \
    X(loop_compile)    \
    X(map)             \
    X(laws)            \
    X(digest)          \
    X(hostmode)        \
    X(starved)         \
    X(misuse)          \
    X(reduce)          \
    X(scan)            \
    X(filter)          \
    X(partition)       \
    X(copy)            \
    X(gather)          \
    X(histogram)       \
    X(group)           \
    X(exact)           \
    X(statistics)      \
    X(quantile)        \
    X(sort)            \
    X(sort_with)       \
    X(killer)          \
    X(random)          \
    X(random_chance)   \
    X(shuffle)         \
    X(draw)            \
    X(task)            \
    X(task_group)      \
    X(divide)          \
    X(thread)          \
    X(thread_handle)   \
    X(thread_name)     \
    X(thread_list)     \
    X(thread_place)    \
    X(thread_crowd)    \
    X(exit)            \
    X(thread_fork)     \
    X(thread_hardship) \
    X(timer)           \
    X(progress)        \
    X(lock)            \
    X(with_lock)       \
    X(lock_storm)      \
    X(rlock)           \
    X(robust)          \
    X(sem)             \
    X(event)           \
    X(cond)            \
    X(cond_wait)       \
    X(cond_misuse)     \
    X(barrier)         \
    X(shared_cond)     \
    X(shared_barrier)  \
    X(shared_signal)   \
    X(shared_queue)    \
    X(queue)           \
    X(queue_wait)      \
    X(queue_many)      \
    X(queue_done)      \
    X(queue_close)     \
    X(queue_memory)    \
    X(queue_misuse)    \
    X(memory)          \
    X(pipe)            \
    X(process)         \
    X(process_name)    \
    X(offspring)       \
    X(ending)          \
    X(forking)         \
    X(spawn)           \
    X(spawn_refusal)   \
    X(shortage)        \
    X(result)          \
    X(pool)            \
    X(pool_worker)     \
    X(pool_end)        \
    X(imap)            \
    X(pool_death)      \
    X(pool_kill)       \
    X(pool_leak)       \
    X(pool_ending)     \
    X(stats)           \
    X(bootstrap)       \
    X(fits)            \
    X(listen)          \
    X(load)            \
    X(table)           \
    X(launch)          \
    X(watch)           \
    X(throttle)        \
    X(child)           \
    X(study)           \
    X(analysis)        \
    X(warnings)        \
    X(report)          \
    X(kernel)          \
    X(gold)            \
    X(sizes)           \
    X(wordcount)       \
    X(cli)             \
    X(topo)            \
    X(refusal)         \
    X(interrupt)       \
    X(pin)             \
    X(record)          \
    X(behaviour)       \
    X(foreign)         \
    X(example)         \
    X(queue_storm)     \
    X(queue_history)   \
    X(deps)

#define SUITE_DECLARE_(name) extern CU_TestInfo name##_tests[];
SUITES(SUITE_DECLARE_)
#undef SUITE_DECLARE_

/* Elements of an array. */
#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Asserts that two strings are equal, and shows both when they are not. */
#define ASSERT_TEXT(actual, expected) assert_text((actual), (expected), __FILE__, __LINE__)
void assert_text(const char *actual, const char *expected, const char *file, unsigned line);

#endif
