/* sort_avx512.h - keys to buckets, eight or sixteen at once, and networks that sort few keys.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The compiler does not find the gather, nor would it sort in registers. */

#if defined __AVX512F__ && defined __AVX512DQ__ && defined __AVX512BW__ && defined __AVX512VL__

#define WEFT__SORT_AVX512 1

/* The buckets of n keys, n a multiple of 8; as the loop of sort_keys.h. */
static inline void classify_by_8(const struct weft__splitter *s, const void *px, size_t n,
                                 uint16_t *bucket, const char *soon)
{
    const uint64_t *const x = px;
    const __m512i low = _mm512_set1_epi64((long long)s->low);
    const __m512i width = _mm512_set1_epi64((long long)s->width);
    const __m512i rest = _mm512_set1_epi64((long long)(((uint64_t)1 << s->down) - 1));
    const __m512i half = _mm512_set1_epi64(0xffff);
    const __m128i down = _mm_cvtsi32_si128((int)s->down);
    for (size_t i = 0; i < n; i += 8) {
        __builtin_prefetch(soon + i * sizeof *x);
        const __m512i key = _mm512_loadu_si512(x + i);
        const __m512i above = _mm512_sub_epi64(_mm512_max_epu64(key, low), low);
        const __m512i v = _mm512_min_epu64(above, width);
        const __m256i found = _mm512_i64gather_epi32(_mm512_srl_epi64(v, down), s->cell, 4);
        const __m512i cell = _mm512_cvtepu32_epi64(found);
        const __m512i more =
            _mm512_srlv_epi64(_mm512_and_si512(v, rest), _mm512_srli_epi64(cell, 16));
        const __m512i b = _mm512_add_epi64(_mm512_and_si512(cell, half), more);
        _mm_storeu_si128((__m128i *)(bucket + i), _mm512_cvtepi64_epi16(b));
    }
}

/* The same for narrow keys, n a multiple of 16. */
static inline void classify_by_16(const struct weft__splitter *s, const void *px, size_t n,
                                  uint16_t *bucket, const char *soon)
{
    const uint32_t *const x = px;
    const __m512i low = _mm512_set1_epi32((int)s->low);
    const __m512i width = _mm512_set1_epi32((int)s->width);
    const __m512i rest = _mm512_set1_epi32((int)(((uint64_t)1 << s->down) - 1));
    const __m512i half = _mm512_set1_epi32(0xffff);
    const __m128i down = _mm_cvtsi32_si128((int)s->down);
    for (size_t i = 0; i < n; i += 16) {
        __builtin_prefetch(soon + i * sizeof *x);
        const __m512i key = _mm512_loadu_si512(x + i);
        const __m512i above = _mm512_sub_epi32(_mm512_max_epu32(key, low), low);
        const __m512i v = _mm512_min_epu32(above, width);
        const __m512i cell = _mm512_i32gather_epi32(_mm512_srl_epi32(v, down), s->cell, 4);
        const __m512i more =
            _mm512_srlv_epi32(_mm512_and_si512(v, rest), _mm512_srli_epi32(cell, 16));
        const __m512i b = _mm512_add_epi32(_mm512_and_si512(cell, half), more);
        _mm256_storeu_si256((__m256i *)(bucket + i), _mm512_cvtepi32_epi16(b));
    }
}

#endif
