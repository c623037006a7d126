/* wordcount.c - map and reduce over real text: lines, words, and how often each word occurs.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A word is a run of bytes without white space, as in wc(1). It belongs to the range in which it
 * begins and may reach beyond its end, so no word is cut, however the text is cut.
 *
 *     map     each range of bytes    -> its counts, and a table of its words
 *     reduce  neighbours             -> sums of the counts, one list of the tables
 *     gather  each shard of hashes   -> one table, from all in the list
 *
 * Merging two tables takes as long as making one, and the last merge would run on one thread alone.
 * Lists merge at no cost; the shards are then gathered side by side. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft.h>

#include "corpus.h"
#include "kernel.h"
#include "words.h"

enum {
    top_words = 5,
    memory_share = 16 /* of the memory that is there, one part for the text: tables take 11 */
};

/* What a range of the text amounts to; zero is that of no text. */
typedef struct tally {
    size_t lines, words;
    struct words *first, *last; /* tables, in a list */
} tally;

typedef struct wordcount {
    corpus text;
    tally tally;
    words *shards[words_shards];
} wordcount;

static bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* Finds the next word that begins in r, and moves r behind it; false where there is none. */
static bool next_word(const corpus *t, weft_range *r, word *w)
{
    const char *bytes = t->bytes;
    size_t i = r->begin;
    while (i < r->end && is_space(bytes[i]))
        i++;
    if (i >= r->end)
        return false;
    size_t end = i;
    while (end < t->size && !is_space(bytes[end]))
        end++;
    *w = (word){ bytes + i, end - i, 1, words_hash(bytes + i, end - i) };
    r->begin = end;
    return true;
}

static size_t count_lines(const char *bytes, weft_range r)
{
    size_t lines = 0;
    weft_each (i, r)
        lines += bytes[i] == '\n';
    return lines;
}

/* weft_fold */
static void fold(void *acc, weft_range r, void *ctx)
{
    tally *t = acc;
    const corpus *text = ctx;
    if (!t->last)
        t->first = t->last = words_new();
    t->lines += count_lines(text->bytes, r);
    while (r.begin < r.end && r.begin > 0 && !is_space(text->bytes[r.begin - 1]) &&
           !is_space(text->bytes[r.begin]))
        r.begin++; /* the rest of a word that began before this range */
    for (word w; next_word(text, &r, &w); t->words++)
        words_add(t->last, w);
}

/* weft_merge: appends a list to a list. */
static void merge(void *into, const void *from)
{
    tally *a = into;
    const tally *b = from;
    a->lines += b->lines, a->words += b->words;
    if (!b->first)
        return;
    if (a->last)
        a->last->next = b->first;
    else
        a->first = b->first;
    a->last = b->last;
}

static words *gather(const words *list, size_t shard)
{
    words *into = words_new_shard();
    for (; list; list = list->next)
        words_add_shard(into, list, shard);
    return into;
}

static void forget(wordcount *c)
{
    words_free(c->tally.first);
    c->tally = (tally){ 0 };
    for (size_t s = 0; s < words_shards; s++)
        words_free(c->shards[s]), c->shards[s] = NULL;
}

void wordcount_run(job *j)
{
    wordcount *c = j->data;
    forget(c);
    weft_reduce(c->text.size, &c->tally, sizeof c->tally, fold, merge, &c->text);
    weft_for_dynamic (s, words_shards)
        c->shards[s] = gather(c->tally.first, s);
}

/* ---- the reference: one thread, one table, word by word ---- */

static words *count_serially(const corpus *t, tally *gold)
{
    words *all = words_new();
    for (size_t i = 0; i < t->size;) {
        const size_t begin = i;
        while (i < t->size && !is_space(t->bytes[i]))
            i++;
        if (i > begin)
            gold->words++, words_add(all, (word){ t->bytes + begin, i - begin, 1,
                                                  words_hash(t->bytes + begin, i - begin) });
        else
            gold->lines += t->bytes[i++] == '\n';
    }
    return all;
}

/* As many different words as expected, each as often. */
static bool shards_equal(const wordcount *c, const words *expected)
{
    size_t used = 0;
    for (size_t s = 0; s < words_shards; s++) {
        if (!words_within(c->shards[s], expected))
            return false;
        used += c->shards[s]->used;
    }
    return used == expected->used;
}

static void print_answer(const wordcount *c, const words *all)
{
    word top[top_words];
    const size_t n = words_top(all, top, top_words);
    printf("wordcount: %zu files, %zu lines, %zu words, %zu bytes, %zu different words\n",
           c->text.files, c->tally.lines, c->tally.words, c->text.size, all->used);
    for (size_t k = 0; k < n; k++)
        printf("%9zu %.*s\n", top[k].count, (int)top[k].length, top[k].text);
}

static bool wordcount_check(job *j)
{
    const wordcount *c = j->data;
    j->items = (double)c->tally.words;
    tally gold = { 0 };
    words *expected = count_serially(&c->text, &gold);
    bool good = true;
    if (c->tally.lines != gold.lines || c->tally.words != gold.words)
        good = complain("wordcount: %zu lines, %zu words: it must be %zu, %zu", c->tally.lines,
                        c->tally.words, gold.lines, gold.words);
    else if (!shards_equal(c, expected))
        good = complain("wordcount: a word is counted wrong");
    else
        print_answer(c, expected);
    words_free(expected);
    return good;
}

/* 1: a word is counted once too often. 2: there is a line too many. */
static void wordcount_spoil(job *j, size_t way)
{
    wordcount *c = j->data;
    c->tally.lines += way == 2;
    for (size_t s = 0; way == 1 && s < words_shards; s++)
        for (size_t k = 0; k < c->shards[s]->cap; k++)
            if (c->shards[s]->slot[k].count) {
                c->shards[s]->slot[k].count++;
                return;
            }
}

/* ---- the text ---- */

/* Text that every Debian machine has, the dullest last. */
static const char *const everywhere[] = { "/usr/share/common-licenses", "/usr/share/perl",
                                          "/usr/share/perl5", "/usr/share/doc", "/usr/include" };
enum { folders = sizeof everywhere / sizeof *everywhere };

/* Those of these folders that are there. */
static bool read_everywhere(corpus *t, size_t most, size_t memory)
{
    const char *there[folders];
    size_t count = 0;
    for (size_t k = 0; k < folders; k++)
        if (access(everywhere[k], R_OK | X_OK) == 0)
            there[count++] = everywhere[k];
    const bool good = corpus_read(t, there, count, most, memory);
    printf("wordcount: text below /usr/share and /usr/include; --input takes other files\n");
    return good;
}

/* Freed memory stays ours from run to run: to give pages back interrupts every other core. */
static void keep_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
}

static bool wordcount_open(job *j)
{
    keep_memory();
    wordcount *c = j->data = calloc(1, sizeof *c);
    if (!c)
        return complain("wordcount: there is no memory");
    const size_t memory = j->memory / memory_share;
    if (!(j->input_count ? corpus_read(&c->text, j->inputs, j->input_count, j->n, memory)
                         : read_everywhere(&c->text, j->n, memory)))
        return false;
    if (!c->text.files)
        return complain(j->input_count ? "--input %s: there is no text in it"
                                       : "wordcount: there is no text in %s: --input names other",
                        j->input_count ? j->inputs[0] : everywhere[0]);
    j->bytes = (double)c->text.size;
    return true;
}

static void wordcount_close(job *j)
{
    wordcount *c = j->data;
    if (!c)
        return;
    forget(c);
    weft_dealloc(c->text.bytes);
    free(c);
}

const problem wordcount_problem = { .name = "wordcount",
                                    .unit = "bytes",
                                    .item = "words",
                                    .n = 16 << 20,
                                    .each = 1,
                                    .reads_input = true,
                                    .open = wordcount_open,
                                    .check = wordcount_check,
                                    .spoil = wordcount_spoil,
                                    .ways = 2,
                                    .close = wordcount_close };
