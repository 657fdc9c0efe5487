#!/usr/bin/env bash
# What Redis and PostgreSQL have to do for a node with 400 players: bench/run_backends.sh [--players N] [--seconds S]
# Reports to bench/reports/backends.json and backends.md. Needs Redis and PostgreSQL of Debian, and tests/e2e's npm packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cmake --preset release > /dev/null
cmake --build --preset release --target trespasserd trespasser-loadtest > /dev/null
exec node bench/backends.mjs build/release/bin "$@"
