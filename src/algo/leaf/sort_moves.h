/* sort_moves.h - moves keys and their values; included once for each width of both.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Scatter: a store to a line that is not in the cache reads the line first, and a thousand open
 * buckets fit no L1 cache and no TLB. So each bucket has a line of its own that is filled in the L2
 * cache and written to memory at once, past the cache: three times as fast. Whether it is full is a
 * branch that is mispredicted whenever it is, so a line here is four of the cache's.
 *
 * Run: two counting passes over the bits that tell n keys apart, and four times as fine, so that what
 * is left to mend is rare:
 *
 *     key - least:  0 0 0 | high digit | low digit | down ... |
 *
 * Keys that agree in both digits and are many are a run of their own, with `down` bits left. */

#define KEYS_A_LINE   (weft__line / sizeof(KEY))
#define VALUES_A_LINE (weft__line / sizeof(VALUE))
#define K             OF_KEY(key)
#define LESS_ROOM     __attribute__((noinline))

/* ---- scatter ---- */

/* Where memory begins a line, counted in elements behind that. */
static inline size_t OF_BOTH(key_shift)(struct weft__column to)
{
    return (uintptr_t)to.keys / sizeof(KEY) % KEYS_A_LINE;
}

static inline size_t OF_BOTH(value_shift)(struct weft__column to)
{
    return (uintptr_t)to.values / sizeof(VALUE) % VALUES_A_LINE;
}

/* The elements of a line that were filled in before `end`, the index behind the last one. */
#define FLUSH(T, to, line, per, shift)                                             \
    do {                                                                           \
        const size_t filled = (end + (shift)-1) % (per) + 1;                       \
        const size_t mine = weft__at_most(filled, end - first);                    \
        T *const place = (T *)(to) + (end - mine);                                 \
        if (mine == (per) && (uintptr_t)place % weft__line == 0)                   \
            write_line(place, line);                                               \
        else                                                                       \
            memcpy(place, (line) + (filled - mine) * sizeof(T), mine * sizeof(T)); \
    } while (0)

static inline void OF_BOTH(flush_keys)(struct weft__column to, const struct weft__lines *lines,
                                       size_t bucket, size_t end)
{
    const size_t first = lines->first[bucket];
    const char *const line = lines->keys + bucket * weft__line;
    FLUSH(K, to.keys, line, KEYS_A_LINE, OF_BOTH(key_shift)(to));
}

#if VALUES
static inline void OF_BOTH(flush_values)(struct weft__column to, const struct weft__lines *lines,
                                         size_t bucket, size_t end)
{
    const size_t first = lines->first[bucket];
    const char *const line = lines->values + bucket * weft__line;
    FLUSH(VALUE, to.values, line, VALUES_A_LINE, OF_BOTH(value_shift)(to));
}
#endif

/* v: the values, or NULL where they are index, index + 1, ... */
static inline __attribute__((always_inline)) void OF_BOTH(scatter_tile)(
    const KEY *key, const uint16_t *bucket, const VALUE *v, size_t index, size_t n,
    struct weft__column to, struct weft__lines *lines)
{
    const size_t key_shift = OF_BOTH(key_shift)(to), value_shift = OF_BOTH(value_shift)(to);
    const struct weft__lines l = *lines; /* no store can change these */
    for (size_t i = 0; i < n; i++) {
        const size_t b = bucket[i], at = l.next[b]++;
        const size_t slot = (at + key_shift) % KEYS_A_LINE;
        ((K *)(l.keys + b * weft__line))[slot] = key[i];
#if VALUES
        const size_t value_slot = (at + value_shift) % VALUES_A_LINE;
        ((VALUE *)(l.values + b * weft__line))[value_slot] = v ? v[i] : (VALUE)(index + i);
        if (value_slot == VALUES_A_LINE - 1)
            OF_BOTH(flush_values)(to, &l, b, at + 1);
#endif
        if (slot == KEYS_A_LINE - 1)
            OF_BOTH(flush_keys)(to, &l, b, at + 1);
    }
    (void)v, (void)index, (void)value_shift;
}

/* What is left in lines that are not full. */
static void OF_BOTH(drain)(const struct weft__splitter *s, struct weft__column to,
                           struct weft__lines *lines)
{
    for (size_t b = 0; b < s->buckets; b++) {
        const size_t end = lines->next[b];
        if (end == lines->first[b])
            continue;
        if ((end + OF_BOTH(key_shift)(to)) % KEYS_A_LINE)
            OF_BOTH(flush_keys)(to, lines, b, end);
#if VALUES
        if ((end + OF_BOTH(value_shift)(to)) % VALUES_A_LINE)
            OF_BOTH(flush_values)(to, lines, b, end);
#endif
    }
    lines_written();
}

static void OF_BOTH(scatter)(const struct weft__splitter *s, struct weft__column from, size_t index,
                             size_t n, enum weft__kind kind, struct weft__column to,
                             struct weft__lines *lines)
{
    const K *const x = (const K *)from.keys + index;
    const VALUE *const v = from.values ? (const VALUE *)from.values + index : NULL;
    KEY key[tile];
    uint16_t bucket[tile];
    memcpy(lines->first, lines->next, s->buckets * sizeof *lines->first);
    for (size_t begin = 0; begin < n; begin += tile) {
        const size_t m = weft__at_most(tile, n - begin);
        const K *const keys = OF_KEY(keys_of)(x + begin, key, m, kind);
        OF_KEY(classify)(s, keys, m, bucket, (const char *)(x + begin) + ahead);
        if (v)
            OF_BOTH(scatter_tile)(keys, bucket, v + begin, 0, m, to, lines);
        else
            OF_BOTH(scatter_tile)(keys, bucket, NULL, index + begin, m, to, lines);
    }
    OF_BOTH(drain)(s, to, lines);
}

/* ---- run ---- */

static inline void OF_BOTH(insert)(K *k, VALUE *v, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const KEY key = k[i];
        size_t j = i;
#if VALUES
        const VALUE value = v[i];
#endif
        for (; j > 0 && k[j - 1] > key; j--) {
            k[j] = k[j - 1];
#if VALUES
            v[j] = v[j - 1];
#endif
        }
        k[j] = key;
#if VALUES
        v[j] = value;
#endif
    }
    (void)v;
}

/* Where the digits of a key are. */
struct OF_BOTH(digits) {
    KEY least;
    unsigned down, low, high; /* bits below them, of the low one, of the high one */
};

#define LOW_OF(d, key)  (((key) - (d).least) >> (d).down & (((size_t)1 << (d).low) - 1))
#define HIGH_OF(d, key) (((key) - (d).least) >> (d).down >> (d).low)
#define BOTH_OF(d, key) (((key) - (d).least) >> (d).down)

static inline struct OF_BOTH(digits) OF_BOTH(digits_of)(KEY least, KEY greatest, size_t n)
{
    const unsigned bits = 64 - (unsigned)__builtin_clzll((uint64_t)(greatest - least));
    const unsigned wanted = 64 - (unsigned)__builtin_clzll((uint64_t)n) + 2;
    const unsigned most = wanted < 2 * digit_most ? wanted : 2 * digit_most;
    const unsigned used = bits < most ? bits : most;
    return (struct OF_BOTH(
        digits)){ .least = least, .down = bits - used, .low = used / 2, .high = used - used / 2 };
}

static inline void OF_BOTH(counts_to_places)(size_t *count, size_t n)
{
    size_t sum = 0;
    for (size_t d = 0; d < n; d++) {
        const size_t c = count[d];
        count[d] = sum;
        sum += c;
    }
}

#define PASS(DIGIT, d, place, k, v, to_k, to_v)     \
    for (size_t i = 0; i < n; i++) {                \
        const KEY key = (k)[i];                     \
        const size_t at = (place)[DIGIT(d, key)]++; \
        (to_k)[at] = key;                           \
        MOVE_VALUE((to_v)[at], (v)[i]);             \
    }
#if VALUES
#define MOVE_VALUE(to, from) ((to) = (from))
#define VALUE_AT(v, i)       ((v) + (i))
#else
#define MOVE_VALUE(to, from) ((void)0)
#define VALUE_AT(v, i)       ((void)(v), NULL)
#endif

static LESS_ROOM void OF_BOTH(two_passes)(struct OF_BOTH(digits) d, K *k, VALUE *v, K *room_k,
                                          VALUE *room_v, size_t n)
{
    size_t low[1 << digit_most], high[1 << digit_most];
    memset(low, 0, sizeof *low << d.low);
    memset(high, 0, sizeof *high << d.high);
    for (size_t i = 0; i < n; i++) {
        low[LOW_OF(d, k[i])]++;
        high[HIGH_OF(d, k[i])]++;
    }
    OF_BOTH(counts_to_places)(low, (size_t)1 << d.low);
    OF_BOTH(counts_to_places)(high, (size_t)1 << d.high);
    PASS(LOW_OF, d, low, k, v, room_k, room_v)
    PASS(HIGH_OF, d, high, room_k, room_v, k, v)
    (void)v, (void)room_v;
}

static bool OF_BOTH(run)(struct weft__column keys, struct weft__column room, size_t n);

/* Keys are in order but for those that agree in both digits. */
static void OF_BOTH(mend)(struct OF_BOTH(digits) d, K *k, VALUE *v, K *room_k, VALUE *room_v,
                          size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (k[i - 1] <= k[i])
            continue;
        const KEY same = BOTH_OF(d, k[i]);
        size_t begin = i - 1, end = i + 1;
        while (begin > 0 && BOTH_OF(d, k[begin - 1]) == same)
            begin--;
        while (end < n && BOTH_OF(d, k[end]) == same)
            end++;
        const struct weft__column part = { k + begin, VALUE_AT(v, begin) };
        const struct weft__column more = { room_k + begin, VALUE_AT(room_v, begin) };
        if (OF_BOTH(run)(part, more, end - begin))
            memcpy(k + begin, room_k + begin, (end - begin) * sizeof(KEY));
        i = end;
    }
}

static inline void OF_BOTH(passes)(KEY least, KEY greatest, struct weft__column keys,
                                   struct weft__column room, size_t n)
{
    const struct OF_BOTH(digits) d = OF_BOTH(digits_of)(least, greatest, n);
    OF_BOTH(two_passes)(d, keys.keys, keys.values, room.keys, room.values, n);
    if (d.down)
        OF_BOTH(mend)(d, keys.keys, keys.values, room.keys, room.values, n);
}

#if defined WEFT__SORT_AVX512 && !VALUES

/* The keys of one bin, too many for a network. */
static void OF_BOTH(run_bin)(K *k, K *room, size_t n)
{
    const struct weft__column keys = { .keys = k }, more = { .keys = room };
    if (OF_BOTH(run)(keys, more, n))
        memcpy(k, room, n * sizeof(KEY));
}

/* From bins to sorted keys, in place: as many neighbours at once as a network takes. */
static inline void OF_BOTH(sort_bins)(const uint32_t *end_of, size_t bins, K *k, K *room)
{
    const size_t most = 4 * VECTOR_KEYS;
    size_t begin = 0, end = 0;
    for (size_t d = 0; d < bins; d++) {
        if (end_of[d] - begin > most) {
            OF_KEY(network)((KEY *)k + begin, end - begin);
            begin = end;
        }
        end = end_of[d];
        if (end - begin > most) {
            OF_BOTH(run_bin)(k + begin, room + begin, end - begin);
            begin = end;
        }
    }
    OF_KEY(network)((KEY *)k + begin, end - begin);
}

enum { OF_BOTH(bin_bits_most) = 12, OF_BOTH(bin_keys) = VECTOR_KEYS };

/* One pass into bins of a few keys, which networks sort there. */
static LESS_ROOM void OF_BOTH(bins_and_networks)(KEY least, KEY greatest, K *k, K *room, size_t n)
{
    uint32_t end_of[1 << OF_BOTH(bin_bits_most)];
    const unsigned bits = 64 - (unsigned)__builtin_clzll((uint64_t)(greatest - least));
    const unsigned fine = 64 - (unsigned)__builtin_clzll((uint64_t)(n / OF_BOTH(bin_keys)));
    const unsigned most = fine < OF_BOTH(bin_bits_most) ? fine : OF_BOTH(bin_bits_most);
    const unsigned down = bits > most ? bits - most : 0;
    const size_t bins = (size_t)((greatest - least) >> down) + 1;
    memset(end_of, 0, bins * sizeof *end_of);
    for (size_t i = 0; i < n; i++)
        end_of[(k[i] - least) >> down]++;
    uint32_t sum = 0;
    for (size_t d = 0; d < bins; d++) {
        const uint32_t count = end_of[d];
        end_of[d] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++) {
        const KEY key = k[i];
        room[end_of[(key - least) >> down]++] = key;
    }
    OF_BOTH(sort_bins)(end_of, bins, room, k);
}

static bool OF_BOTH(run)(struct weft__column keys, struct weft__column room, size_t n)
{
    K *const k = keys.keys;
    KEY least, greatest;
    if (n <= 4 * VECTOR_KEYS) {
        OF_KEY(network)((KEY *)k, n);
        return false;
    }
    OF_KEY(extent)(k, n, &least, &greatest);
    if (least == greatest)
        return false;
    if (n <= UINT32_MAX)
        OF_BOTH(bins_and_networks)(least, greatest, k, room.keys, n);
    else
        OF_BOTH(passes)(least, greatest, keys, room, n);
    return n <= UINT32_MAX;
}

#else

static bool OF_BOTH(run)(struct weft__column keys, struct weft__column room, size_t n)
{
    K *const k = keys.keys;
    KEY least, greatest;
    if (n <= few) {
        OF_BOTH(insert)(k, keys.values, n);
        return false;
    }
    OF_KEY(extent)(k, n, &least, &greatest);
    if (least < greatest)
        OF_BOTH(passes)(least, greatest, keys, room, n);
    return false;
}

#endif

/* ---- mirror ---- */

static void OF_BOTH(mirror)(struct weft__column x, struct weft__column y, size_t n)
{
    K *const a = x.keys, *const b = y.keys;
    for (size_t i = 0; i < n; i++) {
        const KEY t = a[i];
        a[i] = b[n - 1 - i], b[n - 1 - i] = t;
    }
#if VALUES
    VALUE *const v = x.values, *const w = y.values;
    for (size_t i = 0; i < n; i++) {
        const VALUE t = v[i];
        v[i] = w[n - 1 - i], w[n - 1 - i] = t;
    }
#endif
}

#undef OF_BOTH
#undef VALUES
#undef VALUE
#undef KEYS_A_LINE
#undef VALUES_A_LINE
#undef K
#undef LESS_ROOM
#undef FLUSH
#undef LOW_OF
#undef HIGH_OF
#undef BOTH_OF
#undef PASS
#undef MOVE_VALUE
#undef VALUE_AT
