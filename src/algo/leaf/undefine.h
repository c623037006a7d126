/* undefine.h - ends the turn of one element type.
 * SPDX-License-Identifier: BSD-3-Clause */
#undef S
#undef T
#undef WIDE
#undef GREATEST
#undef LEAST
#undef MIN
#undef MAX
