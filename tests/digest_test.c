/* digest_test.c - the bits of every algorithm are those of digests.txt.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * For every team, for every instruction set, as -ffast-math compiles the caller, and (hostmode_test.c)
 * under every mode of the host. That file is one for all compilers and optimisations: `make digests`
 * tries more of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "digest.h"
#include "digest_table.h"
#include "program.h"
#include "races.h"
#include "suites.h"

/* Without optimisation millions of elements take too long. */
#ifdef WEFT_DEBUG
enum { affordable = EVERY_PART & ~(1 << LARGE) };
#else
enum { affordable = EVERY_PART };
#endif

/* One thread has no races. */
enum { middling = 1 << FEW | 1 << INPUTS | !RACES_ARE_LOOKED_FOR << BLOCKS };

static const struct family *const families[] = {
#define FAMILY_(name) &name##_laws,
    LAWS(FAMILY_)
#undef FAMILY_
};

static void every_line_is_an_algorithms(void)
{
    size_t rows = 0;
    for (size_t k = 0; k < COUNT(families); k++)
        rows += families[k]->count;
    CU_ASSERT_EQUAL(digest_lines(), rows);
}

/* ---- teams ---- */

static void every_family_agrees(size_t threads, unsigned parts)
{
    char where[30];
    snprintf(where, sizeof where, "a team of %zu", threads);
    for (size_t k = 0; k < COUNT(families); k++)
        weft_with_threads (threads)
            expect_digests(families[k], parts, NULL, where);
}

static void a_thread_alone_gives_the_bits_of_the_table(void) { every_family_agrees(1, middling); }

static void a_team_gives_the_bits_of_the_table(void)
{
    every_family_agrees(2, 1 << BLOCKS);
    every_family_agrees(3, affordable);
}

static void more_threads_than_cores_give_the_bits_of_the_table(void)
{
    every_family_agrees(7, 1 << BLOCKS);
    every_family_agrees(16, 1 << BLOCKS);
}

static void every_team_up_to_16_gives_the_bits_of_the_table(void)
{
    for (size_t threads = 1; threads <= 16; threads++)
        every_family_agrees(threads, 1 << FEW);
}

/* ---- instruction sets ---- */

/* Side by side. A processor that has not got one takes the next best. */
static void every_instruction_set_gives_the_bits_of_the_table(void)
{
    static const char *const isa[] = { "WEFT_ISA=plain", "WEFT_ISA=avx2", "WEFT_ISA=avx512" };
    started run[COUNT(isa)];
    char parts[12];
    snprintf(parts, sizeof parts, "%d", middling);
    for (size_t k = 0; k < COUNT(isa); k++)
        run[k] = program_start((char *[]){ (char *)built("weft-digests"), "2", parts, NULL },
                               (const char *[]){ isa[k], "OMP_WAIT_POLICY=passive", NULL });
    for (size_t k = 0; k < COUNT(isa); k++) {
        said s = program_end(&run[k]);
        CU_ASSERT_EQUAL(s.status, 0);
        ASSERT_TEXT(s.err, "");
        expect_table(s.out, middling, isa[k]);
        said_free(&s);
    }
}

/* ---- the caller's flags ---- */

static const struct family *const fast_families[] = {
#define FAMILY_(name) &fast_##name##_laws,
    LAWS(FAMILY_)
#undef FAMILY_
};

static void fast_math_of_the_caller_changes_no_bit(void)
{
    for (size_t k = 0; k < COUNT(fast_families); k++)
        weft_with_threads (2)
            expect_digests(fast_families[k], middling, NULL, "-ffast-math");
}

CU_TestInfo digest_tests[] = {
    { "every_line_is_an_algorithms", every_line_is_an_algorithms },
    { "a_thread_alone_gives_the_bits_of_the_table", a_thread_alone_gives_the_bits_of_the_table },
    { "a_team_gives_the_bits_of_the_table", a_team_gives_the_bits_of_the_table },
    { "more_threads_than_cores_give_the_bits_of_the_table",
      more_threads_than_cores_give_the_bits_of_the_table },
    { "every_team_up_to_16_gives_the_bits_of_the_table",
      every_team_up_to_16_gives_the_bits_of_the_table },
    { "every_instruction_set_gives_the_bits_of_the_table",
      every_instruction_set_gives_the_bits_of_the_table },
    { "fast_math_of_the_caller_changes_no_bit", fast_math_of_the_caller_changes_no_bit },
    CU_TEST_INFO_NULL,
};
