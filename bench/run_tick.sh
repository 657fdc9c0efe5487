#!/usr/bin/env bash
# What one tick of a lobby of eight costs: inputs, bullets, projectiles, sight, views, JSON, and the whole.
# Reports to bench/reports/tick.json and tick.md.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/parts.py" tick "$@"
