/* spawn_refusal_test.c - what WEFT_SPAWN refuses, and where the system refuses it.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <weft.h>

#include "fault.h"
#include "probe.h"
#include "scene.h"
#include "suites.h"

static const double long_enough = 20; /* seconds; what takes longer has failed */

static int return_7(void *unused) { return (void)unused, 7; }

static weft_status spawn(weft_process *p)
{
    return weft_process_start(p, return_7, NULL, .start = WEFT_SPAWN);
}

/* Says how it went: its exit code, or why there is none. */
static int spawn_and_say(void)
{
    weft_process p = { 5, 5 };
    const weft_status s = spawn(&p);
    if (s == WEFT_OK && weft_process_join(&p, long_enough) == WEFT_OK)
        printf("%d\n", weft_process_exitcode(&p));
    else
        printf("%s: %s\n", weft_strstatus(s), weft_detail());
    return s != WEFT_OK && p.place_ != 0;
}

/* ---- arguments ---- */

#define REFUSES(status, text, ...)                                                          \
    do {                                                                                    \
        weft_process p_ = { 5, 5 };                                                         \
        CU_ASSERT_EQUAL(weft_process_start(&p_, __VA_ARGS__, .start = WEFT_SPAWN), status); \
        ASSERT_TEXT(weft_detail(), "weft_process_start: " text);                            \
        CU_ASSERT_EQUAL(p_.place_, 0);                                                      \
    } while (0)

static void bad_arguments_start_nothing(void)
{
    int number = 1;
    const weft_pipe none = { 0 };
    weft_process p;
    CU_ASSERT_EQUAL(weft_process_start(&p, return_7, NULL, .start = (weft_start_method)9),
                    WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(),
                "weft_process_start: .start is 9: it must be WEFT_FORK or WEFT_SPAWN");
    REFUSES(WEFT_EINVAL, "run is NULL: it must be a function", NULL, NULL);
    REFUSES(WEFT_EINVAL,
            ".arg_size is 0: WEFT_SPAWN takes the bytes of arg, a pointer means nothing there",
            return_7, &number);
    REFUSES(WEFT_EINVAL, ".pipes is NULL with .pipes_count = 2: it must point to that many ends",
            return_7, NULL, .pipes_count = 2);
    REFUSES(WEFT_ESTATE, ".pipes[0] is of no pipe", return_7, NULL, .pipes = &none,
            .pipes_count = 1);
    CU_ASSERT_EQUAL(weft_process_active_children(NULL, 0), 0);
}

static void a_function_that_is_in_no_file_is_refused(void)
{
    char made[64] = { 0 }; /* as code that is made at run time is: somewhere in memory */
    weft_process_run *run;
    void *const address = made;
    memcpy(&run, &address, sizeof run);
    REFUSES(WEFT_EINVAL,
            "run is in no file: WEFT_SPAWN finds functions of the program, not what it makes while "
            "it runs",
            run, NULL);
}

/* ---- plug-ins: the shared library, as one ---- */

static void *load_plug_in(void)
{
    void *const plug_in = dlopen(built("libweft.so"), RTLD_NOW | RTLD_LOCAL);
    if (!plug_in)
        puts(dlerror());
    return plug_in;
}

static int run_in_a_plug_in(void)
{
    weft_process_run *run;
    void *const plug_in = load_plug_in(), *const address =
                                              plug_in ? dlsym(plug_in, "weft_now") : NULL;
    memcpy(&run, &address, sizeof run);
    const weft_status s = weft_process_start(NULL, run, NULL, .start = WEFT_SPAWN);
    const char *const file = strstr(weft_detail(), "/libweft.so");
    printf("%s: ...%s\n", weft_strstatus(s), file ? file : weft_detail());
    return 0;
}

static void a_function_of_a_plug_in_is_refused(void)
{
    if (asan || tsan) {
        puts("skipped: a_function_of_a_plug_in_is_refused: a sanitizer is not loaded twice");
        return;
    }
    scene_says("spawn_refusal", "run_in_a_plug_in", 0,
               "invalid argument: .../libweft.so: WEFT_SPAWN finds what the program is linked to, "
               "not what it loads while it runs\n");
}

/* As Python has it. */
static int weft_in_a_plug_in(void)
{
    weft_status (*start)(weft_process *, weft_process_run *, void *, const weft_process_opts *);
    const char *(*detail)(void);
    void *const plug_in = load_plug_in();
    void *const first = dlsym(plug_in, "weft_process_start_opts"), *const second = dlsym(
                                                                       plug_in, "weft_detail");
    memcpy(&start, &first, sizeof start), memcpy(&detail, &second, sizeof detail);
    const weft_process_opts o = { .size = sizeof o, .start = WEFT_SPAWN };
    const weft_status s = start(NULL, return_7, NULL, &o);
    printf("%s: %s\n", weft_strstatus(s), detail());
    return 0;
}

static void a_host_that_has_loaded_weft_itself_is_refused(void)
{
    if (asan || tsan) {
        puts("skipped: a_host_that_has_loaded_weft_itself_is_refused: a sanitizer is not loaded "
             "twice");
        return;
    }
    scene_says("spawn_refusal", "weft_in_a_plug_in", 0,
               "wrong state: weft_process_start: WEFT_SPAWN: the program has loaded weft while it "
               "ran: it would not be there before main()\n");
}

/* ---- how the program was started, and what became of its file ---- */

static int find_loader(struct dl_phdr_info *m, size_t size, void *path)
{
    (void)size;
    for (size_t k = 0; k < m->dlpi_phnum; k++)
        if (m->dlpi_phdr[k].p_type == PT_INTERP)
            *(const char **)path = (const char *)m->dlpi_addr + m->dlpi_phdr[k].p_vaddr;
    return 1;
}

static void an_argument_of_the_loader_is_refused(void)
{
    const char *loader = NULL;
    (void)dl_iterate_phdr(find_loader, &loader);
    if (!loader || asan || tsan) {
        puts("skipped: an_argument_of_the_loader_is_refused: needs a loader, and no sanitizer");
        return;
    }
    char *argv[] = { (char *)loader,  "/proc/self/exe", "--probe",
                     "spawn_refusal", "spawn_and_say",  NULL };
    char own[4096] = "";
    CU_ASSERT(readlink("/proc/self/exe", own, sizeof own - 1) > 0);
    argv[1] = own;
    said s = program_run(argv, NULL);
    ASSERT_TEXT(s.out, "wrong state: weft_process_start: WEFT_SPAWN: the program was started as an "
                       "argument of its loader, which would be executed\n");
    said_free(&s);
}

static bool copy_self(const char *path)
{
    struct stat info;
    const int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC),
              to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
    off_t at = 0;
    bool good = from >= 0 && to >= 0 && fstat(from, &info) == 0;
    while (good && at < info.st_size)
        good = sendfile(to, from, &at, (size_t)(info.st_size - at)) > 0;
    close(from), close(to);
    return good;
}

static int file_is_removed(void)
{
    char own[4096] = "";
    if (readlink("/proc/self/exe", own, sizeof own - 1) <= 0 || unlink(own))
        return 1;
    return spawn_and_say();
}

/* Another one has its name then. */
static int file_is_replaced(void)
{
    char own[4096] = "";
    if (readlink("/proc/self/exe", own, sizeof own - 1) <= 0 || unlink(own) ||
        symlink("/bin/false", own))
        return 1;
    const int bad = spawn_and_say();
    return bad || unlink(own);
}

static void starts_from_a_file(const char *what)
{
    char folder[] = "/tmp/weft-spawn-XXXXXX", path[100];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/copy", folder);
    CU_ASSERT_TRUE(copy_self(path));
    said s = program_run((char *[]){ path, "--probe", "spawn_refusal", (char *)what, NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, "7\n");
    said_free(&s);
    CU_ASSERT_EQUAL(rmdir(folder), 0);
}

static void the_file_of_the_program_may_be_removed_or_replaced(void)
{
    starts_from_a_file("file_is_removed");
    starts_from_a_file("file_is_replaced");
}

/* ---- what the system refuses ---- */

static int execve_is_filtered(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = { COUNT(code), code };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        return puts("no filter"), 0;
    return spawn_and_say();
}

static void a_filter_against_programs_is_a_status(void)
{
    said s = scene_end("spawn_refusal", "execve_is_filtered");
    if (strcmp(s.out, "no filter\n") == 0)
        puts("skipped: a_filter_against_programs_is_a_status: the system has no filters");
    else
        ASSERT_TEXT(s.out, "system call failed: weft_process_start: executing /proc/self/exe: "
                           "Permission denied\n");
    said_free(&s);
}

static int there_is_no_proc(void)
{
    char folder[] = "/tmp/weft-spawn-XXXXXX";
    const int back = open("/", O_RDONLY | O_CLOEXEC);
    (void)weft_threads(); /* reads from /proc, and libomp ends a program that it cannot register */
    if (back < 0 || !mkdtemp(folder) || chroot(folder))
        return 1;
    const int bad = spawn_and_say();
    return bad || fchdir(back) || chroot(".") || rmdir(folder);
}

static void a_system_without_proc_is_a_status(void)
{
    if (getuid() != 0) {
        puts("skipped: a_system_without_proc_is_a_status: needs root");
        return;
    }
    scene_says("spawn_refusal", "there_is_no_proc", 0,
               "system call failed: weft_process_start: executing /proc/self/exe: No such file or "
               "directory\n");
}

/* ---- children that come to nothing ---- */

/* Before the child hears what it is for. */
__attribute__((constructor)) static void obey_the_test(void)
{
    const char *const what = getenv("WEFT_TEST_OF_SPAWN");
    const struct rlimit little = { 256 << 20, 256 << 20 };
    if (what && strcmp(what, "exit") == 0)
        _exit(3);
    if (what && strcmp(what, "be poor") == 0 && setrlimit(RLIMIT_AS, &little))
        _exit(4);
}

static void a_child_that_ends_in_a_constructor_has_died(void)
{
    setenv("WEFT_TEST_OF_SPAWN", "exit", 1);
    REFUSES(WEFT_EDIED, "the child ended before it ran, exit code 3", return_7, NULL);
    unsetenv("WEFT_TEST_OF_SPAWN");
    CU_ASSERT_EQUAL(weft_process_active_children(NULL, 0), 0);
}

static void an_argument_that_the_child_has_no_memory_for_is_refused(void)
{
    const size_t size = 512 << 20;
    if (asan || tsan) {
        puts("skipped: an_argument_that_the_child_has_no_memory_for_is_refused: a sanitizer needs "
             "its memory");
        return;
    }
    void *const much = weft_shared_alloc(size); /* of which nothing is touched */
    CU_ASSERT_PTR_NOT_NULL_FATAL(much);
    setenv("WEFT_TEST_OF_SPAWN", "be poor", 1);
    REFUSES(WEFT_ENOMEM, ".arg_size is 536870912 bytes: the child has not that much memory",
            return_7, much, .arg_size = size);
    unsetenv("WEFT_TEST_OF_SPAWN");
    weft_shared_free(much);
}

static void without_memory_start_works_or_says_so(void)
{
    size_t refused = 0;
    const long before = fault_live();
    for (bool failed = true; failed;) {
        weft_process p = { 5, 5 };
        fault_begin(refused);
        const weft_status s = spawn(&p);
        failed = fault_end();
        if (s == WEFT_OK) {
            CU_ASSERT_EQUAL(weft_process_join(&p, long_enough), WEFT_OK);
            CU_ASSERT_EQUAL(weft_process_exitcode(&p), 7);
        } else {
            CU_ASSERT(failed && s == WEFT_ENOMEM && p.place_ == 0 && weft_detail()[0]);
        }
        refused += failed;
    }
    CU_ASSERT(refused >= 3);
    CU_ASSERT(fault_live() - before < 4096); /* a record, and room for more of them */
}

static void allow_files(rlim_t n)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit))
        abort();
    limit.rlim_cur = n < limit.rlim_max ? n : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit))
        abort();
}

/* Whether it works, or says why not and leaves nothing. */
static bool is_whole(weft_status s, weft_process *p)
{
    if (s == WEFT_OK)
        return weft_process_join(p, WEFT_FOREVER) == WEFT_OK &&
               (weft_process_exitcode(p) == 7 || libomp);
    return (s == WEFT_ESYS || s == WEFT_EDIED) && p->place_ == 0 && weft_detail()[0];
}

static int without_files(void)
{
    size_t done = 0;
    (void)weft_threads();
    const int next = dup(0);
    close(next);
    const belongings before = belongings_now();
    for (int more = 0; more < 12; more++) {
        weft_process p = { 5, 5 };
        allow_files((rlim_t)(next + more));
        const weft_status s =
            weft_process_start(&p, return_7, NULL, .start = WEFT_SPAWN, .daemon = true);
        allow_files(RLIM_INFINITY);
        if (!is_whole(s, &p))
            return printf("%d more: %s %s\n", more, weft_strstatus(s), weft_detail());
        done += s == WEFT_OK;
    }
    const belongings after = belongings_now();
    return done == 0 || done == 12 || !belongings_equal(&before, &after);
}

static void without_files_start_says_so(void)
{
    said s = scene_end("spawn_refusal", "without_files");
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, "");
    said_free(&s);
}

/* ---- the shared library ---- */

static void constructors_of_a_program_run_before_what_it_spawns(void)
{
    said s = program_run((char *[]){ (char *)built("tests/programs/spawns"), NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 1);
    ASSERT_TEXT(s.out, "Process-1: 6, 1\nmain is over\n");
    ASSERT_TEXT(s.err, "");
    said_free(&s);
}

static const scene scenes[] = { { "spawn_and_say", spawn_and_say },
                                { "run_in_a_plug_in", run_in_a_plug_in },
                                { "weft_in_a_plug_in", weft_in_a_plug_in },
                                { "file_is_removed", file_is_removed },
                                { "file_is_replaced", file_is_replaced },
                                { "execve_is_filtered", execve_is_filtered },
                                { "there_is_no_proc", there_is_no_proc },
                                { "without_files", without_files },
                                { NULL, NULL } };

int spawn_refusal_probe(int argc, char **argv) { return scene_run(scenes, argc, argv); }

CU_TestInfo spawn_refusal_tests[] = {
    { "bad_arguments_start_nothing", bad_arguments_start_nothing },
    { "a_function_that_is_in_no_file_is_refused", a_function_that_is_in_no_file_is_refused },
    { "a_function_of_a_plug_in_is_refused", a_function_of_a_plug_in_is_refused },
    { "a_host_that_has_loaded_weft_itself_is_refused",
      a_host_that_has_loaded_weft_itself_is_refused },
    { "an_argument_of_the_loader_is_refused", an_argument_of_the_loader_is_refused },
    { "the_file_of_the_program_may_be_removed_or_replaced",
      the_file_of_the_program_may_be_removed_or_replaced },
    { "a_filter_against_programs_is_a_status", a_filter_against_programs_is_a_status },
    { "a_system_without_proc_is_a_status", a_system_without_proc_is_a_status },
    { "a_child_that_ends_in_a_constructor_has_died", a_child_that_ends_in_a_constructor_has_died },
    { "an_argument_that_the_child_has_no_memory_for_is_refused",
      an_argument_that_the_child_has_no_memory_for_is_refused },
    { "without_memory_start_works_or_says_so", without_memory_start_works_or_says_so },
    { "without_files_start_says_so", without_files_start_says_so },
    { "constructors_of_a_program_run_before_what_it_spawns",
      constructors_of_a_program_run_before_what_it_spawns },
    CU_TEST_INFO_NULL,
};
