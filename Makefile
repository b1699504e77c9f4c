# Quanyu. `make run` and `make test` do all set-up themselves on Debian and
# Ubuntu; elsewhere they say what to install.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -ec

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
PACKAGES := ./...
# In CI no result may come from an earlier run's cache.
TEST_FLAGS ?= $(if $(CI),-count=1)
# Data for the larger tests; tests that need it say so when it is absent.
export QUANYU_SHARED ?= $(abspath ../shared)

.PHONY: help run test build setup page race fuzz bench bench-server clean

help: ## Show these targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## Set up, build, and start everything on http://127.0.0.1:8080/
	@bin/quanyu up

test: setup-test page ## Set up, then run every test against a real PostGIS
	@go vet $(PACKAGES)
	@go test $(TEST_FLAGS) -json $(PACKAGES) 2>&1 | go run ./scripts/testreport $(if $(QUANYU_NO_SKIPS),-no-skips)

build: setup page ## Set up and build bin/quanyu
	@go build -trimpath -ldflags "-X main.version=$(VERSION)" -o bin/quanyu ./cmd/quanyu

setup: ## Install what is missing (PostgreSQL, PostGIS, GDAL, npm)
	@scripts/setup.sh

setup-test:
	@scripts/setup.sh test

page: web/dist/index.html ## Bundle the map page

web/dist/index.html: $(wildcard web/src/* web/bundle/* web/index.html web/package-lock.json) | setup
	@go run ./web/bundle

race: setup-test page ## Run the tests under the race detector
	@go test -race $(PACKAGES)

bench-server: page ## Measure the server alone, beside plain SQL
	@scripts/setup.sh bench
	@scripts/bench.sh server

fuzz: ## Fuzz every parser for FUZZ_TIME each (default 5m)
	@scripts/fuzz.sh $(or $(FUZZ_TIME),5m)

bench: page ## Run all benchmarks, beside pgRouting; BENCH_JUNCTIONS="1000000 5000000"
	@scripts/setup.sh bench
	@scripts/bench.sh $(BENCH_JUNCTIONS)

clean: ## Remove what was built (not the data directory)
	@rm -rf bin build web/dist/* web/node_modules
