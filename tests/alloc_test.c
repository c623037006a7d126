/* alloc_test.c - memory from weft_alloc: aligned, untouched, in huge pages when big.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

#include <weft.h>

#include "suites.h"

static const size_t mebi = 1 << 20;

static const size_t sizes[] = { 0,       1,       127,           128,     129,           4096,
                                100000,  1 << 20, (4 << 20) - 1, 4 << 20, (4 << 20) + 1, 7 << 20,
                                64 << 20 };

static bool is_aligned(const void *p, size_t unit) { return (uintptr_t)p % unit == 0; }

static void memory_is_aligned(void)
{
    for (size_t k = 0; k < COUNT(sizes); k++) {
        void *const p = weft_alloc(sizes[k]);
        CU_ASSERT_PTR_NOT_NULL(p);
        CU_ASSERT(is_aligned(p, 128));
        CU_ASSERT(sizes[k] < 4 * mebi || is_aligned(p, 2 * mebi));
        weft_dealloc(p);
    }
}

static void every_byte_is_the_callers(void)
{
    unsigned char *p[COUNT(sizes)];
    for (size_t k = 0; k < COUNT(sizes); k++) {
        p[k] = weft_alloc(sizes[k]);
        memset(p[k], (int)k + 1, sizes[k]);
    }
    for (size_t k = 0; k < COUNT(sizes); k++) {
        size_t wrong = 0;
        for (size_t i = 0; i < sizes[k]; i++)
            wrong += p[k][i] != k + 1;
        CU_ASSERT_EQUAL(wrong, 0);
        weft_dealloc(p[k]);
    }
}

static void nothing_may_be_freed(void)
{
    weft_dealloc(NULL);
    void *const p = weft_alloc(0), *const q = weft_alloc(0);
    CU_ASSERT(p && q && p != q);
    weft_dealloc(p), weft_dealloc(q);
}

static void absurd_sizes_give_null_and_a_reason(void)
{
    static const size_t absurd[] = { SIZE_MAX, SIZE_MAX - 4095, (size_t)PTRDIFF_MAX + 1,
                                     PTRDIFF_MAX, (size_t)1 << 60 };
    for (size_t k = 0; k < COUNT(absurd); k++) {
        char reason[200];
        snprintf(reason, sizeof reason,
                 "weft_alloc: size is %zu bytes: there is not that much memory", absurd[k]);
        CU_ASSERT_PTR_NULL(weft_alloc(absurd[k]));
        ASSERT_TEXT(weft_detail(), reason);
    }
}

/* How many pages of [p, p + size) are in memory. */
static size_t pages_present(void *p, size_t size)
{
    const size_t page = (size_t)sysconf(_SC_PAGESIZE), n = (size + page - 1) / page;
    unsigned char *const present = malloc(n);
    size_t sum = 0;
    CU_ASSERT_EQUAL_FATAL(mincore(p, size, present), 0);
    for (size_t k = 0; k < n; k++)
        sum += present[k] & 1;
    free(present);
    return sum;
}

static void no_page_of_big_memory_is_touched(void)
{
    enum { rounds = 3 };
    for (size_t k = 0; k < COUNT(sizes); k++)
        for (size_t round = 0; sizes[k] >= 4 * mebi && round < rounds; round++) {
            char *const p = weft_alloc(sizes[k]);
            CU_ASSERT_EQUAL(pages_present(p, sizes[k]), 0);
            memset(p, 1, sizes[k]); /* which the next round must not find */
            CU_ASSERT(pages_present(p, sizes[k]) > 0);
            weft_dealloc(p);
        }
}

/* Whether /proc/self/smaps has the two letters among the flags of the mapping that holds p. */
static bool has_flag(const void *p, const char *flag)
{
    char line[500], word[5];
    bool here = false, found = false;
    FILE *const f = fopen("/proc/self/smaps", "re");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    snprintf(word, sizeof word, " %s", flag);
    while (fgets(line, sizeof line, f)) {
        uintptr_t begin, end;
        if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
            here = (uintptr_t)p >= begin && (uintptr_t)p < end;
        else if (here && strncmp(line, "VmFlags:", 8) == 0)
            found = strstr(line, word) != NULL;
    }
    fclose(f);
    return found;
}

static void huge_pages_are_asked_for_from_four_mebibytes_on(void)
{
    if (access("/sys/kernel/mm/transparent_hugepage", F_OK))
        return; /* this kernel has none */
    char *const small = weft_alloc(4 * mebi - 1), *const big = weft_alloc(4 * mebi),
                *const odd = weft_alloc(9 * mebi + 1);
    CU_ASSERT_FALSE(has_flag(small, "hg"));
    CU_ASSERT_TRUE(has_flag(big, "hg"));
    CU_ASSERT_TRUE(has_flag(big + 4 * mebi - 1, "hg"));
    CU_ASSERT_TRUE(has_flag(odd + 9 * mebi, "hg"));
    weft_dealloc(small), weft_dealloc(big), weft_dealloc(odd);
}

static size_t pages_mapped(void)
{
    size_t pages = 0;
    FILE *const f = fopen("/proc/self/statm", "re");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    CU_ASSERT_EQUAL(fscanf(f, "%zu", &pages), 1);
    fclose(f);
    return pages;
}

static void big_memory_goes_back_to_the_system(void)
{
    weft_dealloc(weft_alloc(64 * mebi));
    const size_t before = pages_mapped();
    for (int k = 0; k < 100; k++)
        weft_dealloc(weft_alloc(64 * mebi));
    CU_ASSERT(pages_mapped() < before + 64 * mebi / (size_t)sysconf(_SC_PAGESIZE));
}

CU_TestInfo alloc_tests[] = {
    { "memory_is_aligned", memory_is_aligned },
    { "every_byte_is_the_callers", every_byte_is_the_callers },
    { "nothing_may_be_freed", nothing_may_be_freed },
    { "absurd_sizes_give_null_and_a_reason", absurd_sizes_give_null_and_a_reason },
    { "no_page_of_big_memory_is_touched", no_page_of_big_memory_is_touched },
    { "huge_pages_are_asked_for_from_four_mebibytes_on",
      huge_pages_are_asked_for_from_four_mebibytes_on },
    { "big_memory_goes_back_to_the_system", big_memory_goes_back_to_the_system },
    CU_TEST_INFO_NULL,
};
