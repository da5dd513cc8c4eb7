"""Validation of PDF files with veraPDF, against PDF/UA and PDF/A.

The Java side lives in ``tests/rigs/verapdf`` and is built by its ``build.sh``. One JVM judges
all files of a process of the tests: its start and its first file take as long as ten files more.
"""

import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
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
    """Validate every file against every flavour, in the one JVM.

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
    java = _running.get(tuple(command)) or _running.setdefault(tuple(command), _Java(command))
    wanted = [(file, flavour) for file in files for flavour in flavours]
    try:
        answers = {(file, flavour): java.ask(file, flavour, timeout) for file, flavour in dict.fromkeys(wanted)}
    except BaseException:
        _running.pop(tuple(command)).end()  # it may still answer, and that is taken for another file's verdict
        raise
    return [_parse(answers[key], *key) for key in wanted]


def stop() -> None:
    """End the JVM, if one runs; who asks again starts another."""
    while _running:
        _running.popitem()[1].end()


class _Java:
    """A JVM that judges file after file until it is ended."""

    def __init__(self, command: list[str]) -> None:
        # Java decodes file names by the locale; in the plain C locale, only ASCII ones work.
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            encoding="utf-8",
            env=environment,
        )

    def ask(self, file: str, flavour: str, timeout: float) -> str:
        """Return the line that answers. Raises RuntimeError if Java ended, or is ended since it is too slow.

        An answer that comes as Java is ended is too slow as well: the next question would find nobody.
        """
        assert self._process.stdin and self._process.stdout
        late = threading.Event()
        timer = threading.Timer(timeout, lambda: (late.set(), self._process.kill()))
        timer.start()
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{flavour}\t{os.path.abspath(file)}\n")
            self._process.stdin.flush()
        answer = self._process.stdout.readline()
        timer.cancel()
        timer.join()
        if late.is_set():
            raise RuntimeError(f"veraPDF did not finish within {timeout:g} seconds")
        if answer:
            return answer
        self._errors.seek(0)
        raise RuntimeError(f"veraPDF gave no verdict on {file} ({flavour}):\n{self._errors.read().strip()}")

    def end(self) -> None:
        self._process.kill()
        with suppress(BrokenPipeError):
            self._process.communicate()
        self._errors.close()


_running: dict[tuple[str, ...], _Java] = {}  # by the command that started it


def _parse(line: str, file: str, flavour: str) -> Verdict:
    """Read one line of the rig's output."""
    try:
        data = json.loads(line)
        if "error" in data:
            raise RuntimeError(f"{file} ({flavour}) was not validated:\n{data['error']}")
        failures = tuple(_describe(failure) for failure in data["failures"])
        is_whole = (data["file"], data["flavour"], data["compliant"]) == (os.path.abspath(file), flavour, not failures)
    except (ValueError, KeyError, TypeError) as error:
        raise RuntimeError(f"veraPDF printed an unreadable verdict: {line}") from error
    if not is_whole:
        raise RuntimeError(f"veraPDF contradicts itself or the question: {line}")
    return Verdict(file, flavour, not failures, failures)


def _describe(failure: dict[str, Any]) -> str:
    """Put one broken rule into words."""
    rule = f"clause {failure['clause']}, test {failure['test']}"
    reason = failure["error"] or failure["description"]
    times = "" if failure["count"] == 1 else f"{failure['count']} times, first "
    return f"{rule}: {reason} ({times}at {failure['location']})"
