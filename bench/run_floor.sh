#!/usr/bin/env bash
# The server and the bare epoll floor at 1,000 players, from one run: CPU time per player-second of each, and the ratio.
# Reports to bench/reports/floor.json and floor.md.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/measure.py" floor "$@"
