#!/usr/bin/env bash
# What NGINX and TLS cost per game message: direct, through NGINX, with TLS in the node, behind a layer-4 balancer.
# Reports to bench/reports/nginx.json and nginx.md.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/nginx.py" "$@"
