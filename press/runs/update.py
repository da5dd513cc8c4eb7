"""Brings a release to a clinic's words: what is accepted is taken over, what is kept stays, all else waits.

Each file is written whole, the record last: a run that is cut off is made good by the next one. The
record says which words of the release a clinic's own stand for, and a signature covers that of hard texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import field
from pathlib import Path

from press import __version__
from press.content.changes import REVIEW_KEY, STRUCTURE, Change, bytes_of, find_changes, read_yours
from press.content.handout import Structure
from press.content.library import text_refs
from press.content.schema import read_whole
from press.content.shipped import (
    REVIEW,
    SHELF,
    FileRecord,
    Record,
    digest_of,
    read_record,
    read_shipped,
    shipped_bytes,
    shipped_names,
    write_record,
)
from press.content.units import KEY, UnitFile, as_bytes, merge, read_units
from press.content.yaml.reader import read
from press.delivery import installed
from press.delivery.atomic import deliver, make_folder
from press.delivery.files import FILES, SHARED_FILE, SHARED_FOLDER, Files
from press.delivery.lock import exclusive
from press.errors import Place, Problems, did_you_mean, refuse
from press.records import dataclass

ALL = "all"
UNEDITED = "unedited"  # what the clinic had left as it came, and what is new
_NO_REVIEW = read_units(b'review:\n  translator: ""\n  reviewer: ""\n  reviewed_on: ""\n', "review")


@dataclass(frozen=True)
class UpdateRequest:
    """What staff decided: ids of changes to take over and to keep.

    `all` and `unedited` stand for many; `all` in `keep` leaves out hard ones, which are kept one by one.
    """

    root: Path
    accept: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True)
class UpdateResult:
    """What became of the changes, and the files that were written, or would be.

    `unreviewed` are those of them whose named reviewer has not read the words that they have now.
    """

    taken: tuple[Change, ...] = ()
    kept: tuple[Change, ...] = ()
    waiting: tuple[Change, ...] = ()
    written: tuple[str, ...] = ()
    unreviewed: tuple[str, ...] = ()


def changes_for(root: Path, record: Record | None = None) -> tuple[Change, ...]:
    """List what the release changed. Raises HandoutError, also where the words are the program's own."""
    if root.resolve() == installed.SHIPPED:
        hint = "`init FOLDER` makes a folder of your own, which later releases leave to you"
        raise refuse(Place(SHELF), "these are the program's own words, which came with this release", hint)
    return find_changes(root, record=record)


def update(request: UpdateRequest, *, files: Files = FILES) -> UpdateResult:
    """Take over what is accepted and remember what is kept. Raises HandoutError; then it may be called again."""
    if not (request.accept or request.keep):
        return UpdateResult(waiting=changes_for(request.root))
    if request.dry_run:
        return _plan(request, read_record(request.root)).result()
    with exclusive(request.root, SHELF, files=files):
        before = read_record(request.root)
        plan = _plan(request, before)
        plan.write(files)
        write_record(request.root, plan.record(before), files=files)
    return plan.result()


def _plan(request: UpdateRequest, before: Record) -> _Plan:
    plan = _Plan(request.root, changes_for(request.root, before))
    plan.decide(request)
    plan.merge()
    return plan


@dataclass
class _Plan:
    """The decisions of one update, and each file as it is to be: its bytes before and after."""

    root: Path
    changes: tuple[Change, ...]
    taken: set[str] = field(default_factory=set)
    kept: set[str] = field(default_factory=set)
    files: dict[str, tuple[bytes | None, bytes]] = field(default_factory=dict)
    unreviewed: list[str] = field(default_factory=list)

    def decide(self, request: UpdateRequest) -> None:
        """Find the changes that were named. A name of its own counts before `all` and `unedited`."""
        _check_names(self.changes, request)
        for change in self.changes:
            is_named = change.id in request.accept
            if change.id in request.keep:
                self.kept.add(change.id)
            elif is_named or ALL in request.accept or (UNEDITED in request.accept and not change.is_edited):
                self.taken.add(change.id)
            elif ALL in request.keep and not change.is_hard:
                self.kept.add(change.id)

    def merge(self) -> None:
        """Merge each file, structures first: a text comes and goes with the block that names it."""
        changed = dict.fromkeys(change.file for change in self.changes)
        for name in (name for name in changed if name.endswith(STRUCTURE)):
            self._merge_file(name)
        topics = {name.partition("/")[0] for name in self.files}
        for name in shipped_names():
            if not name.endswith(STRUCTURE) and (name in changed or name.partition("/")[0] in topics):
                self._merge_file(name)

    def _merge_file(self, name: str) -> None:
        mine = [change for change in self.changes if change.file == name]
        yours = read_yours(self.root, name)
        if yours is None:
            self._copy(mine)
        elif units := self._follow_structure(name, mine, yours):
            self._put(name, as_bytes(self._reviewed(name, merge(yours, read_shipped(name), units), units)))

    def _put(self, name: str, data: bytes) -> None:
        self.files[name] = (bytes_of(self.root, name), data)

    def _copy(self, mine: Iterable[Change]) -> None:
        """Take over a file that the clinic does not have; a new handout brings its blank review record."""
        for whole in (change for change in mine if change.id in self.taken):
            self._put(whole.file, shipped_bytes(f"{SHELF}/{whole.file}"))
            review = whole.file.replace(STRUCTURE, REVIEW)
            if review != whole.file and (installed.SHIPPED / SHELF / review).exists():
                self._put(review, shipped_bytes(f"{SHELF}/{review}"))

    def _follow_structure(self, name: str, mine: Iterable[Change], yours: UnitFile) -> frozenset[str]:
        """List the units to take over: those that were accepted, with the texts that the page's blocks will name.

        While a change of the blocks waits, so does a text that would come or go with it.
        """
        path = f"{name.partition('/')[0]}/{STRUCTURE}"
        wanted = None if name == path else self._wanted(path)
        missing: set[str] = set()
        if wanted is not None:
            for change in mine:
                if not change.unit.startswith(KEY) and None in (change.yours, change.new):
                    self._settle(change, path, (change.new is not None) == (change.unit in wanted))
            if path in self.files:
                missing = {unit for unit in read_shipped(name).units if unit in wanted and unit not in yours.units}
        return frozenset(missing | {change.unit for change in mine if change.id in self.taken})

    def _settle(self, change: Change, path: str, is_fitting: bool) -> None:
        """Decide for a text that comes or goes by the blocks of its page."""
        if is_fitting:
            if path in self.files and change.id not in self.kept:
                self.taken.add(change.id)
            return
        self.taken.discard(change.id)
        if not any(waiting.file == path for waiting in self._waiting()):
            self.kept.add(change.id)

    def _wanted(self, path: str) -> frozenset[str] | None:
        """List the texts that the blocks of a handout will name; None for words without a structure."""
        data = self.files[path][1] if path in self.files else bytes_of(self.root, path)
        if not data:
            return None
        structure = read_whole(Structure, read(data, f"{SHELF}/{path}"))
        return frozenset(ref.text for ref in text_refs(structure))

    def _reviewed(self, name: str, merged: UnitFile, units: frozenset[str]) -> UnitFile:
        """Take out the names of who reviewed other words than these."""
        own, shipped = merged.values(), read_shipped(name)
        if REVIEW_KEY not in own or all(unit.startswith(KEY) for unit in units):
            return merged
        theirs = shipped.values()
        is_as_shipped = all(own[unit] == theirs.get(unit) for unit in own if unit != REVIEW_KEY)
        source = shipped if is_as_shipped and REVIEW_KEY in theirs else _NO_REVIEW
        if own[REVIEW_KEY] == source.values()[REVIEW_KEY]:
            return merged
        self.unreviewed.append(f"{SHELF}/{name}")
        return merge(merged, source, frozenset([REVIEW_KEY]))

    def write(self, files: Files) -> None:
        """Write every file that is to be another one. Raises HandoutError, also for one that was saved meanwhile."""
        for name, (before, after) in self.files.items():
            path = self.root / SHELF / name
            if bytes_of(self.root, name) != before:
                message = "somebody saved this file while it was being updated"
                raise refuse(Place(f"{SHELF}/{name}"), message, "run `update` again")
            make_folder(path.parent, files, SHARED_FOLDER)
            deliver(after, path.parent, path.name, mode=SHARED_FILE, files=files)

    def record(self, before: Record) -> Record:
        """Make the record of what is decided now; what waits is known as it was."""
        waiting: dict[str, set[str]] = {}
        for change in self._waiting():
            waiting.setdefault(change.file, set()).add(change.unit)
        files = {
            name: _recorded(name, before.files.get(name), waiting.get(name, set()))
            for name in shipped_names()
            if "" not in waiting.get(name, ())
        }
        return Record(__version__, files)

    def _waiting(self) -> Iterator[Change]:
        return (change for change in self.changes if change.id not in self.taken | self.kept)

    def result(self) -> UpdateResult:
        """What became of everything."""
        taken = tuple(change for change in self.changes if change.id in self.taken)
        kept = tuple(change for change in self.changes if change.id in self.kept)
        written = tuple(f"{SHELF}/{name}" for name in self.files)
        return UpdateResult(taken, kept, tuple(self._waiting()), written, tuple(self.unreviewed))


def _check_names(changes: Iterable[Change], request: UpdateRequest) -> None:
    known, problems = {change.id for change in changes}, Problems()
    for option, names, words in (
        ("--accept", request.accept, {ALL, UNEDITED}),
        ("--keep", request.keep, {ALL}),
    ):
        for name in names:
            if name not in known | words:
                problems.add(Place(option), f"no change is called `{name}`", did_you_mean(name, known | words))
    for name in sorted({*request.accept} & {*request.keep}):
        problems.add(Place("--keep"), f"`{name}` stands after --accept, too", "decide for one of them")
    problems.raise_if_errors()


def _recorded(name: str, known: FileRecord | None, waiting: set[str]) -> FileRecord:
    digest = digest_of(name)
    if known and known.digest == digest:
        return known
    units = {unit: value for unit, value in read_shipped(name).values().items() if unit not in waiting}
    units |= {unit: value for unit, value in (known.units if known else {}).items() if unit in waiting}
    return FileRecord("" if waiting else digest, units)
