/* vector.h - the processor's vectors, as wide as this object's instruction set has them.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * MIN(x, m) is x < m ? x : m and MAX(x, m) is x > m ? x : m in each lane: m where x is NaN. That is what
 * minpd does with its operands in this order; C's operators do not get there for vectors. Where the
 * processor has no such instruction, a comparison selects.
 *
 * STREAM(p, v) is *p = v past the cache; p is aligned. */
#ifndef WEFT_ALGO_LEAF_VECTOR_H
#define WEFT_ALGO_LEAF_VECTOR_H

#if defined __AVX512F__
#include <immintrin.h>
enum { vector_bytes = 64 };
#define STREAM(p, v)  _mm512_stream_si512((void *)(p), (__m512i)(v))
#define MIN_f64(x, m) _mm512_min_pd(x, m)
#define MAX_f64(x, m) _mm512_max_pd(x, m)
#define MIN_f32(x, m) _mm512_min_ps(x, m)
#define MAX_f32(x, m) _mm512_max_ps(x, m)
#define MIN_i32(x, m) ((__typeof__(m))_mm512_min_epi32((__m512i)(x), (__m512i)(m)))
#define MAX_i32(x, m) ((__typeof__(m))_mm512_max_epi32((__m512i)(x), (__m512i)(m)))
#define MIN_u32(x, m) ((__typeof__(m))_mm512_min_epu32((__m512i)(x), (__m512i)(m)))
#define MAX_u32(x, m) ((__typeof__(m))_mm512_max_epu32((__m512i)(x), (__m512i)(m)))
#define MIN_i64(x, m) ((__typeof__(m))_mm512_min_epi64((__m512i)(x), (__m512i)(m)))
#define MAX_i64(x, m) ((__typeof__(m))_mm512_max_epi64((__m512i)(x), (__m512i)(m)))
#define MIN_u64(x, m) ((__typeof__(m))_mm512_min_epu64((__m512i)(x), (__m512i)(m)))
#define MAX_u64(x, m) ((__typeof__(m))_mm512_max_epu64((__m512i)(x), (__m512i)(m)))
#elif defined __AVX2__
#include <immintrin.h>
enum { vector_bytes = 32 };
#define STREAM(p, v)  _mm256_stream_si256((void *)(p), (__m256i)(v))
#define MIN_f64(x, m) _mm256_min_pd(x, m)
#define MAX_f64(x, m) _mm256_max_pd(x, m)
#define MIN_f32(x, m) _mm256_min_ps(x, m)
#define MAX_f32(x, m) _mm256_max_ps(x, m)
#define MIN_i32(x, m) ((__typeof__(m))_mm256_min_epi32((__m256i)(x), (__m256i)(m)))
#define MAX_i32(x, m) ((__typeof__(m))_mm256_max_epi32((__m256i)(x), (__m256i)(m)))
#define MIN_u32(x, m) ((__typeof__(m))_mm256_min_epu32((__m256i)(x), (__m256i)(m)))
#define MAX_u32(x, m) ((__typeof__(m))_mm256_max_epu32((__m256i)(x), (__m256i)(m)))
#elif defined __SSE2__
#include <emmintrin.h>
enum { vector_bytes = 16 };
#define STREAM(p, v)  _mm_stream_si128((void *)(p), (__m128i)(v))
#define MIN_f64(x, m) _mm_min_pd(x, m)
#define MAX_f64(x, m) _mm_max_pd(x, m)
#define MIN_f32(x, m) _mm_min_ps(x, m)
#define MAX_f32(x, m) _mm_max_ps(x, m)
#else
enum { vector_bytes = 16 };
#define STREAM(p, v)  (*(__typeof__(v) *)(p) = (v))
#define MIN_f64(x, m) SELECT((x) < (m), x, m)
#define MAX_f64(x, m) SELECT((x) > (m), x, m)
#define MIN_f32(x, m) SELECT((x) < (m), x, m)
#define MAX_f32(x, m) SELECT((x) > (m), x, m)
#endif

#define SELECT(c, a, b) ((__typeof__(a))(((c) & (__typeof__(c))(a)) | (~(c) & (__typeof__(c))(b))))

#ifndef MIN_i32
#define MIN_i32(x, m) SELECT((x) < (m), x, m)
#define MAX_i32(x, m) SELECT((x) > (m), x, m)
#define MIN_u32(x, m) SELECT((x) < (m), x, m)
#define MAX_u32(x, m) SELECT((x) > (m), x, m)
#endif
#ifndef MIN_i64
#define MIN_i64(x, m) SELECT((x) < (m), x, m)
#define MAX_i64(x, m) SELECT((x) > (m), x, m)
#define MIN_u64(x, m) SELECT((x) < (m), x, m)
#define MAX_u64(x, m) SELECT((x) > (m), x, m)
#endif

#endif
