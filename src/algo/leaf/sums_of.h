/* sums_of.h - sums of powers over T; included once for each type, for double first.
 * SPDX-License-Identifier: BSD-3-Clause */

typedef T NAME(narrow)
    __attribute__((vector_size(sizeof(T) * width), aligned(sizeof(T)), may_alias));

INLINE vector NAME(at)(const T *x)
{
    return __builtin_convertvector(*(const NAME(narrow) *)x, vector);
}

static void NAME(widen)(const void *px, size_t n, double *out)
{
    const T *const x = px;
    for (size_t k = 0; k < n; k++)
        out[k] = (double)x[k];
}

/* Whole rows into lanes. */
INLINE void NAME(rows)(lane_sums all, enum weft__sums kind, const T *x, size_t n, double centre)
{
    const vector zero = { 0 }, c = zero + centre;
    const size_t group = group_of(count_of(kind)), stretch = stretch_of(group);
    for (size_t begin = 0; begin < n; begin += stretch)
        for (size_t lane = 0; lane < lanes; lane += group * width) {
            const size_t end = n - begin < stretch ? n : begin + stretch;
            struct running r[group_most];
            load(r, all, count_of(kind), lane);
            for (size_t k = begin + lane; k < end; k += lanes)
                for (size_t v = 0; v < group; v++)
                    add(&r[v], kind, NAME(at)(x + k + v * width), c);
            store(r, all, count_of(kind), lane);
        }
}

/* The last row is filled up with what adds nothing. */
INLINE void NAME(sum)(enum weft__sums kind, const T *x, size_t n, double centre, double *sums)
{
    lane_sums all = { { 0 } };
    const size_t rest = n % lanes, whole = n - rest;
    NAME(rows)(all, kind, x, whole, centre);
    if (rest) {
        double row[lanes];
        for (size_t k = 0; k < lanes; k++)
            row[k] = k < rest ? (double)x[whole + k] : centre;
        rows_f64(all, kind, row, lanes, centre);
    }
    tie_all(all, count_of(kind), sums);
}

static void NAME(absolute)(const void *x, size_t n, double centre, double *sums)
{
    (void)centre;
    NAME(sum)(WEFT__ABSOLUTE, x, n, 0, sums);
}

static void NAME(squares)(const void *x, size_t n, double centre, double *sums)
{
    (void)centre;
    NAME(sum)(WEFT__SQUARES, x, n, 0, sums);
}

static void NAME(second)(const void *x, size_t n, double centre, double *sums)
{
    NAME(sum)(WEFT__SECOND, x, n, centre, sums);
}

static void NAME(fourth)(const void *x, size_t n, double centre, double *sums)
{
    NAME(sum)(WEFT__FOURTH, x, n, centre, sums);
}

INLINE void NAME(joint_rows)(lane_sums all, const T *x, const T *y, size_t n,
                             const double centre[2])
{
    const vector zero = { 0 }, c[2] = { zero + centre[0], zero + centre[1] };
    const size_t group = group_of(joint_sums), stretch = stretch_of(group);
    for (size_t begin = 0; begin < n; begin += stretch)
        for (size_t lane = 0; lane < lanes; lane += group * width) {
            const size_t end = n - begin < stretch ? n : begin + stretch;
            struct running r[group_most];
            load(r, all, joint_sums, lane);
            for (size_t k = begin + lane; k < end; k += lanes)
                for (size_t v = 0; v < group; v++)
                    add_joint(&r[v], NAME(at)(x + k + v * width), NAME(at)(y + k + v * width), c);
            store(r, all, joint_sums, lane);
        }
}

static void NAME(joint)(const void *px, const void *py, size_t n, const double centre[2],
                        double sums[5])
{
    const T *const x = px, *const y = py;
    lane_sums all = { { 0 } };
    const size_t rest = n % lanes, whole = n - rest;
    NAME(joint_rows)(all, x, y, whole, centre);
    if (rest) {
        double row[2][lanes];
        for (size_t k = 0; k < lanes; k++) {
            row[0][k] = k < rest ? (double)x[whole + k] : centre[0];
            row[1][k] = k < rest ? (double)y[whole + k] : centre[1];
        }
        joint_rows_f64(all, row[0], row[1], lanes, centre);
    }
    tie_all(all, joint_sums, sums);
}
