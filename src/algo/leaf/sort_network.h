/* sort_network.h - sorts up to four vectors of keys in registers; included once for each width.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Bitonic networks (K. Batcher, Sorting networks and their applications, 1968). A step compares each
 * lane with another one and keeps the lesser in the lower of the two: no branch that could be wrong.
 * Lanes beyond the keys hold the greatest key there is and stay behind. */

#define VECTOR_KEYS (sizeof(__m512i) / sizeof(KEY))

/* Lanes in UPPER keep the greater of v and its partner s, the others the lesser. */
#define STEP(v, s, UPPER) MASK_MAX(MIN_OF(v, s), UPPER, v, s)

static inline __m512i OF_KEY(clean)(__m512i v)
{
#if KEY_BYTES == 4
    v = STEP(v, _mm512_shuffle_i32x4(v, v, 0x4e), 0xff00);
    v = STEP(v, _mm512_shuffle_i32x4(v, v, 0xb1), 0xf0f0);
    v = STEP(v, _mm512_shuffle_epi32(v, 0x4e), 0xcccc);
    return STEP(v, _mm512_shuffle_epi32(v, 0xb1), 0xaaaa);
#else
    v = STEP(v, _mm512_shuffle_i64x2(v, v, 0x4e), 0xf0);
    v = STEP(v, _mm512_permutex_epi64(v, 0x4e), 0xcc);
    return STEP(v, _mm512_permutex_epi64(v, 0xb1), 0xaa);
#endif
}

static inline __m512i OF_KEY(reverse)(__m512i v)
{
#if KEY_BYTES == 4
    const __m512i last_first =
        _mm512_set_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm512_permutexvar_epi32(last_first, v);
#else
    return _mm512_permutexvar_epi64(_mm512_set_epi64(0, 1, 2, 3, 4, 5, 6, 7), v);
#endif
}

static inline __m512i OF_KEY(sort_vector)(__m512i v)
{
#if KEY_BYTES == 4
    const __m512i flip_8 = _mm512_set_epi32(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    v = STEP(v, _mm512_shuffle_epi32(v, 0xb1), 0xaaaa);
    v = STEP(v, _mm512_shuffle_epi32(v, 0x1b), 0xcccc);
    v = STEP(v, _mm512_shuffle_epi32(v, 0xb1), 0xaaaa);
    v = STEP(v, _mm512_permutexvar_epi32(flip_8, v), 0xf0f0);
    v = STEP(v, _mm512_shuffle_epi32(v, 0x4e), 0xcccc);
    v = STEP(v, _mm512_shuffle_epi32(v, 0xb1), 0xaaaa);
    v = STEP(v, OF_KEY(reverse)(v), 0xff00);
    v = STEP(v, _mm512_shuffle_i32x4(v, v, 0xb1), 0xf0f0);
    v = STEP(v, _mm512_shuffle_epi32(v, 0x4e), 0xcccc);
    return STEP(v, _mm512_shuffle_epi32(v, 0xb1), 0xaaaa);
#else
    v = STEP(v, _mm512_permutex_epi64(v, 0xb1), 0xaa);
    v = STEP(v, _mm512_permutex_epi64(v, 0x1b), 0xcc);
    v = STEP(v, _mm512_permutex_epi64(v, 0xb1), 0xaa);
    v = STEP(v, OF_KEY(reverse)(v), 0xf0);
    v = STEP(v, _mm512_permutex_epi64(v, 0x4e), 0xcc);
    return STEP(v, _mm512_permutex_epi64(v, 0xb1), 0xaa);
#endif
}

/* a and b are sorted, and then a before b. */
static inline void OF_KEY(merge_vectors)(__m512i *a, __m512i *b)
{
    const __m512i r = OF_KEY(reverse)(*b), low = MIN_OF(*a, r), high = MAX_OF(*a, r);
    *a = OF_KEY(clean)(low);
    *b = OF_KEY(clean)(high);
}

/* v[0..1] and v[2..3] are sorted. */
static inline void OF_KEY(merge_pairs)(__m512i v[4])
{
    const __m512i c = OF_KEY(reverse)(v[3]), d = OF_KEY(reverse)(v[2]);
    const __m512i low_0 = MIN_OF(v[0], c), low_1 = MIN_OF(v[1], d);
    const __m512i high_0 = MAX_OF(v[0], c), high_1 = MAX_OF(v[1], d);
    v[0] = OF_KEY(clean)(MIN_OF(low_0, low_1));
    v[1] = OF_KEY(clean)(MAX_OF(low_0, low_1));
    v[2] = OF_KEY(clean)(MIN_OF(high_0, high_1));
    v[3] = OF_KEY(clean)(MAX_OF(high_0, high_1));
}

/* Sorts n <= 4 vectors of keys. */
static inline void OF_KEY(network)(KEY *x, size_t n)
{
    __mmask16 used[4];
    __m512i v[4];
    const size_t vectors = n > 2 * VECTOR_KEYS ? 4 : 2;
    for (size_t k = 0; k < vectors; k++) {
        const size_t begin = k * VECTOR_KEYS, left = n > begin ? n - begin : 0;
        used[k] = (__mmask16)((1u << weft__at_most(left, VECTOR_KEYS)) - 1);
        v[k] = OF_KEY(sort_vector)(MASK_LOAD(_mm512_set1_epi32(-1), (LANES)used[k], x + begin));
    }
    OF_KEY(merge_vectors)(&v[0], &v[1]);
    if (vectors == 4) {
        OF_KEY(merge_vectors)(&v[2], &v[3]);
        OF_KEY(merge_pairs)(v);
    }
    for (size_t k = 0; k < vectors; k++)
        MASK_STORE(x + k * VECTOR_KEYS, (LANES)used[k], v[k]);
}

#undef STEP
