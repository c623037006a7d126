/* hand.c - what somebody writes who knows this CPU: intrinsics under a plain omp parallel.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Sums keep eight vectors of partial sums, enough to hide the latency of the addition. Maps beyond
 * the cache use non-temporal stores, which do not read the line that they overwrite. */
#ifdef __x86_64__
#include "jobs.h"

#include <immintrin.h>

#include "hand.h"

typedef double leaf(const double *x, const double *y, size_t n);

__attribute__((target("avx512f"))) static double sum512(const double *x, const double *y, size_t n)
{
    (void)y;
    __m512d s[8] = { 0 };
    size_t i = 0;
    for (; i + 64 <= n; i += 64)
        for (size_t k = 0; k < 8; k++)
            s[k] = _mm512_add_pd(s[k], _mm512_loadu_pd(x + i + 8 * k));
    for (size_t k = 1; k < 8; k++)
        s[0] = _mm512_add_pd(s[0], s[k]);
    double sum = _mm512_reduce_add_pd(s[0]);
    for (; i < n; i++)
        sum += x[i];
    return sum;
}

__attribute__((target("avx512f"))) static double dot512(const double *x, const double *y, size_t n)
{
    __m512d s[8] = { 0 };
    size_t i = 0;
    for (; i + 64 <= n; i += 64)
        for (size_t k = 0; k < 8; k++)
            s[k] = _mm512_fmadd_pd(_mm512_loadu_pd(x + i + 8 * k), _mm512_loadu_pd(y + i + 8 * k),
                                   s[k]);
    for (size_t k = 1; k < 8; k++)
        s[0] = _mm512_add_pd(s[0], s[k]);
    double sum = _mm512_reduce_add_pd(s[0]);
    for (; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

__attribute__((target("avx2"))) static double fold256(__m256d s[8])
{
    for (size_t k = 1; k < 8; k++)
        s[0] = _mm256_add_pd(s[0], s[k]);
    double lane[4];
    _mm256_storeu_pd(lane, s[0]);
    return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

__attribute__((target("avx2"))) static double sum256(const double *x, const double *y, size_t n)
{
    (void)y;
    __m256d s[8] = { 0 };
    size_t i = 0;
    for (; i + 32 <= n; i += 32)
        for (size_t k = 0; k < 8; k++)
            s[k] = _mm256_add_pd(s[k], _mm256_loadu_pd(x + i + 4 * k));
    double sum = fold256(s);
    for (; i < n; i++)
        sum += x[i];
    return sum;
}

__attribute__((target("avx2,fma"))) static double dot256(const double *x, const double *y, size_t n)
{
    __m256d s[8] = { 0 };
    size_t i = 0;
    for (; i + 32 <= n; i += 32)
        for (size_t k = 0; k < 8; k++)
            s[k] = _mm256_fmadd_pd(_mm256_loadu_pd(x + i + 4 * k), _mm256_loadu_pd(y + i + 4 * k),
                                   s[k]);
    double sum = fold256(s);
    for (; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

static double by_part(const work *w, leaf *sum_of_part)
{
    double sum = 0;
#pragma omp parallel reduction(+ : sum) num_threads(peer_threads)
    {
        const part p = my_part(w->n);
        sum += sum_of_part(w->x + p.begin, w->y ? w->y + p.begin : NULL, p.n);
    }
    return sum;
}

__attribute__((target("avx2"))) static void map_part(double *out, const double *x, size_t n)
{
    const __m256d one = _mm256_set1_pd(1);
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        const __m256d v = _mm256_loadu_pd(x + i);
        _mm256_stream_pd(out + i, _mm256_add_pd(_mm256_add_pd(v, v), one));
    }
    for (; i < n; i++)
        out[i] = 2 * x[i] + 1;
    _mm_sfence();
}

__attribute__((target("avx2"))) static void triad_part(double *a, const double *b, const double *c,
                                                       size_t n)
{
    const __m256d three = _mm256_set1_pd(3);
    size_t i = 0;
    for (; i + 4 <= n; i += 4)
        _mm256_stream_pd(a + i, _mm256_add_pd(_mm256_loadu_pd(b + i),
                                              _mm256_mul_pd(three, _mm256_loadu_pd(c + i))));
    for (; i < n; i++)
        a[i] = b[i] + 3 * c[i];
    _mm_sfence();
}

double hand512_sum(const work *w) { return by_part(w, sum512); }
double hand512_sum_inline(const work *w) { return sum512(w->x, NULL, w->n); }
double hand512_dot(const work *w) { return by_part(w, dot512); }
double hand256_sum(const work *w) { return by_part(w, sum256); }
double hand256_sum_inline(const work *w) { return sum256(w->x, NULL, w->n); }
double hand256_dot(const work *w) { return by_part(w, dot256); }

double hand_map_streamed(const work *w)
{
#pragma omp parallel num_threads(peer_threads)
    {
        const part p = my_part(w->n);
        map_part(w->out + p.begin, w->x + p.begin, p.n);
    }
    return 0;
}

double hand_triad_streamed(const work *w)
{
#pragma omp parallel num_threads(peer_threads)
    {
        const part p = my_part(w->n);
        triad_part(w->out + p.begin, w->x + p.begin, w->y + p.begin, p.n);
    }
    return 0;
}
#endif
