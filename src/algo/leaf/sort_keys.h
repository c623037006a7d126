/* sort_keys.h - elements as keys, keys to buckets; included once for each width of a key.
 * SPDX-License-Identifier: BSD-3-Clause */

typedef KEY OF_KEY(key) __attribute__((may_alias));

enum { OF_KEY(bits) = 8 * sizeof(KEY) };

static inline __attribute__((always_inline)) KEY OF_KEY(key_of)(KEY x, enum weft__kind kind)
{
    const KEY top = (KEY)1 << (OF_KEY(bits) - 1);
    const KEY sign = (KEY)((SIGNED)x >> (OF_KEY(bits) - 1)); /* all ones, or none */
    return kind == WEFT__UNSIGNED ? x
           : kind == WEFT__SIGNED ? x ^ top
                                  : (x ^ (sign | top)) - MANTISSA;
}

static inline __attribute__((always_inline)) KEY OF_KEY(element_of)(KEY key, enum weft__kind kind)
{
    const KEY top = (KEY)1 << (OF_KEY(bits) - 1), x = key + MANTISSA;
    const KEY sign = (KEY)((SIGNED)~x >> (OF_KEY(bits) - 1));
    return kind == WEFT__UNSIGNED ? key : kind == WEFT__SIGNED ? key ^ top : x ^ (sign | top);
}

/* A loop for each kind, so that none has to ask. */
#define BY_KIND(f, ...)                                      \
    (kind == WEFT__UNSIGNED ? f(__VA_ARGS__, WEFT__UNSIGNED) \
     : kind == WEFT__SIGNED ? f(__VA_ARGS__, WEFT__SIGNED)   \
                            : f(__VA_ARGS__, WEFT__FLOATING))
#define LOOP static inline __attribute__((always_inline))

LOOP void OF_KEY(encode_as)(const void *px, void *pk, size_t n, enum weft__kind kind)
{
    const OF_KEY(key) *const x = px;
    OF_KEY(key) *const k = pk;
    for (size_t i = 0; i < n; i++)
        k[i] = OF_KEY(key_of)(x[i], kind);
}

LOOP void OF_KEY(decode_as)(const void *pk, void *px, size_t n, enum weft__kind kind)
{
    const OF_KEY(key) *const k = pk;
    OF_KEY(key) *const x = px;
    for (size_t i = 0; i < n; i++)
        x[i] = OF_KEY(element_of)(k[i], kind);
}

/* Whether `one` is not above, or below, `two`, for all neighbours; looks up from time to time. */
#define IN_ORDER(one, two, above)                                                            \
    const OF_KEY(key) *const x = px;                                                         \
    for (size_t begin = 0; begin + 1 < n; begin += tile) {                                   \
        const size_t end = weft__at_most(begin + tile, n - 1);                               \
        KEY wrong = 0;                                                                       \
        for (size_t i = begin; i < end; i++)                                                 \
            wrong |= (KEY)(OF_KEY(key_of)(x[one], kind) above OF_KEY(key_of)(x[two], kind)); \
        if (wrong)                                                                           \
            return false;                                                                    \
    }                                                                                        \
    return true;

LOOP bool OF_KEY(rises_as)(const void *px, size_t n, enum weft__kind kind){ IN_ORDER(i, i + 1, >) }

LOOP bool OF_KEY(falls_as)(const void *px, size_t n, enum weft__kind kind){ IN_ORDER(i + 1, i, >) }

LOOP bool OF_KEY(falls_strictly_as)(const void *px, size_t n, enum weft__kind kind)
{
    IN_ORDER(i + 1, i, >=)
}

static void OF_KEY(encode)(const void *x, void *keys, size_t n, enum weft__kind kind)
{
    BY_KIND(OF_KEY(encode_as), x, keys, n);
}

static void OF_KEY(decode)(const void *keys, void *x, size_t n, enum weft__kind kind)
{
    BY_KIND(OF_KEY(decode_as), keys, x, n);
}

static bool OF_KEY(rises)(const void *x, size_t n, enum weft__kind kind)
{
    return BY_KIND(OF_KEY(rises_as), x, n);
}

static bool OF_KEY(falls)(const void *x, size_t n, enum weft__kind kind, bool strictly)
{
    return strictly ? BY_KIND(OF_KEY(falls_strictly_as), x, n) : BY_KIND(OF_KEY(falls_as), x, n);
}

/* The buckets of n <= tile keys. `soon` is n elements that are wanted next: a line of them is asked for
 * with each line of keys. The processor's own prefetch stops at each page and waits while we compute;
 * asked for in one go, they would fill the queue of missing lines. Nothing is read: they may end. */
static inline void OF_KEY(classify)(const struct weft__splitter *s, const OF_KEY(key) * k, size_t n,
                                    uint16_t *bucket, const char *soon)
{
    const KEY low = (KEY)s->low, width = (KEY)s->width;
    const KEY rest = ((KEY)1 << s->down) - 1;
    size_t i = 0;
#ifdef WEFT__SORT_AVX512
    i = n - n % KEYS_A_VECTOR;
    CLASSIFY(s, k, i, bucket, soon);
#endif
    for (; i < n; i++) {
        if (i % (64 / sizeof(KEY)) == 0)
            __builtin_prefetch(soon + i * sizeof(KEY));
        KEY v = k[i] > low ? k[i] - low : 0;
        v = v < width ? v : width;
        const uint32_t cell = s->cell[v >> s->down];
        bucket[i] = (uint16_t)((cell & 0xffff) + ((v & rest) >> (cell >> 16)));
    }
}

/* n <= tile elements as keys, in `room` unless they are keys already. */
static inline const OF_KEY(key) *
    OF_KEY(keys_of)(const OF_KEY(key) * x, KEY *room, size_t n, enum weft__kind kind)
{
#ifdef WEFT__SORT_AVX512 /* others read faster what was copied in one go */
    if (kind == WEFT__UNSIGNED)
        return x;
#endif
    OF_KEY(encode)(x, room, n, kind);
    return (const OF_KEY(key) *)room;
}

static void OF_KEY(count)(const struct weft__splitter *s, const void *px, size_t n,
                          enum weft__kind kind, size_t *count)
{
    const OF_KEY(key) *const x = px;
    KEY key[tile];
    uint16_t bucket[tile];
    for (size_t begin = 0; begin < n; begin += tile) {
        const size_t m = weft__at_most(tile, n - begin);
        const OF_KEY(key) *const k = OF_KEY(keys_of)(x + begin, key, m, kind);
        OF_KEY(classify)(s, k, m, bucket, (const char *)(x + begin) + ahead);
        for (size_t i = 0; i < m; i++)
            count[bucket[i]]++;
    }
}

static inline void OF_KEY(extent)(const OF_KEY(key) * k, size_t n, KEY *least, KEY *greatest)
{
    KEY a = k[0], b = k[0];
    for (size_t i = 1; i < n; i++) {
        a = k[i] < a ? k[i] : a;
        b = k[i] > b ? k[i] : b;
    }
    *least = a, *greatest = b;
}

#undef BY_KIND
#undef IN_ORDER
#undef LOOP
