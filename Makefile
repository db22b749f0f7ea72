SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.NOTPARALLEL:

LIBRARIES := libyaml-dev libpcre2-dev libssl-dev libc-ares-dev libcrypt-dev
TOOLS := curl git nginx-light python3-venv valgrind
PEERS := gcc haproxy libc6-dev nginx-light python3 wrk

# `make INSTALL=true …` for machines where apt-get is not the way.
INSTALL := scripts/install-packages
BUILD := swift build --explicit-target-dependency-import-check error
RELEASE := $(BUILD) --configuration release --static-swift-stdlib --product gateway
GATEWAY := .build/release/gateway
VENV := .venv
# libFuzzer drives the targets, and AddressSanitizer watches: a build of its own.
FUZZ := .build/fuzz
BUILD_FUZZ := GATEWAY_FUZZ=1 $(BUILD) --configuration release --scratch-path $(FUZZ) --product fuzz \
	--sanitize fuzzer -Xswiftc -sanitize=fuzzer,address
PYTEST := $(VENV)/bin/pytest

.PHONY: run
run: build ## Build, then serve gateway.d on port 8080 with a demo upstream
	@$(INSTALL) curl
	@scripts/run-demo $(GATEWAY)

.PHONY: build
build: libraries ## Build the release binary, .build/release/gateway
	@$(RELEASE)

.PHONY: test
test: tools lint unit blackbox fuzz-smoke ## Run every test, after installing what they need

.PHONY: lint
lint: toolchain ## Check the format of the sources
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests

.PHONY: unit
unit: libraries ## Unit, golden and architecture tests
	@$(BUILD) --build-tests
	@swift test --skip-build --disable-xctest

.PHONY: blackbox
blackbox: build tools $(VENV)/installed ## Tests of the release binary over real sockets; ARGS="-k reload" picks some
	@GATEWAY=$(abspath $(GATEWAY)) $(PYTEST) Tests/BlackBox $(ARGS)

.PHONY: sanitize
sanitize: tools $(VENV)/installed ## Unit and black-box tests under AddressSanitizer and ThreadSanitizer; KIND=thread for one
	@for kind in $(or $(KIND),address thread); do PYTEST=$(PYTEST) scripts/sanitize $$kind; done

.PHONY: fuzz
fuzz: fuzzer ## Search for inputs that break a parser; TARGET=request-head SECONDS=600 to choose
	@scripts/fuzz $(FUZZ)/release/fuzz $(or $(SECONDS),60) $(TARGET)

.PHONY: fuzz-smoke
fuzz-smoke: fuzzer ## Run each fuzzer for seconds, and see that the canaries fall
	@scripts/fuzz $(FUZZ)/release/fuzz 4

.PHONY: fuzzer
fuzzer: libraries
	@$(BUILD_FUZZ) 2>&1 | { grep -v 'Cannot export local symbol' || true; }

.PHONY: validate
validate: build ## Check gateway.d
	@$(GATEWAY) validate

.PHONY: schema
schema: build ## Write the JSON Schema and the reference page anew
	@$(GATEWAY) schema > schemas/gateway.schema.json
	@$(GATEWAY) schema --markdown > docs/configuration.md

.PHONY: golden
golden: libraries ## Write the expected parts of the golden cases anew; review the diff
	@GOLDEN_UPDATE=1 swift test --filter GoldenTests

.PHONY: format
format: toolchain ## Format the sources
	@swift format --in-place --recursive --parallel Package.swift Sources Tests

.PHONY: scale
scale: build ## Measure how validation grows with the number of routes
	@python3 Tests/Benchmarks/validate_scale.py $(GATEWAY)

.PHONY: soak
soak: build tools $(VENV)/installed ## Mixed traffic for MINUTES=30 while configurations change and instances die
	@GATEWAY=$(abspath $(GATEWAY)) $(VENV)/bin/python Tests/Soak --minutes $(or $(MINUTES),30) $(ARGS)

.PHONY: bench
bench: build ## Compare the gateway with nginx and HAProxy; QUICK=1 takes two minutes
	@$(INSTALL) $(PEERS)
	@GATEWAY=$(abspath $(GATEWAY)) python3 Tests/Benchmarks $(if $(QUICK),--quick) $(ARGS)

.PHONY: bench-docs
bench-docs: ## Write docs/performance.md and its plots from the last run of `make bench`
	@python3 Tests/Benchmarks --docs

.PHONY: clean
clean: ## Remove everything that was built
	@rm -rf .build $(VENV)

.PHONY: help
help: ## List these commands
	@awk -F ':.* ## ' '/^[a-z]+:.* ## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: toolchain
toolchain:
	@command -v swift > /dev/null || { echo "Swift 6.3 is missing. Get it from https://www.swift.org/install/linux/" >&2; exit 1; }

.PHONY: libraries
libraries: toolchain
	@$(INSTALL) $(LIBRARIES)

.PHONY: tools
tools:
	@$(INSTALL) $(LIBRARIES) $(TOOLS)

$(VENV)/installed: Tests/BlackBox/requirements.txt
	@python3 -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@
