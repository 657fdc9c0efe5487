#!/usr/bin/env bash
# Every fuzz target of tests/fuzz for a while, in time that nobody else wants (SCHED_IDLE), from the corpus that grew in former
# sessions: bench/run_fuzz.sh [--seconds 3600] [--jobs 1] [folder of the fuzz build's programs]
# Adds to bench/reports/fuzz.json and fuzz.md. Needs: cmake --preset fuzz && cmake --build --preset fuzz
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/fuzz.py" "$@"
