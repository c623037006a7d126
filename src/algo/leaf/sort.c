/* sort.c - the innermost loops of the sorts; compiled once for each instruction set, which -DISA names.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "algo/leaf/sort.h"

#include <string.h>

#include "algo/leaf/vector.h"
#include "base/at_most.h"

#define PASTE(a, b)  PASTE_(a, b)
#define PASTE_(a, b) a##_##b

enum {
    tile = 256,      /* keys that are made and looked up at once: they stay in the L1 cache */
    ahead = 8192,    /* bytes from what is read to what is asked for */
    few = 24,        /* keys that insertion sorts fastest */
    digit_most = 11, /* bits */
};

/* Values as they come: of any type and alignment. */
typedef uint32_t value_4 __attribute__((may_alias, aligned(1)));
typedef uint64_t value_8 __attribute__((may_alias, aligned(1)));

/* One line of memory, past the cache; both ends are aligned to it. */
static inline void write_line(void *to, const void *from)
{
#if defined __AVX512F__
    for (int k = 0; k < weft__line / 64; k++)
        _mm512_stream_si512((__m512i *)to + k, _mm512_load_si512((const __m512i *)from + k));
#elif defined __AVX2__
    for (int k = 0; k < weft__line / 32; k++)
        _mm256_stream_si256((__m256i *)to + k, _mm256_load_si256((const __m256i *)from + k));
#elif defined __SSE2__
    for (int k = 0; k < weft__line / 16; k++)
        _mm_stream_si128((__m128i *)to + k, _mm_load_si128((const __m128i *)from + k));
#else
    memcpy(to, from, weft__line);
#endif
}

/* Others may read what write_line() wrote. */
static inline void lines_written(void)
{
#ifdef __SSE2__
    _mm_sfence();
#endif
}

#include "algo/leaf/sort_avx512.h"

#define KEY_BYTES     4
#define KEYS_A_VECTOR 16
#define CLASSIFY      classify_by_16
#define KEY           uint32_t
#define SIGNED        int32_t
#define MANTISSA      0x007fffffu
#define OF_KEY(f)     PASTE(f, 4)
#include "algo/leaf/sort_keys.h"
#ifdef WEFT__SORT_AVX512
#define MIN_OF     _mm512_min_epu32
#define MAX_OF     _mm512_max_epu32
#define MASK_MAX   _mm512_mask_max_epu32
#define MASK_LOAD  _mm512_mask_loadu_epi32
#define MASK_STORE _mm512_mask_storeu_epi32
#define LANES      __mmask16
#include "algo/leaf/sort_network.h"
#endif
#define OF_BOTH(f) PASTE(f, 4_0)
#define VALUES     0
#define VALUE      value_4
#include "algo/leaf/sort_moves.h"
#define OF_BOTH(f) PASTE(f, 4_4)
#define VALUES     1
#define VALUE      value_4
#include "algo/leaf/sort_moves.h"
#define OF_BOTH(f) PASTE(f, 4_8)
#define VALUES     1
#define VALUE      value_8
#include "algo/leaf/sort_moves.h"
#undef KEY_BYTES
#undef KEYS_A_VECTOR
#undef MIN_OF
#undef MAX_OF
#undef MASK_MAX
#undef MASK_LOAD
#undef MASK_STORE
#undef LANES
#undef VECTOR_KEYS
#undef CLASSIFY
#undef KEY
#undef SIGNED
#undef MANTISSA
#undef OF_KEY

#define KEY_BYTES     8
#define KEYS_A_VECTOR 8
#define CLASSIFY      classify_by_8
#define KEY           uint64_t
#define SIGNED        int64_t
#define MANTISSA      0x000fffffffffffffu
#define OF_KEY(f)     PASTE(f, 8)
#include "algo/leaf/sort_keys.h"
#ifdef WEFT__SORT_AVX512
#define MIN_OF     _mm512_min_epu64
#define MAX_OF     _mm512_max_epu64
#define MASK_MAX   _mm512_mask_max_epu64
#define MASK_LOAD  _mm512_mask_loadu_epi64
#define MASK_STORE _mm512_mask_storeu_epi64
#define LANES      __mmask8
#include "algo/leaf/sort_network.h"
#endif
#define OF_BOTH(f) PASTE(f, 8_0)
#define VALUES     0
#define VALUE      value_4
#include "algo/leaf/sort_moves.h"
#define OF_BOTH(f) PASTE(f, 8_4)
#define VALUES     1
#define VALUE      value_4
#include "algo/leaf/sort_moves.h"
#define OF_BOTH(f) PASTE(f, 8_8)
#define VALUES     1
#define VALUE      value_8
#include "algo/leaf/sort_moves.h"

#define MOVES(kv)                           \
    {                                       \
        scatter_##kv, run_##kv, mirror_##kv \
    }
#define LEAF(k)                                                  \
    {                                                            \
        encode_##k, decode_##k, rises_##k, falls_##k, count_##k, \
        {                                                        \
            MOVES(k##_0), MOVES(k##_4), MOVES(k##_8)             \
        }                                                        \
    }

#define TABLE(isa)  TABLE_(isa)
#define TABLE_(isa) weft__sort_leaves_##isa

extern const struct weft__sort_leaves TABLE(ISA);

const struct weft__sort_leaves TABLE(ISA) = { .by_key = { LEAF(4), LEAF(8) } };
