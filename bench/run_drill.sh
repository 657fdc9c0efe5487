#!/usr/bin/env bash
# bench/run_drill.sh [folder of the built programs]: every fault of tests/e2e/drill on real nodes, with the alert that must fire.
# Report to bench/reports/drill.md.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
DRILL=all REPORT=bench/reports/drill.md exec tests/e2e/drill/run "${1:-build/release/bin}"
