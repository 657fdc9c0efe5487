#!/usr/bin/env bash
# The leak checkers over 10^8 entity updates each (--updates N for fewer).
# Reports to bench/reports/leak.json and leak.md.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/parts.py" leak "$@"
