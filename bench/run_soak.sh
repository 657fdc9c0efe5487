#!/usr/bin/env bash
# Hours of 100 lobbies on three nodes with joins, leaves, lost lines, drains and kills: does anything grow or stay behind?
#   bench/run_soak.sh [--hours H (8)] [--lobbies N (100)]
# Reports to bench/reports/soak.json and soak.md. Needs Redis and PostgreSQL of Debian, and tests/e2e's npm packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
cmake --preset release > /dev/null
cmake --build --preset release --target trespasserd trespasser-loadtest > /dev/null
exec node bench/soak.mjs build/release/bin "$@"
