#!/usr/bin/env bash
# Logins beside 100 lobbies of 4: how long they take, what becomes of 500 at once, and whether a tick is late for it.
# Under 5 minutes. Reports to bench/reports/logins.json and logins.md.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/logins.py" "$@"
