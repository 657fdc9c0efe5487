#!/usr/bin/env bash
# 100 lobbies of 4 on a node with Redis, which is killed for 30 s in the middle: nobody may notice. Under 2 minutes.
# Reports to bench/reports/redis_away.json and redis_away.md.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/redis_away.py" "$@"
