"""A folder that one run fills with finished pages: locked, journalled, able to go on after a crash.

Implements promises R1 to R5, R15 and R16. The order is: final file, then its line in the
journal, and at the end the manifest. Equal bytes under the final name count as done, whether
the journal knows them or not; other bytes are told and never replaced.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from press.errors import Place, Problem, Problems, refuse
from press.files import FILES, Files
from press.lock import held
from press.output import deliver, make_folder, refusal, write_all

INNER = ".press"
JOURNAL = "journal"
MANIFEST = "manifest.json"
_PART = re.compile(r"\..+\.[0-9a-f]{16}\.part\Z")
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_OTHER = "choose an empty folder, or remove that run first"


@dataclass(frozen=True)
class Run:
    """One run: its short code, the digest of all that it depends on, and when it began.

    Two runs of the same plan make the same bytes, so the second one finishes the first.
    """

    code: str
    plan: str
    started: str


class RunFolder:
    """The folder of a run that holds the lock. Made by `open_run` only."""

    def __init__(self, folder: Path, run: Run, done: Mapping[str, str], journal: int, files: Files) -> None:
        self.folder = folder
        self._run = run
        self._done = dict(done)
        self._journal = journal
        self._files = files

    @property
    def found(self) -> int:
        """How many files an earlier try of this run had finished."""
        return len(self._done)

    def has(self, name: str) -> bool:
        """Whether a file is finished: the journal knows it and its bytes are still those."""
        digest = self._done.get(name)
        return digest is not None and _digest_of(self.folder / name) == digest

    def put(self, name: str, data: bytes) -> None:
        """Finish one file. Raises HandoutError if other bytes stand under its name."""
        digest = sha256(data).hexdigest()
        there = _digest_of(self.folder / name)
        if there is not None and there != digest:
            raise refuse(Place(str(self.folder / name)), "this file was changed since it was printed", _OTHER, private=True)
        if there is None:
            deliver(data, self.folder, name, files=self._files)
        if self._done.get(name) != digest:
            self._note({"name": name, "sha256": digest})
            self._done[name] = digest

    def finish(self, more: Mapping[str, Any], wanted: Sequence[str]) -> None:
        """Write the manifest: what this run was and which files it left."""
        sheets = [{"name": name, "sha256": self._done[name]} for name in wanted]
        write_manifest(self.folder, MANIFEST, self._run, {**more, "files": sheets}, files=self._files)

    def begin(self) -> None:
        """Say in the journal whose folder this is."""
        self._note({"run": self._run.code, "plan": self._run.plan, "started": self._run.started})

    def _note(self, entry: Mapping[str, str]) -> None:
        try:
            write_all(_line(entry), self._journal, self._files)
            self._files.fsync(self._journal)
        except OSError as error:
            raise refusal(self.folder / INNER / JOURNAL, error) from None


@contextmanager
def held_folder(folder: Path, run: Run, name: str = "", *, files: Files = FILES) -> Iterator[None]:
    """Hold a folder for a run that leaves the one file `name`; what a crash left of it is removed.

    Raises HandoutError if another run holds the folder.
    """
    inner = folder / INNER
    try:
        make_folder(inner, files)
    except OSError as error:
        raise refusal(inner, error) from None
    with held(inner, f"process {os.getpid()}, since {run.started}", files=files):
        try:
            leftovers = [*folder.glob(f".{name}.*.part"), *inner.glob(f".{name}.json.*.part")] if name else []
            _remove_parts(leftovers, files)
        except OSError as error:
            raise refusal(folder / name, error) from None
        yield


@contextmanager
def open_run(folder: Path, run: Run, *, resume: bool = False, files: Files = FILES) -> Iterator[RunFolder]:
    """Hold a folder for a run. The same plan goes on where it stopped; another plan is refused.

    Raises HandoutError: another run holds the folder, or its files are another run's, or with
    `resume` there is nothing to go on with.
    """
    inner = folder / INNER
    with held_folder(folder, run, files=files):
        try:
            done = _take_over(folder, run, resume, files)
            journal = files.open(inner / JOURNAL, _APPEND)
        except OSError as error:
            raise refusal(inner / JOURNAL, error) from None
        try:
            found = RunFolder(folder, run, done or {}, journal, files)
            if done is None:
                found.begin()
            yield found
        finally:
            with suppress(OSError):  # every line was confirmed by the disk when it was written
                files.close(journal)


def _take_over(folder: Path, run: Run, resume: bool, files: Files) -> Mapping[str, str] | None:
    """What an earlier try of this plan finished, or None if the folder is new."""
    _remove_parts([*folder.glob(".*.part"), *(folder / INNER).glob(".*.part")], files)
    entries = _entries(folder / INNER / JOURNAL)
    if not entries:
        if resume:
            raise refuse(Place(str(folder)), "there is no run to go on with in this folder", "leave --resume out to start one")
        if any(path.name != INNER for path in folder.iterdir()):
            raise refuse(Place(str(folder)), "this folder holds files that no run put there", "choose an empty folder")
        _drop(folder / INNER / JOURNAL, files)
        return None
    if entries[0].get("plan") != run.plan:
        raise refuse(Place(str(folder)), "this folder holds the pages of another list, another day or other words", _OTHER)
    _mend(folder / INNER / JOURNAL, entries, files)
    return {entry["name"]: entry["sha256"] for entry in entries[1:]}


def _remove_parts(leftovers: Sequence[Path], files: Files) -> None:
    """Remove half files of a try that was killed: they hold a patient's words."""
    for path in leftovers:
        if _PART.match(path.name):
            files.unlink(path)


def _drop(journal: Path, files: Files) -> None:
    if journal.exists():
        files.unlink(journal)


def _mend(journal: Path, entries: Sequence[Mapping[str, str]], files: Files) -> None:
    """Write the journal anew without a line that a crash cut off."""
    data = b"".join(_line(entry) for entry in entries)
    if journal.read_bytes() != data:
        deliver(data, journal.parent, journal.name, files=files)


def _line(entry: Mapping[str, str]) -> bytes:
    text = json.dumps(entry, ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _entries(journal: Path) -> list[dict[str, str]]:
    """The whole lines of a journal up to the first that is torn; none if there is no journal."""
    found: list[dict[str, str]] = []
    try:
        lines = journal.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return found
    for line in lines:
        crc, _, text = line.partition(b" ")
        if crc != b"%08x" % zlib.crc32(text):
            break
        found.append(json.loads(text))
    return found if found and "plan" in found[0] else []


def _digest_of(path: Path) -> str | None:
    """The digest of a file, or None if there is none."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


# Manifests


def write_manifest(folder: Path, name: str, run: Run, more: Mapping[str, Any], *, files: Files = FILES) -> None:
    """Write what a run was and left; a digest of its own shows any change of it."""
    body = {"run": run.code, "plan": run.plan, "started": run.started, **more}
    seal = sha256(_canonical(body)).hexdigest()
    deliver(json.dumps({**body, "seal": seal}, indent=1).encode("ascii") + b"\n", folder / INNER, name, files=files)


def _canonical(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode("ascii")


def read_manifest(folder: Path, name: str) -> dict[str, Any]:
    """The manifest of a finished run. Raises HandoutError if there is none or it was changed."""
    place = Place(str(folder / INNER / name))
    try:
        body = json.loads((folder / INNER / name).read_bytes())
        seal = body.pop("seal")
    except (OSError, ValueError, AttributeError, KeyError):
        raise refuse(place, "there is no record of a finished run here", "was the run stopped? run the same command again") from None
    if sha256(_canonical(body)).hexdigest() != seal:
        raise refuse(place, "the record of this run was changed since it was written", "print the list again")
    return body


def verify(folder: Path, name: str = MANIFEST) -> int:
    """Read every file of a finished run again: how many there are.

    Raises HandoutError with each file that is missing, was changed, or does not belong there.
    """
    sheets = read_manifest(folder, name)["files"]
    problems = Problems()
    for sheet in sheets:
        found = _digest_of(folder / sheet["name"])
        if found != sheet["sha256"]:
            what = "this file is missing" if found is None else "this file was changed since it was printed"
            problems.add(Place(str(folder / sheet["name"])), what, "print the list again into an empty folder", private=True)
    if name == MANIFEST:
        problems.extend(_strangers(folder, {sheet["name"] for sheet in sheets}))
    problems.raise_if_errors()
    return len(sheets)


def _strangers(folder: Path, known: set[str]) -> Iterator[Problem]:
    for path in sorted(folder.iterdir()):
        if path.name not in known and path.name != INNER:
            yield Problem(Place(str(path)), "no run put this file here", "hand out nothing that the run did not print", private=True)

