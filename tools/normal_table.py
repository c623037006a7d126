#!/usr/bin/env python3
# normal_table.py - computes src/algo/random/normal_table.h, which see; needs mpmath.
# SPDX-License-Identifier: BSD-3-Clause
#
#     tools/normal_table.py >src/algo/random/normal_table.h
from mpmath import mp, mpf, exp, sqrt, pi, erfc, findroot, floor, nint

mp.dps = 40
COLUMNS = 256
f = lambda x: exp(-x * x / 2)
upto = lambda a, b: sqrt(pi / 2) * (erfc(a / sqrt(mpf(2))) - erfc(b / sqrt(mpf(2))))
total = sqrt(pi / 2)
area = total / COLUMNS

# The layers: width[0] is the lowest and widest.
width = [findroot(lambda x: x * f(x) - area, mpf('3.64'))]
while True:
    below = f(width[-1])
    g = lambda x: x * (f(x) - below) - area
    # The larger root lies between the largest product and the layer below.
    step = [width[-1] * k / 4096 for k in range(1, 4096)]
    peak = max(step, key=g)
    if g(peak) < 0:
        break
    width.append(findroot(g, (peak, width[-1]), solver='anderson', tol=mpf(10) ** -60))
layers = len(width)

# What is left: the tail, the wedges beside the layers, the cap.
left = [total - upto(mpf(0), width[0])]
for j in range(1, layers):
    a, b = width[j], width[j - 1]
    left.append(upto(a, b) - (b - a) * f(b))
left.append(upto(mpf(0), width[-1]) - width[-1] * f(width[-1]))
assert abs(sum(left) + layers * area - total) < mpf(10) ** -30
share = [p / sum(left) for p in left] + [mpf(0)] * (COLUMNS - layers - 1)

# Walker's alias method: a column keeps its own region below its threshold.
scaled = [p * COLUMNS for p in share]
threshold, alias = [mpf(1)] * COLUMNS, list(range(COLUMNS))
small = [c for c in range(COLUMNS) if scaled[c] < 1]
large = [c for c in range(COLUMNS) if scaled[c] >= 1]
while small and large:
    s, l = small.pop(), large[-1]
    threshold[s], alias[s] = scaled[s], l
    scaled[l] -= 1 - scaled[s]
    if scaled[l] < 1:
        small.append(large.pop())

doubles = lambda v: [float(x).hex() for x in v]
bits44 = [hex(min(int(nint(t * 2**44)), 2**44)) for t in threshold]


def table(name, comment, values, a_row):
    print(f'\n/* {comment} */\n#define {name} \\')
    rows = [', '.join(values[k:k + a_row]) for k in range(0, len(values), a_row)]
    print(', \\\n'.join('    ' + row for row in rows))


print(f'''/* normal_table.h - how the area below exp(-x x / 2), x >= 0, is cut up; see normal.c.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Made by tools/normal_table.py; rounded to nearest from 40 digits. */
#ifndef WEFT_ALGO_RANDOM_NORMAL_TABLE_H
#define WEFT_ALGO_RANDOM_NORMAL_TABLE_H

/* clang-format off */

enum {{ weft__normal_layers = {layers} }};''')
table('WEFT__NORMAL_WIDTHS', 'Where each layer ends, the lowest one first: x below it is in it.',
      doubles(width), 4)
table('WEFT__NORMAL_HEIGHTS', 'exp(-x x / 2) there: its upper side.', doubles([f(x) for x in width]), 4)
table('WEFT__NORMAL_THRESHOLDS', 'Of 2^44: what a column keeps; the rest goes to its alias.', bits44, 5)
table('WEFT__NORMAL_ALIASES', 'Regions: 0 is the tail, k the wedge between layers k - 1 and k, the last the cap.',
      [str(a) for a in alias], 16)
print('''
/* clang-format on */

#endif''')
