#!/usr/bin/env bash
# The targets of one node (O8) by the product's own load test: 100 lobbies of 8 players with accounts through whole matches.
# Under 8 minutes. Reports to bench/reports/target.json and target.md, the example report to docs/loadtest/.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/target.py" "$@"
