"""Validation of PDF files with veraPDF, against PDF/UA and PDF/A.

The Java side lives in ``tests/rigs/verapdf`` and is built by its ``build.sh``. All
files of one call share one JVM, whose start is the expensive part; so hand
over many files at once rather than one at a time.
"""

import json
import os
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.rigs.java_rig import find_rig

HOME = Path(__file__).resolve().parent / "verapdf"
BUILT = HOME / "target" / "built"
SOURCES = (HOME / "pom.xml", HOME / "src" / "main" / "java" / "rig" / "Check.java")
NOT_BUILT = "the veraPDF rig is not built or out of date: run tests/rigs/verapdf/build.sh"


@dataclass(frozen=True)
class Verdict:
    """What veraPDF says about one file measured by one flavour."""

    file: str
    flavour: str
    compliant: bool
    failures: tuple[str, ...]

    def __str__(self) -> str:
        """Return the verdict and its failures as readable lines."""
        word = "complies" if self.compliant else "does not comply"
        return "\n  ".join((f"{self.file} {word} with {self.flavour}", *self.failures))


def find() -> list[str] | None:
    """Return the command that starts the rig, or None when it is not built.

    A rig built from other sources than the present ones counts as not built.
    """
    return find_rig(HOME, BUILT, SOURCES, "rig.Check")


def validate(
    paths: Iterable[str | os.PathLike[str]],
    flavours: Sequence[str] = ("ua1",),
    timeout: float = 600,
) -> list[Verdict]:
    """Validate every file against every flavour, in one JVM.

    Flavours are veraPDF's short names, such as ``ua1`` or ``2a``. The verdicts
    come in the order of the paths, and of the flavours within each path.

    Raises:
        RuntimeError: there is nothing to validate, the rig is not built, Java
            failed or took longer than ``timeout`` seconds, or a file is left
            without a usable verdict.
    """
    files = [os.fspath(path) for path in paths]
    if not files or not flavours:
        raise RuntimeError("nothing to validate: no file or no flavour was given")
    if unusable := [file for file in files if not file.strip() or len(file.splitlines()) > 1]:
        raise RuntimeError(f"the rig cannot take these file names: {unusable}")
    command = find()
    if command is None:
        raise RuntimeError(NOT_BUILT)
    for flavour in flavours:
        command += ["--flavour", flavour]
    output = _run([*command, "--stdin"], "\n".join(dict.fromkeys(files)) + "\n", timeout)
    found = [_parse(line) for line in output.splitlines()]
    verdicts = {(verdict.file, verdict.flavour): verdict for verdict in found}
    wanted = [(file, flavour) for file in files for flavour in flavours]
    if missing := [key for key in wanted if key not in verdicts]:
        names = ", ".join(f"{file} ({flavour})" for file, flavour in missing)
        raise RuntimeError(f"veraPDF gave no verdict on {names}")
    return [verdicts[key] for key in wanted]


def _run(command: list[str], files: str, timeout: float) -> str:
    """Run the rig on a list of files, one a line, and return what it printed."""
    # Java decodes file names by the locale; in the plain C locale, only ASCII ones work.
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command,
            input=files,
            capture_output=True,
            encoding="utf-8",
            env=environment,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RuntimeError(f"veraPDF did not finish within {timeout:g} seconds") from error
    if done.returncode != 0:
        reason = done.stderr.strip()
        raise RuntimeError(f"veraPDF failed with exit status {done.returncode}:\n{reason}")
    return done.stdout


def _parse(line: str) -> Verdict:
    """Read one line of the rig's output."""
    try:
        data = json.loads(line)
        failures = tuple(_describe(failure) for failure in data["failures"])
        verdict = Verdict(data["file"], data["flavour"], data["compliant"], failures)
    except (ValueError, KeyError, TypeError) as error:
        raise RuntimeError(f"veraPDF printed an unreadable verdict: {line}") from error
    if verdict.compliant is not (not failures):
        raise RuntimeError(f"veraPDF contradicts itself: {line}")
    return verdict


def _describe(failure: dict[str, Any]) -> str:
    """Put one broken rule into words."""
    rule = f"clause {failure['clause']}, test {failure['test']}"
    reason = failure["error"] or failure["description"]
    times = "" if failure["count"] == 1 else f"{failure['count']} times, first "
    return f"{rule}: {reason} ({times}at {failure['location']})"
