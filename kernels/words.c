/* words.c - how often each word occurs: hash tables that can be cut into shards.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A word's home is its hash scaled to the table, so a shard, which is a range of hashes, is a range of
 * slots and what was pushed out of its end by linear probing. Half of the slots are free at least, so
 * every run of used slots ends.
 *
 *     slots   |  shard 0  |  shard 1 >|>  shard 2  | ...
 *
 * The words of one shard share the upper bits of their hashes. A table for them alone skips these
 * bits: with them all its words would want to live in one piece of it. */
#include "words.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"

enum { first_cap = 1024 }; /* a power of two, and at least words_shards */

static size_t home(const words *t, uint64_t hash)
{
    return (size_t)(hash << t->skip >> (64 - __builtin_ctzll(t->cap)));
}

static bool same_word(const word *a, const word *b)
{
    return a->hash == b->hash && a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* The slot that holds w, or the free one where it belongs. */
static word *find(const words *t, const word *w)
{
    size_t k = home(t, w->hash);
    while (t->slot[k].count && !same_word(&t->slot[k], w))
        k = (k + 1) & (t->cap - 1);
    return &t->slot[k];
}

/* Zeroed; a thread that has no memory ends the program, with a word about it. */
static void *room_for(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (!memory) {
        complain("there is no memory for %zu words more: -n takes less text", count);
        _exit(exit_usage);
    }
    return memory;
}

static void grow(words *t)
{
    const words old = *t;
    t->cap *= 2;
    t->slot = room_for(t->cap, sizeof *t->slot);
    for (size_t k = 0; k < old.cap; k++)
        if (old.slot[k].count)
            *find(t, &old.slot[k]) = old.slot[k];
    free(old.slot);
}

static words *new_table(unsigned skip)
{
    words *t = room_for(1, sizeof *t);
    t->skip = skip, t->cap = first_cap;
    t->slot = room_for(t->cap, sizeof *t->slot);
    return t;
}

words *words_new(void) { return new_table(0); }
words *words_new_shard(void) { return new_table(words_shard_bits); }

void words_free(words *list)
{
    while (list) {
        words *next = list->next;
        free(list->slot);
        free(list);
        list = next;
    }
}

void words_add(words *t, word w)
{
    word *slot = find(t, &w);
    if (slot->count) {
        slot->count += w.count;
        return;
    }
    *slot = w;
    if (2 * ++t->used > t->cap)
        grow(t);
}

/* FNV-1a, then mixed: the upper bits choose the slot. */
uint64_t words_hash(const char *text, size_t length)
{
    uint64_t h = 0xcbf29ce484222325u;
    for (size_t k = 0; k < length; k++)
        h = (h ^ (unsigned char)text[k]) * 0x100000001b3u;
    return (h ^ (h >> 32)) * 0x9e3779b97f4a7c15u;
}

void words_add_shard(words *into, const words *from, size_t shard)
{
    const size_t size = from->cap / words_shards, begin = shard * size, end = begin + size;
    for (size_t k = begin; k < end || from->slot[k & (from->cap - 1)].count; k++) {
        const word *w = &from->slot[k & (from->cap - 1)];
        if (w->count && home(from, w->hash) / size == shard)
            words_add(into, *w);
    }
}

bool words_within(const words *part, const words *whole)
{
    for (size_t k = 0; k < part->cap; k++)
        if (part->slot[k].count && find(whole, &part->slot[k])->count != part->slot[k].count)
            return false;
    return true;
}

static bool precedes(const word *a, const word *b)
{
    if (a->count != b->count)
        return a->count > b->count;
    const size_t common = a->length < b->length ? a->length : b->length;
    const int order = memcmp(a->text, b->text, common);
    return order ? order < 0 : a->length < b->length;
}

size_t words_top(const words *t, word *top, size_t n)
{
    size_t found = 0;
    for (size_t k = 0; k < t->cap; k++) {
        if (!t->slot[k].count || (found == n && !precedes(&t->slot[k], &top[n - 1])))
            continue;
        found += found < n;
        size_t at = found - 1;
        for (; at > 0 && precedes(&t->slot[k], &top[at - 1]); at--)
            top[at] = top[at - 1];
        top[at] = t->slot[k];
    }
    return found;
}
