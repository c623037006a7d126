/* normal.h - one normal number, and what the vector loops take over of it.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_RANDOM_NORMAL_H
#define WEFT_ALGO_RANDOM_NORMAL_H

#include <weft/random.h>

/* Where a layer ends; 0 from weft__normal_layers on: those numbers are drawn outside of all layers. */
extern const double weft__normal_width[256];
extern const float weft__normal_width_f32[256];

/* The number outside of all layers whose first bits are u. */
double weft__normal_outside(const weft_random *r, uint64_t i, uint32_t draw, uint64_t u);
float weft__normal_outside_f32(const weft_random *r, uint64_t i, uint32_t draw, uint32_t u);

#endif
