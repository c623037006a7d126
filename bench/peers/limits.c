/* limits.c - what the machine can do, measured in the same rounds as those who try.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * read        every element, four streams a thread: a core waits for memory less when it asks for
 *             several lines at once
 * copy        reads x, writes out
 * round trip  one cache line from core to core and back: no fork and join can be faster */
#include "jobs.h"

#include <stdatomic.h>

#include "hand.h"

static struct {
    _Alignas(128) atomic_size_t there;
    _Alignas(128) atomic_size_t back;
} line;

/* pairs with the store of the other side: nothing but the number itself is handed over */
static void await(const atomic_size_t *number, size_t value)
{
    while (atomic_load_explicit(number, memory_order_acquire) != value)
        ;
}

double limit_round_trip(const work *w)
{
    (void)w;
    enum { trips = 1000 };
    static size_t base;
    const size_t first = base + 1;
    base += trips;
#pragma omp parallel num_threads(2)
    for (size_t k = first; k < first + trips && omp_get_num_threads() == 2; k++)
        if (omp_get_thread_num() == 0) {
            atomic_store_explicit(&line.there, k, memory_order_release);
            await(&line.back, k);
        } else {
            await(&line.there, k);
            atomic_store_explicit(&line.back, k, memory_order_release);
        }
    return 0;
}

#ifdef __x86_64__
#include <immintrin.h>

__attribute__((target("avx2"))) static double read_part(const double *x, size_t n)
{
    const size_t quarter = n / 64 * 16;
    __m256d v[8] = { 0 };
    for (size_t i = 0; i < quarter; i += 8)
        for (size_t k = 0; k < 4; k++) {
            v[k] = _mm256_or_pd(v[k], _mm256_loadu_pd(x + k * quarter + i));
            v[4 + k] = _mm256_or_pd(v[4 + k], _mm256_loadu_pd(x + k * quarter + i + 4));
        }
    for (size_t k = 1; k < 8; k++)
        v[0] = _mm256_or_pd(v[0], v[k]);
    return _mm256_cvtsd_f64(v[0]);
}

__attribute__((target("avx2"))) static void copy_part(double *out, const double *x, size_t n)
{
    for (size_t i = 0; i + 4 <= n; i += 4)
        _mm256_storeu_pd(out + i, _mm256_loadu_pd(x + i));
}

__attribute__((target("avx2"))) static void stream_part(double *out, const double *x, size_t n)
{
    for (size_t i = 0; i + 4 <= n; i += 4)
        _mm256_stream_pd(out + i, _mm256_loadu_pd(x + i));
    _mm_sfence();
}

__attribute__((target("avx2"))) static void fill_part(double *out, size_t n)
{
    for (size_t i = 0; i + 4 <= n; i += 4)
        _mm256_stream_pd(out + i, _mm256_set1_pd(2.5));
    _mm_sfence();
}

double limit_read(const work *w)
{
    double any = 0;
#pragma omp parallel reduction(+ : any) num_threads(peer_threads)
    {
        const part p = my_part(w->n);
        any += read_part(w->x + p.begin, p.n);
    }
    return any;
}

double limit_copy(const work *w)
{
#pragma omp parallel num_threads(peer_threads)
    {
        const part p = my_part(w->n);
        copy_part(w->out + p.begin, w->x + p.begin, p.n);
    }
    return 0;
}

double limit_copy_streamed(const work *w)
{
#pragma omp parallel num_threads(peer_threads)
    {
        const part p = my_part(w->n);
        stream_part(w->out + p.begin, w->x + p.begin, p.n);
    }
    return 0;
}

double limit_fill_streamed(const work *w)
{
#pragma omp parallel num_threads(peer_threads)
    {
        const part p = my_part(w->n);
        fill_part(w->out + p.begin, p.n);
    }
    return 0;
}
#endif
