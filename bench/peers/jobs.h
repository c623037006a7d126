/* jobs.h - every contestant's job, in C and in C++.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All are weak: the address of a job whose library was not found when this program was built is
 * NULL, and the tables need no #ifdef. */
#ifndef PEERS_JOBS_H
#define PEERS_JOBS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a job works on. */
typedef struct work {
    size_t n;
    const double *x, *y; /* n elements each, at least 0 but for the dynamic loop; y may be NULL */
    double *out;         /* n elements, or NULL */
    double expected;     /* the value a right job returns */
} work;

/* Returns the sum, the index, ..., or 0 where the result is in out. */
typedef double job(const work *w);

/* Elements that are gathered; their indices, of 64 bits, stand in y. */
extern size_t gather_count;

/* Threads of every contestant; set once, before the first job runs. */
extern int peer_threads;

#define PEER_JOB(name)   double name(const work *w) __attribute__((weak))
#define PEER_SETUP(name) void name(int threads) __attribute__((weak))

/* What a library needs to be told before its jobs run on that many threads. */
PEER_SETUP(tbb_setup);
PEER_SETUP(blas_setup);
PEER_SETUP(pthreadpool_setup);

/* tbb.cc: oneTBB */
PEER_JOB(tbb_loop_static);
PEER_JOB(tbb_loop_auto);
PEER_JOB(tbb_loop_dynamic);
PEER_JOB(tbb_triad);
PEER_JOB(tbb_sum);
PEER_JOB(tbb_sum_deterministic);
PEER_JOB(tbb_dot);
PEER_JOB(tbb_argmin);
PEER_JOB(tbb_scan);
PEER_JOB(tbb_copy);
PEER_JOB(tbb_fill);
PEER_JOB(tbb_gather);
PEER_JOB(tbb_transpose);
PEER_JOB(tbb_stencil);

/* pstl.cc: std::execution::par_unseq */
PEER_JOB(pstl_map);
PEER_JOB(pstl_triad);
PEER_JOB(pstl_sum);
PEER_JOB(pstl_dot);
PEER_JOB(pstl_argmin);
PEER_JOB(pstl_scan);
PEER_JOB(pstl_filter);
PEER_JOB(pstl_partition);
PEER_JOB(pstl_partition_copy);
PEER_JOB(pstl_copy);
PEER_JOB(pstl_fill);
PEER_JOB(pstl_gather);
PEER_JOB(std_filter);
PEER_JOB(std_partition);

/* gnu.cc: the parallel mode of libstdc++ */
PEER_JOB(gnu_map);
PEER_JOB(gnu_triad);
PEER_JOB(gnu_sum);
PEER_JOB(gnu_dot);
PEER_JOB(gnu_argmin);
PEER_JOB(gnu_scan);

/* blas.c: OpenBLAS; its asum and iamin take absolute values, the same for elements >= 0 */
PEER_JOB(blas_sum);
PEER_JOB(blas_dot);
PEER_JOB(blas_argmin);
PEER_JOB(blas_norm2);

/* pthreadpool.c */
PEER_JOB(pthreadpool_loop);
PEER_JOB(pthreadpool_dynamic);

/* hand.c: intrinsics; x86-64 only */
PEER_JOB(hand512_sum);
PEER_JOB(hand512_sum_inline);
PEER_JOB(hand512_dot);
PEER_JOB(hand256_sum);
PEER_JOB(hand256_sum_inline);
PEER_JOB(hand256_dot);
PEER_JOB(hand_map_streamed);
PEER_JOB(hand_triad_streamed);

/* queue_tbb.cc, queue_moodycamel.cc: 1, 2, 4 producers and as many consumers; there and back */
PEER_JOB(tbb_queue_1);
PEER_JOB(tbb_queue_2);
PEER_JOB(tbb_queue_4);
PEER_JOB(tbb_queue_ping);
PEER_JOB(moodycamel_queue_1);
PEER_JOB(moodycamel_queue_2);
PEER_JOB(moodycamel_queue_4);
PEER_JOB(moodycamel_queue_ping);

/* pool_python.c, pool_tbb.cc: pools of two workers */
PEER_JOB(python_pool_map);
PEER_JOB(python_executor_map);
PEER_JOB(python_pool_apply);
PEER_JOB(python_threads_apply);
PEER_JOB(tbb_tasks);

/* task_tbb.cc, task_omp.c: trees of tasks */
PEER_JOB(tbb_fib);
PEER_JOB(tbb_uts);
PEER_JOB(omp_fib);
PEER_JOB(omp_uts);

/* limits.c: what the machine can do; the memory ones are x86-64 only */
PEER_JOB(limit_read);
PEER_JOB(limit_copy);
PEER_JOB(limit_copy_streamed);
PEER_JOB(limit_fill_streamed);
PEER_JOB(limit_round_trip);

/* expression_sums.c, built twice: as it is, and with -ffast-math */
PEER_JOB(sum_of_plain);
PEER_JOB(sum_of_fast);
PEER_JOB(dot_of_plain);
PEER_JOB(dot_of_fast);

/* sort_tbb.cc, sort_gnu.cc, sort_pstl.cc; pairs are structures, and the value is 2, the words of one */
PEER_JOB(tbb_sort_u64);
PEER_JOB(tbb_sort_u32);
PEER_JOB(tbb_sort_f64);
PEER_JOB(tbb_sort_pairs);
PEER_JOB(gnu_sort_u64);
PEER_JOB(gnu_sort_u32);
PEER_JOB(gnu_sort_f64);
PEER_JOB(gnu_stable_sort_u64);
PEER_JOB(gnu_sort_pairs);
PEER_JOB(std_sort_u64);
PEER_JOB(std_sort_u32);
PEER_JOB(std_sort_f64);
PEER_JOB(pstl_sort_u64);
PEER_JOB(pstl_sort_u32);
PEER_JOB(pstl_sort_f64);
/* sort_vqsort.cc */
PEER_JOB(vqsort_u64);
PEER_JOB(vqsort_u32);
PEER_JOB(vqsort_f64);

/* random_std.cc, random_r123.cc: into out; shuffles of it */
PEER_JOB(std_normals);
PEER_JOB(std_normals_omp);
PEER_JOB(std_uniforms_omp);
PEER_JOB(std_shuffle);
PEER_JOB(gnu_shuffle);
PEER_JOB(r123_normals);
PEER_JOB(r123_uniforms);

/* histogram.c makes what is counted, and has the room for it; histogram_tbb.cc */
extern const double *peer_numbers;
extern size_t *peer_counts;
PEER_JOB(tbb_histogram_few);
PEER_JOB(tbb_histogram_some);
PEER_JOB(tbb_histogram_many);

/* group.c makes the keys; group_maps.cc, group_tbb.cc: the value is how many there are */
extern const uint64_t *peer_keys;
PEER_JOB(map_count);
PEER_JOB(maps_count);
PEER_JOB(maps_sum);
PEER_JOB(tbb_map_count);
PEER_JOB(tbb_sort_count);

/* sort_gnu.cc, sort_pstl.cc: nth_element of a copy of x in out */
PEER_JOB(gnu_median);
PEER_JOB(std_median);
PEER_JOB(pstl_median);

#ifdef __cplusplus
}
#endif

#endif
