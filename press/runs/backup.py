"""Back up a clinic's folder: its settings, words, templates, signatures, recipes, ledger and key, in one file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from press import __version__
from press.content.read_bytes import read_once
from press.delivery.archive import MOST_BYTES, is_safe_name, open_archive, pack
from press.delivery.atomic import deliver
from press.delivery.clinic_key import KEY_FILE
from press.delivery.files import FILES, Files
from press.delivery.installed import SCREENS
from press.delivery.ledger import open_existing
from press.errors import Place, Problem, Problems, Severity, refuse
from press.records import dataclass
from press.runs.handout import Site

LEDGER = "ledger.sqlite"  # in a backup, wherever the clinic keeps it
FILES_OF_SITE = ("config.yaml", "approvals.yaml")
FOLDERS_OF_SITE = ("handouts", "recipes", "templates")
_MOST_LEVELS = 8  # of folders, so that a link in a circle ends


@dataclass(frozen=True)
class BackupRequest:
    """The folder of a clinic, and the file that its backup goes to. `now` is the moment in its time zone."""

    site: Site
    file: Path
    now: datetime
    with_ledger: bool = True


@dataclass(frozen=True)
class BackupMade:
    """A backup: how many files it holds, how many rows of the ledger (None without it), and what was left out."""

    file: Path
    files: int
    rows: int | None
    warnings: tuple[Problem, ...]


def make_backup(request: BackupRequest, *, files: Files = FILES) -> BackupMade:
    """Write a backup for this user alone; nothing that is there is replaced.

    Raises HandoutError: the file is there, cannot be written, or the ledger is damaged.
    """
    root, file, problems = request.site.root, request.file, Problems()
    if file.suffix.lower() != ".zip":
        raise refuse(Place(file.name), "a backup is a file that ends in .zip", "such as backup.zip")
    if os.path.lexists(file):
        raise refuse(Place(file.name), "a file of this name is there already", "name another: no backup is replaced")
    content = dict(_content(root, problems))
    if "config.yaml" not in content:
        raise refuse(Place("config.yaml"), "there is no config.yaml: this is no clinic's folder")
    path, rows = root / request.site.clinic.ledger, None
    refuse_among_words(root, path)
    if request.with_ledger and path.exists():
        with open_existing(path) as ledger:
            content[LEDGER], rows = ledger.copy(), ledger.count()
    if request.with_ledger and (root / KEY_FILE).exists():  # without it the codes of the ledger are nobody's
        content[KEY_FILE] = read_of_site(root, KEY_FILE)
    about = {"made": request.now.isoformat(timespec="seconds"), "version": __version__}
    deliver(pack(content, about), file.parent, file.name, files=files)
    with open_archive(file) as archive:  # the disk may have taken something else
        for name in archive.digests:
            archive.read(name)
    return BackupMade(file, len(content), rows, tuple(problems))


def refuse_among_words(root: Path, ledger: Path) -> None:
    """Refuse a ledger in a folder of words: it would be copied and laid aside with them. Raises HandoutError."""
    named = Path(os.path.normpath(ledger))
    if any(named.is_relative_to(root / folder) for folder in FOLDERS_OF_SITE):
        hint = "move it into a folder of its own, and let `ledger` in config.yaml name it there"
        raise refuse(Place("config.yaml"), "`ledger`: it lies among the words, the templates or the recipes", hint)


def _content(root: Path, problems: Problems) -> Iterator[tuple[str, bytes]]:
    for name in site_files(root):
        if is_safe_name(name):
            yield name, read_of_site(root, name)
        else:
            hint = "if you need it, rename it: only letters A to Z, digits, dots, hyphens and underscores"
            message = "this file is not in the backup: no other computer may be able to write its name"
            problems.add(Place(name), message, hint, severity=Severity.WARNING)


def site_files(root: Path) -> Iterator[str]:
    """List all that a clinic made, by names from its folder on; hidden files are no work of a person."""
    yield from (name for name in FILES_OF_SITE if (root / name).exists())
    for top in FOLDERS_OF_SITE:
        for folder, inner, names in os.walk(root / top, followlinks=True):
            shown = Path(folder).relative_to(root).as_posix()
            inner[:] = sorted(one for one in inner if not one.startswith(".") and shown.count("/") < _MOST_LEVELS)
            if shown == SCREENS or shown.startswith(f"{SCREENS}/"):
                continue
            yield from (f"{shown}/{name}" for name in sorted(names) if not name.startswith("."))


def read_of_site(root: Path, name: str) -> bytes:
    """Read a file of a clinic's folder, whole. Raises HandoutError."""
    data = read_once(root / name, name, MOST_BYTES)
    if len(data) > MOST_BYTES:
        message = f"this file has more than {MOST_BYTES // 1_000_000} MB"
        raise refuse(Place(name), message, "no page needs it: move it out of this folder")
    return data
