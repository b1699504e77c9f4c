#!/usr/bin/env bash
# Runs every fuzz target of the module for the given time each.
set -euo pipefail
time=${1:-5m}
go list ./... | while read -r package; do
  go test -list '^Fuzz' "$package" | grep '^Fuzz' | while read -r target; do
    echo "== $package $target ($time)"
    go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "$package"
  done || true
done
