/* cpus.c - a set of CPUs: its members, and the lists that Linux writes.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/cpus.h>

#include <stdio.h>
#include <string.h>

#include "base/detail.h"
#include "place/list.h"

enum { bits_a_word = 64, longest_list = 4096 }; /* 512 separate CPUs take under 2.5 KiB */

bool weft_cpus_has(const weft_cpus *set, size_t cpu)
{
    return cpu < WEFT_CPUS_MAX && (set->bits[cpu / bits_a_word] >> cpu % bits_a_word & 1);
}

void weft_cpus_add(weft_cpus *set, size_t cpu)
{
    if (cpu < WEFT_CPUS_MAX)
        set->bits[cpu / bits_a_word] |= UINT64_C(1) << cpu % bits_a_word;
}

size_t weft_cpus_count(const weft_cpus *set)
{
    size_t n = 0;
    for (size_t k = 0; k < WEFT_CPUS_MAX / bits_a_word; k++)
        n += (size_t)__builtin_popcountll(set->bits[k]);
    return n;
}

bool weft_cpus_equal(const weft_cpus *a, const weft_cpus *b)
{
    return memcmp(a->bits, b->bits, sizeof a->bits) == 0;
}

/* ---- lists ---- */

weft_status weft_cpus_parse(weft_cpus *set, const char *list)
{
    weft_cpus read = { { 0 } };
    weft__list l = { .rest = list };
    for (size_t cpu; weft__list_next(&l, &cpu);)
        weft_cpus_add(&read, cpu);
    if (l.broken)
        return weft__fail(
            WEFT_EINVAL,
            "weft_cpus_parse: list is \"%s\": it must be like \"0-3,8,10-12:2\", with "
            "CPUs from 0 to %d",
            list, WEFT_CPUS_MAX - 1);
    *set = read;
    return WEFT_OK;
}

static size_t first_from(const weft_cpus *set, size_t cpu)
{
    while (cpu < WEFT_CPUS_MAX && !weft_cpus_has(set, cpu))
        cpu++;
    return cpu;
}

static void write_all(const weft_cpus *set, char *text)
{
    *text = '\0';
    for (size_t first = first_from(set, 0), end; first < WEFT_CPUS_MAX;
         first = first_from(set, end)) {
        for (end = first + 1; weft_cpus_has(set, end);)
            end++;
        text += sprintf(text, end - first > 1 ? "%zu-%zu" : "%zu", first, end - 1);
        if (first_from(set, end) < WEFT_CPUS_MAX)
            *text++ = ',';
    }
}

/* Cuts behind a comma, so that no number is left by half. */
static void cut(const char *all, char *text, size_t size)
{
    static const char dots[] = "...";
    size_t room = size > sizeof dots ? size - sizeof dots : 0;
    while (room > 0 && all[room - 1] != ',')
        room--;
    memcpy(text, all, room);
    snprintf(text + room, size - room, "%s", dots);
}

char *weft_cpus_format(const weft_cpus *set, char *text, size_t size)
{
    char all[longest_list];
    write_all(set, all);
    if (strlen(all) < size)
        strcpy(text, all);
    else if (size > 0)
        cut(all, text, size);
    return text;
}
