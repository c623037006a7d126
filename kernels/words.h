/* words.h - how often each word occurs: a hash table whose slots are in the order of hashes.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef KERNELS_WORDS_H
#define KERNELS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { words_shards = 64 };

typedef struct word {
    const char *text; /* not owned, not terminated */
    size_t length, count;
    uint64_t hash;
} word;

typedef struct words {
    word *slot; /* cap of them; count 0 is free */
    size_t cap, used;
    struct words *next; /* in a list of the caller's */
} words;

/* words_new - an empty table; NULL where there is no memory. words_free frees a list of them. */
words *words_new(void);
void words_free(words *list);

/* words_add - the word occurred w.count more times; aborts where there is no memory. */
void words_add(words *t, word w);
uint64_t words_hash(const char *text, size_t length);

/* words_add_shard - adds to `into` what `from` holds of one shard. Shards part the words by their
 * hash, so different shards may be added to different tables at once. */
void words_add_shard(words *into, const words *from, size_t shard);

/* words_equal - whether both hold the same words as often. */
bool words_equal(const words *a, const words *b);

/* words_top - the n most frequent, most frequent first, ties in alphabetical order; returns how many
 * there are of these. */
size_t words_top(const words *t, word *top, size_t n);

#endif
