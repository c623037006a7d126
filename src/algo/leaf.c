/* leaf.c - picks the leaves for the processor, once.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A table of pointers: ifunc and target_clones crash under gcc's ThreadSanitizer and do not link with
 * clang 14. All versions give the same bits, so it is no matter which thread picks first. */
#include "algo/leaf.h"

#include <stdlib.h>
#include <string.h>

#include "base/detail.h"

extern const struct weft__leaves weft__leaves_plain;

#ifdef __x86_64__

extern const struct weft__leaves weft__leaves_avx2, weft__leaves_avx512;

static bool has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("fma");
}

static bool has_avx512(void)
{
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
}

#endif

static bool has_all(void) { return true; }

/* Best first. */
static const struct {
    const char *name;
    bool (*fits)(void);
    const struct weft__leaves *leaves;
} versions[] = {
#ifdef __x86_64__
    { "avx512", has_avx512, &weft__leaves_avx512 },
    { "avx2", has_avx2, &weft__leaves_avx2 },
#endif
    { "plain", has_all, &weft__leaves_plain },
};

enum { version_count = sizeof versions / sizeof versions[0] };

/* The index of the version that is asked for; 0, the best, when none is. */
static size_t asked(void)
{
    const char *const name = secure_getenv("WEFT_ISA");
    for (size_t k = 0; name && k < version_count; k++)
        if (strcmp(name, versions[k].name) == 0)
            return k;
    if (name)
        weft__warn("WEFT_ISA=%s is ignored: it must be plain, avx2 or avx512", name);
    return 0;
}

static const struct weft__leaves *pick(void)
{
    size_t k = asked();
    while (!versions[k].fits())
        k++;
    return versions[k].leaves;
}

const struct weft__leaves *weft__leaves(void)
{
    static const struct weft__leaves *known; /* relaxed: constant data, all who store agree */
    const struct weft__leaves *l = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (__builtin_expect(!l, 0)) {
        l = pick();
        __atomic_store_n(&known, l, __ATOMIC_RELAXED);
    }
    return l;
}

size_t weft__size_of(weft_type_ type)
{
    static const unsigned char size[weft__types] = {
        [WEFT_TYPE_I32_] = 4, [WEFT_TYPE_I64_] = 8, [WEFT_TYPE_U32_] = 4,  [WEFT_TYPE_U64_] = 8,
        [WEFT_TYPE_F32_] = 4, [WEFT_TYPE_F64_] = 8, [WEFT_TYPE_BYTE_] = 1,
    };
    return size[type];
}
