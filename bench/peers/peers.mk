# peers.mk - builds and runs the side-by-side measurements; called by `make bench-peers`.
# SPDX-License-Identifier: BSD-3-Clause
#
#   make bench-peers                     every figure
#   make bench-peers TOPIC=sum           one topic; `topics` below has them
#   make bench-peers THREADS=4 JSON=out.json
#   make bench-peers QUICK=1             every contestant once or twice: does it work?
#
# One file a peer, one probe a file: a program that uses the peer must link. What does not is said to
# be missing and left out; the tables find its jobs to be NULL (jobs.h).

CC         ?= gcc
CXX        ?= g++
B          ?= build/release
PKG_CONFIG ?= pkg-config

# weft's side, the C peers and the C++ peers are compiled alike: no -march, as for any package.
PEER_FLAGS := -O3 -g -falign-loops=32 -fopenmp
WARN       := -Wall -Wextra -Wno-missing-field-initializers
USE        := -Iinclude -D_GNU_SOURCE -DPEER_FLAGS='"$(PEER_FLAGS)"' -MMD -MP

here := bench/peers
O    := $(B)/$(here)

# ---- which peers are here -------------------------------------------------------------------------

tbb_libs         := -ltbb
pstl_libs        := -ltbb
gnu_libs         :=
group_maps_libs  :=
blas_libs        := $(or $(shell $(PKG_CONFIG) --libs openblas 2>/dev/null),-lopenblas)
pthreadpool_libs := -lpthreadpool
queue_tbb_libs   := -ltbb
queue_moodycamel_libs :=
pool_tbb_libs    := -ltbb
random_std_libs  :=
random_r123_libs :=
sort_vqsort_libs := -lhwy_contrib -lhwy
blas_flags       := $(shell $(PKG_CONFIG) --cflags openblas 2>/dev/null)

tbb_needs         := oneTBB (g++, libtbb-dev)
pstl_needs        := std::execution (g++, libtbb-dev)
gnu_needs         := parallel mode (g++)
group_maps_needs  := std::unordered_map (g++)
blas_needs        := OpenBLAS (libopenblas-dev)
pthreadpool_needs := pthreadpool (libpthreadpool-dev)
queue_tbb_needs   := oneTBB's queue (g++, libtbb-dev)
queue_moodycamel_needs := moodycamel's queue (g++, libconcurrentqueue-dev)
pool_tbb_needs    := oneTBB's task_group (g++, libtbb-dev)
pool_python_needs := Python's pools (python3)
random_std_needs  := the C++ library's generators (g++)
random_r123_needs := Random123 (g++, librandom123-dev)
sort_vqsort_needs := Highway's vqsort (g++, libhwy-dev)

peers_cxx := tbb pstl gnu group_maps queue_tbb queue_moodycamel pool_tbb random_std random_r123
peers_cxx := tbb pstl gnu queue_tbb queue_moodycamel pool_tbb random_std random_r123 sort_vqsort
peers_c   := blas pthreadpool
peers_run := pool_python

# The probe: the first line that includes the peer's header, and one of its functions to link.
tbb_probe         := \#include <tbb/global_control.h>\nint main() { tbb::global_control c(tbb::global_control::max_allowed_parallelism, 1); }
pstl_probe        := \#include <execution>\n\#include <numeric>\nint main() { double x[2]{}; return (int)std::reduce(std::execution::par, x, x + 2); }
gnu_probe         := \#include <parallel/numeric>\nint main() { double x[2]{}; return (int)__gnu_parallel::accumulate(x, x + 2, 0.0); }
group_maps_probe  := \#include <unordered_map>\nint main() { std::unordered_map<int, int> m; return (int)m.size(); }
queue_tbb_probe   := \#include <tbb/concurrent_queue.h>\nint main() { tbb::concurrent_bounded_queue<int> q; return (int)q.size(); }
queue_moodycamel_probe := \#include <concurrentqueue/blockingconcurrentqueue.h>\nint main() { moodycamel::BlockingConcurrentQueue<int> q; return (int)q.size_approx(); }
random_std_probe  := \#include <random>\n\#include <parallel/algorithm>\nint main() { std::mt19937_64 g; return (int)g(); }
random_r123_probe := \#include <Random123/philox.h>\nint main() { r123::Philox4x32 g; return (int)g({{ 0 }}, {{ 0 }})[0]; }
sort_vqsort_probe := \#include <hwy/contrib/sort/vqsort.h>\nint main() { hwy::Sorter s; uint64_t x[2]{}; s(x, 2, hwy::SortAscending()); }
pool_tbb_probe    := \#include <tbb/task_group.h>\nint main() { tbb::task_group g; g.run([] {}); g.wait(); return 0; }
blas_probe        := \#include <cblas.h>\nint main(void) { openblas_set_num_threads(1); return (int)cblas_dasum(0, 0, 1) + (int)cblas_idamin(0, 0, 1); }
pthreadpool_probe := \#include <pthreadpool.h>\nint main(void) { return pthreadpool_create(1) == 0; }

links = $(shell printf '$($(1)_probe)' | $(2) $(PEER_FLAGS) $($(1)_flags) - -o /dev/null \
          $($(1)_libs) 2>/dev/null && echo $(1))

found   := $(foreach p,$(peers_cxx),$(call links,$p,$(CXX) -x c++ -std=gnu++17)) \
           $(foreach p,$(peers_c),$(call links,$p,$(CC) -x c)) \
           $(if $(shell python3 -c 'import multiprocessing' 2>/dev/null && echo yes),pool_python)
missing := $(filter-out $(found),$(peers_cxx) $(peers_c) $(peers_run))

# ---- the program ----------------------------------------------------------------------------------

topics := loop loop2 map triad sum argmin expression exact statistics quantile scan filter copy gather \
          sort histogram group random task thread lock queue shared_queue pool
ours   := main harness load others verdict report json hand limits $(topics) queue_race task_omp
objs := $(ours:%=$(O)/%.o) $(O)/expression_sums.plain.o $(O)/expression_sums.fast.o \
        $(found:%=$(O)/%.o) $(patsubst %,$(O)/sort_%.o,$(filter tbb pstl gnu,$(found))) \
        $(patsubst %,$(O)/histogram_%.o,$(filter tbb,$(found))) \
        $(patsubst %,$(O)/group_%.o,$(filter tbb,$(found))) \
        $(patsubst %,$(O)/task_%.o,$(filter tbb,$(found)))
# C++ objects want the C++ linker; without g++ there is none of them.
LD   := $(if $(filter $(peers_cxx),$(found)),$(CXX),$(CC))
libs := $(sort $(foreach p,$(found),$($p_libs))) \
        $(shell $(PKG_CONFIG) --libs hwloc 2>/dev/null) -lm -lpthread

ifneq ($(V),1)
  Q := @
  say = @printf '  %-7s %s\n' $(1) $(2)
endif

$(O)/weft-peers: $(objs) $(B)/libweft.a
	$(call say,LD,$@)
	$(Q)$(LD) $(PEER_FLAGS) $^ $(libs) -o $@

# A different set of peers is a different program.
$(O)/found: FORCE
	@mkdir -p $(O) && echo '$(CC) $(CXX) $(found)' > $@.new && \
	    { cmp -s $@.new $@ && rm $@.new || mv $@.new $@; }

c   = $(Q)$(CC) -std=gnu11 $(PEER_FLAGS) $(WARN) $(USE) $($*_flags)
cxx = $(Q)$(CXX) -std=gnu++17 $(PEER_FLAGS) $(WARN) $(USE)

$(O)/expression_sums.plain.o: $(here)/expression_sums.c $(O)/found
	$(call say,CC,$@)
	$(c) -DKIND=plain -c $< -o $@
$(O)/expression_sums.fast.o: $(here)/expression_sums.c $(O)/found
	$(call say,CC,$@)
	$(c) -ffast-math -DKIND=fast -c $< -o $@
$(O)/%.o: $(here)/%.c $(O)/found
	$(call say,CC,$@)
	$(c) -c $< -o $@
$(O)/%.o: $(here)/%.cc $(O)/found
	$(call say,CXX,$@)
	$(cxx) -c $< -o $@

-include $(wildcard $(O)/*.d)

# ---- running it -----------------------------------------------------------------------------------

peers: $(O)/weft-peers
	@$(foreach p,$(missing),echo '  missing: $($p_needs)';)
	$(Q)$< $(if $(TOPIC),--topic $(TOPIC)) $(if $(THREADS),--threads $(THREADS)) \
	    $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(QUICK),--quick) $(if $(JSON),--json $(JSON))

.PHONY: peers FORCE
.DELETE_ON_ERROR:
.DEFAULT_GOAL := peers
