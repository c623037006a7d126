/* shortage_test.c - processes where the system has no more threads, files or memory.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <weft.h>

#include "probe.h"
#include "scene.h"
#include "suites.h"

static int return_7(void *unused) { return unused ? 1 : 7; }

static void allow(__rlimit_resource_t what, rlim_t n)
{
    struct rlimit limit;
    if (getrlimit(what, &limit))
        abort();
    limit.rlim_cur = n < limit.rlim_max ? n : limit.rlim_max;
    if (setrlimit(what, &limit))
        abort();
}

/* Whether a start works, or says why not and leaves nothing. libomp ends a child, with a message, that
 * it cannot register. */
static bool is_whole(weft_status s, const weft_process *p)
{
    if (s == WEFT_OK)
        return weft_process_join(p, WEFT_FOREVER) == WEFT_OK && weft_process_exitcode(p) == 7;
    const bool known = s == WEFT_ESYS || s == WEFT_ENOMEM || (libomp && s == WEFT_EDIED);
    return known && p->place_ == 0 && weft_detail()[0];
}

static bool start_is_whole(bool daemon, weft_status *s)
{
    weft_process p = { 5, 5 };
    *s = weft_process_start(&p, return_7, NULL, .daemon = daemon);
    return is_whole(*s, &p);
}

static void refuses(const char *name, const char *out)
{
    said s = scene_end("shortage", name);
    CU_ASSERT_EQUAL(s.status, 0);
    if (!libomp) {
        ASSERT_TEXT(s.out, out);
        ASSERT_TEXT(s.err, "");
    }
    said_free(&s);
}

/* ---- threads ---- */

/* The limit counts by user, and binds no root. */
static void become_somebody(void)
{
    const uid_t nobody_else = 1000000 + (uid_t)getpid();
    if (getuid() == 0 && setresuid(nobody_else, nobody_else, nobody_else))
        abort();
}

static int processes(void)
{
    weft_status s;
    become_somebody();
    const belongings before = belongings_now();
    const rlim_t threads = before.threads;
    for (rlim_t more = 0; more < 4; more++) {
        allow(RLIMIT_NPROC, threads + more);
        if (!start_is_whole(false, &s))
            return 1;
        printf("%s\n", s == WEFT_OK ? "done" : weft_detail());
    }
    const belongings after = belongings_now();
    return !belongings_equal(&before, &after);
}

static void without_processes_or_threads_start_says_so(void)
{
    if (getuid() != 0 || asan || tsan) {
        puts("skipped: without_processes_or_threads_start_says_so: needs root, and no sanitizer, "
             "to have a user of its own");
        return;
    }
    scene_says("shortage", "processes", 0,
               "weft_process_start: fork: Resource temporarily unavailable\n"
               "weft_process_start: a thread in the child: Resource temporarily unavailable\n"
               "done\n"
               "done\n");
}

/* ---- files ---- */

static int next_file(void)
{
    const int next = dup(0);
    close(next);
    return next;
}

static int files(void)
{
    weft_status s;
    (void)weft_threads(); /* libomp ends a program that it cannot register */
    const int next = next_file();
    size_t done = 0;
    const belongings before = belongings_now();
    for (int daemon = 0; daemon < 2; daemon++)
        for (int more = 0; more < 8; more++) {
            allow(RLIMIT_NOFILE, (rlim_t)(next + more));
            const bool good = start_is_whole(daemon, &s);
            allow(RLIMIT_NOFILE, RLIM_INFINITY);
            if (!good)
                return 1;
            done += s == WEFT_OK;
        }
    const belongings after = belongings_now();
    printf("%zu of 16\n", done);
    return !belongings_equal(&before, &after);
}

/* Two for the start itself, one more for a daemon. */
static void without_files_start_says_so(void) { refuses("files", "11 of 16\n"); }

static int first_file;

static void take_files_away(void) { allow(RLIMIT_NOFILE, (rlim_t)first_file); }

static int run_for_ever(void *unused)
{
    (void)unused;
    weft_sleep(WEFT_FOREVER);
    return 0;
}

/* From the fork on there is no file descriptor for anything. */
static weft_status start_without_file(weft_process *p, weft_process_run *run, bool daemon)
{
    allow(RLIMIT_NOFILE, RLIM_INFINITY);
    return weft_process_start(p, run, NULL, .daemon = daemon);
}

static int no_file_to_wait(void)
{
    weft_process p;
    (void)weft_threads();
    first_file = next_file();
    if (pthread_atfork(NULL, take_files_away, NULL) ||
        start_without_file(&p, run_for_ever, false) || weft_process_join(&p, 0) != WEFT_TIMEOUT)
        return 1;
    const weft_status s = weft_process_join(&p, 0.1);
    printf("%s\n", strstr(weft_detail(), "no file descriptor is free") ? "refused" : "?");
    if (s != WEFT_ESYS || weft_process_kill(&p) || weft_process_join(&p, WEFT_FOREVER))
        return 2;
    if (start_without_file(NULL, run_for_ever, true) || start_without_file(NULL, return_7, false))
        return 3;
    return weft_process_exitcode(&p) != -9;
}

static void a_child_can_be_joined_and_ended_without_a_file(void)
{
    scene_says("shortage", "no_file_to_wait", 0, "refused\n");
}

/* ---- memory ---- */

static rlim_t memory_in_use(void)
{
    unsigned long pages = 0;
    FILE *const f = fopen("/proc/self/statm", "re");
    if (!f || fscanf(f, "%lu", &pages) != 1)
        abort();
    fclose(f);
    return pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

static int memory(void)
{
    weft_status s, last = WEFT_OK;
    size_t refused = 0;
    weft_process_start(NULL, return_7, NULL);
    while (weft_process_active_children(NULL, 0) > 0)
        ;
    const belongings before = belongings_now();
    for (rlim_t more = 0; more < 12 << 20; more += 512 << 10) {
        allow(RLIMIT_AS, memory_in_use() + more);
        const bool good = start_is_whole(false, &s);
        allow(RLIMIT_AS, RLIM_INFINITY);
        if (!good)
            return 1;
        refused += s != WEFT_OK;
        last = s;
    }
    const belongings after = belongings_now();
    printf("%s, then %s\n", refused > 0 ? "refused" : "never refused", weft_strstatus(last));
    return !belongings_equal(&before, &after);
}

static void without_memory_start_says_so(void)
{
    if (asan || tsan) {
        puts("skipped: without_memory_start_says_so: a sanitizer needs its memory");
        return;
    }
    refuses("memory", "refused, then done\n");
}

static void an_argument_too_large_to_copy_is_refused(void)
{
    weft_process p;
    if (asan || tsan) {
        puts("skipped: an_argument_too_large_to_copy_is_refused: a sanitizer ends the program");
        return;
    }
    CU_ASSERT_EQUAL(weft_process_start(&p, return_7, &p, .arg_size = (size_t)1 << 60), WEFT_ENOMEM);
    ASSERT_TEXT(weft_detail(), "weft_process_start: .arg_size is 1152921504606846976 bytes: there "
                               "is not that much memory");
}

static const scene scenes[] = { { "processes", processes },
                                { "files", files },
                                { "no_file_to_wait", no_file_to_wait },
                                { "memory", memory },
                                { NULL, NULL } };

int shortage_probe(int argc, char **argv) { return scene_run(scenes, argc, argv); }

CU_TestInfo shortage_tests[] = {
    { "without_processes_or_threads_start_says_so", without_processes_or_threads_start_says_so },
    { "without_files_start_says_so", without_files_start_says_so },
    { "a_child_can_be_joined_and_ended_without_a_file",
      a_child_can_be_joined_and_ended_without_a_file },
    { "without_memory_start_says_so", without_memory_start_says_so },
    { "an_argument_too_large_to_copy_is_refused", an_argument_too_large_to_copy_is_refused },
    CU_TEST_INFO_NULL,
};
