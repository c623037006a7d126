/* vector.h - the processor's vectors, as wide as this object's instruction set has them.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * MIN(x, m) is x < m ? x : m and MAX(x, m) is x > m ? x : m in each lane: m where x is NaN. That is what
 * minpd does with its operands in this order; C's operators do not get there for vectors. */
#ifndef WEFT_ALGO_LEAF_VECTOR_H
#define WEFT_ALGO_LEAF_VECTOR_H

#if defined __AVX512F__
#include <immintrin.h>
enum { vector_bytes = 64 };
#define MIN_f64(x, m) _mm512_min_pd(x, m)
#define MAX_f64(x, m) _mm512_max_pd(x, m)
#define MIN_f32(x, m) _mm512_min_ps(x, m)
#define MAX_f32(x, m) _mm512_max_ps(x, m)
#elif defined __AVX2__
#include <immintrin.h>
enum { vector_bytes = 32 };
#define MIN_f64(x, m) _mm256_min_pd(x, m)
#define MAX_f64(x, m) _mm256_max_pd(x, m)
#define MIN_f32(x, m) _mm256_min_ps(x, m)
#define MAX_f32(x, m) _mm256_max_ps(x, m)
#elif defined __SSE2__
#include <emmintrin.h>
enum { vector_bytes = 16 };
#define MIN_f64(x, m) _mm_min_pd(x, m)
#define MAX_f64(x, m) _mm_max_pd(x, m)
#define MIN_f32(x, m) _mm_min_ps(x, m)
#define MAX_f32(x, m) _mm_max_ps(x, m)
#else
enum { vector_bytes = 16 };
#define SELECT(c, a, b) ((__typeof__(a))(((c) & (__typeof__(c))(a)) | (~(c) & (__typeof__(c))(b))))
#define MIN_f64(x, m)   SELECT((x) < (m), x, m)
#define MAX_f64(x, m)   SELECT((x) > (m), x, m)
#define MIN_f32(x, m)   SELECT((x) < (m), x, m)
#define MAX_f32(x, m)   SELECT((x) > (m), x, m)
#endif

#endif
