"""Results that are kept beside the program, so that the same question need not be answered twice.

Plain data in `.press-cache/`, for this user alone, which may be deleted at any time. Nothing of a
patient is kept, and nothing that is kept is run. What is not exactly as it was written, for whatever
reason, is not there.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from press.delivery.files import FILES
from press.errors import HandoutError, Place, Problem, Severity

T = TypeVar("T")

FOLDER = ".press-cache"
_FORM = 1  # of the file; another form is not read
_MOST_BYTES = 8_000_000
_MOST_FILES = 200
_MOST_OF = {"page": 64, "plan": 64}  # by how a name begins: pages are large, and there is a new set each day


def short_name(command: str, asked: object) -> str:
    """The name under which the answer to a question is kept."""
    return f"{command}-{sha256(repr(asked).encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def recall(root: Path, name: str, key: str) -> object:
    """The data that was kept under this name if it was kept under this key, or None."""
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
    """Keep data under a name, whole or not at all; where nothing can be written nothing is kept."""
    from press.delivery.atomic import deliver

    folder = root / FOLDER
    with suppress(HandoutError, OSError):
        if os.path.lexists(folder) and not _is_ours(folder, stat.S_ISDIR):
            return
        whole = {"form": _FORM, "key": key, "data": data, "digest": _digest(_FORM, key, data)}
        deliver(json.dumps(whole).encode(), folder, f"{name}.json")
        _tidy(folder)


def _digest(form: object, key: object, data: object) -> str:
    """It tells a damaged file from a whole one; it is no proof against somebody who runs this function."""
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
    old = by_age[_MOST_FILES:]
    for kind, most in _MOST_OF.items():
        old += [path for path in by_age if path.name.startswith(f"{kind}-")][most:]
    for path in dict.fromkeys(old):
        with suppress(FileNotFoundError):
            FILES.unlink(path)


# Problems as data


def as_data(problems: Iterable[Problem]) -> list[list[object]] | None:
    """Problems for `keep`, or None if one of them is about a patient."""
    rows: list[list[object]] = [
        [
            p.place.file,
            p.place.line,
            p.place.column,
            p.place.row,
            p.place.heading,
            p.message,
            p.hint,
            p.severity.value,
            p.private,
        ]
        for p in problems
    ]
    return None if any(row.pop() for row in rows) else rows


def from_data(rows: object) -> list[Problem]:
    """The problems that `as_data` wrote. Raises ValueError or TypeError for anything else."""
    found = []
    for file, line, column, row, heading, message, hint, severity in typed(rows, list):
        place = Place(typed(file, str), typed(line, int), typed(column, int), typed(row, int), typed(heading, str))
        found.append(Problem(place, typed(message, str), typed(hint, str), Severity(severity)))
    return found


def typed(value: object, kind: type[T]) -> T:
    """What was kept, if it is of this kind and no other. Raises TypeError."""
    if type(value) is not kind or not isinstance(value, kind):
        raise TypeError("not what was kept")
    return value
