"""Validation of FHIR resources with HAPI's validator, offline, and records that others wrote.

The Java side lives in ``tests/rigs/fhir`` and is built by its ``build.sh``; the records are those of
``com.ibm.fhir:fhir-examples``, among them the examples of the specification. All files of a call share one JVM.
"""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tests.rigs.java_rig import find_rig

HOME = Path(__file__).resolve().parent / "fhir"
BUILT = HOME / "target" / "built"
SOURCES = (HOME / "pom.xml", HOME / "src" / "main" / "java" / "rig" / "Validate.java")
NOT_BUILT = "the FHIR rig is not built or out of date: run tests/rigs/fhir/build.sh"


def find() -> list[str] | None:
    """Return the command that starts the rig, or None when it is not built from the present sources."""
    return find_rig(HOME, BUILT, SOURCES, "rig.Validate")


def validate(paths: Sequence[Path], release: str = "R4") -> dict[Path, list[str]]:
    """Give the errors of each file, as the validator words them. Raises RuntimeError if the rig is not built."""
    command = find()
    if command is None or not paths:
        raise RuntimeError(NOT_BUILT if paths else "nothing to validate")
    names = "\n".join(map(str, paths)) + "\n"
    done = subprocess.run([*command, release], input=names, capture_output=True, text=True, timeout=600, check=False)
    found: dict[Path, list[str]] = {}
    for line in done.stdout.splitlines():
        kind, _, rest = line.partition("\t")
        if kind == "file":
            current = found.setdefault(Path(rest), [])
        elif kind == "error":
            current.append(rest)
    if done.returncode or set(found) != set(paths):
        raise RuntimeError(f"the validator failed: {done.stderr[-2000:]}")
    return found


def examples() -> zipfile.ZipFile:
    """Open the records that others wrote."""
    [jar] = (HOME / "target" / "lib").glob("fhir-examples-*.jar")
    return zipfile.ZipFile(jar)
