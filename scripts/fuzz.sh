#!/usr/bin/env bash
# Runs every fuzz target of the module for the given time each, and stops at
# the first finding. Parsers that work in several goroutines never cover quite
# the same code twice, and the fuzzer would spend its time on shrinking what it
# takes for news: it gets fifty tries at it.
set -euo pipefail
time=${1:-5m}
for package in $(go list ./...); do
  for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
    echo "== $package $target ($time)"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 50x "$package"
  done
done
