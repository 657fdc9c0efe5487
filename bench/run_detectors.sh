#!/usr/bin/env bash
# How often the detectors of S4 find a cheat, and how often they are wrong about honest play, on labelled matches of bots.
# Reports to bench/reports/detectors.json and detectors.md. The numbers follow from the seeds alone; it takes some minutes.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/detectors.py" "$@"
