/* among_of.h - where elements of T lie among bounds; included once for each type.
 * SPDX-License-Identifier: BSD-3-Clause */

enum { NAME(width) = vector_bytes / sizeof(T) };

typedef T NAME(vector) __attribute__((vector_size(vector_bytes), aligned(sizeof(T)), may_alias));
typedef MASK NAME(mask) __attribute__((vector_size(vector_bytes), aligned(sizeof(T)), may_alias));

/* The lanes that are set, to out. */
INLINE size_t NAME(keep)(NAME(mask) inside, const T *x, T *out)
{
    size_t kept = 0;
    for (unsigned bits = BITS(inside); bits; bits &= bits - 1)
        out[kept++] = x[__builtin_ctz(bits)];
    return kept;
}

static size_t NAME(lanes_set)(NAME(mask) minus)
{
    size_t all = 0;
    for (size_t k = 0; k < NAME(width); k++)
        all += (size_t)-minus[k];
    return all;
}

/* Where one element lies; whether it is to be kept. */
static bool NAME(among_one)(T x, const T *bounds, size_t m, size_t *count)
{
    size_t k = 0;
    if (IS_NAN(x))
        return false;
    for (size_t left = m; left > 0;) { /* bounds[0..k-1] < x; k is among the next `left` + 1 */
        const size_t half = (left + 1) / 2;
        k += bounds[k + half - 1] < x ? half : 0;
        left -= half;
    }
    const size_t place = 2 * k + (k < m && bounds[k] == x);
    count[place]++;
    return place % 4 == 2 && k < m;
}

/* Whole vectors, with m bounds, which the compiler knows. */
INLINE size_t NAME(compare)(const T *x, size_t n, const T *bounds, size_t m, size_t *count, T *out)
{
    const NAME(mask) none = { 0 };
    const NAME(vector) zero = { 0 };
    NAME(mask) below[compared_most], upto[compared_most], nans = none;
    size_t kept = 0, sums[2][compared_most];
    for (size_t j = 0; j < m; j++)
        below[j] = upto[j] = none;
    for (size_t k = 0; k < n; k += NAME(width)) {
        const NAME(vector) v = *(const NAME(vector) *)(x + k);
        NAME(mask) inside = none, above = none;
        for (size_t j = 0; j < m; j++) {
            const NAME(vector) bound = zero + bounds[j];
            const NAME(mask) less = v < bound, most = v <= bound;
            below[j] += less, upto[j] += most;
            if (j % 2)
                inside |= less & above;
            above = v > bound;
        }
        nans += IS_NAN(v);
        if (out)
            kept += NAME(keep)(inside, x + k, out + kept);
    }
    for (size_t j = 0; j < m; j++)
        sums[0][j] = NAME(lanes_set)(below[j]), sums[1][j] = NAME(lanes_set)(upto[j]);
    count_between(sums[0], sums[1], m, n - NAME(lanes_set)(nans), count);
    return kept;
}

static size_t NAME(among)(const void *px, size_t n, const void *bounds, size_t m, size_t *count,
                          void *pout)
{
    const T *const x = px;
    T *const out = pout;
    size_t k = 0, kept = 0;
    if (m <= compared_most) {
        k = n / NAME(width) * NAME(width);
        kept = m == 2   ? NAME(compare)(x, k, bounds, 2, count, out)
               : m == 4 ? NAME(compare)(x, k, bounds, 4, count, out)
                        : NAME(compare)(x, k, bounds, m, count, out);
    }
    for (; k < n; k++)
        if (NAME(among_one)(x[k], bounds, m, count) && out)
            out[kept++] = x[k];
    return kept;
}

#undef S
#undef T
#undef MASK
#undef BITS
#undef IS_NAN
