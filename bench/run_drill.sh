#!/usr/bin/env bash
# bench/run_drill.sh [folder of the built programs]: every fault of tests/e2e/drill on real nodes, with the alert that must fire.
cd "$(dirname "${BASH_SOURCE[0]}")/.."
DRILL=all exec tests/e2e/drill/run "${1:-build/release/bin}"
