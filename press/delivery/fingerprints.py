"""Hashes what a result depends on: every file of the clinic and of the program, and the libraries.

A cached result is used only while all of them are the same. Bytes are hashed, times and
sizes alone are not trusted; libraries count by their names with version and by when they were installed.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from press.delivery.installed import PROGRAM, SCREENS, SHIPPED
from press.records import dataclass

FILES = ("config.yaml", "approvals.yaml")
FOLDERS = ("handouts", "templates")
_MOST_BYTES = 100_000_000  # of one file: more is no handout and no face
_MOST_LEVELS = 8  # of folders, so that a link in a circle ends
_HEAVY_FACES = "rendercv_fonts"


@dataclass(frozen=True)
class Inputs:
    """Everything that decides a result. `stamps` say only whether a file was saved meanwhile."""

    files: Mapping[str, str]
    libraries: str
    stamps: tuple[tuple[str, int, int], ...]

    def key(self, *said: object, without: tuple[str, ...] = ()) -> str:
        """Hash all of it and what was `said`, as 64 hexadecimal digits; names that begin as `without` are skipped."""
        files = {name: digest for name, digest in self.files.items() if not name.startswith(without)}
        whole = json.dumps([self.libraries, said, files], ensure_ascii=False, sort_keys=True)
        return sha256(whole.encode("utf-8", "surrogateescape")).hexdigest()


def read_inputs(root: Path, program: Path = PROGRAM) -> Inputs | None:
    """Read and hash what is there now; None if anything cannot be read or is no plain file or folder."""
    files: dict[str, str] = {}
    stamps: list[tuple[str, int, int]] = []
    try:
        for name, path in _everything(root, program):
            found = os.stat(path)
            files[name] = _digest(path, found)
            if files[name]:  # a folder's time changes with byte code
                stamps.append((name, found.st_size, found.st_mtime_ns))
        libraries = json.dumps([sys.version, sys.platform, repr(sys.flags), list(_libraries())])
    except (OSError, ValueError):
        return None
    return Inputs(MappingProxyType(files), libraries, tuple(stamps))


def _everything(root: Path, program: Path) -> Iterator[tuple[str, str]]:
    yield from ((name, str(root / name)) for name in FILES if os.path.lexists(root / name))
    for name in FOLDERS:
        if os.path.lexists(root / name):
            yield from _inside(str(root / name), name)
    yield from _inside(str(program), "press")
    if SHIPPED not in (root, program / "shipped"):
        for name in FOLDERS:  # what a clinic's folder in another place takes from a clone
            yield from _inside(str(SHIPPED / name), f"shipped/{name}")


def _inside(folder: str, name: str, level: int = 0) -> Iterator[tuple[str, str]]:
    """List every file and folder below one, folders with a slash at the end; links are followed.

    Paths are texts: to make a `Path` of each took a twentieth of a short command's time.
    """
    if level > _MOST_LEVELS:
        raise ValueError("folders too deep")
    yield name + "/", folder
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name == "__pycache__":
            continue
        inner = f"{name}/{entry.name}"
        if inner.endswith(SCREENS):
            continue
        if entry.is_dir():
            yield from _inside(entry.path, inner, level + 1)
        else:
            yield inner, entry.path


def _digest(path: str, found: os.stat_result) -> str:
    """Hash a file's bytes with SHA-256; empty for a folder, whose content is listed by itself."""
    if stat.S_ISDIR(found.st_mode):
        return ""
    if not stat.S_ISREG(found.st_mode) or found.st_size > _MOST_BYTES:
        raise ValueError("no plain file")
    with open(path, "rb", buffering=0) as file:
        return sha256(file.read()).hexdigest()


def _libraries() -> Iterator[tuple[str, int]]:
    """List each installed package, with its version in the name, and each of the heavy faces, which are not hashed."""
    for folder in filter(os.path.isdir, sys.path):
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.name.endswith((".dist-info", ".egg-info", ".pth", ".egg-link")):
                yield entry.name, entry.stat().st_mtime_ns
            elif entry.name == _HEAVY_FACES:
                for name, path in _inside(entry.path, entry.name):
                    found = os.stat(path)
                    yield name, found.st_size
                    yield name, found.st_mtime_ns
