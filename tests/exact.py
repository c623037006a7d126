# exact.py - the referee of exact_test.c: integers of Python are exact, and so is its judgement.
# SPDX-License-Identifier: BSD-3-Clause
#
#     python3 tests/exact.py WEFT-TEST
#
# Makes sums and dot products, among them the ill-conditioned ones of T. Ogita, S. Rump and S. Oishi,
# Accurate sum and dot product, 2005 (algorithm 6.1), has them computed by `WEFT-TEST --probe exact` with
# every instruction set and team, and prints what is not right.
import math
import os
import random
import struct
import subprocess
import sys
from fractions import Fraction

SCALE = 1074  # every double is a multiple of 2^-1074, every product one of 2^-2148


def whole(x):  # x * 2^SCALE
    above, below = x.as_integer_ratio()
    return above * ((1 << SCALE) // below)


def rounded(value, scale, bits, least, most):  # value / 2^scale to the nearest, ties to even
    negative, value = value < 0, abs(value)
    last = max(value.bit_length() - scale - bits, least)
    shift = last + scale
    if shift <= 0:
        mantissa = value << -shift
    else:
        mantissa, rest = value >> shift, value & ((1 << shift) - 1)
        half = 1 << (shift - 1)
        mantissa += rest > half or (rest == half and mantissa % 2)
    size = math.inf if mantissa.bit_length() + last > most else math.ldexp(mantissa, last)
    return -size if negative else size


def single(x):
    try:
        return struct.unpack('<f', struct.pack('<f', x))[0]
    except OverflowError:
        return math.copysign(3.4028234663852886e38, x)


FORMATS = {'f64': (53, -1074, 1024, 64, float), 'f32': (24, -149, 128, 128, single)}


class Case:
    def __init__(self, what, kind, x, y=None, condition=0):
        self.what, self.kind = what, kind
        fit = FORMATS[kind][4]
        self.x = [fit(v) for v in x]
        self.y = None if y is None else [fit(v) for v in y]
        self.condition = condition

    def solve(self):
        bits, least, most, lanes, _ = FORMATS[self.kind]
        if self.y is None:
            terms, scale = [whole(v) for v in self.x], SCALE
        else:
            terms, scale = [whole(v) * whole(w) for v, w in zip(self.x, self.y)], 2 * SCALE
        self.total, self.size = sum(terms), sum(map(abs, terms))
        self.right = rounded(self.total, scale, bits, least, most)
        self.scale = scale
        # the bound of reduce.h, and what products below the subnormals lose
        n = len(self.x)
        steps = 2048 / lanes + math.log2(lanes) + max(0, math.log2(max(n, 1) / 2048)) + 1
        self.bound = Fraction(self.size) * Fraction(steps) / 2 ** (bits - 1)
        self.bound += n * 2 ** (least + scale) if self.y is not None else 0
        self.overflows = self.size >> (most + scale - 1) > 0
        if self.condition and self.size * 2000 < abs(self.total) * int(self.condition):
            yield 'is not ill-conditioned'

    def text(self):
        head = '%s %s %d' % ('sum' if self.y is None else 'dot', self.kind, len(self.x))
        return '\n'.join([head] + [v.hex() for v in self.x + (self.y or [])])

    def judge(self, exact, default):
        if exact.hex() != self.right.hex():
            yield 'exact is %s, not %s' % (exact.hex(), self.right.hex())
        if not self.overflows and abs((whole(default) << (self.scale - SCALE)) - self.total) > self.bound:
            yield 'the plain one is off by more than its bound'


# ---- what is summed ------------------------------------------------------------------------------


def random_in(rng, spread):
    return math.ldexp(rng.uniform(-1, 1), rng.randint(-spread, spread))


def gen_dot(rng, n, condition, fit):
    half, b = n // 2, math.log2(condition)
    e = [round(rng.random() * b / 2) for _ in range(half)]
    e[0], e[-1] = round(b / 2) + 1, 0
    x = [fit(rng.uniform(-1, 1) * 2.0**k) for k in e]
    y = [fit(rng.uniform(-1, 1) * 2.0**k) for k in e]
    dot = sum(Fraction(v) * Fraction(w) for v, w in zip(x, y))
    for i in range(n - half):
        k = round(b / 2 * (1 - i / max(1, n - half - 1)))
        x.append(fit(rng.uniform(0.5, 1) * rng.choice((-1, 1)) * 2.0**k))
        y.append(fit(float((Fraction(rng.uniform(-1, 1) * 2.0**k) - dot) / Fraction(x[-1]))))
        dot += Fraction(x[-1]) * Fraction(y[-1])
    pairs = list(zip(x, y))
    rng.shuffle(pairs)
    return [p[0] for p in pairs], [p[1] for p in pairs]


def gen_sum(rng, n, condition, fit):
    x, y = gen_dot(rng, n // 2, condition, fit)
    terms = []
    for v, w in zip(x, y):
        high = fit(v * w)
        terms += [high, fit(float(Fraction(v) * Fraction(w) - Fraction(high)))]
    rng.shuffle(terms)
    return terms


def cases():
    rng = random.Random(2005)
    for exponent in range(4, 41, 4):
        for kind in FORMATS:
            fit, n = FORMATS[kind][4], rng.choice((20, 200, 1000))
            condition = min(10.0**exponent, 1e30 if kind == 'f32' else 1e40)
            x, y = gen_dot(rng, n, condition, fit)
            yield Case('GenDot 1e%d' % exponent, kind, x, y, condition)
            yield Case('GenSum 1e%d' % exponent, kind, gen_sum(rng, n, condition, fit), None,
                       condition if kind == 'f64' else 0)
    sizes = [0, 1, 2, 7, 8, 9, 15, 17, 1023, 1024, 1025, 2047, 2048, 2049, 16385, 33000]
    for n in sizes + sizes[3:-3]:
        spread = rng.choice((0, 10, 25, 60, 200, 900))
        x, y = [random_in(rng, spread) for _ in range(n)], [random_in(rng, spread) for _ in range(n)]
        yield Case('spread %d' % spread, 'f64', x)
        yield Case('spread %d' % spread, 'f64', x, y)
        yield Case('spread %d' % spread, 'f32', x)
        yield Case('spread %d' % spread, 'f32', x, y)
        negated = x[: n // 2] + [-v for v in x[: n // 2]]
        yield Case('it cancels', 'f64', negated + [2.0**-1074])
        yield Case('it cancels', 'f64', negated, 2 * y[: n // 2])
    for k in range(60):  # ties, and next to them
        n, low = rng.randint(2, 5), rng.choice((0, -500, -537, -538))
        few = [[math.ldexp(rng.randint(-3, 3), rng.choice((0, 26, 27, 52, 53)) + low) for _ in range(n)]
               for _ in range(2)]
        yield Case('a tie', 'f64', *few)
        yield Case('a tie', 'f64', few[0] + few[1])
    for low in (-1074, -1022, -970, -600, -540, -500):  # products around and below the subnormals
        x = [math.ldexp(rng.uniform(-1, 1), low + rng.randint(0, 60)) for _ in range(3000)]
        y = [math.ldexp(rng.uniform(-1, 1), rng.randint(-540, 0)) for _ in range(3000)]
        yield Case('products below 2^%d' % (low + 60), 'f64', x, y)
        yield Case('and zeros', 'f64', [0.0 if k % 3 else v for k, v in enumerate(x)], y)
        yield Case('elements below 2^%d' % (low + 60), 'f64', x)
    for high in (500, 512, 900, 1023):  # products that overflow, and cancel or not
        x = [math.ldexp(rng.uniform(-1, 1), high - rng.randint(0, 20)) for _ in range(2500)]
        y = [math.ldexp(rng.uniform(-1, 1), high - rng.randint(0, 20)) for _ in range(2500)]
        yield Case('products up to 2^%d' % (2 * high), 'f64', x, y)
        yield Case('and they cancel', 'f64', x + x + [1.5], y + [-v for v in y] + [2.0**-1074])


# ---- judgement -----------------------------------------------------------------------------------


def main():
    all_cases, wrong, judged = list(cases()), [], 0
    for case in all_cases:
        wrong += [(case.what, w) for w in case.solve()]
    text = '\n'.join(case.text() for case in all_cases) + '\n'
    for isa in ('plain', 'avx2', 'avx512'):
        said = subprocess.run([sys.argv[1], '--probe', 'exact'], input=text, text=True, check=True,
                              stdout=subprocess.PIPE, env=dict(os.environ, WEFT_ISA=isa)).stdout
        lines = iter(said.split('\n'))
        for case in all_cases:
            for team in (1, 2, 3, 7, 16):
                exact, default = map(float.fromhex, next(lines).split())
                judged += 1
                wrong += [('%s, %s, n = %d, %s, team of %d' % (case.what, case.kind, len(case.x), isa,
                                                               team), w)
                          for w in case.judge(exact, default)]
    for what, how in wrong[:20]:
        print('%s: %s' % (what, how))
    if judged == 3 * 5 * len(all_cases) and not wrong:
        print('%d answers are right' % judged)


main()
