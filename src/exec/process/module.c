/* module.c - a function's place in the file it was loaded from, which another process finds again.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * dl_iterate_phdr() knows what is loaded, in static programs too.
 *
 * A constructor of a library runs before those of the program, and before those of libraries that need
 * it. To come after all of them it takes the place of the program's last one, in the list of them, and
 * calls that first.
 *
 * Owns two globals: that last one, and what is called behind it. */
#include "exec/process/module.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <elf.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

/* ---- one file ---- */

static const ElfW(Phdr) * segment(const struct dl_phdr_info *m, ElfW(Word) type)
{
    for (size_t k = 0; k < m->dlpi_phnum; k++)
        if (m->dlpi_phdr[k].p_type == type)
            return &m->dlpi_phdr[k];
    return NULL;
}

/* FNV-1a. */
static uint64_t hash(uint64_t h, const void *bytes, size_t size)
{
    for (size_t k = 0; k < size; k++)
        h = (h ^ ((const unsigned char *)bytes)[k]) * 0x100000001b3;
    return h;
}

static uint64_t mark_of(const struct dl_phdr_info *m)
{
    uint64_t h = hash(0xcbf29ce484222325, m->dlpi_phdr, m->dlpi_phnum * sizeof *m->dlpi_phdr);
    for (size_t k = 0; k < m->dlpi_phnum; k++)
        if (m->dlpi_phdr[k].p_type == PT_NOTE) /* the build id, if there is one */
            h = hash(h, (const char *)m->dlpi_addr + m->dlpi_phdr[k].p_vaddr,
                     m->dlpi_phdr[k].p_memsz);
    return h;
}

/* Code that was loaded from the file. */
static bool holds(const struct dl_phdr_info *m, size_t offset)
{
    for (size_t k = 0; k < m->dlpi_phnum; k++) {
        const ElfW(Phdr) *const s = &m->dlpi_phdr[k];
        if (s->p_type == PT_LOAD && (s->p_flags & PF_X) && offset - s->p_vaddr < s->p_filesz)
            return true;
    }
    return false;
}

/* ---- spots ---- */

struct search {
    const void *function;
    struct weft__spot *spot;
    const char **path;
};

static int look_for_function(struct dl_phdr_info *m, size_t size, void *search)
{
    const struct search *const s = search;
    const size_t offset = (uintptr_t)s->function - m->dlpi_addr;
    (void)size;
    if (!holds(m, offset))
        return 0;
    *s->spot = (struct weft__spot){ mark_of(m), offset };
    *s->path = m->dlpi_name;
    return 1;
}

bool weft__spot_of(const void *function, struct weft__spot *spot, const char **path)
{
    return dl_iterate_phdr(look_for_function, &(struct search){ function, spot, path }) != 0;
}

struct find {
    const struct weft__spot *spot;
    void *function;
};

static int look_for_spot(struct dl_phdr_info *m, size_t size, void *find)
{
    struct find *const f = find;
    (void)size;
    if (!holds(m, f->spot->offset) || mark_of(m) != f->spot->mark)
        return 0;
    f->function = (void *)(m->dlpi_addr + f->spot->offset);
    return 1;
}

void *weft__spot_find(const struct weft__spot *spot)
{
    struct find f = { spot, NULL };
    (void)dl_iterate_phdr(look_for_spot, &f);
    return f.function;
}

/* ---- what is loaded with the program ---- */

struct file {
    const ElfW(Dyn) * dynamic; /* NULL: it says nothing about itself */
    const char *path, *text, *name;
    bool linked, holds_it;
};

struct files {
    const void *function;
    size_t count, room;
    struct file *all; /* the program first */
};

/* The loader has made addresses of the offsets in the file, where the table may be written to. */
static const void *address(const struct dl_phdr_info *m, ElfW(Addr) a)
{
    return (const void *)(a < m->dlpi_addr ? a + m->dlpi_addr : a);
}

static struct file describe(const struct dl_phdr_info *m, const void *function)
{
    const ElfW(Phdr) *const s = segment(m, PT_DYNAMIC);
    struct file f = { .path = m->dlpi_name,
                      .holds_it = holds(m, (uintptr_t)function - m->dlpi_addr) };
    f.dynamic = s ? (const void *)(m->dlpi_addr + s->p_vaddr) : NULL;
    for (const ElfW(Dyn) *d = f.dynamic; d && d->d_tag != DT_NULL; d++)
        if (d->d_tag == DT_STRTAB)
            f.text = address(m, d->d_un.d_ptr);
    for (const ElfW(Dyn) *d = f.dynamic; d && f.text && d->d_tag != DT_NULL; d++)
        if (d->d_tag == DT_SONAME)
            f.name = f.text + d->d_un.d_val;
    return f;
}

static int count(struct dl_phdr_info *m, size_t size, void *files)
{
    (void)m, (void)size;
    ((struct files *)files)->room++;
    return 0;
}

static int list(struct dl_phdr_info *m, size_t size, void *files)
{
    struct files *const f = files;
    (void)size;
    if (f->count <
        f->room) /* another thread may load more meanwhile: those are not the program's */
        f->all[f->count++] = describe(m, f->function);
    return 0;
}

/* Marks those that it needs; whether any of them was not marked before. */
static bool mark_needs(const struct files *f, const struct file *of)
{
    bool any = false;
    for (const ElfW(Dyn) *d = of->dynamic; d && of->text && d->d_tag != DT_NULL; d++)
        for (size_t k = 0; d->d_tag == DT_NEEDED && k < f->count; k++) {
            struct file *const other = &f->all[k];
            const char *const needed = of->text + d->d_un.d_val;
            if (other->linked || strcmp(needed, other->name ? other->name : other->path) != 0)
                continue;
            other->linked = any = true;
        }
    return any;
}

static bool is_linked(const struct files *f)
{
    f->all[0].linked = true;
    for (bool any = true; any;) {
        any = false;
        for (size_t k = 0; k < f->count; k++)
            any |= f->all[k].linked && mark_needs(f, &f->all[k]);
    }
    for (size_t k = 0; k < f->count; k++)
        if (f->all[k].holds_it)
            return f->all[k].linked;
    return false;
}

int weft__check_linked(const void *function)
{
    struct files f = { .function = function };
    (void)dl_iterate_phdr(count, &f);
    f.all = calloc(f.room, sizeof *f.all);
    if (!f.all)
        return ENOMEM;
    (void)dl_iterate_phdr(list, &f);
    const bool linked = is_linked(&f);
    free(f.all);
    return linked ? 0 : ENOENT;
}

/* ---- the program itself ---- */

static int take_first(struct dl_phdr_info *m, size_t size, void *program)
{
    (void)size;
    *(struct dl_phdr_info *)program = *m;
    return 1;
}

static struct dl_phdr_info program(void)
{
    struct dl_phdr_info p = { 0 };
    (void)dl_iterate_phdr(take_first, &p);
    return p;
}

bool weft__is_loaders_argument(void)
{
    const struct dl_phdr_info p = program();
    return segment(&p, PT_INTERP) && getauxval(AT_BASE) == 0; /* the system has loaded no loader */
}

/* ---- before main() ---- */

static weft__constructor *last;
static void (*before_main)(void);

static void call_last_and_go_on(int argc, char **argv, char **env)
{
    last(argc, argv, env);
    before_main();
}

/* Of the linker's; NULL in a library. */
extern weft__constructor *__init_array_end[] __attribute__((weak, visibility("hidden")));

/* Where the program has the address of its last constructor, or NULL. A static one has no section
 * that says so. */
static weft__constructor **find_last(const struct dl_phdr_info *p)
{
    const ElfW(Phdr) *const s = segment(p, PT_DYNAMIC);
    ElfW(Addr) begin = 0, size = 0;
    for (const ElfW(Dyn) *d = s ? (const void *)(p->dlpi_addr + s->p_vaddr) : NULL;
         d && d->d_tag != DT_NULL; d++) {
        if (d->d_tag == DT_INIT_ARRAY)
            begin = p->dlpi_addr + d->d_un.d_ptr;
        if (d->d_tag == DT_INIT_ARRAYSZ)
            size = d->d_un.d_val;
    }
    weft__constructor **const end =
        begin && size ? (weft__constructor **)(begin + size) : __init_array_end;
    return end ? end - 1 : NULL;
}

static bool allow(const void *place, int protection)
{
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    return mprotect((void *)((uintptr_t)place / page * page), page, protection) == 0;
}

static bool is_read_only(const struct dl_phdr_info *p, const void *place)
{
    const ElfW(Phdr) *const s = segment(p, PT_GNU_RELRO);
    return s && (uintptr_t)place - p->dlpi_addr - s->p_vaddr < s->p_memsz;
}

void weft__call_before_main(void (*function)(void), weft__constructor *self)
{
    const struct dl_phdr_info p = program();
    weft__constructor **const place = find_last(&p);
    if (!place || *place == self || !allow(place, PROT_READ | PROT_WRITE)) {
        function();
        return;
    }
    last = *place, before_main = function;
    *place = call_last_and_go_on;
    if (is_read_only(&p, place))
        (void)allow(place, PROT_READ);
}
