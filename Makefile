# Fundwatch: two commands do everything, `make demo` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help

BUILD_DIR ?= .build
RELEASE := swift build -c release --scratch-path $(BUILD_DIR) --static-swift-stdlib
BINARY := $(BUILD_DIR)/release/fundwatch
SYSTEM_PACKAGES := libzstd-dev zlib1g-dev libsnappy-dev libxxhash-dev libpg-query-dev libedit-dev
DEMO_STORE ?= $(BUILD_DIR)/demo/store
DEMO_REPORT ?= $(BUILD_DIR)/demo/report
LINES ?= 10000000
SEED ?= 1
RUNS ?= 5
KERNELS := swift package --package-path Benchmarks/Kernels --scratch-path $(abspath $(BUILD_DIR))/kernels \
	--allow-writing-to-package-directory benchmark
KERNEL_SOURCES := Benchmarks/Kernels/Package.swift Benchmarks/Kernels/Benchmarks

PART ?=
ROUNDS ?=
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= csv segment manifest parquet node values
FUZZ_DIR := $(BUILD_DIR)/fuzz

DOCS_DIR := $(BUILD_DIR)/docs
EXAMPLE := docs/examples/FindOversizedPrescriptions

PREFIX ?= /usr/local

.PHONY: help install demo test example docs difftest torture fuzz browser-test build bench kernels format lint packages clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s $$'\t'

packages: ## install the system libraries that are missing (apt, root or sudo)
	@missing=(); \
	for package in $(SYSTEM_PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing+=($$package); \
	done; \
	if [ $${#missing[@]} -gt 0 ]; then \
	  echo "installing $${missing[*]}"; \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq $${missing[@]} >/dev/null; \
	fi
	@command -v swift >/dev/null || { echo "swift 6.3 or later is needed: https://www.swift.org/install" >&2; exit 1; }

build: packages ## build the release binary
	@$(RELEASE) --product fundwatch

install: build ## put the program, its manual pages and completion scripts below PREFIX (/usr/local)
	@install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/fundwatch
	@install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man1 docs/man/*.1
	@install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/man/man5 docs/man/*.5
	@set -e; share=$(DESTDIR)$(PREFIX)/share; \
	for place in bash:bash-completion/completions/fundwatch zsh:zsh/site-functions/_fundwatch fish:fish/vendor_completions.d/fundwatch.fish; do \
	  mkdir -p $$(dirname $$share/$${place#*:}); \
	  $(BINARY) --generate-completion-script $${place%%:*} > $$share/$${place#*:}; \
	done

demo: build ## ingest SampleData, rank the institutions, write the report
	@rm -rf $(DEMO_STORE) $(DEMO_REPORT); mkdir -p $(dir $(DEMO_STORE))
	@set -e; export FUNDWATCH_STORE=$(DEMO_STORE); \
	$(BINARY) ingest SampleData/institutions.csv --table institutions; \
	$(BINARY) ingest SampleData/knowledge.csv --table knowledge; \
	$(BINARY) ingest SampleData/deaths.csv --table deaths; \
	$(BINARY) ingest SampleData/claims.csv SampleData/claims-national-gb18030.csv; \
	$(BINARY) verify; \
	$(BINARY) report --out $(DEMO_REPORT) --format table

test: packages ## run every test
	@swift build --build-tests --scratch-path $(BUILD_DIR) 2>&1 | grep -vE '^\[[0-9]+/[0-9]+\]' ; exit $${PIPESTATUS[0]}
	@swift test --skip-build --scratch-path $(BUILD_DIR) 2>&1 | tee $(BUILD_DIR)/test.log; outcome=$${PIPESTATUS[0]}; \
	  if [ $$outcome -ne 0 ]; then echo "what failed, again:"; grep -aE '^✘|: error:' $(BUILD_DIR)/test.log; fi; exit $$outcome

example: packages ## build the example of docs/library.md as a package of its own, and compare what it prints with the page
	@swift build --package-path $(EXAMPLE) --scratch-path $(abspath $(BUILD_DIR))/example 2>&1 | grep -vE '^\[[0-9]+/[0-9]+\]' ; exit $${PIPESTATUS[0]}
	@diff <(sed -n '/^```text/,/^```/p' docs/library.md | sed '1d;$$d') \
	  <($(BUILD_DIR)/example/debug/FindOversizedPrescriptions SampleData) && echo "the example prints what docs/library.md shows"

docs: packages ## make the reference of the library with docc, in .build/docs/pages; a warning is an error
	@swift build --scratch-path $(BUILD_DIR) --target Fundwatch 2>&1 | grep -vE '^\[[0-9]+/[0-9]+\]' ; exit $${PIPESTATUS[0]}
	@rm -rf $(DOCS_DIR); mkdir -p $(DOCS_DIR)/symbols
	@swift symbolgraph-extract -module-name Fundwatch -target $$(swift -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)",.*/\1/p') \
	  -minimum-access-level public -output-dir $(DOCS_DIR)/symbols -I $(BUILD_DIR)/debug/Modules \
	  $$(printf -- '-Xcc -fmodule-map-file=%s ' Sources/C*/module.modulemap $(BUILD_DIR)/debug/*.build/module.modulemap) \
	  $$(find $(BUILD_DIR)/checkouts -path '*/include/module.modulemap' -printf '-I %h ')
	@docc convert Sources/Fundwatch/Fundwatch.docc --additional-symbol-graph-dir $(DOCS_DIR)/symbols --output-dir $(DOCS_DIR)/pages \
	  --fallback-display-name Fundwatch --fallback-bundle-identifier fundwatch.Fundwatch --warnings-as-errors
	@echo "the reference is in $(DOCS_DIR)/pages: docc preview, or any web server, shows it"

difftest: build ## compare random queries with DuckDB and PostgreSQL 15 (RANDOM_QUERIES=300 SEED=1)
	@python3 -c "import duckdb" 2>/dev/null || python3 -m pip install --quiet duckdb
	@python3 Tests/Oracle/difftest.py $(abspath $(BINARY)) --random $(or $(RANDOM_QUERIES),300) --seed $(SEED)

torture: build ## the long set of damage and faults (PART=suites|kill|nights|power|faults|disk|readers|bombs ROUNDS=n SEED=1)
	@if [ -z "$(PART)" ] || [ "$(PART)" = suites ]; then \
	  swift build --build-tests --scratch-path $(BUILD_DIR) 2>&1 | grep -vE '^\[[0-9]+/[0-9]+\]'; \
	  FUNDWATCH_TORTURE=1 swift test --skip-build --scratch-path $(BUILD_DIR) \
	    --filter 'StorageTests|Interrupted loads|Damaged stores' || exit 1; \
	fi
	@[ "$(PART)" = suites ] || python3 Tests/Torture/torture.py --binary $(BINARY) --seed $(SEED) \
	  $(if $(PART),--part $(PART)) $(if $(ROUNDS),--rounds $(ROUNDS))

fuzz: packages ## fuzz each reader for FUZZ_SECONDS=60 (FUZZ_TARGETS="csv segment manifest parquet node values")
	@FUNDWATCH_FUZZ=1 swift build -c release --sanitize=fuzzer --scratch-path $(FUZZ_DIR) --product fundwatch-fuzz
	@FUZZ_DIR=$(FUZZ_DIR) FUZZ_SECONDS=$(FUZZ_SECONDS) Tests/Fuzz/run $(FUZZ_TARGETS)

browser-test: build ## use the pages in a headless Chromium and print them (KEEP=folder for PDFs and pictures)
	@missing=(); \
	[ -n "$$CHROMIUM" ] || command -v chromium >/dev/null || missing+=(chromium); \
	command -v pdftotext >/dev/null || missing+=(poppler-utils); \
	fc-list :lang=zh 2>/dev/null | grep -q . || missing+=(fonts-noto-cjk); \
	if [ $${#missing[@]} -gt 0 ]; then \
	  echo "installing $${missing[*]}"; \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $${missing[@]} >/dev/null; \
	fi
	@python3 Tests/Browser/browser_test.py --binary $(BINARY) $(if $(KEEP),--keep $(KEEP))

bench: build ## measure beside DuckDB, ClickHouse, Polars, Arrow (LINES SEED RUNS ONLY=parts WORK=folder WRITE=page)
	@for package in duckdb chdb polars pyarrow; do \
	  python3 -c "import importlib.util, sys; sys.exit(importlib.util.find_spec('$$package') is None)" \
	    || python3 -m pip install --quiet --disable-pip-version-check $$package; \
	done
	@command -v tpchgen-cli >/dev/null || python3 -m pip install --quiet --disable-pip-version-check tpchgen-cli
	@python3 Benchmarks/run.py --binary $(BINARY) --lines $(LINES) --seed $(SEED) --runs $(RUNS) \
	  $(if $(ONLY),--only $(ONLY)) $(if $(WORK),--work $(WORK)) $(if $(CEILING),--ceiling $(CEILING)) $(if $(WRITE),--write $(WRITE))

kernels: packages ## time each kernel, in picoseconds a value (FILTER=regex; SAVE=name, then COMPARE=name)
	@$(KERNELS) $(if $(SAVE),baseline update $(SAVE),$(if $(COMPARE),baseline compare $(COMPARE))) \
	  --grouping metric --no-progress $(if $(FILTER),--filter '$(FILTER)')

format: ## format all Swift sources in place
	@swift format --in-place --recursive --parallel Sources Tests Package.swift $(KERNEL_SOURCES)

lint: ## report formatting the toolchain's formatter would change
	@swift format lint --recursive --parallel Sources Tests Package.swift $(KERNEL_SOURCES)

clean: ## remove everything built
	@rm -rf $(BUILD_DIR)
