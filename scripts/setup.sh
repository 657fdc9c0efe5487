#!/usr/bin/env bash
# Installs what is missing to build (group "build") or also to test (group "test"): Debian packages of
# scripts/packages.txt, then the npm packages of every folder that has a lock file. Does nothing when all is there.
#   scripts/setup.sh build
#   scripts/setup.sh build test
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Node.js may come from elsewhere than Debian, and then Debian's packages would conflict with it.
present() {
  case "$1" in
    nodejs) command -v node >/dev/null ;;
    npm) command -v npm >/dev/null ;;
    *) installed "$1" ;;
  esac
}

missing_packages() {
  local group name _why
  while read -r group name _why; do
    case " $* " in
      *" $group "*) present "$name" || echo "$name" ;;
    esac
  done < <(grep -v '^#' scripts/packages.txt)
}

# Debian starts a server as soon as it is installed. The tests start their own on free ports, so the system's stay off.
install_packages() {
  local policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod +x "$policy"
  fi
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
  if [ -n "$(trap -p EXIT)" ]; then
    as_root rm -f "$policy"
    trap - EXIT
  fi
}

npm_packages() {
  local lock folder
  for lock in "$@"; do
    folder=$(dirname "$lock")
    if [ ! -e "$folder/node_modules/.package-lock.json" ] || [ "$lock" -nt "$folder/node_modules/.package-lock.json" ]; then
      echo "setup: npm packages of $folder"
      (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json)
    fi
  done
}

mapfile -t missing < <(missing_packages "$@")
if [ "${#missing[@]}" -gt 0 ]; then
  echo "setup: installing ${missing[*]} (some minutes)"
  install_packages "${missing[@]}"
fi
npm_packages web/package-lock.json
case " $* " in
  *" test "*) npm_packages tests/e2e/package-lock.json tools/words/package-lock.json ;;
esac
