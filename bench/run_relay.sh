#!/usr/bin/env bash
# What it costs when a player's lobby is on another node: round trip and processor time, near and far lobbies in turn. About 2
# minutes. Reports to bench/reports/relay.json and relay.md. Needs ./test to have installed what end-to-end suites need.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
exec node relay.mjs "${1:-../build/release/bin}"
