#!/usr/bin/env bash
# build_maven.sh NAME SOURCE...: builds the rig in the current folder into target/. Does nothing when the build is up
# to date.
set -eu

name=$1
shift
sources=("$@")
# A finished build leaves copies of its sources behind; tests/rigs/java_rig.py compares them too.
built=target/built

up_to_date() {
  local file
  for file in "${sources[@]}"; do
    cmp -s "$file" "$built/$(basename "$file")" || return 1
  done
}

if up_to_date; then
  exit 0
fi

for tool in mvn java javac; do
  if ! command -v "$tool" >/dev/null; then
    echo "$name rig: '$tool' not found. Building the rig takes Maven 3.6.3 or later and a JDK, 17 or later." >&2
    exit 1
  fi
done

rm -rf target
if ! log=$(mvn --quiet --batch-mode --no-transfer-progress compile 2>&1); then
  printf '%s\n' "$log" "$name rig: the Maven build failed, see above." >&2
  exit 1
fi
mkdir -p "$built"
cp "${sources[@]}" "$built/"
