# membercert: build, check, test.
#
#   make build      module and programs into build/
#   make unit       C unit tests (cmocka)
#   make fuzz       each fuzz target, deterministic mutations (FUZZ_TIME s)
#   make check      style and static checks of the house (t/00-layers.t)
#   make asan       module and units with ASan + UBSan, t/*.t on them
#   make test       all of it, as ./test does
#   make install    module and command (DESTDIR, PREFIX, MODULES)
#   make clean

BUILD   ?= build
PREFIX  ?= /usr
MODULES ?= $(PREFIX)/lib/nginx/modules
DESTDIR ?=
CC      ?= cc
FUZZ_TIME ?= 20
ASAN    := -fsanitize=address,undefined -fno-sanitize-recover=all

ROOMS   := base domain photo document auth store service
MODULE  := ngx_http_membercert_module

PKGS    := sqlite3 libjpeg libcrypto libsodium libcurl freetype2 libqrencode \
           expat
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
LIBS    := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lhpdf -lz -lm \
           -lcrypt -lpthread
TEST_LIBS   := -lcmocka

WARN    := -Wall -Wextra -Wno-unused-parameter -Wshadow \
           -Wstrict-prototypes -Wmissing-prototypes -Wconversion -Werror
CFLAGS  ?= -O2 -g
INCS    := $(ROOMS:%=-Isrc/%) -Itools $(PKG_CFLAGS:-I%=-isystem %)
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -fPIC $(WARN) $(CFLAGS) $(SANITIZE) \
             $(INCS)

CORE    := $(sort $(wildcard $(ROOMS:%=src/%/*.c)))
HEADERS := $(sort $(wildcard src/*/*.h tools/*.h))
MAINS   := $(sort $(wildcard tools/mc_*_main.c))
AIDS    := $(filter-out $(MAINS),$(sort $(wildcard tools/mc_*.c)))
CTL     := $(sort $(wildcard tools/ctl/*.c))
UNITS   := $(sort $(wildcard t/unit/test_*.c))
FUZZERS := $(sort $(wildcard t/fuzz/fuzz_*.c))

OUT     := $(BUILD)$(if $(SANITIZE),/asan)
CORE_O  := $(CORE:%.c=$(OUT)/%.o)
AIDS_O  := $(AIDS:%.c=$(OUT)/%.o)
CTL_O   := $(CTL:%.c=$(OUT)/%.o)
TOOLS   := $(MAINS:tools/mc_%_main.c=$(OUT)/%)
UNIT_B  := $(UNITS:t/unit/%.c=$(OUT)/unit/%)
FUZZ_B  := $(FUZZERS:t/fuzz/%.c=$(OUT)/fuzz/%)

all: build
build: module $(OUT)/membercertctl $(OUT)/portrait $(OUT)/minicode \
       $(OUT)/spoil $(OUT)/seal

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/libcore.a: $(CORE_O)
	@rm -f $@
	ar rcs $@ $^

$(OUT)/membercertctl: $(CTL_O) $(AIDS_O) $(OUT)/libcore.a
	$(CC) $(SANITIZE) -o $@ $^ $(LIBS)

$(TOOLS): $(OUT)/%: $(OUT)/tools/mc_%_main.o $(AIDS_O) $(OUT)/libcore.a
	$(CC) $(SANITIZE) -o $@ $^ $(LIBS)

$(OUT)/steps: $(OUT)/bench/steps.o $(AIDS_O) $(OUT)/libcore.a
	$(CC) $(SANITIZE) -o $@ $^ $(LIBS)

$(UNIT_B): $(OUT)/unit/%: $(OUT)/t/unit/%.o $(AIDS_O) $(OUT)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(SANITIZE) -o $@ $^ $(LIBS) $(TEST_LIBS)

$(FUZZ_B): $(OUT)/fuzz/%: $(OUT)/t/fuzz/%.o $(OUT)/t/fuzz/driver.o \
           $(AIDS_O) $(OUT)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(SANITIZE) -o $@ $^ $(LIBS)

-include $(shell find $(OUT) -name '*.d' 2>/dev/null)

# The module is built by nginx's own build system against its headers.
module:
	@SANITIZE="$(SANITIZE)" tools/build-module $(OUT)

units: $(UNIT_B) $(TOOLS)

unit: $(UNIT_B)
	tools/run-each unit $(UNIT_B)

ifeq ($(SANITIZE),)
fuzz:
	$(MAKE) SANITIZE="$(ASAN)" fuzz
else
fuzz: $(FUZZ_B)
	tools/run-each "fuzz $(FUZZ_TIME)" $(FUZZ_B)
endif

check: build
	prove -Q t/00-layers.t

asan:
	$(MAKE) SANITIZE="$(ASAN)" build units

test:
	./test

install: build
	install -D -m 755 $(OUT)/membercertctl \
	    $(DESTDIR)$(PREFIX)/bin/membercertctl
	install -D -m 644 $(OUT)/$(MODULE).so \
	    $(DESTDIR)$(MODULES)/.$(MODULE).so.new
	mv $(DESTDIR)$(MODULES)/.$(MODULE).so.new \
	    $(DESTDIR)$(MODULES)/$(MODULE).so

clean:
	rm -rf $(BUILD)

.PHONY: all build module units unit fuzz check asan test install clean
.SECONDARY:
