/* isa.h - what a probe says on each instruction set.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_ISA_H
#define WEFT_TESTS_ISA_H

/* Asserts that a probe exits with 0 and says this on plain, AVX2 and AVX-512 leaves; NULL: the same on
 * all, and more than 1000 bytes of it. A processor that has not got one takes the next best. */
void every_isa_says(const char *probe, const char *text);

#endif
