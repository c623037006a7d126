# pool.py - Python's pools of two workers, as peers: runs what it is told to, line by line.
# SPDX-License-Identifier: BSD-3-Clause
#
#   map N        multiprocessing.Pool.map of x*x over N ints          prints the last result
#   executor N   ProcessPoolExecutor.map of the same, chunks of N/8
#   apply N      N apply_async of a no-op on multiprocessing.Pool     prints N
#   threads N    the same on ThreadPool
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool
from multiprocessing.pool import ThreadPool


def square(x):
    return x * x


def nothing():
    return 1


pools = {}


def pool(kind):
    if kind not in pools:
        pools[kind] = kind(2)
    return pools[kind]


def apply_all(p, n):
    return sum(r.get() for r in [p.apply_async(nothing) for _ in range(n)])


jobs = {
    "map": lambda n: pool(Pool).map(square, range(n))[-1],
    "executor": lambda n: list(
        pool(ProcessPoolExecutor).map(square, range(n), chunksize=n // 8 + 1)
    )[-1],
    "apply": lambda n: apply_all(pool(Pool), n),
    "threads": lambda n: apply_all(pool(ThreadPool), n),
}

if __name__ == "__main__":
    for line in sys.stdin:
        name, n = line.split()
        print(jobs[name](int(n)), flush=True)
