#!/usr/bin/env bash
# Kills a node of two under its matches, again and again: bench/run_failover.sh [folder of the release build's programs]
# LOBBIES, CLIENTS and KILLS make it another size. Writes bench/reports/failover.json and failover.md. Needs NGINX, Redis and
# PostgreSQL of Debian, and tests/e2e's npm packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bin=${1:-build/release/bin}
report=$PWD/bench/reports/failover
export LOBBIES=${LOBBIES:-50} CLIENTS=${CLIENTS:-4} KILLS=${KILLS:-10}
ONLY='dies under' REPORT=$report.json tests/e2e/failover/run "$bin"
python3 - "$report" <<'PY'
import json, os, sys
report = sys.argv[1]
told = json.load(open(report + ".json"))
with open(report + ".md", "w") as out:
    out.write(f"""# A node dies under its matches

{told["lobbies"]} lobbies of {told["clients"]} clients of the official library (its own delays of reconnection) behind NGINX, two
nodes, Redis and PostgreSQL, all of it with the clients on one machine of {os.cpu_count()} cores. {told["kills"]} times one node is
killed with SIGKILL and started again. `bench/run_failover.sh` writes this page.

| what | measured | aim |
|---|---|---|
| players back in their match, same id | {told["returned"]} of {told["players"]} | >= 99 % |
| longest silence of a player around a kill, p50 | {told["freeze_p50_ms"]} ms | |
| the same, p95 | {told["freeze_p95_ms"]} ms | <= 3,000 ms |
| the same, longest | {told["freeze_max_ms"]} ms | |
| play that was lost, most | {told["lost_max_ms"]} ms | <= 1,000 ms |

The run fails unless walls and scores after each kill are those of before and each match has one result with all its players.
""")
PY
