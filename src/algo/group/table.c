/* table.c - a hash table from keys to what their values amount to.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Open addressing with linear probing and multiplicative hashing (Knuth, The Art of Computer Programming,
 * volume 3, 6.4), a quarter full at most as long as it is small: then the first look hits seven times in
 * eight. Keys that come
 * many times in a row stay in a register, since two updates of one slot have to wait for each other. */
#include "algo/group/table.h"

#include <string.h>

#include <weft/alloc.h>

enum { least_capacity = 64, sparse_most = 16 * 1024 };

static const uint64_t no_key = UINT64_MAX;

static size_t slot_size(const struct weft__table *t)
{
    return t->op == WEFT__SUM ? sizeof(struct weft__sum_slot) : sizeof(struct weft__slot);
}

static size_t place_of(const struct weft__table *t, uint64_t key)
{
    return (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> t->shift);
}

/* ---- memory ---- */

/* Keys in so many slots: a quarter, or a half where the table is large, and memory far. */
static size_t limit_of(size_t capacity)
{
    return capacity <= sparse_most ? capacity / 4 : capacity / 2;
}

struct weft__table weft__table_in(enum weft__group_op op, void *room, size_t bytes,
                                  size_t limit_most)
{
    return (
        struct weft__table){ .op = op, .slots = room, .bytes = bytes, .limit_most = limit_most };
}

void weft__table_free(struct weft__table *t)
{
    weft_dealloc(t->memory);
    t->memory = t->slots = NULL;
}

static void set_capacity(struct weft__table *t, size_t capacity)
{
    t->capacity = capacity;
    t->shift = 64 - (unsigned)__builtin_ctzll(capacity);
    t->limit = limit_of(capacity);
    t->used = 0;
    memset(t->slots, 0xff, capacity * slot_size(t));
}

bool weft__table_clear(struct weft__table *t, size_t keys)
{
    size_t capacity = least_capacity;
    while (limit_of(capacity) < keys)
        capacity *= 2;
    t->has_last = false;
    if (capacity * slot_size(t) > t->bytes) {
        void *const memory = weft_alloc(capacity * slot_size(t));
        if (!memory)
            return false;
        weft_dealloc(t->memory);
        t->slots = t->memory = memory;
        t->bytes = capacity * slot_size(t);
    }
    set_capacity(t, capacity);
    return true;
}

/* Where a key that is not there yet goes. */
static size_t free_place(const struct weft__table *t, uint64_t key)
{
    const size_t size = slot_size(t), mask = t->capacity - 1;
    size_t at = place_of(t, key);
    while (memcmp((char *)t->slots + at * size, &no_key, sizeof no_key) != 0)
        at = (at + 1) & mask;
    return at;
}

static bool grow(struct weft__table *t)
{
    const struct weft__table old = *t;
    const size_t size = slot_size(t), capacity = 4 * t->capacity;
    if (t->used >= t->limit_most)
        return false;
    void *const memory = weft_alloc(capacity * size);
    if (!memory)
        return false;
    t->slots = t->memory = memory;
    t->bytes = capacity * size;
    set_capacity(t, capacity);
    for (size_t k = 0; k < old.capacity; k++) {
        const char *const slot = (const char *)old.slots + k * size;
        uint64_t key;
        memcpy(&key, slot, sizeof key);
        if (key != no_key)
            memcpy((char *)t->slots + free_place(t, key) * size, slot, size);
    }
    t->used = old.used;
    weft_dealloc(old.memory);
    return true;
}

/* ---- adding ---- */

static inline void begin_sum(struct weft__sum_slot *s, uint64_t key, uint64_t part)
{
    *s = (struct weft__sum_slot){ .key = key, .part = part };
}

static inline void begin_plain(struct weft__slot *s, uint64_t key, enum weft__group_op op)
{
    *s = (struct weft__slot){ .key = key, .value = op == WEFT__LEAST ? UINT64_MAX : 0 };
}

/* Without a branch: where a part begins cannot be foreseen. */
static inline void update_sum(struct weft__sum_slot *s, uint64_t value, uint64_t part)
{
    double v;
    memcpy(&v, &value, sizeof v);
    const double with = s->total + s->value, before = s->part == part ? s->total : with;
    const double here = s->part == part ? s->value : 0.0;
    s->total = before;
    s->value = here + v;
    s->part = part;
}

static inline uint64_t joined(enum weft__group_op op, uint64_t a, uint64_t b)
{
    return op == WEFT__LEAST ? (a < b ? a : b) : a + b;
}

static inline __attribute__((always_inline)) void update(struct weft__slot *s,
                                                         enum weft__group_op op, uint64_t value)
{
    s->value = joined(op, s->value, value);
}

/* The slot of a key, made if there is none; NULL where the table is full. */
#define FIND(SLOT, ...)                                         \
    SLOT *const slots = t->slots;                               \
    const size_t mask = t->capacity - 1;                        \
    for (size_t at = place_of(t, key);; at = (at + 1) & mask) { \
        if (__builtin_expect(slots[at].key == key, 1))          \
            return &slots[at];                                  \
        if (slots[at].key == no_key) {                          \
            if (t->used == t->limit)                            \
                return NULL;                                    \
            t->used++;                                          \
            __VA_ARGS__;                                        \
            return &slots[at];                                  \
        }                                                       \
    }

static inline __attribute__((always_inline)) struct weft__slot *find_plain(struct weft__table *t,
                                                                           uint64_t key,
                                                                           enum weft__group_op op)
{
    FIND(struct weft__slot, begin_plain(&slots[at], key, op))
}

static inline __attribute__((always_inline)) struct weft__sum_slot *find_sum(struct weft__table *t,
                                                                             uint64_t key,
                                                                             uint64_t part)
{
    FIND(struct weft__sum_slot, begin_sum(&slots[at], key, part))
}

#undef FIND

static inline __attribute__((always_inline)) size_t add_plain(struct weft__table *table,
                                                              enum weft__group_op op,
                                                              const uint64_t *key,
                                                              const uint64_t *value, size_t n)
{
    struct weft__table local = *table, *const t = &local; /* in registers */
    size_t i = 0;
    for (; i < n; i++) {
        struct weft__slot *const s = find_plain(t, key[i], op);
        if (!s)
            break;
        update(s, op, op == WEFT__COUNT ? 1 : value[i]);
    }
    table->used = t->used;
    return i;
}

/* Where most keys equal the one before them. */
static inline __attribute__((always_inline)) size_t add_runs(struct weft__table *t,
                                                             enum weft__group_op op,
                                                             const uint64_t *key,
                                                             const uint64_t *value, size_t n)
{
    size_t end;
    for (size_t i = 0; i < n; i = end) {
        struct weft__slot *const s = find_plain(t, key[i], op);
        if (!s)
            return i;
        uint64_t all = op == WEFT__COUNT ? 1 : value[i];
        for (end = i + 1; end < n && key[end] == key[i]; end++)
            all = joined(op, all, op == WEFT__COUNT ? 1 : value[end]);
        update(s, op, all);
    }
    return n;
}

static size_t add_sums(struct weft__table *table, const uint64_t *key, const uint64_t *value,
                       size_t n, uint64_t part)
{
    struct weft__table local = *table, *const t = &local;
    size_t i = 0;
    for (; i < n; i++) {
        struct weft__sum_slot *const s = find_sum(t, key[i], part);
        if (!s)
            break;
        update_sum(s, value[i], part);
    }
    table->used = t->used;
    return i;
}

static size_t add_sum_runs(struct weft__table *t, const uint64_t *key, const uint64_t *value,
                           size_t n, uint64_t part)
{
    size_t end;
    for (size_t i = 0; i < n; i = end) {
        struct weft__sum_slot *const s = find_sum(t, key[i], part);
        if (!s)
            return i;
        struct weft__sum_slot here = *s;
        for (end = i; end < n && key[end] == key[i]; end++)
            update_sum(&here, value[end], part);
        *s = here;
    }
    return n;
}

/* Whether most of the first few keys equal the one before them. */
static bool come_in_runs(const uint64_t *key, size_t n)
{
    const size_t few = n < 64 ? n : 64;
    size_t equal = 0;
    for (size_t i = 1; i < few; i++)
        equal += key[i] == key[i - 1];
    return equal > few - few / 8;
}

/* Whether the key that has no slot in the table is among them. Upper halves first: these are compared four
 * at a time on any processor. */
static bool has_last(const uint64_t *key, size_t n)
{
    uint32_t any = 0;
    for (size_t i = 0; i < n; i++)
        any |= (uint32_t)(key[i] >> 32) == UINT32_MAX;
    for (size_t i = 0; i < n && any; i++)
        if (key[i] == no_key)
            return true;
    return false;
}

static size_t add_some(struct weft__table *t, const uint64_t *key, const uint64_t *value, size_t n,
                       uint64_t part, bool runs)
{
    switch (t->op) {
    case WEFT__COUNT:
        return runs ? add_runs(t, WEFT__COUNT, key, NULL, n)
                    : add_plain(t, WEFT__COUNT, key, NULL, n);
    case WEFT__ADD:
        return runs ? add_runs(t, WEFT__ADD, key, value, n)
                    : add_plain(t, WEFT__ADD, key, value, n);
    case WEFT__LEAST:
        return runs ? add_runs(t, WEFT__LEAST, key, value, n)
                    : add_plain(t, WEFT__LEAST, key, value, n);
    default:
        return runs ? add_sum_runs(t, key, value, n, part) : add_sums(t, key, value, n, part);
    }
}

static void add_last(struct weft__table *t, const uint64_t *value, uint64_t part)
{
    if (!t->has_last && t->op == WEFT__SUM)
        begin_sum(&t->last.sum, no_key, part);
    else if (!t->has_last)
        begin_plain(&t->last.plain, no_key, t->op);
    t->has_last = true;
    if (t->op == WEFT__SUM)
        update_sum(&t->last.sum, *value, part);
    else
        update(&t->last.plain, t->op, t->op == WEFT__COUNT ? 1 : *value);
}

static size_t add_one(struct weft__table *t, const uint64_t *key, const uint64_t *value,
                      uint64_t part)
{
    if (*key != no_key)
        return add_some(t, key, value, 1, part, false);
    add_last(t, value, part);
    return 1;
}

static size_t add_until_full(struct weft__table *t, const uint64_t *key, const uint64_t *value,
                             size_t n, uint64_t part)
{
    if (!has_last(key, n))
        return add_some(t, key, value, n, part, come_in_runs(key, n));
    for (size_t i = 0; i < n; i++)
        if (!add_one(t, key + i, value ? value + i : NULL, part))
            return i;
    return n;
}

size_t weft__table_add(struct weft__table *t, const uint64_t *key, const uint64_t *value, size_t n,
                       uint64_t part)
{
    size_t i = 0;
    do
        i += add_until_full(t, key + i, value ? value + i : NULL, n - i, part);
    while (i < n && grow(t));
    return i;
}

/* ---- what is in it ---- */

size_t weft__table_keys(const struct weft__table *t) { return t->used + t->has_last; }

static uint64_t value_of(const struct weft__table *t, const void *slot)
{
    if (t->op != WEFT__SUM)
        return ((const struct weft__slot *)slot)->value;
    const struct weft__sum_slot *const s = slot;
    const double sum = s->total + s->value;
    uint64_t value;
    memcpy(&value, &sum, sizeof value);
    return value;
}

void weft__table_list(const struct weft__table *t, uint64_t *key, uint64_t *value)
{
    const size_t size = slot_size(t);
    size_t count = 0;
    for (size_t k = 0; k < t->capacity; k++) {
        const char *const slot = (const char *)t->slots + k * size;
        uint64_t found;
        memcpy(&found, slot, sizeof found);
        if (found == no_key)
            continue;
        key[count] = found;
        value[count++] = value_of(t, slot);
    }
    if (t->has_last) {
        key[count] = no_key;
        value[count] = value_of(t, &t->last);
    }
}
