"""A folder that one run fills with finished pages: locked, journalled, able to go on after a crash.

Implements promises R1 to R5, R15 and R16. Files are delivered in groups: all are written beside and
confirmed by the disk, then all get their final names, then their lines stand in the journal; at the
end comes the manifest. Equal bytes under the final name count as done, whether the journal knows
them or not; other bytes are reported and never replaced.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from press.delivery.atomic import (
    begin_part,
    deliver,
    final_path,
    make_folder,
    missing_folders,
    part_path,
    refusal,
    refuse_link,
    remove_unused,
    replace,
    sync_folder,
    verify_pdf,
    write_all,
)
from press.delivery.files import FILES, Files
from press.delivery.lock import LOCK, held
from press.delivery.manifest import INNER, MANIFEST, Run, canonical, read_manifest, write_manifest
from press.errors import HandoutError, Place, Problem, Problems, refuse
from press.records import dataclass

JOURNAL = "journal"
_PART = re.compile(r"\..+\.[0-9a-f]{16}\.part\Z")
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_MOST_OPEN = 32  # files that wait for the disk together; some systems let a program open 256 in all
_OTHER = "choose an empty folder, or remove that run first"


@dataclass(frozen=True, slots=True)
class Written:
    """A file that is written beside its final name: its part file, or nothing if it stands there already."""

    name: str
    digest: bytes
    part: str


class RunFolder:
    """The folder of a run that holds the lock. Made by `open_run` only.

    `there` are the names that stood in it before, so that nothing is looked for that cannot be there.
    """

    def __init__(
        self, folder: Path, run: Run, done: Mapping[str, str], there: frozenset[str], journal: int, files: Files
    ) -> None:
        self.folder = folder
        self._run = run
        self._done = {name: bytes.fromhex(digest) for name, digest in done.items()}
        self._there = there
        self._journal = journal
        self._files = files
        self._open: deque[tuple[Path, int]] = deque()

    @property
    def found(self) -> int:
        """How many files an earlier try of this run had finished."""
        return len(self._done)

    @property
    def is_used(self) -> bool:
        """Whether a file was delivered, or a record written."""
        return bool(self._done) or (self.folder / INNER / MANIFEST).exists()

    def write(self, name: str, data: bytes) -> Written:
        """Write one file of a group beside its final name. Raises HandoutError if other bytes stand under that name."""
        final, digest = final_path(self.folder, name), sha256(data).digest()
        there = _digest_of(final) if name in self._there else None
        if there is not None:
            self._check_same(name, there, digest)
            return Written(name, digest, "")
        if name.endswith(".pdf"):
            verify_pdf(data)
        part = part_path(self.folder, name)
        try:
            self._open.append((final, begin_part(data, part, self._files)))
        except OSError as error:
            raise refusal(final, error) from None
        if len(self._open) >= _MOST_OPEN:
            self.confirm()
        return Written(name, digest, part.name)

    def confirm(self) -> None:
        """Sync all that was written (fsync). Raises HandoutError."""
        while self._open:
            final, handle = self._open.popleft()
            try:
                try:
                    self._files.fsync(handle)
                finally:
                    self._files.close(handle)
            except OSError as error:
                raise refusal(final, error) from None

    def deliver(self, group: Sequence[Written]) -> None:
        """Give confirmed files their final names, in this order, and enter them in the journal.

        Raises HandoutError; `stands` then says which of them were delivered, and the journal has these.
        """
        named: list[Written] = []
        news: list[Written] = []
        try:
            for one in group:
                before = self._done.get(one.name)
                self._check_same(one.name, before or one.digest, one.digest)
                self._give_name(one)
                self._done[one.name] = one.digest
                named.append(one)
                if before is None:
                    news.append(one)
        finally:
            if named:
                sync_folder(self.folder, self.folder / named[-1].name, self._files)
            if news:
                self._note(*({"name": one.name, "sha256": one.digest.hex()} for one in news))

    def stands(self, one: Written) -> bool:
        """Whether a file was delivered, by this run or an earlier try of it."""
        return self._done.get(one.name) == one.digest

    def _give_name(self, one: Written) -> None:
        final = self.folder / one.name
        try:
            if one.part:
                replace(self.folder / one.part, final, self._files)
        except OSError as error:
            raise refusal(final, error) from None

    def _check_same(self, name: str, there: bytes, wanted: bytes) -> None:
        if there != wanted:
            raise refuse(
                Place(str(self.folder / name)), "this file was changed since it was printed", _OTHER, private=True
            )

    def clear(self) -> None:
        """Leave no half file behind: what is written and was not delivered is closed and removed."""
        with suppress(OSError):
            while self._open:
                self._files.close(self._open.popleft()[1])
        with suppress(OSError):
            _remove_parts(self.folder, self._files)

    def finish(self, more: Mapping[str, object], wanted: Sequence[str]) -> None:
        """Write the manifest: what this run was and which files it left."""
        sheets = ({"name": name, "sha256": self._done[name].hex()} for name in wanted)
        write_manifest(self.folder, MANIFEST, self._run, more, sheets, files=self._files)

    def begin(self) -> None:
        """Say in the journal whose folder this is."""
        run = self._run
        told = {"run": run.code, "plan": run.plan, "started": run.started, "list": run.list, "rows": run.rows}
        self._note({name: text for name, text in told.items() if text})

    def _note(self, *entries: Mapping[str, str]) -> None:
        try:
            write_all(b"".join(map(_line, entries)), self._journal, self._files)
            self._files.fsync(self._journal)
        except OSError as error:
            raise refusal(self.folder / INNER / JOURNAL, error) from None


@contextmanager
def held_folder(folder: Path, run: Run, name: str = "", *, files: Files = FILES) -> Iterator[None]:
    """Hold a folder for a run that leaves the one file `name`; what a crash left of it is removed.

    A run that leaves nothing leaves no folder either. Raises HandoutError if another run holds the folder.
    """
    inner = folder / INNER
    refuse_link(inner)
    missing = missing_folders(inner)
    try:
        make_folder(inner, files)
    except OSError as error:
        raise refusal(inner, error) from None
    try:
        with held(inner, f"process {os.getpid()}, since {run.started}", files=files):
            try:
                if name:
                    _remove_parts(folder, files, f".{name}.")
                    _remove_parts(inner, files, f".{name}.json.")
            except OSError as error:
                raise refusal(folder / name, error) from None
            yield
    finally:
        remove_unused(missing, LOCK, files)


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
        is_used = True
        try:
            there = frozenset(name for name in os.listdir(folder) if name != INNER)
            found = RunFolder(folder, run, done or {}, there, journal, files)
            try:
                if done is None:
                    found.begin()
                yield found
                is_used = found.is_used
            except HandoutError:
                is_used = found.is_used
                raise
            finally:
                found.clear()
        finally:
            with suppress(OSError):  # every line was confirmed by the disk when it was written
                files.close(journal)
            if not is_used:  # so that the next list may take this folder
                with suppress(OSError):
                    files.unlink(inner / JOURNAL)


def _take_over(folder: Path, run: Run, resume: bool, files: Files) -> Mapping[str, str] | None:
    """Read what an earlier try of this plan finished, or give None if the folder is new."""
    _remove_parts(folder, files)
    _remove_parts(folder / INNER, files)
    entries = _entries(folder / INNER / JOURNAL)
    if not entries:
        if resume:
            raise refuse(
                Place(str(folder)), "there is no run to go on with in this folder", "leave --resume out to start one"
            )
        if any(path.name != INNER for path in folder.iterdir()):
            raise refuse(Place(str(folder)), "this folder holds files that no run put there", "choose an empty folder")
        _drop(folder / INNER / JOURNAL, files)
        return None
    if entries[0].get("plan") != run.plan:
        raise refuse(
            Place(str(folder)), "this folder holds the pages of another list, another day or other words", _OTHER
        )
    _mend(folder / INNER / JOURNAL, entries, files)
    return {entry["name"]: entry["sha256"] for entry in entries[1:]}


def _remove_parts(folder: Path, files: Files, start: str = ".") -> None:
    """Remove half files whose names begin so: they hold a patient's words."""
    with os.scandir(folder) as found:
        parts = [each.name for each in found if each.name.startswith(start) and _PART.match(each.name)]
    for part in parts:
        files.unlink(folder / part)


def _drop(journal: Path, files: Files) -> None:
    if journal.exists():
        files.unlink(journal)


def _mend(journal: Path, entries: Sequence[Mapping[str, str]], files: Files) -> None:
    """Rewrite the journal without a line that a crash cut off."""
    data = b"".join(_line(entry) for entry in entries)
    if journal.read_bytes() != data:
        deliver(data, journal.parent, journal.name, files=files)


def _line(entry: Mapping[str, str]) -> bytes:
    text = canonical(entry)
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _entries(journal: Path) -> list[dict[str, str]]:
    """Read the whole lines of a journal up to the first that is torn; none if there is no journal."""
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


def _digest_of(path: Path) -> bytes | None:
    """Hash a file, or give None if there is none."""
    try:
        return sha256(path.read_bytes()).digest()
    except FileNotFoundError:
        return None


@dataclass(frozen=True)
class BegunRun:
    """A run that was begun in a folder, how many files it has delivered, and whether it came to its end."""

    run: Run
    done: int
    is_finished: bool


def find_begun(folder: Path) -> BegunRun | None:
    """Find the run whose files a folder holds, or give None if it holds none."""
    inner = folder / INNER
    first, *done = _entries(inner / JOURNAL) or [{}]
    if not first:
        return None
    run = Run(*(first.get(name, "") for name in ("run", "plan", "started", "list", "rows")))
    return BegunRun(run, len(done), (inner / MANIFEST).exists())


def verify(folder: Path, name: str = MANIFEST) -> int:
    """Read every file of a finished run again, and count them.

    Raises HandoutError with each file that is missing, was changed, or does not belong there.
    """
    sheets = read_manifest(folder, name)["files"]
    problems = Problems()
    for sheet in sheets:
        found = _digest_of(folder / sheet["name"])
        if found is None or found.hex() != sheet["sha256"]:
            what = "this file is missing" if found is None else "this file was changed since it was printed"
            problems.add(
                Place(str(folder / sheet["name"])), what, "print the list again into an empty folder", private=True
            )
    if name == MANIFEST:
        problems.extend(_strangers(folder, {sheet["name"] for sheet in sheets}))
    problems.raise_if_errors()
    return len(sheets)


def _strangers(folder: Path, known: set[str]) -> Iterator[Problem]:
    for path in sorted(folder.iterdir()):
        if path.name not in known and path.name != INNER:
            yield Problem(
                Place(str(path)),
                "no run put this file here",
                "hand out nothing that the run did not print",
                private=True,
            )
