# weft - build, test, measure, install.  `make help` lists the targets.
#
#   make deps test            install what is missing, build, pass the tests
#   make MODE=debug test      tests with assertions on
#   make CC=clang             another compiler, in a build folder of its own
#   make V=1                  print the commands
#   make install DESTDIR=/tmp/stage PREFIX=/usr

# ---- knobs ------------------------------------------------------------------------------------

MODE       ?= release
PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
LIBEXECDIR ?= $(PREFIX)/libexec/weft
INCLUDEDIR ?= $(PREFIX)/include
MANDIR     ?= $(PREFIX)/share/man
DESTDIR    ?=

CFLAGS     ?= -O3 -g
WERROR     ?= 0
INSTALL    ?= install
PKG_CONFIG ?= pkg-config
ifeq ($(origin CC),default)
  CC := gcc
endif
MAKEFLAGS += --no-builtin-rules
comma := ,
-include config.mk

# ---- version: the header is the only place it is written ----------------------------------------

ver     = $(shell sed -n 's/^.define WEFT_VERSION_$(1) *//p' include/weft/version.h)
MAJOR   := $(call ver,MAJOR)
VERSION := $(MAJOR).$(call ver,MINOR).$(call ver,PATCH)

# ---- modes: each has a build folder of its own, and so has each compiler --------------------------

mode_release := -DNDEBUG
mode_debug   := -O0 -DWEFT_DEBUG
mode_asan    := -O1 -DWEFT_DEBUG -fsanitize=address,undefined -fno-sanitize-recover=all \
                -fno-omit-frame-pointer
mode_tsan    := -O1 -DWEFT_DEBUG -fsanitize=thread
mode_cov     := -O0 --coverage
ifeq ($(origin mode_$(MODE)),undefined)
  $(error MODE=$(MODE): use release, debug, asan (with ubsan), tsan or cov)
endif
compiler := $(notdir $(firstword $(CC)))
B := build/$(MODE)$(if $(filter-out gcc cc,$(compiler)),-$(compiler))

# Contraction changes digits and loop placement changes times by 60 %: both are fixed for all of weft.
ARITHMETIC := -ffp-contract=off -fno-fast-math
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla -Wundef
OURS  = -std=gnu11 -Iinclude $(WARN) $(mode_$(MODE)) $(ARITHMETIC) -fopenmp \
        -falign-loops=32 -ffile-prefix-map=$(CURDIR)/= $(if $(filter 1,$(WERROR)),-Werror)
INSIDE := -Isrc -fvisibility=hidden -D_GNU_SOURCE
LIBS  = $(shell $(PKG_CONFIG) --libs hwloc) -lm -lpthread
JSON  = $(shell $(PKG_CONFIG) --libs jansson)
LINK  = $(CC) $(CFLAGS) $(mode_$(MODE)) -fopenmp $(LDFLAGS)
# Allocations of the tests go through tests/fault.c and tests/memory.c.
FAULTS := $(patsubst %,-Wl$(comma)--wrap=%,malloc calloc realloc aligned_alloc posix_memalign free \
          weft_alloc)

# ---- sources ------------------------------------------------------------------------------------

find     = $(sort $(shell find $(1) -name '*.c' 2>/dev/null))
obj      = $(patsubst %.c,$(B)/%.o,$(1))
LIB      := $(call find,src)
KERNELS  := $(call find,kernels)
HARNESS  := $(sort $(wildcard bench/*.c))
CLI      := $(call find,bench/cli)
PROGRAMS := $(call find,tests/programs)
TESTS    := $(filter-out $(PROGRAMS) tests/digests.c,$(call find,tests))
ROWS     := $(call find,tests/laws)
DIGESTS  := $(patsubst %,tests/%.c,digest inputs laws sort_input)
EXAMPLES := $(call find,examples)
SO       := libweft.so.$(VERSION)

# One source, one object for each instruction set; src/algo/leaf.c picks at run time.
LEAF_C     := $(call find,src/algo/leaf)
isa_plain  :=
isa_avx2   := -mavx2 -mbmi2 -mfma
isa_avx512 := -mavx512f -mavx512dq -mavx512bw -mavx512vl -mbmi2 -mprefer-vector-width=512
ISAS       := plain $(if $(findstring x86_64,$(shell $(CC) -dumpmachine)),avx2 avx512)
LEAVES     := $(foreach isa,$(ISAS),$(LEAF_C:%.c=$(B)/%.$(isa).o))
LIB        := $(filter-out $(LEAF_C),$(LIB))
LIB_O      := $(call obj,$(LIB)) $(LEAVES)

# ---- output -------------------------------------------------------------------------------------

ifneq ($(V),1)
  Q := @
  say = @printf '  %-7s %s\n' $(1) $(2)
endif

## all: library (static, shared), the weft command and its kernels
all: lib $(B)/weft $(B)/weft-kernel
## lib: build/MODE/libweft.a and libweft.so
lib: $(B)/libweft.a $(B)/$(SO)

$(B)/libweft.a: $(LIB_O)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcsD $@ $^

# nodelete: libgomp's threads outlive a dlclose, their code must too.
$(B)/$(SO): $(LIB_O:.o=.pic.o) src/libweft.map
	$(call say,LD,$@)
	$(Q)$(LINK) -shared -Wl,-soname,libweft.so.$(MAJOR) -Wl,--version-script=src/libweft.map \
	    -Wl,-z,nodelete $(filter %.o,$^) $(LIBS) -o $@
	$(Q)ln -sf $(SO) $(B)/libweft.so.$(MAJOR) && ln -sf $(SO) $(B)/libweft.so

# The command must not link libgomp: with OMP_PROC_BIND set it would hand its children one CPU.
$(B)/weft: $(call obj,$(CLI) $(HARNESS)) $(B)/libweft.a
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(mode_$(MODE)) $(LDFLAGS) $^ $(LIBS) $(JSON) -o $@

$(B)/weft-kernel: $(call obj,$(KERNELS)) $(B)/libweft.a
	$(call say,LD,$@)
	$(Q)$(LINK) $^ $(LIBS) -o $@

$(B)/weft-test: $(call obj,$(TESTS) $(HARNESS) $(filter-out %/main.c,$(CLI))) $(ROWS:%.c=$(B)/%.fast.o) \
                $(B)/libweft.a
	$(call say,LD,$@)
	$(Q)$(LINK) $(FAULTS) $^ $(LIBS) $(JSON) -lcunit -o $@

# Without sync and exec: it is built for many compilers and flags.
$(B)/weft-digests: $(call obj,tests/digests.c $(ROWS) $(DIGESTS)) $(filter-out $(B)/src/sync/% $(B)/src/exec/%,$(LIB_O))
	$(call say,LD,$@)
	$(Q)$(LINK) $^ $(LIBS) -o $@

# Programs of known behaviour, for the tests to run, as others would build them: sanitizers have threads
# of their own. Only one has OpenMP: its runtime would bind the main thread of the others, and all
# threads that this one starts with it.
$(B)/tests/programs/%: tests/programs/%.c $(B)/flags
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D) && $(CC) -std=gnu11 -D_GNU_SOURCE -O2 -g $(WARN) \
	    $(if $(filter 1,$(WERROR)),-Werror) $(if $(filter openmp,$*),-fopenmp) $< -lm -lpthread -o $@

# What is different where weft is a shared library.
$(B)/tests/programs/spawns: $(B)/tests/programs/spawns.o $(B)/$(SO)
	$(call say,LD,$@)
	$(Q)$(LINK) $< -L$(B) -lweft -Wl,-rpath,'$$ORIGIN/../..' -o $@

$(B)/examples/%: $(B)/examples/%.o $(B)/libweft.a
	$(call say,LD,$@)
	$(Q)$(LINK) $^ $(LIBS) -o $@

# Objects. The library sees src/, everything else sees include/ only, as a user does.
compile = $(Q)mkdir -p $(@D) && $(CC) $(CPPFLAGS) $(CFLAGS) $(OURS) -MMD -MP

define leaf_rules
$(B)/src/algo/leaf/%.$(1).pic.o: src/algo/leaf/%.c $(B)/flags
	$$(call say,CC,$$@)
	$$(compile) $(INSIDE) $(isa_$(1)) -DISA=$(1) -fPIC -c $$< -o $$@
$(B)/src/algo/leaf/%.$(1).o: src/algo/leaf/%.c $(B)/flags
	$$(call say,CC,$$@)
	$$(compile) $(INSIDE) $(isa_$(1)) -DISA=$(1) -c $$< -o $$@
endef
$(foreach isa,$(ISAS),$(eval $(call leaf_rules,$(isa))))
$(B)/src/%.pic.o: src/%.c $(B)/flags
	$(call say,CC,$@)
	$(compile) $(INSIDE) -fPIC -c $< -o $@
$(B)/src/%.o: src/%.c $(B)/flags
	$(call say,CC,$@)
	$(compile) $(INSIDE) -c $< -o $@
$(B)/bench/%.o: bench/%.c $(B)/flags
	$(call say,CC,$@)
	$(compile) -D_GNU_SOURCE -Ibench -c $< -o $@
# The algorithms of the laws once more, as in a program that is built so: not a bit may change.
$(B)/tests/laws/%.fast.o: tests/laws/%.c $(B)/flags
	$(call say,CC,$@)
	$(compile) -D_GNU_SOURCE -Ibench -ffast-math -c $< -o $@
$(B)/tests/%.o: tests/%.c $(B)/flags
	$(call say,CC,$@)
	$(compile) -D_GNU_SOURCE -Ibench -c $< -o $@
$(B)/%.o: %.c $(B)/flags
	$(call say,CC,$@)
	$(compile) -D_GNU_SOURCE -c $< -o $@

# Objects are rebuilt when the flags change: the file is touched only if its text differs.
$(B)/flags: FORCE | $(filter deps,$(MAKECMDGOALS))
	@mkdir -p $(B) && echo '$(CC) $(CPPFLAGS) $(CFLAGS) $(OURS) $(ISAS)' > $@.new && \
	    { cmp -s $@.new $@ && rm $@.new || mv $@.new $@; }

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# ---- checks -------------------------------------------------------------------------------------

# The OpenMP runtime is not instrumented: Archer tells ThreadSanitizer what it orders. Kernels that
# scatter mappings further than ThreadSanitizer can follow are asked not to.
ifeq ($(MODE),tsan)
  TSAN_OPTIONS ?= ignore_noninstrumented_modules=1 halt_on_error=1 die_after_fork=0
  export TSAN_OPTIONS
  PLAINLY := $(shell setarch -R true 2>/dev/null && echo setarch -R)
endif

## test: build everything and run the tests (T=suite to run one)
test: all $(B)/weft-test $(B)/weft-digests $(patsubst %.c,$(B)/%,$(EXAMPLES) $(PROGRAMS))
	$(Q)WEFT_BUILD=$(B) timeout -k 5 600 $(PLAINLY) $(B)/weft-test $(T)
## examples: build every example and run it
examples: $(patsubst %.c,$(B)/%,$(EXAMPLES))
	$(Q)for e in $^; do echo "== $$e"; timeout 60 $$e || exit 1; done
## check: tests in debug mode, under the sanitizers, and with clang
check:
	$(Q)$(MAKE) MODE=debug test && $(MAKE) check-asan && $(MAKE) check-tsan && $(MAKE) CC=clang test
## check-asan: tests under AddressSanitizer and UndefinedBehaviorSanitizer
check-asan:
	$(Q)$(MAKE) MODE=asan test
## check-tsan: tests under ThreadSanitizer (clang, libomp and Archer: exact, where gcc's is not)
check-tsan:
	$(Q)$(MAKE) MODE=tsan CC=clang test
SOAKED := queue_storm queue_history robust shared_cond shared_barrier shared_signal shared_queue pool_kill histogram
SOAKED := queue_storm queue_history robust shared_cond shared_barrier shared_signal shared_queue pool_kill \
          task task_group
## soak: the long campaigns: 10^7 items through every kind of queue (WEFT_SOAK=n for n), n/1000 kills
soak: all $(B)/weft-test
	$(Q)for suite in $(or $(T),$(SOAKED)); do \
	    WEFT_SOAK=$(or $(WEFT_SOAK),10000000) WEFT_BUILD=$(B) $(B)/weft-test $$suite || exit 1; done
## digests: by gcc and clang at -O1, -O2 and -O3, for every instruction set, no bit differs
digests:
	$(Q)for cc in gcc clang; do for o in 1 2 3; do \
	    b=build/digests/$$cc-O$$o; \
	    $(MAKE) CC=$$cc CFLAGS=-O$$o B=$$b $$b/weft-digests || exit 1; \
	    for isa in plain avx2 avx512; do \
	        echo "$$cc -O$$o $$isa"; \
	        WEFT_ISA=$$isa $$b/weft-digests | diff tests/digests.txt - || exit 1; \
	    done; \
	done; done
## model: what the models in model/ promise, and that the bugs planted there are found (needs spin)
model:
	$(Q)tools/model.sh

# ---- what it needs --------------------------------------------------------------------------------

## deps: install what build, demo and test need and is missing
deps: ; @tools/deps.sh build
## deps-ci: the same for lint and the sanitizers
deps-ci: ; @tools/deps.sh build ci
## deps-bench: the same for the peers of bench-peers
deps-bench: ; @tools/deps.sh build bench

# ---- measuring ------------------------------------------------------------------------------------

## demo: this machine, and how two kernels and a foreign program scale on it (under a minute)
demo: all
	$(Q)bench/demo.sh $(B)
## bench-peers: weft side by side with what else there is (TOPIC=sum to run one)
bench-peers: lib
	$(Q)$(MAKE) -f bench/peers/peers.mk B=$(B) peers

# ---- keeping it clean -------------------------------------------------------------------------------

C_FILES = $(shell find include src kernels bench tests examples -name '*.[ch]' 2>/dev/null)
## format: clang-format everything in place
format: ; $(Q)clang-format -i $(C_FILES)
## lint: format, layers, headers that stand alone, pragmas in their place
lint: ; $(Q)CC="$(CC)" tools/lint.sh $(C_FILES)

# ---- install --------------------------------------------------------------------------------------

$(B)/weft.pc: weft.pc.in include/weft/version.h FORCE
	$(Q)mkdir -p $(B) && sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
	    -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' -e 's|@VERSION@|$(VERSION)|' $< > $@

## install: into $(DESTDIR)$(PREFIX)
install: all $(B)/weft.pc
	$(Q)$(INSTALL) -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBEXECDIR) $(LIBDIR)/pkgconfig \
	    $(INCLUDEDIR)/weft $(MANDIR)/man1)
	$(Q)$(INSTALL) -m 755 $(B)/weft $(DESTDIR)$(BINDIR)/
	$(Q)$(INSTALL) -m 755 $(B)/weft-kernel $(DESTDIR)$(LIBEXECDIR)/
	$(Q)$(INSTALL) -m 644 $(B)/libweft.a $(DESTDIR)$(LIBDIR)/
	$(Q)$(INSTALL) -m 755 $(B)/$(SO) $(DESTDIR)$(LIBDIR)/
	$(Q)ln -sf $(SO) $(DESTDIR)$(LIBDIR)/libweft.so.$(MAJOR)
	$(Q)ln -sf libweft.so.$(MAJOR) $(DESTDIR)$(LIBDIR)/libweft.so
	$(Q)$(INSTALL) -m 644 include/weft.h $(DESTDIR)$(INCLUDEDIR)/
	$(Q)$(INSTALL) -m 644 include/weft/*.h $(DESTDIR)$(INCLUDEDIR)/weft/
	$(Q)$(INSTALL) -m 644 $(B)/weft.pc $(DESTDIR)$(LIBDIR)/pkgconfig/
	$(Q)$(INSTALL) -m 644 docs/*.1 $(DESTDIR)$(MANDIR)/man1/
## uninstall: remove what install put there
uninstall:
	$(Q)rm -f $(DESTDIR)$(BINDIR)/weft $(DESTDIR)$(LIBDIR)/libweft.* $(DESTDIR)$(INCLUDEDIR)/weft.h \
	    $(DESTDIR)$(LIBDIR)/pkgconfig/weft.pc \
	    $(addprefix $(DESTDIR)$(MANDIR)/man1/,$(notdir $(wildcard docs/*.1)))
	$(Q)rm -rf $(DESTDIR)$(INCLUDEDIR)/weft $(DESTDIR)$(LIBEXECDIR)
## dist: weft-VERSION.tar.gz from the commit, byte for byte the same each time
dist:
	$(Q)git archive --prefix=weft-$(VERSION)/ HEAD | gzip -n > weft-$(VERSION).tar.gz
## distcheck: unpack it elsewhere, build, test, install, uninstall, find nothing left
distcheck: dist
	$(Q)d=$$(mktemp -d) && trap "rm -rf $$d" EXIT && tar -xzf weft-$(VERSION).tar.gz -C $$d && \
	    cd $$d/weft-$(VERSION) && $(MAKE) test && $(MAKE) install DESTDIR=$$d/stage && \
	    $(MAKE) uninstall DESTDIR=$$d/stage && \
	    left=$$(find $$d/stage ! -type d) && test -z "$$left" && echo "distcheck: good"
## symbols: what the shared library exports
symbols: $(B)/$(SO)
	$(Q)nm -D --defined-only $< | awk '$$2 != "A" { sub(/@.*/, "", $$3); print $$3 }'
## clean: remove build/
clean:
	$(Q)rm -rf build
## help: this list
help:
	@sed -n 's/^## //p' Makefile | awk -F': ' '{ printf "  %-12s %s\n", $$1, $$2 }'

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all lib test examples check check-asan check-tsan soak digests model deps deps-ci deps-bench \
        demo bench-peers format lint install uninstall dist distcheck symbols clean help FORCE
