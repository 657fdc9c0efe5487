#!/usr/bin/env bash
# What NGINX costs per game message, against the same players on a node directly.
# Reports to bench/reports/nginx.json and nginx.md.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/nginx.py" "$@"
