/* Random numbers by index, and what they amount to: the same digits for every number of threads. */
#include <stdio.h>
#include <weft.h>

int main(void)
{
    enum { n = 1000 * 1000, bins = 8, faces = 6 };
    const weft_random r = weft_random_seed(42);
    double *x = weft_alloc(n * sizeof *x);

    weft_fill_normal(x, n, &r);
    const weft_moments m = weft_statistics(x, n);
    printf("mean %.17g\ndeviation %.17g\nmedian %.17g\n", m.mean, weft_moments_deviation(&m),
           weft_median(x, n));

    size_t counts[bins], rolled[faces];
    printf("beyond 4 deviations %zu\n", weft_histogram(x, n, -4, 4, counts, bins));
    for (int k = 0; k < bins; k++)
        printf("%+d to %+d %zu\n", k - 4, k - 3, counts[k]);

    weft_histogram_of(rolled, faces, i, n, weft_below(&r, i, faces));
    for (int k = 0; k < faces; k++)
        printf("%d rolled %zu times\n", k + 1, rolled[k]);
    weft_dealloc(x);
}
