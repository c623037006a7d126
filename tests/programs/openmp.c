/* openmp.c - an OpenMP program: every thread of its team stays for a third of a second.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    int threads = 0;
#pragma omp parallel reduction(+ : threads)
    {
        usleep(333000);
        threads++;
    }
    printf("weft: seconds %g\n", 1.0 / threads);
    return 0;
}
