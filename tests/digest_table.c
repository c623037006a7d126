/* digest_table.c - asserts that digests are those of digests.txt.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "digest_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"

struct line {
    struct digest digest;
    char name[60];
};

static struct line *table; /* what the file has, read once */
static size_t lines;

static bool parse(const char *text, struct line *l)
{
    unsigned long long part[digest_parts];
    if (sscanf(text, "%llx %llx %llx %llx %59[^\n]", &part[FEW], &part[INPUTS], &part[BLOCKS],
               &part[LARGE], l->name) != digest_parts + 1)
        return false;
    for (size_t k = 0; k < digest_parts; k++)
        l->digest.part[k] = part[k];
    return true;
}

/* Never freed: it is there for all tests. */
static void read_table(void)
{
    char text[200];
    FILE *const f = fopen("tests/digests.txt", "re");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    table = malloc(1000 * sizeof *table);
    while (lines < 1000 && fgets(text, sizeof text, f))
        lines += text[0] != '#' && parse(text, &table[lines]);
    fclose(f);
}

size_t digest_lines(void)
{
    if (!table)
        read_table();
    return lines;
}

static const struct digest *expected(const char *name)
{
    for (size_t k = 0; k < digest_lines(); k++)
        if (strcmp(table[k].name, name) == 0)
            return &table[k].digest;
    return NULL;
}

static void expect_digest(const char *name, const struct digest *d, unsigned parts,
                          const char *where)
{
    static const char *const part_name[digest_parts] = { "few", "inputs", "blocks", "large" };
    const struct digest *const e = expected(name);
    bool same = e;
    if (!e)
        printf("\n    %s is not in digests.txt", name);
    for (size_t part = 0; e && part < digest_parts; part++)
        if (parts >> part & 1 && d->part[part] != e->part[part]) {
            printf("\n    %s, %s: %s differs", name, where, part_name[part]);
            same = false;
        }
    CU_ASSERT_TRUE(same);
}

void expect_digests(const struct family *f, unsigned parts, digest_call *call, const char *where)
{
    struct digest *const d = malloc(f->count * sizeof *d);
    digest_family(f, parts, call, d);
    for (size_t k = 0; k < f->count; k++)
        if (!f->fast || !f->law[k].calculates)
            expect_digest(f->law[k].name, &d[k], parts, where);
    free(d);
}

void expect_table(char *text, unsigned parts, const char *where)
{
    size_t seen = 0;
    struct line l;
    char *rest;
    for (char *t = strtok_r(text, "\n", &rest); t; t = strtok_r(NULL, "\n", &rest))
        if (t[0] != '#' && parse(t, &l)) {
            expect_digest(l.name, &l.digest, parts, where);
            seen++;
        }
    CU_ASSERT_EQUAL(seen, digest_lines());
}
