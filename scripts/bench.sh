#!/usr/bin/env bash
# Runs every benchmark and writes build/bench.md, tables for docs/benchmarks.md:
# the server side by side with plain SQL, the Go benchmarks of all packages, then
# the road engine on synthetic maps of the sizes given (default 1000000 5000000)
# and on the real extracts that are there, side by side with pgRouting. The
# 5,000,000 take 12 GB of memory and a few minutes. What fails does not keep the
# rest from being measured. With the word "server" only the server is measured,
# into build/bench-server.md; words after it go to scripts/bench-server.
set -euo pipefail
cd "$(dirname "$0")/.."

server() {
  mkdir -p build
  go build -trimpath -ldflags "-X main.version=$(git describe --tags --always --dirty)" -o build/quanyu ./cmd/quanyu
  go build -o build/bench-server ./scripts/bench-server
  build/bench-server -quanyu build/quanyu "$@"
}

if [ "${1:-}" = server ]; then
  mkdir -p build
  server "${@:2}" | tee build/bench-server.md
  exit
fi
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(1000000 5000000)
mkdir -p build
go build -o build/bench-network ./scripts/bench-network

measure() {
  local failed=0
  echo "Measured on $(date +%F) with scripts/bench.sh, commit $(git describe --tags --always --dirty)."
  echo
  server || failed=1
  go test -run '^$' -bench . -benchmem ./... | go run ./scripts/benchtable || failed=1
  for size in "${sizes[@]}"; do
    build/bench-network -junctions "$size" -pgrouting || failed=1
  done
  for extract in osm/heidelberg china/china-roads-osm2021-z7; do
    file=${QUANYU_SHARED:-../shared}/data/$extract.osm.pbf
    if [ -e "$file" ]; then
      build/bench-network -pbf "$file" -pgrouting || failed=1
    else
      echo "bench: no $file, left out" >&2
    fi
  done
  return $failed
}

measure | tee build/bench.md
