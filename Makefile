# make demo, make check: install what is missing, build, run. See README.md.

VERSION = 0.1.0
CC = gcc
CFLAGS = $(if $(SANITIZE),-O1 -g1,-O2 -g)
PREFIX = /usr/local
SANITIZE =
BUILD = build$(if $(SANITIZE),/san)
FUZZ_SECONDS = 30

Q = $(if $(V),,@)
SAY = $(if $(V),@:,@echo)
export BUILD VERSION CC
export VV_TOP := $(CURDIR)
export VV_SHARED := $(abspath $(wildcard ../shared))

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla \
	-Wmissing-prototypes -Wformat=2 $(if $(DEV),-Werror)
SAN = $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer)
# Sanitizers describe each check in data with addresses: to move them all took
# half of a start.
LINK = $(CC) $(CFLAGS) $(SAN) $(if $(SANITIZE),-no-pie) $(LDFLAGS)

# What the library needs, by pkg-config; libstemmer has no file for that.
# Evaluated when first used, which is after the packages were installed, and
# once.
PACKAGES = libgit2 libsodium nettle libxxhash jansson libzstd libdeflate zlib md4c libpcre2-8 sqlite3 libkeyutils libqrencode
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES)))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $(shell pkg-config --libs $(PACKAGES)) -lstemmer)$(PKG_LIBS)
FLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -DVVAULT_VERSION='"$(VERSION)"' \
	-I. $(WARN) $(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS) $(SAN)

# The files of that kind below these folders; those of cmd/static are not
# linked in but by link.sh.
under = $(sort $(shell find $(2) -name '$(1)' -not -path 'cmd/static/*'))
LIB_SRC := $(call under,*.c,lib objects refs hooks $(addprefix cmd/,action \
	import export acu capture client context mcp resume))
CMD_SRC := $(call under,*.c,cmd/browse cmd/cli cmd/render cmd/stay cmd/watch)
FUZZ_SRC := $(call under,fuzz_*.c,tests/fuzz)
UNIT := $(patsubst %.c,$(BUILD)/%,$(call under,test_*.c,tests/unit tests/loss))
FUZZ := $(patsubst %.c,$(BUILD)/%,$(FUZZ_SRC))
BENCH := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/*.c))
# Programs that shell tests run.
TOOLS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/tools/*.c))
objects = $(patsubst %.c,$(BUILD)/%.o,$(1))

LIBVVAULT = $(BUILD)/libvvault.a
PROGRAM = $(if $(CMD_SRC),$(BUILD)/vvault)

all: $(LIBVVAULT) $(PROGRAM)

# Packages: tests/house/deps.sh installs those of the named group that are missing.
$(BUILD)/deps-%: tests/house/deps.sh
	$(Q)mkdir -p $(@D) && sh tests/house/deps.sh $* && touch $@

deps: $(BUILD)/deps-build $(BUILD)/deps-check $(BUILD)/deps-lint

$(BUILD)/%.o: %.c Makefile | $(BUILD)/deps-build
	$(SAY) "  CC   $<"
	$(Q)mkdir -p $(@D) && $(CC) $(FLAGS) -MMD -MP -c -o $@ $<

$(LIBVVAULT): $(call objects,$(LIB_SRC))
	$(SAY) "  AR   $@"
	$(Q)rm -f $@ && ar qcs $@ $^

# How the program is linked: tests/house/link.sh says why and falls back.
$(BUILD)/link: tests/house/link.sh $(addprefix $(BUILD)/cmd/static/, \
		late_tls.o quick_deflate.o no_stemmer.o late_markdown.o \
		late_math.o late_qr.o) refs/index/words/stop.c
	$(Q)sh $^ '$(CC) $(SAN)' $(PACKAGES) >$@

$(BUILD)/vvault: $(call objects,$(CMD_SRC)) $(LIBVVAULT) $(BUILD)/link
	$(SAY) "  LD   $@"
	$(Q)$(LINK) -o $@ $(filter %.o %.a,$^) \
	  $$(cat $(BUILD)/link) -lpthread

# Tests use the shared libraries, so both ways of linking are exercised. They
# are many: gold, where it is, takes half the time.
QUICK = $(eval QUICK := $(if $(shell command -v ld.gold),-fuse-ld=gold))$(QUICK)
LINK_TEST = $(LINK) $(QUICK) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
	$(PKG_LIBS) -lpthread

# What of the program needs no terminal is tested by itself.
$(filter $(addprefix $(BUILD)/tests/unit/cmd/,browse/% stay/% watch/%),$(UNIT)): \
	$(call objects,cmd/stay/worker.c cmd/watch/turn.c cmd/watch/unit.c \
	$(wildcard cmd/browse/view/*.c))

$(UNIT) $(BENCH) $(TOOLS): $(BUILD)/%: $(BUILD)/%.o $(LIBVVAULT)
	$(SAY) "  LD   $@"
	$(Q)$(LINK_TEST)

$(FUZZ): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/tests/fuzz/replay.o \
		$(LIBVVAULT)
	$(SAY) "  LD   $@"
	$(Q)$(LINK_TEST)

# TESTS='build/tests/unit/lib/base/test_buf tests/cli/add.t' runs only these.
TESTS = $(call under,*.t,tests) $(UNIT) $(FUZZ)
check: $(BUILD)/deps-check all $(UNIT) $(FUZZ) $(TOOLS)
	$(Q)sh tests/house/run.sh $(TESTS)

# The part of check that needs no program.
unit: $(UNIT) $(FUZZ)
	$(Q)sh tests/house/run.sh $(UNIT) $(FUZZ)

# What the agents of today write, installed from npm: needs a network, and long.
# And what by day is a part of its kind: proofs, schedules of the adversary and
# of devices, leaves of sources; sources that grow; and all that a sanitizer has
# to say.
LONG = $(addprefix $(BUILD)/tests/,loss/test_loss \
	unit/refs/trust/test_adversary unit/refs/remote/test_converge)
LONGER = $(sort $(shell grep -rlE 'VV_NIGHTLY|/robust\.sh' tests/cli))
nightly: $(BUILD)/deps-check all $(TOOLS) $(LONG)
	$(Q)VV_NIGHTLY=1 VV_JOBS=1 VV_TEST_SECONDS=36000 \
	  sh tests/house/run.sh $(addprefix \
	  tests/nightly/,agents.sh resume.sh pairs.sh mcp.sh growth.py) \
	  $(LONGER) $(LONG)
	$(Q)VV_NIGHTLY=1 $(MAKE) lint
	$(Q)VV_WHOLE=1 $(MAKE) check DEV=1 SANITIZE=address,undefined

demo: $(BUILD)/deps-check all
	$(Q)sh tests/demo.sh

bench: $(BUILD)/deps-check all $(BENCH) $(TOOLS)
	$(Q)sh tests/bench/bench.sh

lint: $(BUILD)/deps-build $(BUILD)/deps-lint
	$(Q)sh tests/lint/lint.sh $(FLAGS)

# Each target once with libFuzzer's own main; finds go to tests/fuzz/found/.
fuzz: $(BUILD)/deps-build $(BUILD)/deps-lint
	$(Q)$(MAKE) --no-print-directory CC=clang BUILD=$(BUILD)/fuzz DEV= \
	  SAN='-fsanitize=fuzzer-no-link,address,undefined' fuzz-run

fuzz-run: $(call objects,$(FUZZ_SRC)) $(LIBVVAULT)
	$(Q)sh tests/fuzz/run.sh '$(CC)' '$(PKG_LIBS)' $(FUZZ_SECONDS)


install: all
	$(Q)sh tests/house/install.sh install '$(DESTDIR)' '$(PREFIX)' '$(PACKAGES)'

uninstall:
	$(Q)sh tests/house/install.sh uninstall '$(DESTDIR)' '$(PREFIX)'

clean:
	$(Q)rm -rf $(BUILD)

.PHONY: all demo check nightly unit bench lint fuzz fuzz-run install uninstall clean deps
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
