/* golden.h - compares text with a file that was read and approved once.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The files are tests/golden/NAME.txt. After a wanted change:
 *
 *     WEFT_GOLDEN=update make test T=cli     then read `git diff tests/golden` */
#ifndef WEFT_TESTS_GOLDEN_H
#define WEFT_TESTS_GOLDEN_H

/* golden - asserts that the text is that of the file; with WEFT_GOLDEN=update it becomes so. */
void golden(const char *name, const char *text);

#endif
