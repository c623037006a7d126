/* weft.h - everything: parallel algorithms, the team that runs them, the machine beneath.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_H
#define WEFT_H

#include <weft/alloc.h>
#include <weft/api.h>
#include <weft/barrier.h>
#include <weft/clock.h>
#include <weft/cond.h>
#include <weft/copy.h>
#include <weft/cpus.h>
#include <weft/divide.h>
#include <weft/event.h>
#include <weft/exact.h>
#include <weft/filter.h>
#include <weft/group.h>
#include <weft/histogram.h>
#include <weft/imap.h>
#include <weft/lock.h>
#include <weft/loop.h>
#include <weft/machine.h>
#include <weft/map.h>
#include <weft/pipe.h>
#include <weft/pool.h>
#include <weft/process.h>
#include <weft/progress.h>
#include <weft/quantile.h>
#include <weft/queue.h>
#include <weft/random.h>
#include <weft/reduce.h>
#include <weft/region.h>
#include <weft/result.h>
#include <weft/rlock.h>
#include <weft/scan.h>
#include <weft/sem.h>
#include <weft/shared.h>
#include <weft/sort.h>
#include <weft/statistics.h>
#include <weft/status.h>
#include <weft/stop.h>
#include <weft/task.h>
#include <weft/team.h>
#include <weft/thread.h>
#include <weft/timer.h>
#include <weft/version.h>

#endif
