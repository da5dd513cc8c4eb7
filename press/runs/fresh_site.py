"""A clinic's site that is read again once a file of it was saved: a desk stays open while a nurse edits words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from press.delivery.installed import templates_of
from press.runs.handout import Site

_FILES = ("config.yaml", "approvals.yaml")
_FIXED = ("desk", "fonts")  # folders that change with the program alone
_Stamps = tuple[tuple[str, int, int, int], ...]


class FreshSite:
    """Gives the `Site` of a folder, a new one after each change of its files.

    A file that is saved gets another time, size or number of the file system; one of them is enough.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._guard = Lock()
        self._stamps: _Stamps = ()
        self._site = Site(root)

    def get(self) -> Site:
        """Give the site as its files are now."""
        with self._guard:
            stamps = tuple(_stamps(self.root))
            if stamps != self._stamps:
                self._stamps, self._site = stamps, Site(self.root)
            return self._site


def _stamps(root: Path) -> Iterator[tuple[str, int, int, int]]:
    yield from (_stamp(str(root / name)) for name in _FILES)
    for folder in (root / "handouts", templates_of(root)):
        yield from _below(str(folder))


def _below(folder: str) -> Iterator[tuple[str, int, int, int]]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:  # not there, or gone meanwhile
        return
    for entry in entries:
        if not entry.is_dir():
            yield _stamp(entry.path)
        elif entry.name not in _FIXED:
            yield from _below(entry.path)


def _stamp(path: str) -> tuple[str, int, int, int]:
    try:
        found = os.stat(path)
    except OSError:
        return path, 0, 0, 0
    return path, found.st_mtime_ns, found.st_size, found.st_ino
