#!/usr/bin/env bash
# A thousand each of slow lorises, flooders, readers that never read and senders of garbage against a node with players on it:
# when each kind was gone, what the players felt, and the node's memory. About 5 minutes. --each N and --players N for other
# crowds. Reports to bench/reports/hostile.json and hostile.md.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/hostile.py" "$@"
