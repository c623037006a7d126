/* Parallel, and the same digits for every number of threads. */
#include <math.h>
#include <stdio.h>
#include <weft.h>

int main(void)
{
    enum { n = 10 * 1000 * 1000 };
    double *x = weft_alloc(n * sizeof *x);              /* pages land near the threads that use them */
    weft_map(x, i, n, sin(1e-3 * (double)i));
    printf("sum %.17g\n", weft_sum(x, n));
    printf("above one half %zu\n", weft_count_of(i, n, x[i] > 0.5));
    printf("nearest to 0.1 is x[%zu]\n", weft_argmin_of(i, n, fabs(x[i] - 0.1)));
    weft_dealloc(x);
}
