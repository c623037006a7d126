/* main.c - runs every suite, or the one named on the command line, and prints one summary.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A test that takes longer than a minute, or with WEFT_SOAK an hour, is named and ends the run: a hang
 * is a failure. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <CUnit/Basic.h>

#include <weft/cpus.h>

#include "leftovers.h"
#include "probe.h"
#include "suites.h"

enum { seconds_a_test = 60, seconds_a_soak = 3600 };

static char running[200];

static void hung(int signal_number)
{
    (void)signal_number;
    static const char text[] = "\nfor too long, given up: ";
    (void)!write(2, text, sizeof text - 1);
    (void)!write(2, running, strlen(running));
    (void)!write(2, "\n", 1);
    _exit(1);
}

static void at_start(const CU_pTest test, const CU_pSuite suite)
{
    snprintf(running, sizeof running, "%s.%s", suite->pName, test->pName);
    alarm(getenv("WEFT_SOAK") ? seconds_a_soak : seconds_a_test);
}

static void at_end(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failure)
{
    (void)test, (void)suite;
    alarm(0);
    if (failure)
        printf("FAILED %s\n", running);
    for (CU_pFailureRecord f = failure; f; f = f->pNext)
        printf("    %s:%u: %s\n", f->strFileName, f->uiLineNumber, f->strCondition);
}

void assert_text(const char *actual, const char *expected, const char *file, unsigned line)
{
    if (actual && strcmp(actual, expected) == 0) {
        CU_PASS("equal");
        return;
    }
    printf("%s:%u: got\n%s\nexpected\n%s\n", file, line, actual ? actual : "(null)", expected);
    CU_assertImplementation(CU_FALSE, line, "texts are equal", file, "", CU_FALSE);
}

static CU_SuiteInfo suites[] = {
#define SUITE_INFO_(name) { #name, NULL, NULL, NULL, NULL, name##_tests },
    SUITES(SUITE_INFO_)
#undef SUITE_INFO_
        CU_SUITE_INFO_NULL
};

static CU_ErrorCode run(const char *only)
{
    CU_pSuite suite = only ? CU_get_suite(only) : NULL;
    if (only && !suite) {
        fprintf(stderr, "no suite is called %s\n", only);
        return CUE_NOSUITE;
    }
    return suite ? CU_run_suite(suite) : CU_run_all_tests();
}

int main(int argc, char **argv)
{
    weft_cpus all;
    if (argc > 1 && strcmp(argv[1], "--probe") == 0)
        return probe_main(argc, argv);
    signal(SIGALRM, hung);
    weft_cpus_original(&all); /* libomp takes the mask of its first call for that of the process */
    if (CU_initialize_registry() != CUE_SUCCESS || CU_register_suites(suites) != CUE_SUCCESS) {
        fprintf(stderr, "CUnit: %s\n", CU_get_error_msg());
        return 1;
    }
    CU_set_test_start_handler(at_start);
    CU_set_test_complete_handler(at_end);
    const CU_ErrorCode e = run(argc > 1 ? argv[1] : NULL);
    CU_print_run_results(stdout);
    const bool good = e == CUE_SUCCESS && CU_get_number_of_failures() == 0;
    CU_cleanup_registry();
    leftovers_remove();
    fflush(stdout); /* a sanitizer that finds a leak ends the program without */
    return !good;
}
