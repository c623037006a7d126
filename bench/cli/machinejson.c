/* machinejson.c - the machine, the system and the state that it is in, as JSON.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "machinejson.h"

#include <gnu/libc-version.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <hwloc.h>

#include "jsonfile.h"

/* ---- lines of text files ---- */

/* The first line of a file, or null. */
static json_t *first_line(const char *path)
{
    char line[256];
    FILE *f = fopen(path, "re");
    const bool read = f && fgets(line, sizeof line, f);
    if (f)
        fclose(f);
    if (!read)
        return json_null();
    line[strcspn(line, "\n")] = '\0';
    json_t *text = json_string(line); /* NULL where that is no UTF-8 */
    return text ? text : json_null();
}

/* What follows `name`, blanks, and the separator in the first line that begins so; null if none does.
 * Quotes around it are taken off. */
static json_t *value_of(const char *path, const char *name, char separator)
{
    char line[4096];
    json_t *found = NULL;
    FILE *f = fopen(path, "re");
    while (f && !found && fgets(line, sizeof line, f)) {
        char *at = line + strlen(name);
        if (strncmp(line, name, strlen(name)) != 0 || *(at += strspn(at, " \t")) != separator)
            continue;
        at += 1 + strspn(at + 1, " \t\"");
        at[strcspn(at, "\"\n")] = '\0';
        found = json_string(at);
    }
    if (f)
        fclose(f);
    return found ? found : json_null();
}

/* ---- the machine ---- */

static json_t *cache(hwloc_topology_t t, int depth)
{
    char type[16];
    hwloc_obj_t o = hwloc_get_obj_by_depth(t, depth, 0);
    if (!hwloc_obj_type_is_dcache(o->type))
        return NULL;
    hwloc_obj_type_snprintf(type, sizeof type, o, 0);
    return json_pack("{sssIsisi}", "type", type, "bytes", (json_int_t)o->attr->cache.size, "count",
                     hwloc_get_nbobjs_by_depth(t, depth), "line", (int)o->attr->cache.linesize);
}

static json_t *caches(hwloc_topology_t t)
{
    json_t *list = json_array();
    for (int depth = 0; depth < hwloc_topology_get_depth(t); depth++) {
        json_t *one = cache(t, depth);
        if (one)
            json_array_append_new(list, one);
    }
    return list;
}

static json_t *kinds(hwloc_topology_t t)
{
    json_t *list = json_array();
    const int n = hwloc_cpukinds_get_nr(t, 0);
    for (int k = 0; k < n; k++) {
        hwloc_bitmap_t set = hwloc_bitmap_alloc();
        int efficiency = -1;
        char text[400] = "";
        if (hwloc_cpukinds_get_info(t, (unsigned)k, set, &efficiency, NULL, NULL, 0) == 0)
            hwloc_bitmap_list_snprintf(text, sizeof text, set);
        json_array_append_new(list, json_pack("{sssi}", "cpus", text, "efficiency", efficiency));
        hwloc_bitmap_free(set);
    }
    return list;
}

/* hwloc's own view: caches and kinds of CPUs. */
static void add_hwloc(json_t *to)
{
    hwloc_topology_t t;
    if (hwloc_topology_init(&t))
        return;
    hwloc_topology_set_flags(t, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED |
                                    HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING);
    if (hwloc_topology_load(t) == 0) {
        json_object_set_new(to, "caches", caches(t));
        json_object_set_new(to, "cpukinds", kinds(t));
        json_object_set_new(to, "this_system", json_boolean(hwloc_topology_is_thissystem(t)));
    }
    hwloc_topology_destroy(t);
}

static bool has_flag(const char *flag)
{
    json_t *flags = value_of("/proc/cpuinfo", "flags", ':');
    const char *text = json_string_value(flags), *at = text ? strstr(text, flag) : NULL;
    json_decref(flags);
    return at;
}

json_t *machinejson_machine(const weft_machine *m)
{
    const weft_limits *l = weft_machine_limits(m);
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    json_t *o = json_object();
    json_object_set_new(o, "hostname", json_string(host));
    json_object_set_new(o, "cpu_model", value_of("/proc/cpuinfo", "model name", ':'));
    json_object_set_new(o, "microcode", value_of("/proc/cpuinfo", "microcode", ':'));
    json_object_set_new(o, "sockets", json_integer((json_int_t)l->packages));
    json_object_set_new(o, "numa", json_integer((json_int_t)l->numa_nodes));
    json_object_set_new(o, "cores", json_integer((json_int_t)l->cores));
    json_object_set_new(o, "pus", json_integer((json_int_t)l->pus));
    json_object_set_new(o, "smt", json_boolean(l->pus > l->cores));
    json_object_set_new(o, "mem_total", value_of("/proc/meminfo", "MemTotal", ':'));
    json_object_set_new(o, "hypervisor", json_boolean(has_flag("hypervisor")));
    add_hwloc(o);
    return o;
}

/* ---- what limits us ---- */

static json_t *reasons(const weft_machine *m)
{
    char text[200];
    json_t *lines = json_array();
    for (size_t line = 0; weft_machine_why(m, line, text, sizeof text); line++)
        json_array_append_new(lines, json_string(text));
    return lines;
}

static json_t *text_or_null(const char *text) { return *text ? json_string(text) : json_null(); }

json_t *machinejson_limits(const weft_machine *m)
{
    const weft_limits *l = weft_machine_limits(m);
    json_t *o = json_object();
    json_object_set_new(o, "affinity", machinejson_cpus(&l->allowed));
    json_object_set_new(o, "allowed_cores", json_integer((json_int_t)l->allowed_cores));
    json_set(o, "quota_cpus", l->quota);
    json_object_set_new(o, "quota_source", text_or_null(l->quota_source));
    json_set(o, "new_threads", l->new_threads == SIZE_MAX ? NAN : (double)l->new_threads);
    json_object_set_new(o, "new_threads_source", text_or_null(l->new_threads_source));
    json_object_set_new(o, "can_bind", json_boolean(l->can_bind));
    json_object_set_new(o, "threads", json_integer((json_int_t)l->threads));
    json_object_set_new(o, "reason", json_string(l->rule));
    json_object_set_new(o, "why", reasons(m));
    json_object_set_new(o, "trouble", text_or_null(l->trouble));
    return o;
}

/* ---- system and state ---- */

json_t *machinejson_os(void)
{
    struct utsname name;
    uname(&name);
    json_t *o = json_object();
    json_object_set_new(o, "kernel", json_sprintf("%s %s", name.sysname, name.release));
    json_object_set_new(o, "architecture", json_string(name.machine));
    json_object_set_new(o, "distro", value_of("/etc/os-release", "PRETTY_NAME", '='));
    json_object_set_new(o, "libc", json_sprintf("glibc %s", gnu_get_libc_version()));
    return o;
}

extern char **environ;

static json_t *openmp_variables(void)
{
    json_t *o = json_object();
    for (char **v = environ; *v; v++) {
        const size_t name = strcspn(*v, "=");
        const bool ours = strncmp(*v, "OMP_", 4) == 0 || strncmp(*v, "GOMP_", 5) == 0 ||
                          strncmp(*v, "KMP_", 4) == 0 || strncmp(*v, "WEFT_", 5) == 0;
        json_t *value = ours && (*v)[name] ? json_string(*v + name + 1) : NULL;
        if (value) {
            json_t *key = json_stringn(*v, name);
            json_object_set_new(o, json_string_value(key), value);
            json_decref(key);
        }
    }
    return o;
}

json_t *machinejson_state(void)
{
    static const struct {
        const char *name, *path;
    } files[] = {
        { "governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor" },
        { "freq_min", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_min_freq" },
        { "freq_max", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_max_freq" },
        { "boost", "/sys/devices/system/cpu/cpufreq/boost" },
        { "no_turbo", "/sys/devices/system/cpu/intel_pstate/no_turbo" },
        { "aslr", "/proc/sys/kernel/randomize_va_space" },
        { "thp", "/sys/kernel/mm/transparent_hugepage/enabled" },
        { "numa_balancing", "/proc/sys/kernel/numa_balancing" },
        { "perf_paranoid", "/proc/sys/kernel/perf_event_paranoid" },
    };
    json_t *o = json_object();
    for (size_t k = 0; k < sizeof files / sizeof *files; k++)
        json_object_set_new(o, files[k].name, first_line(files[k].path));
    json_object_set_new(o, "omp_env", openmp_variables());
    return o;
}

json_t *machinejson_cpus(const weft_cpus *set)
{
    char text[6000]; /* 1024 numbers, the worst case, fit */
    return json_string(weft_cpus_format(set, text, sizeof text));
}

json_t *machinejson_places(const weft_cpus *places, size_t threads)
{
    json_t *list = json_array();
    for (size_t k = 0; k < threads; k++)
        json_array_append_new(list, machinejson_cpus(&places[k]));
    return list;
}
