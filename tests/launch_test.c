/* launch_test.c - the command line and the environment of a run.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "launch.h"

#include <stdlib.h>
#include <string.h>

#include "suites.h"

static weft_cpus cpus(const char *list)
{
    weft_cpus set = { { 0 } };
    CU_ASSERT_EQUAL_FATAL(weft_cpus_parse(&set, list), WEFT_OK);
    return set;
}

/* The value of a variable, or NULL. */
static const char *value(char *const *env, const char *name)
{
    const size_t n = strlen(name);
    for (; *env; env++)
        if (strncmp(*env, name, n) == 0 && (*env)[n] == '=')
            return *env + n + 1;
    return NULL;
}

static void the_mark_becomes_the_number_everywhere(void)
{
    char *const argv[] = { "x{threads}", "-j{threads}{threads}", "{thread}", "", NULL };
    char **out = launch_argv(argv, 12);
    CU_ASSERT_STRING_EQUAL(out[0], "x12");
    CU_ASSERT_STRING_EQUAL(out[1], "-j1212");
    CU_ASSERT_STRING_EQUAL(out[2], "{thread}");
    CU_ASSERT_STRING_EQUAL(out[3], "");
    CU_ASSERT_PTR_NULL(out[4]);
    launch_free(out);
}

static void a_command_is_known_to_hold_the_mark(void)
{
    CU_ASSERT(launch_mentions((char *[]){ "a", "--p={threads}", NULL }));
    CU_ASSERT_FALSE(launch_mentions((char *[]){ "a", "{threads", NULL }));
}

static void the_environment_tells_the_number(void)
{
    char **env = launch_env(7, NULL);
    CU_ASSERT_STRING_EQUAL(value(env, "OMP_NUM_THREADS"), "7");
    CU_ASSERT_STRING_EQUAL(value(env, "WEFT_NUM_THREADS"), "7");
    launch_free(env);
}

static void the_rest_of_the_environment_is_ours(void)
{
    char **env = launch_env(1, NULL);
    CU_ASSERT_STRING_EQUAL(value(env, "PATH"), getenv("PATH"));
    launch_free(env);
}

static void a_variable_is_set_once(void)
{
    const char *before = getenv("OMP_NUM_THREADS");
    char *kept = before ? strdup(before) : NULL;
    setenv("OMP_NUM_THREADS", "99", 1);
    char **env = launch_env(2, NULL);
    size_t times = 0;
    for (char **e = env; *e; e++)
        times += strncmp(*e, "OMP_NUM_THREADS=", 16) == 0;
    CU_ASSERT_EQUAL(times, 1);
    CU_ASSERT_STRING_EQUAL(value(env, "OMP_NUM_THREADS"), "2");
    launch_free(env);
    kept ? setenv("OMP_NUM_THREADS", kept, 1) : unsetenv("OMP_NUM_THREADS");
    free(kept);
}

static void each_thread_gets_its_place(void)
{
    const weft_cpus places[] = { cpus("0"), cpus("2-3"), cpus("1") };
    char **env = launch_env(3, places);
    CU_ASSERT_STRING_EQUAL(value(env, "OMP_PLACES"), "{0},{2,3},{1}");
    CU_ASSERT_STRING_EQUAL(value(env, "OMP_PROC_BIND"), "true");
    launch_free(env);
}

static void places_that_come_round_again_are_named_once(void)
{
    const weft_cpus places[] = { cpus("0"), cpus("1"), cpus("0"), cpus("1") };
    char **env = launch_env(4, places);
    CU_ASSERT_STRING_EQUAL(value(env, "OMP_PLACES"), "{0},{1}");
    launch_free(env);
}

static void the_process_starts_on_all_its_places(void)
{
    const weft_cpus places[] = { cpus("0"), cpus("5"), cpus("900-901") };
    const weft_cpus all = launch_union(places, 3), expected = cpus("0,5,900-901");
    CU_ASSERT(weft_cpus_equal(&all, &expected));
}

CU_TestInfo launch_tests[] = {
    { "the_mark_becomes_the_number_everywhere", the_mark_becomes_the_number_everywhere },
    { "a_command_is_known_to_hold_the_mark", a_command_is_known_to_hold_the_mark },
    { "the_environment_tells_the_number", the_environment_tells_the_number },
    { "the_rest_of_the_environment_is_ours", the_rest_of_the_environment_is_ours },
    { "a_variable_is_set_once", a_variable_is_set_once },
    { "each_thread_gets_its_place", each_thread_gets_its_place },
    { "places_that_come_round_again_are_named_once", places_that_come_round_again_are_named_once },
    { "the_process_starts_on_all_its_places", the_process_starts_on_all_its_places },
    CU_TEST_INFO_NULL,
};
