/* isa.c - what a probe says on each instruction set.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "isa.h"

#include <string.h>

#include "probe.h"
#include "suites.h"

void every_isa_says(const char *probe, const char *text)
{
    static const char *const isa[] = { "WEFT_ISA=plain", "WEFT_ISA=avx2", "WEFT_ISA=avx512" };
    said s[COUNT(isa)];
    for (size_t k = 0; k < COUNT(isa); k++) {
        s[k] = probe_run((const char *[]){ probe, NULL }, (const char *[]){ isa[k], NULL });
        CU_ASSERT_EQUAL(s[k].status, 0);
        ASSERT_TEXT(s[k].out, text ? text : s[0].out);
    }
    CU_ASSERT_TRUE(text || strlen(s[0].out) > 1000);
    for (size_t k = 0; k < COUNT(isa); k++)
        said_free(&s[k]);
}
