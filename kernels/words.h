/* words.h - how often each word occurs: hash tables that can be cut into shards.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef KERNELS_WORDS_H
#define KERNELS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { words_shard_bits = 6, words_shards = 1 << words_shard_bits };

typedef struct word {
    const char *text; /* not owned, not terminated */
    size_t length, count;
    uint64_t hash;
} word;

typedef struct words {
    word *slot; /* cap of them; count 0 is free */
    size_t cap, used;
    unsigned skip;      /* upper bits of the hash that all its words share */
    struct words *next; /* in a list of the caller's */
} words;

/* words_new - an empty table for all words; words_new_shard - for the words of one shard. Both end
 * the program where there is no memory. words_free frees a list of them. */
words *words_new(void);
words *words_new_shard(void);
void words_free(words *list);

/* words_add - the word occurred w.count more times; ends the program where there is no memory. */
void words_add(words *t, word w);
uint64_t words_hash(const char *text, size_t length);

/* words_add_shard - adds to `into` what `from`, a table for all words, holds of one shard. Shards part
 * the words by their hash, so different shards may be added to different tables at once. */
void words_add_shard(words *into, const words *from, size_t shard);

/* words_within - whether every word of `part` occurs in `whole` as often. */
bool words_within(const words *part, const words *whole);

/* words_top - the n most frequent, most frequent first, ties in alphabetical order; returns how many
 * there are of these. */
size_t words_top(const words *t, word *top, size_t n);

#endif
