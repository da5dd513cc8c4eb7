#!/usr/bin/env bash
# Builds the FHIR rig into target/. Does nothing when the build is up to date.
set -eu

cd "$(dirname "${BASH_SOURCE[0]}")"
exec ../build_maven.sh FHIR pom.xml src/main/java/rig/Validate.java
