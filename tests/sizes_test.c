/* sizes_test.c - the default size of a kernel, what caps it, and sizes that are refused.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Memory and caches are those of a machine that is not here: files below a temporary folder. */
#include "kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suites.h"

/* A machine: proc and sys below a folder. */
typedef struct place {
    char root[32];
} place;

static const char *const four_cores[] = { "HWLOC_SYNTHETIC=core:4 pu:1", NULL };

static void shell(const char *script, const char *root)
{
    char *const argv[] = { "sh", "-c", (char *)script, (char *)root, NULL };
    said s = program_run(argv, NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.err, "");
    said_free(&s);
}

static void put(const place *p, const char *path, const char *text)
{
    char script[600];
    snprintf(script, sizeof script, "cd $0 && mkdir -p $(dirname %s) && printf '%s' >%s", path,
             text, path);
    shell(script, p->root);
}

/* A cache, of the last level. */
static void put_cache(const place *p, unsigned cpu, const char *size, const char *shared)
{
    const struct {
        const char *file, *text;
    } files[] = { { "level", "3" }, { "size", size }, { "shared_cpu_list", shared } };
    for (size_t k = 0; k < COUNT(files); k++) {
        char path[120];
        snprintf(path, sizeof path, "sys/devices/system/cpu/cpu%u/cache/index0/%s", cpu,
                 files[k].file);
        put(p, path, files[k].text);
    }
}

/* With 64 GiB of memory, two cores a cache of 8 MiB. */
static place some_machine(void)
{
    static const char *const shared[] = { "0-1\n", "0-1\n", "2-3\n", "2-3\n" };
    place p = { "/tmp/weft-test-XXXXXX" };
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(p.root));
    put(&p, "proc/meminfo", "MemTotal: 99999999 kB\nMemAvailable: 67108864 kB\n");
    for (unsigned cpu = 0; cpu < 4; cpu++)
        put_cache(&p, cpu, "8192K\n", shared[cpu]);
    return p;
}

/* What weft-kernel KERNEL ARGUMENTS --check says about this machine, which is then removed. */
static void expect(const place *p, const char *arguments, int status, const char *out,
                   const char *err)
{
    char line[200];
    snprintf(line, sizeof line, "%s --check --root %s", arguments, p->root);
    said s = kernel_run(line, four_cores);
    CU_ASSERT_EQUAL(s.status, status);
    ASSERT_TEXT(s.out, out);
    ASSERT_TEXT(s.err, err);
    said_free(&s);
    shell("rm -r $0", p->root);
}

static void expect_capped(const place *p, const char *size, const char *left, const char *source)
{
    char out[80], err[400];
    snprintf(out, sizeof out, "weft: size %s elements\n", size);
    snprintf(
        err, sizeof err,
        "weft-kernel: triad: n is capped at %s: the default of 8388608 elements takes 192 MiB, "
        "more than half of the %s that %s/%s leaves\n",
        size, left, p->root, source);
    expect(p, "triad", 0, out, err);
}

/* ---- the default ---- */

static void an_array_is_four_times_the_caches_of_all_allowed_cpus(void)
{
    const place p = some_machine();
    expect(&p, "sum", 0, "weft: size 8388608 elements\n", ""); /* 64 MiB */
}

static void only_the_last_level_counts(void)
{
    const place p = some_machine();
    shell("cd $0/sys/devices/system/cpu && for c in cpu?/cache; do mkdir $c/index1 && "
          "cp $c/index0/shared_cpu_list $c/index1 && echo 4 >$c/index1/level && "
          "echo 16384K >$c/index1/size; done",
          p.root);
    expect(&p, "copy", 0, "weft: size 16777216 elements\n", "");
}

static void a_small_cache_still_gives_a_million_elements(void)
{
    const place p = some_machine();
    shell("for f in $0/sys/devices/system/cpu/cpu?/cache/index0/size; do echo 256K >$f; done",
          p.root);
    expect(&p, "dot", 0, "weft: size 1048576 elements\n", "");
}

static void where_no_cache_is_known_32_mib_are_assumed(void)
{
    const place p = some_machine();
    shell("rm -r $0/sys", p.root);
    expect(&p, "add", 0, "weft: size 16777216 elements\n", "");
}

static void work_bound_by_arithmetic_has_a_size_of_its_own(void)
{
    const place p = some_machine(), q = some_machine();
    expect(&p, "nbody", 0, "weft: size 4096 bodies\n", "");
    expect(&q, "mandelbrot-omp", 0, "weft: size 512 rows and columns\n", "");
}

/* ---- what caps it ---- */

static void half_of_the_available_memory_caps_the_default(void)
{
    const place p = some_machine();
    put(&p, "proc/meminfo", "MemAvailable: 131072 kB\n");
    expect_capped(&p, "2097152", "128 MiB", "proc/meminfo");
}

static void a_cgroup_caps_it(void)
{
    const place p = some_machine();
    put(&p, "proc/self/cgroup", "0::/job\n");
    put(&p, "sys/fs/cgroup/job/memory.max", "268435456\n");
    put(&p, "sys/fs/cgroup/job/memory.current", "0\n");
    expect_capped(&p, "4194304", "256 MiB", "sys/fs/cgroup/job/memory.max");
}

static void an_ancestor_of_the_cgroup_caps_it(void)
{
    const place p = some_machine();
    put(&p, "proc/self/cgroup", "0::/batch/job\n");
    put(&p, "sys/fs/cgroup/batch/job/memory.max", "max\n");
    put(&p, "sys/fs/cgroup/batch/job/memory.current", "5\n");
    put(&p, "sys/fs/cgroup/batch/memory.max", "134217728\n");
    put(&p, "sys/fs/cgroup/batch/memory.current", "0\n");
    expect_capped(&p, "2097152", "128 MiB", "sys/fs/cgroup/batch/memory.max");
}

/* 320 MiB of 512 are used, of which 64 are pages of files that can go: 256 are left. */
static void what_the_cgroup_uses_counts_but_for_idle_pages(void)
{
    const place p = some_machine();
    put(&p, "proc/self/cgroup", "0::/job\n");
    put(&p, "sys/fs/cgroup/job/memory.max", "536870912\n");
    put(&p, "sys/fs/cgroup/job/memory.current", "335544320\n");
    put(&p, "sys/fs/cgroup/job/memory.stat", "anon 7\ninactive_file 67108864\n");
    expect_capped(&p, "4194304", "256 MiB", "sys/fs/cgroup/job/memory.max");
}

static void a_cgroup_of_version_1_caps_it(void)
{
    const place p = some_machine();
    put(&p, "proc/self/cgroup", "5:cpu,cpuacct:/x\n4:blkio,memory:/job\n0::/\n");
    put(&p, "sys/fs/cgroup/memory/job/memory.limit_in_bytes", "268435456\n");
    put(&p, "sys/fs/cgroup/memory/job/memory.usage_in_bytes", "0\n");
    put(&p, "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    put(&p, "sys/fs/cgroup/memory/memory.usage_in_bytes", "9\n");
    expect_capped(&p, "4194304", "256 MiB", "sys/fs/cgroup/memory/job/memory.limit_in_bytes");
}

/* Without a namespace the path is that of the host, and the mount is the container's. */
static void a_container_that_sees_only_its_mount_caps_it(void)
{
    const place p = some_machine();
    put(&p, "proc/self/cgroup", "4:memory:/docker/0123\n");
    put(&p, "sys/fs/cgroup/memory/memory.limit_in_bytes", "134217728\n");
    put(&p, "sys/fs/cgroup/memory/memory.usage_in_bytes", "0\n");
    expect_capped(&p, "2097152", "128 MiB", "sys/fs/cgroup/memory/memory.limit_in_bytes");
}

static void a_capped_default_is_what_runs(void)
{
    const place p = some_machine();
    char line[80];
    put(&p, "proc/meminfo", "MemAvailable: 131072 kB\n");
    snprintf(line, sizeof line, "sum --root %s", p.root);
    said s = kernel_run(line, four_cores);
    CU_ASSERT_EQUAL(s.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, "sum: of 8388608 elements"));
    said_free(&s);
    shell("rm -r $0", p.root);
}

/* ---- sizes that are refused ---- */

static void a_size_that_memory_cannot_hold_is_refused(void)
{
    const place p = some_machine(), q = some_machine();
    char err[200];
    put(&p, "proc/meminfo", "MemAvailable: 1024 kB\n");
    snprintf(
        err, sizeof err,
        "weft-kernel: -n is 100000: triad takes 2.289 MiB for that, and %s/proc/meminfo leaves "
        "1 MiB: it must be at most 43690\n",
        p.root);
    expect(&p, "triad -n 100000", 2, "", err);
    put(&q, "proc/meminfo", "MemAvailable: 1024 kB\n");
    snprintf(err, sizeof err,
             "weft-kernel: -n is 725: mandelbrot takes 1.003 MiB for that, and %s/proc/meminfo "
             "leaves 1 MiB: it must be at most 724\n",
             q.root);
    expect(&q, "mandelbrot -n 725", 2, "", err);
}

static void the_greatest_size_of_all_overflows_nothing(void)
{
    const place p = some_machine();
    char err[200];
    snprintf(err, sizeof err,
             "weft-kernel: -n is 18446744073709551615: copy takes 256 EiB for that, and "
             "%s/proc/meminfo leaves 64 GiB: it must be at most 4294967296\n",
             p.root);
    expect(&p, "copy -n 18446744073709551615", 2, "", err);
}

static void a_ulimit_counts(void)
{
    char script[200];
    snprintf(script, sizeof script, "ulimit -v 400000; exec %s dot --check -n 100000000",
             built("weft-kernel"));
    if (strstr(built("weft-kernel"), "asan") || strstr(built("weft-kernel"), "tsan"))
        return; /* they take terabytes of addresses */
    said s = program_run((char *const[]){ "sh", "-c", script, NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.err, "dot takes 1.49 GiB for that, and ulimit -v leaves "));
    said_free(&s);
}

static void a_size_beyond_what_checks_in_time_is_refused(void)
{
    kernel_refuses("nbody -n 1048577",
                   "weft-kernel: -n is 1048577: nbody takes 1 to 1048576 bodies\n");
    kernel_refuses("mandelbrot -n 65537",
                   "weft-kernel: -n is 65537: mandelbrot takes 1 to 65536 rows and columns\n");
}

static void a_size_is_a_whole_number_above_zero(void)
{
    static const char *const bad[] = { "0", "-1", "1e6", "x", "1.5", "18446744073709551616" };
    for (size_t k = 0; k < COUNT(bad); k++) {
        char line[60], text[120];
        snprintf(line, sizeof line, "sum -n %s", bad[k]);
        snprintf(text, sizeof text,
                 "weft-kernel: -n is \"%s\": it must be a whole number from 1 to "
                 "18446744073709551615\n",
                 bad[k]);
        kernel_refuses(line, text);
    }
    kernel_refuses("sum -n", "weft-kernel: -n is \"\": it must be a whole number from 1 to "
                             "18446744073709551615\n");
}

static void text_that_memory_cannot_hold_is_refused(void)
{
    const place p = some_machine();
    char line[120], text[160];
    put(&p, "proc/meminfo", "MemAvailable: 100000 kB\n");
    shell("cd $0 && head -c 5000000 /dev/zero | tr '\\0' x >text", p.root);
    snprintf(line, sizeof line, "wordcount --root %s --input %s/text", p.root, p.root);
    snprintf(
        text, sizeof text,
        "weft-kernel: --input %s/text: memory holds 4194304 bytes of text and no more: -n takes "
        "less\n",
        p.root);
    kernel_refuses(line, text);
    shell("rm -r $0", p.root);
}

CU_TestInfo sizes_tests[] = {
    { "an_array_is_four_times_the_caches_of_all_allowed_cpus",
      an_array_is_four_times_the_caches_of_all_allowed_cpus },
    { "only_the_last_level_counts", only_the_last_level_counts },
    { "a_small_cache_still_gives_a_million_elements",
      a_small_cache_still_gives_a_million_elements },
    { "where_no_cache_is_known_32_mib_are_assumed", where_no_cache_is_known_32_mib_are_assumed },
    { "work_bound_by_arithmetic_has_a_size_of_its_own",
      work_bound_by_arithmetic_has_a_size_of_its_own },
    { "half_of_the_available_memory_caps_the_default",
      half_of_the_available_memory_caps_the_default },
    { "a_cgroup_caps_it", a_cgroup_caps_it },
    { "an_ancestor_of_the_cgroup_caps_it", an_ancestor_of_the_cgroup_caps_it },
    { "what_the_cgroup_uses_counts_but_for_idle_pages",
      what_the_cgroup_uses_counts_but_for_idle_pages },
    { "a_cgroup_of_version_1_caps_it", a_cgroup_of_version_1_caps_it },
    { "a_container_that_sees_only_its_mount_caps_it",
      a_container_that_sees_only_its_mount_caps_it },
    { "a_capped_default_is_what_runs", a_capped_default_is_what_runs },
    { "a_size_that_memory_cannot_hold_is_refused", a_size_that_memory_cannot_hold_is_refused },
    { "the_greatest_size_of_all_overflows_nothing", the_greatest_size_of_all_overflows_nothing },
    { "a_ulimit_counts", a_ulimit_counts },
    { "a_size_beyond_what_checks_in_time_is_refused",
      a_size_beyond_what_checks_in_time_is_refused },
    { "a_size_is_a_whole_number_above_zero", a_size_is_a_whole_number_above_zero },
    { "text_that_memory_cannot_hold_is_refused", text_that_memory_cannot_hold_is_refused },
    CU_TEST_INFO_NULL,
};
