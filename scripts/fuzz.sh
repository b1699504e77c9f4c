#!/usr/bin/env bash
# Runs every fuzz target of the module for the given time each, and stops at
# the first finding.
set -euo pipefail
time=${1:-5m}
for package in $(go list ./...); do
  for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
    echo "== $package $target ($time)"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package"
  done
done
