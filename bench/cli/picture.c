/* picture.c - the machine as text: packages, memory, caches, cores, PUs.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A core is a cell, "[0 64]", that holds the numbers of its PUs. Cores that share their outermost
 * cache stand on one line, and a heading stands wherever the package or the NUMA node changes. So the
 * picture goes along the cores and never looks down the tree, whatever levels that has.
 *
 *     package 0, NUMA node 0 (64 GiB)
 *         L3 32 MiB  [0 16] [1 17] [2 18] [3 19] */
#include "picture.h"

#include <hwloc.h>
#include <string.h>

enum { line_width = 72, most_cells = 16 };

typedef struct picture {
    FILE *out;
    hwloc_topology_t machine;
    const weft_cpus *allowed;
    hwloc_obj_type_t unit; /* cores, or PUs where no cores are known */
    int units, pu_width, cell_width, cells_a_line;
} picture;

/* Where a core stands. */
typedef struct spot {
    hwloc_obj_t package, numa, cache;
} spot;

/* "32 MiB" */
static const char *bytes(hwloc_uint64_t n, char *text, size_t size)
{
    static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
    double x = (double)n;
    size_t k = 0;
    for (; x >= 1024 && k < 4; k++)
        x /= 1024;
    snprintf(text, size, x < 10 && x != (int)x ? "%.1f %s" : "%.0f %s", x, units[k]);
    return text;
}

static int units_inside(const picture *p, hwloc_obj_t o)
{
    return hwloc_get_nbobjs_inside_cpuset_by_type(p->machine, o->cpuset, p->unit);
}

static spot spot_of(const picture *p, hwloc_obj_t core)
{
    spot s = { .package = hwloc_get_ancestor_obj_by_type(p->machine, HWLOC_OBJ_PACKAGE, core) };
    const int node = core->nodeset ? hwloc_bitmap_first(core->nodeset) : -1;
    if (node >= 0)
        s.numa = hwloc_get_numanode_obj_by_os_index(p->machine, (unsigned)node);
    for (hwloc_obj_t o = core->parent; o; o = o->parent)
        if (hwloc_obj_type_is_dcache(o->type) && units_inside(p, o) > 1)
            s.cache = o;
    return s;
}

/* ---- headings ---- */

static void print_package(const picture *p, hwloc_obj_t package)
{
    const char *model = hwloc_obj_get_info_by_name(package, "CPUModel");
    fprintf(p->out, "package %u%s%s", package->logical_index, model ? ": " : "",
            model ? model : "");
}

/* A described machine may not say how much memory a node has. */
static void print_numa(const picture *p, hwloc_obj_t numa)
{
    const hwloc_uint64_t size = numa->attr->numanode.local_memory;
    char text[32];
    fprintf(p->out, "NUMA node %u", numa->os_index);
    if (size)
        fprintf(p->out, " (%s)", bytes(size, text, sizeof text));
}

static void print_heading(const picture *p, const spot *s, const spot *before)
{
    const bool package = s->package && s->package != before->package;
    const bool numa = s->numa && s->numa != before->numa;
    if (package)
        print_package(p, s->package);
    if (numa) {
        fputs(package ? ", " : "", p->out);
        print_numa(p, s->numa);
    }
    if (package || numa)
        fputc('\n', p->out);
}

/* ---- cells ---- */

static void print_pu(const picture *p, hwloc_obj_t pu)
{
    if (weft_cpus_has(p->allowed, pu->os_index))
        fprintf(p->out, "%*u", p->pu_width, pu->os_index);
    else
        fprintf(p->out, "%*s", p->pu_width, "-");
}

static void print_cell(const picture *p, hwloc_obj_t core)
{
    hwloc_obj_t pu = NULL;
    fputc('[', p->out);
    for (bool more = false;; more = true) {
        pu = hwloc_get_next_obj_inside_cpuset_by_type(p->machine, core->cpuset, HWLOC_OBJ_PU, pu);
        if (!pu)
            break;
        fputs(more ? " " : "", p->out);
        print_pu(p, pu);
    }
    fputc(']', p->out);
}

static int print_label(const picture *p, const spot *s)
{
    char size[32], type[16];
    if (!s->cache)
        return fprintf(p->out, "   ");
    hwloc_obj_type_snprintf(type, sizeof type, s->cache, 0);
    return fprintf(p->out, "    %s %s ", type,
                   bytes(s->cache->attr->cache.size, size, sizeof size));
}

static hwloc_obj_t unit_at(const picture *p, int k)
{
    return hwloc_get_obj_by_type(p->machine, p->unit, (unsigned)k);
}

static bool same_row(const spot *a, const spot *b)
{
    return a->package == b->package && a->numa == b->numa && a->cache == b->cache;
}

/* The cores from `first` on that share a spot; returns the first one that does not. */
static int print_row(const picture *p, int first, const spot *s)
{
    const int label = print_label(p, s);
    for (int k = first; k < p->units; k++) {
        const spot here = spot_of(p, unit_at(p, k));
        if (!same_row(s, &here))
            return fputc('\n', p->out), k;
        if (k > first && (k - first) % p->cells_a_line == 0)
            fprintf(p->out, "\n%*s", label, "");
        fputc(' ', p->out);
        print_cell(p, unit_at(p, k));
    }
    fputc('\n', p->out);
    return p->units;
}

/* ---- the whole ---- */

static void print_counts(const picture *p)
{
    static const struct {
        hwloc_obj_type_t type;
        const char *one, *many;
    } kinds[] = {
        { HWLOC_OBJ_PACKAGE, "package", "packages" },
        { HWLOC_OBJ_NUMANODE, "NUMA node", "NUMA nodes" },
        { HWLOC_OBJ_CORE, "core", "cores" },
        { HWLOC_OBJ_PU, "PU", "PUs" },
    };
    fputs("machine: ", p->out);
    for (size_t k = 0, named = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const int n = hwloc_get_nbobjs_by_type(p->machine, kinds[k].type);
        if (n > 0)
            fprintf(p->out, "%s%d %s", named++ ? ", " : "", n,
                    n == 1 ? kinds[k].one : kinds[k].many);
    }
    fputc('\n', p->out);
}

static void print_caches(const picture *p)
{
    char type[16], size[32];
    size_t named = 0;
    for (int depth = 0; depth < hwloc_topology_get_depth(p->machine); depth++) {
        hwloc_obj_t o = hwloc_get_obj_by_depth(p->machine, depth, 0);
        if (!hwloc_obj_type_is_dcache(o->type))
            continue;
        hwloc_obj_type_snprintf(type, sizeof type, o, 0);
        fprintf(p->out, "%s%d x %s %s",
                named++ ? ", " : "caches: ", hwloc_get_nbobjs_by_depth(p->machine, depth), type,
                bytes(o->attr->cache.size, size, sizeof size));
    }
    if (named)
        fputc('\n', p->out);
}

static int digits(int n) { return snprintf(NULL, 0, "%d", n); }

/* Cells are as wide as the widest, and a line holds a power of two of them. */
static void lay_out(picture *p)
{
    const int pus = hwloc_get_nbobjs_by_type(p->machine, HWLOC_OBJ_PU);
    p->pu_width = digits(hwloc_bitmap_last(hwloc_topology_get_complete_cpuset(p->machine)));
    const int a_core = (pus + p->units - 1) / p->units;
    p->cell_width = 2 + a_core * (p->pu_width + 1);
    p->cells_a_line = most_cells;
    while (p->cells_a_line > 1 && p->cells_a_line * p->cell_width > line_width)
        p->cells_a_line /= 2;
}

static bool load(picture *p)
{
    if (hwloc_topology_init(&p->machine))
        return false;
    hwloc_topology_set_flags(p->machine, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
    if (hwloc_topology_load(p->machine)) {
        hwloc_topology_destroy(p->machine);
        return false;
    }
    const int cores = hwloc_get_nbobjs_by_type(p->machine, HWLOC_OBJ_CORE);
    p->unit = cores > 0 ? HWLOC_OBJ_CORE : HWLOC_OBJ_PU;
    p->units = hwloc_get_nbobjs_by_type(p->machine, p->unit);
    return true;
}

bool picture_print(FILE *out, const weft_cpus *allowed)
{
    picture p = { .out = out, .allowed = allowed };
    if (!load(&p))
        return false;
    lay_out(&p);
    print_counts(&p);
    print_caches(&p);
    if (!hwloc_topology_is_thissystem(p.machine))
        fputs("this is not the machine at hand: HWLOC_SYNTHETIC or HWLOC_XMLFILE describes it\n",
              out);
    fputc('\n', out);
    spot before = { 0 };
    for (int k = 0; k < p.units;) {
        const spot s = spot_of(&p, unit_at(&p, k));
        print_heading(&p, &s, &before);
        k = print_row(&p, k, &s);
        before = s;
    }
    hwloc_topology_destroy(p.machine);
    return true;
}
