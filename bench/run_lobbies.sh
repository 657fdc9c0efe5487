#!/usr/bin/env bash
# 100 lobbies of 4 players for 5 minutes: errors, memory, how even the snapshots come.
# Reports to bench/reports/lobbies.json and lobbies.md.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/measure.py" lobbies "$@"
