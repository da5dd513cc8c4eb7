"""Restore a backup of a clinic's folder, once all of it is proved; what was there is kept beside."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from hashlib import sha256
from itertools import count
from pathlib import Path

from press.delivery.archive import Archive, open_archive
from press.delivery.atomic import deliver, make_folder, missing_folders, refusal, remove_unused, replace
from press.delivery.clinic_key import KEY_FILE
from press.delivery.files import FILES, PRIVATE_FILE, SHARED_FILE, SHARED_FOLDER, Files
from press.delivery.ledger import BUSY, open_existing
from press.delivery.lock import exclusive
from press.errors import HandoutError, Place, Problem, Problems, refuse
from press.records import dataclass
from press.records import replace as replace_in
from press.runs.backup import FILES_OF_SITE, FOLDERS_OF_SITE, LEDGER, refuse_among_words
from press.runs.handout import Site
from press.runs.hardening import harden_reportlab
from press.runs.totals import count as numbered

_REPLACED = ("config.yaml", "approvals.yaml", "handouts", "recipes")  # also by nothing, where a backup holds none
_LOCK = "restore"
_STAGED = ".restore.part"  # where a backup is unpacked and proved
_BY_HAND = "restore it into a new folder (--into FOLDER), and put the right ledger into its place by hand"
_COMPANIONS = ("-journal", "-wal", "-shm")  # files of SQLite that belong to a ledger, and would spoil another one


@dataclass(frozen=True)
class RestoreRequest:
    """A backup, and the folder of the clinic that it is for; with `is_new` that folder is not there yet.

    A ledger that is there is kept, as it may have rows that no backup has, unless `replace_ledger` says otherwise.
    `day_in` gives today in a time zone. With `dry_run` the backup is proved only.
    """

    file: Path
    root: Path
    day_in: Callable[[str], date]
    is_new: bool = False
    replace_ledger: bool = False
    dry_run: bool = False


@dataclass(frozen=True)
class Restored:
    """What was restored: the moment of the backup, how many files, and where what was there before now lies.

    `rows` are those of the backup's ledger, None if it has none; `ledger` is where it went, None if the one that was
    there is kept. `problems` are what `check` refuses.
    """

    made: str
    files: int
    rows: int | None
    ledger: Path | None
    before: Path | None
    problems: tuple[Problem, ...]
    is_dry: bool = False

    @property
    def summary(self) -> str:
        """What was done, and where everything lies, in a line each."""
        rows = "" if self.rows is None else f" and a ledger with {numbered(self.rows, 'row')}"
        what = f"{numbered(self.files, 'file')}{rows}, backed up on {self.made[:16].replace('T', ' ')}"
        if self.is_dry:
            return f"{'whole, but refused by `check`' if self.problems else 'proved'}, nothing was restored: {what}"
        lines = [f"restored: {what}"]
        if self.rows is not None:
            kept = "the one that is there was kept; to replace it: --ledger"
            lines.append(f"ledger: {self.ledger or kept}")
        if self.before:
            lines.append(f"what was there before: {self.before}")
        return "\n".join(lines)


def restore(request: RestoreRequest, *, files: Files = FILES) -> Restored:
    """Restore a backup, proved first: each file by its digest, the ledger by SQLite, the words by `check`.

    Nothing is lost: what was there lies in a folder beside. Raises HandoutError before anything is replaced.
    """
    root = request.root
    if request.is_new and root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise refuse(Place(root.name), "this folder is there already", "name one that is not there yet, after --into")
    with open_archive(request.file) as archive:
        _check_names(archive, Place(request.file.name))
        made = missing_folders(root)
        try:
            make_folder(root, files, SHARED_FOLDER)
            with exclusive(root, _LOCK, files=files):
                return _restore(request, archive, files)
        except OSError as error:
            raise refusal(root, error) from None
        finally:
            remove_unused(made, f".{_LOCK}.lock", files)


def _check_names(archive: Archive, place: Place) -> None:
    """Refuse what no backup holds, before anything is written. Raises HandoutError."""
    names, known = set(archive.digests), {*FILES_OF_SITE, LEDGER, KEY_FILE}
    inner = {name for name in names if name.partition("/")[0] in FOLDERS_OF_SITE and "/" in name}
    if "config.yaml" not in names or names - known - inner:
        hint = "take another backup; nothing here was changed"
        raise refuse(place, "this backup lacks config.yaml, or holds what the press never puts into one", hint)


def _restore(request: RestoreRequest, archive: Archive, files: Files) -> Restored:
    staged = request.root / _STAGED
    _remove(staged, files)  # what a crash left: a copy of another backup
    try:
        _unpack(archive, staged, files)
        rows = _rows_of(staged)
        problems = _proved(request, staged)
        ledger, before = (None, None) if request.dry_run else _put_in_place(request, staged, files)
        return Restored(
            archive.about.get("made", ""), len(archive.digests), rows, ledger, before, problems, request.dry_run
        )
    finally:
        _remove(staged, files)


def _unpack(archive: Archive, staged: Path, files: Files) -> None:
    """Write each file into a folder that no command reads. Raises HandoutError."""
    make_folder(staged, files)
    for name in archive.digests:
        path = staged / name
        make_folder(path.parent, files, SHARED_FOLDER)
        deliver(
            archive.read(name),
            path.parent,
            path.name,
            mode=PRIVATE_FILE if name in (LEDGER, KEY_FILE) else SHARED_FILE,
            files=files,
        )
        if sha256(path.read_bytes()).hexdigest() != archive.digests[name]:
            raise refuse(Place(name), "the disk holds something else than was written", "check the disk")


def _rows_of(staged: Path) -> int | None:
    """Prove the ledger, and count its rows; None if there is none. Raises HandoutError."""
    if not (staged / LEDGER).exists():
        return None
    with open_existing(staged / LEDGER) as ledger:
        ledger.check()
        return ledger.count()


def _proved(request: RestoreRequest, staged: Path) -> tuple[Problem, ...]:
    """Check every page of what was unpacked. Raises HandoutError if errors would replace what is in use."""
    site, problems = Site(staged), Problems()
    with problems.gathering():
        problems.extend(check_site(site, request.day_in(site.clinic.time_zone)))
    # The lines of these files are not shown: the screen would read them from the folder that is in use.
    found = tuple(replace_in(problem, private=True) for problem in problems if problem.is_error)
    if found and not request.is_new and not request.dry_run:
        hint = "nothing was replaced; restore it into a folder of its own (--into FOLDER), and mend it there"
        raise HandoutError([*found, Problem(Place(request.file.name), "`check` refuses what is in this backup", hint)])
    return found


def check_site(site: Site, day: date) -> list[Problem]:
    """Check every page of a site, as the command `check` does. Raises HandoutError."""
    from press.runs.sweep import check_everything

    harden_reportlab()
    return check_everything(site, (), day)[1]


def _put_in_place(request: RestoreRequest, staged: Path, files: Files) -> tuple[Path | None, Path | None]:
    """Rename what was proved to where it belongs: where the ledger went, and where what was there now lies."""
    root, before = request.root, _free(request.root, f"before-restore-{request.day_in('UTC')}")
    moves = {staged / name: root / name for name in _REPLACED}
    if (staged / "templates").exists():
        moves[staged / "templates"] = root / "templates"
    ledger = _ledger_to_write(request, staged)
    if ledger:
        moves[staged / LEDGER] = ledger
    if request.replace_ledger or not (root / KEY_FILE).exists():  # the key in use made the codes of the ledger in use
        moves |= {staged / KEY_FILE: root / KEY_FILE} if (staged / KEY_FILE).exists() else {}
    with _all_or_none(files, before) as move:
        for new, target in moves.items():
            for old in (target, *(target.with_name(target.name + end) for end in _COMPANIONS if target == ledger)):
                if os.path.lexists(old):
                    make_folder(before, files)
                    move(old, before / old.name)
            if new.exists():
                make_folder(target.parent, files)
                move(new, target)
    return ledger, before if before.exists() else None


@contextmanager
def _all_or_none(files: Files, before: Path) -> Iterator[Callable[[Path, Path], None]]:
    """Give a function that renames; after a failure everything has its old name again."""
    done: list[tuple[Path, Path]] = []

    def move(old: Path, new: Path) -> None:
        replace(old, new, files)
        done.append((old, new))

    try:
        yield move
    except BaseException:
        for old, new in reversed(done):
            with suppress(OSError):
                files.replace(new, old)
        with suppress(OSError):
            files.rmdir(before)
        raise


def _ledger_to_write(request: RestoreRequest, staged: Path) -> Path | None:
    """Where the backup's ledger goes; None if it has none, or the one in use is kept.

    Never out of the folder, where it may be another clinic's. Raises HandoutError if the ledger in use would be
    lost sight of, or is in use just now.
    """
    if not (staged / LEDGER).exists():
        return None
    root, named, now = request.root, _named_ledger(request.root, staged), _named_ledger(request.root, request.root)
    refuse_among_words(root, named)
    ledger = named if named.is_relative_to(root) else root / LEDGER
    if now.exists() and now != named:
        message = "the config.yaml of the backup names another file for the ledger than the one in use"
        raise refuse(Place("config.yaml"), message, _BY_HAND)
    if not named.exists():
        return None if ledger.exists() else ledger
    if not request.replace_ledger:
        return None
    if named != ledger:
        raise refuse(Place("--ledger"), "the ledger in use is not in this folder, and is not replaced", _BY_HAND)
    _check_unused(named)
    return named


def _named_ledger(root: Path, folder: Path) -> Path:
    """The file that the config.yaml of a folder names for the ledger, for the clinic's folder `root`."""
    try:
        return Path(os.path.normpath(root / Site(folder).clinic.ledger))
    except HandoutError:  # one that cannot be read, or none; `check` tells it
        return root / LEDGER


def _check_unused(path: Path) -> None:
    """Refuse to replace a ledger that another program writes; a damaged one can be replaced. Raises HandoutError."""
    try:
        with open_existing(path) as ledger, ledger.holding():
            pass
    except HandoutError as error:
        if any(problem.code == BUSY for problem in error.problems):
            raise


def _free(folder: Path, name: str) -> Path:
    """A name that is not taken: with a number where it is."""
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(folder / one for one in names if not os.path.lexists(folder / one))


def _remove(folder: Path, files: Files) -> None:
    """Remove what was unpacked and is not needed: it may hold codes."""
    for inner, _, names in os.walk(folder, topdown=False):
        for name in names:
            files.unlink(Path(inner, name))
        files.rmdir(Path(inner))
