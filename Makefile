# What a person runs; `.ci/run` runs the same. Each target installs what it misses
# (tools/need) or says in one line what to install.

.DEFAULT_GOAL := help
.PHONY: help run run-demo build test race fuzz lint check generate stress figures compare bench clean

# Tests wait more than they compute: commits, time-outs, starting servers.
TEST_FLAGS ?= -parallel 8
# How long each fuzz target runs.
FUZZ_TIME ?= 10s
# Flags of the comparison, such as -rounds 1; -help lists them.
COMPARE ?=
# What `make stress` plays (go run ./stress --help).
PROFILE ?= short
# Where the demo's emulator listens.
EMULATOR_LISTEN ?= 127.0.0.1:8099
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -X main.version=$(VERSION)
LINT := go tool -modfile=tools/go.mod golangci-lint

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: ## Start the server (embedded Postgres, development mode) and print its address
	@tools/need postgres
	@tools/need --optional ffmpeg
	@go build -ldflags '$(LDFLAGS)' -o bin/recall ./server
	@exec bin/recall

run-demo: ## Start the server with an emulator of all outside services: voice and pictures without any key
	@tools/need postgres
	@tools/need --optional ffmpeg
	@go build -ldflags '$(LDFLAGS)' -o bin/recall ./server
	@go build -o bin/emulator ./stress/emulator
	@exec bin/emulator -listen $(EMULATOR_LISTEN) -tokens-per-second 80 -run bin/recall

build: ## Build bin/recall and bin/stress
	go build -ldflags '$(LDFLAGS)' -o bin/recall ./server
	go build -o bin/stress ./stress

test: ## Run every test against a real Postgres, a real browser and node
	@tools/need postgres
	@tools/need --optional node chromium ffmpeg promtool
	@if command -v node >/dev/null; then node --test --test-reporter=dot server/web/client/ server/web/console/; fi
	go test $(TEST_FLAGS) ./...

race: ## Run the Go tests under the race detector
	@tools/need postgres
	@tools/need --optional chromium ffmpeg promtool
	go test -race $(TEST_FLAGS) ./...

fuzz: ## Run every fuzz target for FUZZ_TIME (10s) each
	@tools/need postgres
	@tools/fuzz $(FUZZ_TIME)

lint: ## Check formatting and run the linters
	$(LINT) fmt --diff ./...
	$(LINT) run ./...

check: ## Everything that must hold before a commit: generated files, linters, all tests with the race detector
	@tools/need postgres
	@tools/need --optional node chromium ffmpeg promtool
	@$(MAKE) --no-print-directory generate
	@git diff --exit-code --stat -- wire || { echo 'generated files are out of date: commit what `make generate` changed' >&2; exit 1; }
	@$(MAKE) --no-print-directory lint
	@if command -v node >/dev/null; then node --test --test-reporter=dot server/web/client/ server/web/console/; fi
	go test -race $(TEST_FLAGS) ./...

generate: ## Write the generated files anew
	go generate ./...

stress: ## Load a server as its users do and judge it: PROFILE=short, full, sustain or ceiling
	@tools/need postgres
	go run ./stress --profile $(PROFILE)

figures: ## Measure the figures of the README
	@tools/need postgres
	go run ./stress figures

compare: ## Compare with bare coder/websocket and centrifuge: memory, CPU and echo times
	@tools/need postgres
	@go build -C stress/rivals -o ../../bin/rivals .
	@bin/rivals -root . $(COMPARE)

bench: ## Run the benchmarks (benchstat-ready)
	@tools/need postgres
	go test -run '^$$' -bench . -benchmem ./...

clean: ## Remove what was built (the data directory stays)
	rm -rf bin
