/* extract.h - parts of doubles whose sums have no rounding error; included by leaves.c.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Any order of exact operations gives the same: lanes are as many as the processor has. */

typedef double doubles __attribute__((vector_size(vector_bytes), aligned(8), may_alias));
typedef int64_t doubles_bits __attribute__((vector_size(vector_bytes), aligned(8), may_alias));

enum { doubles_lanes = vector_bytes / 8, abreast = 2 };

static doubles at_or_zero(const double *x, size_t n, size_t k)
{
    double lane[doubles_lanes] = { 0 };
    doubles v;
    if (k < n)
        memcpy(lane, x + k, (n - k < doubles_lanes ? n - k : doubles_lanes) * sizeof *x);
    memcpy(&v, lane, sizeof v);
    return v;
}

static doubles larger(doubles most, doubles x)
{
    const doubles magnitude = (doubles)((doubles_bits)x & INT64_MAX);
    return (doubles)MAX_f64(magnitude, most);
}

/* The largest |x[k]|, without NaN. */
static double largest(const double *x, size_t n)
{
    const size_t step = abreast * doubles_lanes;
    doubles most[abreast] = { 0 };
    size_t k = 0;
    for (; k + step <= n; k += step)
        for (size_t a = 0; a < abreast; a++)
            most[a] = larger(most[a], *(const doubles *)(x + k + a * doubles_lanes));
    for (; k < n; k += doubles_lanes)
        most[0] = larger(most[0], at_or_zero(x, n, k));
    double all = 0;
    for (size_t a = 0; a < abreast; a++)
        for (size_t lane = 0; lane < doubles_lanes; lane++)
            all = most[a][lane] > all ? most[a][lane] : all;
    return all;
}

struct extract {
    doubles sum[2];
    doubles_bits left;
};

static void extract_one(struct extract *e, doubles x, double first, double second)
{
    const doubles high = (x + first) - first, rest = x - high;
    const doubles low = (rest + second) - second;
    e->sum[0] += high;
    e->sum[1] += low;
    e->left |= (doubles_bits)(rest - low);
}

/* The sums of the parts above 2^-53 first and 2^-53 second; false when more is left, or NaN. */
static bool extract(const double *x, size_t n, double first, double second, double sums[2])
{
    const size_t step = abreast * doubles_lanes;
    struct extract e[abreast] = { 0 };
    int64_t left = 0;
    size_t k = 0;
    for (; k + step <= n; k += step)
        for (size_t a = 0; a < abreast; a++)
            extract_one(&e[a], *(const doubles *)(x + k + a * doubles_lanes), first, second);
    for (; k < n; k += doubles_lanes)
        extract_one(&e[0], at_or_zero(x, n, k), first, second);
    sums[0] = sums[1] = 0;
    for (size_t a = 0; a < abreast; a++)
        for (size_t lane = 0; lane < doubles_lanes; lane++) {
            sums[0] += e[a].sum[0][lane];
            sums[1] += e[a].sum[1][lane];
            left |= e[a].left[lane];
        }
    return (left & INT64_MAX) == 0; /* -0.0 is nothing */
}
