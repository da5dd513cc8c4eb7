#!/usr/bin/env bash
# Fetches the judges of web pages into node_modules/: the Nu Html Checker and axe-core, in the
# versions and with the hashes of package-lock.json. Does nothing when they are there.
set -eu

cd "$(dirname "${BASH_SOURCE[0]}")"

# A finished build leaves copies of its sources behind; tests/rigs/web_rig.py compares them too.
sources=(package.json package-lock.json)
built=node_modules/.built

up_to_date() {
  local file
  for file in "${sources[@]}"; do
    cmp -s "$file" "$built/$file" || return 1
  done
}

if up_to_date; then
  exit 0
fi

if ! command -v npm >/dev/null; then
  echo "web rig: 'npm' not found. It fetches the validator and axe-core, and plays no part later." >&2
  exit 1
fi

rm -rf node_modules
if ! log=$(npm ci --no-progress 2>&1); then
  printf '%s\n' "$log" "web rig: npm failed, see above." >&2
  exit 1
fi
mkdir -p "$built"
cp "${sources[@]}" "$built/"
