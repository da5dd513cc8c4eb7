"""Caches results on disk, so that the same question need not be answered twice.

Plain data in `.press-cache/`, for this user alone, which may be deleted at any time. Nothing of a
patient is cached, and nothing that is cached is run. What is not exactly as it was written, for whatever
reason, is absent; so is a result of which an input changed, or whose day has passed.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypeVar

from press.delivery.files import FILES
from press.delivery.fingerprints import Inputs, read_inputs
from press.errors import HandoutError, Place, Problem, Severity
from press.records import dataclass

T = TypeVar("T")

FOLDER = ".press-cache"
_FORM = 1  # of the file; another form is not read
_MOST_BYTES = 8_000_000
_MOST_FILES = 200


class Entry(NamedTuple):
    """The name of a cached file, and the key of all that its data depends on."""

    name: str
    key: str


@dataclass(frozen=True)
class Cache:
    """The cache in a clinic's folder, and the inputs that a result must have been made of."""

    root: Path
    inputs: Inputs

    def entry(self, command: str, asked: object, without: tuple[str, ...] = ()) -> Entry:
        """Name the answer to a question; `without` is how the names of files begin that have no say in it."""
        digest = sha256(repr(asked).encode("utf-8", "surrogateescape")).hexdigest()
        return Entry(f"{command}-{digest[:16]}", self.inputs.key(command, asked, without=without))

    def recall(self, entry: Entry) -> dict[str, object]:
        """Read the data of an entry. Raises TypeError if there is none."""
        return typed(recall(self.root, *entry), dict)

    def keep(self, entry: Entry, data: object) -> None:
        """Write an entry, unless a file was saved meanwhile: it would be of neither state."""
        if read_inputs(self.root) == self.inputs:
            keep(self.root, *entry, data)


def open_cache(root: Path) -> Cache | None:
    """Give the cache in a clinic's folder, or None if an input cannot be read."""
    inputs = read_inputs(root)
    return None if inputs is None else Cache(root, inputs)


def read_day(data: Mapping[str, object], day_in: Callable[[str], date] | None) -> date | None:
    """Read the day for which a result holds, or give None if it is no longer that day.

    `day_in` gives the day in a time zone; without it a day was typed, which does not pass. Raises KeyError, TypeError
    or ValueError for data of another shape.
    """
    day = date.fromisoformat(typed(data["day"], str))
    return day if day_in is None or day == day_in(typed(data["zone"], str)) else None


def recall(root: Path, name: str, key: str) -> object:
    """Read the data that was written under this name and this key, or None."""
    path = root / FOLDER / f"{name}.json"
    try:
        if not (_is_ours(path.parent, stat.S_ISDIR) and _is_ours(path, stat.S_ISREG)):
            return None
        with path.open("rb") as stream:
            found = json.loads(stream.read(_MOST_BYTES))
        is_whole = found["digest"] == _digest(found["form"], found["key"], found["data"])
        return found["data"] if is_whole and (found["form"], found["key"]) == (_FORM, key) else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None


def keep(root: Path, name: str, key: str, data: object) -> None:
    """Write data under a name, whole or not at all; where nothing can be written nothing is."""
    from press.delivery.atomic import deliver

    folder = root / FOLDER
    with suppress(HandoutError, OSError):
        if os.path.lexists(folder) and not _is_ours(folder, stat.S_ISDIR):
            return
        whole = {"form": _FORM, "key": key, "data": data, "digest": _digest(_FORM, key, data)}
        deliver(json.dumps(whole).encode(), folder, f"{name}.json")
        _tidy(folder)


def _digest(form: object, key: object, data: object) -> str:
    """Hash what tells a damaged file from a whole one; it is no proof against somebody who runs this function."""
    return sha256(json.dumps([form, key, data], sort_keys=True).encode()).hexdigest()


def _is_ours(path: Path, is_kind: Callable[[int], bool]) -> bool:
    """Whether it is no link, belongs to this user, and nobody else can change it."""
    found = os.lstat(path)
    if os.name != "posix":
        return is_kind(found.st_mode)
    return is_kind(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _tidy(folder: Path) -> None:
    """Remove what was not written for the longest time, and what a crash left; a second run may do the same."""
    by_age = sorted(folder.iterdir(), key=lambda path: path.lstat().st_mtime_ns, reverse=True)
    for path in by_age[_MOST_FILES:]:
        with suppress(FileNotFoundError):
            FILES.unlink(path)


# Problems as data


def as_data(problems: Iterable[Problem]) -> list[list[object]] | None:
    """Turn problems into data for `keep`, or give None if one of them is about a patient."""
    found = list(problems)
    if any(problem.private for problem in found):
        return None
    return [
        [*_place_as_data(problem.place), problem.message, problem.hint, problem.severity.value] for problem in found
    ]


def _place_as_data(place: Place) -> tuple[object, ...]:
    return place.file, place.line, place.column, place.row, place.heading


def from_data(rows: object) -> list[Problem]:
    """Read the problems that `as_data` wrote. Raises ValueError or TypeError for anything else."""
    found = []
    for file, line, column, row, heading, message, hint, severity in typed(rows, list):
        place = Place(typed(file, str), typed(line, int), typed(column, int), typed(row, int), typed(heading, str))
        found.append(Problem(place, typed(message, str), typed(hint, str), Severity(severity)))
    return found


def typed(value: object, kind: type[T]) -> T:
    """Give a cached value if it is of this type and of no subtype. Raises TypeError."""
    if type(value) is not kind or not isinstance(value, kind):
        raise TypeError("not what was cached")
    return value
