/* random.c - arrays of random numbers, normal and uniform, and arrays in random order.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Bytes are those of the array. Who has a generator with a state gives each thread one of its own: other
 * numbers on other teams. The limit is a fill by stores that go past the cache; what the generator
 * itself takes is seen beside it, by the words of a thread that stay in its cache. */
#include "peer.h"

#include <math.h>

#include <weft.h>

#include "hand.h"

static double some_of(const work *w)
{
    double sum = 0;
    for (size_t k = 0; k < 64; k++)
        sum += w->out[w->n / 64 * k];
    return sum;
}

/* ---- weft ---- */

static double weft_normals(const work *w)
{
    const weft_random r = weft_random_seed(1);
    weft_fill_normal(w->out, w->n, &r);
    return some_of(w);
}

static double weft_normals_threefry(const work *w)
{
    const weft_random r = weft_random_seed(1, .generator = WEFT_THREEFRY);
    weft_fill_normal(w->out, w->n, &r);
    return some_of(w);
}

static double weft_normals_by_index(const work *w)
{
    const weft_random r = weft_random_seed(1);
    double *const x = w->out;
    weft_map(x, i, w->n, weft_normal(&r, i));
    return some_of(w);
}

static double weft_uniforms(const work *w)
{
    const weft_random r = weft_random_seed(1);
    weft_fill_uniform(w->out, w->n, &r);
    return some_of(w);
}

static double weft_uniforms_threefry(const work *w)
{
    const weft_random r = weft_random_seed(1, .generator = WEFT_THREEFRY);
    weft_fill_uniform(w->out, w->n, &r);
    return some_of(w);
}

static double weft_uniforms_by_index(const work *w)
{
    const weft_random r = weft_random_seed(1);
    double *const x = w->out;
    weft_map(x, i, w->n, weft_uniform(&r, i));
    return some_of(w);
}

/* The same words, 4096 at a time. */
static double words_in_cache(const work *w)
{
    const weft_random r = weft_random_seed(1);
    const size_t n = w->n;
    uint64_t any = 0;
#pragma omp parallel for reduction(^ : any) num_threads(peer_threads)
    for (size_t i = 0; i < n; i += 4096) {
        uint64_t x[4096];
        weft_fill_random(x, n - i < 4096 ? n - i : 4096, &r, .first = i);
        any ^= x[0];
    }
    return (double)any;
}

static double weft_shuffle_job(const work *w)
{
    const weft_random r = weft_random_seed(1);
    weft_shuffle(w->out, w->n, &r);
    return some_of(w);
}

/* ---- what is right ---- */

static void put_indices(const work *w)
{
    double *const x = w->out;
#pragma omp parallel for num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        x[i] = (double)i;
}

/* Mean and variance within 6 standard deviations; the fourth power has `kurtosis` times variance^2. */
static bool is_distributed(const work *w, double mean, double variance, double kurtosis)
{
    const size_t n = w->n;
    double sum = 0, squares = 0;
#pragma omp parallel for reduction(+ : sum, squares) num_threads(peer_threads)
    for (size_t i = 0; i < n; i++) {
        const double x = w->out[i] - mean;
        sum += x, squares += x * x;
    }
    const double root = sqrt((double)n);
    return fabs(sum) < 6 * root * sqrt(variance) &&
           fabs(squares - (double)n * variance) < 6 * root * variance * sqrt(kurtosis - 1);
}

static bool normals_are_right(const work *w, double value)
{
    (void)value;
    return is_distributed(w, 0, 1, 3);
}

static bool uniforms_are_right(const work *w, double value)
{
    (void)value;
    return is_distributed(w, 0.5, 1.0 / 12, 1.8);
}

/* Each index once: sums are exact in whole numbers; and no longer where it was. */
static bool order_is_right(const work *w, double value)
{
    uint64_t sum = 0, cubes = 0, fixed = 0, k = w->n;
    (void)value;
    for (size_t i = 0; i < w->n; i++) {
        const uint64_t x = (uint64_t)w->out[i];
        sum += x - i, cubes += x * x * x - i * i * i, fixed += x == i;
    }
    return sum == 0 && cubes == 0 && fixed < 10 + k / 1000;
}

/* ---- limit ---- */

#ifdef __x86_64__
#include <immintrin.h>

__attribute__((target("avx2"))) static void fill_part(double *x, size_t n)
{
    const __m256d one = _mm256_set1_pd(1);
    for (size_t i = 0; i + 4 <= n; i += 4)
        _mm256_stream_pd(x + i, one);
    _mm_sfence();
}

static double limit_fill(const work *w)
{
#pragma omp parallel num_threads(peer_threads)
    {
        const part p = my_part(w->n);
        fill_part(w->out + p.begin, p.n);
    }
    return 0;
}
#else
#define limit_fill NULL
#endif

static const contestant normals[] = {
    { "std::normal_distribution, omp", std_normals_omp, PEER },
    { "Random123 Philox, Box-Muller, omp", r123_normals, PEER },
    { "weft_fill_normal", weft_normals, WEFT },
    { "weft_fill_normal, Threefry", weft_normals_threefry, WEFT },
    { "weft_map of weft_normal", weft_normals_by_index, WEFT },
    { "the generator alone, in cache", words_in_cache, ASIDE },
    { "fill, non-temporal stores", limit_fill, LIMIT, AVX2 },
    { 0 },
};

static const contestant more_normals[] = {
    { "std::normal_distribution, serial", std_normals, PEER },
    { "std::normal_distribution, omp", std_normals_omp, PEER },
    { "Random123 Philox, Box-Muller, omp", r123_normals, PEER },
    { "weft_fill_normal", weft_normals, WEFT },
    { "weft_fill_normal, Threefry", weft_normals_threefry, WEFT },
    { "weft_map of weft_normal", weft_normals_by_index, WEFT },
    { "the generator alone, in cache", words_in_cache, ASIDE },
    { "fill, non-temporal stores", limit_fill, LIMIT, AVX2 },
    { 0 },
};

static const contestant uniforms[] = {
    { "std::mt19937_64, omp", std_uniforms_omp, PEER },
    { "Random123 Philox, omp", r123_uniforms, PEER },
    { "weft_fill_uniform", weft_uniforms, WEFT },
    { "weft_fill_uniform, Threefry", weft_uniforms_threefry, WEFT },
    { "weft_map of weft_uniform", weft_uniforms_by_index, WEFT },
    { "the generator alone, in cache", words_in_cache, ASIDE },
    { "fill, non-temporal stores", limit_fill, LIMIT, AVX2 },
    { 0 },
};

static const contestant shuffles[] = {
    { "std::shuffle", std_shuffle, PEER, .prepare = put_indices },
    { "gnu_parallel::random_shuffle", gnu_shuffle, PEER, .prepare = put_indices },
    { "weft_shuffle", weft_shuffle_job, WEFT, .prepare = put_indices },
    { 0 },
};

#define NUMBERS .bytes = 8, .writes = true

static const figure figures[] = {
    { "weft_fill_normal", 4000 * 1000, more_normals, .goal = 3, .right = normals_are_right,
      NUMBERS },
    { "weft_fill_normal", 100 * 1000 * 1000, normals, .goal = 3, .right = normals_are_right,
      NUMBERS },
    { "weft_fill_uniform", 100 * 1000 * 1000, uniforms, .goal = 3, .right = uniforms_are_right,
      NUMBERS },
    { "weft_shuffle", 10 * 1000 * 1000, shuffles, .goal = 1, .right = order_is_right, NUMBERS },
    { 0 },
};

const topic random_topic = { "random", figures };
