"""Edit values of one file of a clinic: checked whole, then saved atomically; edits of two people are never lost.

An edit brings what each value was when it was shown. Another value of the file may have changed meanwhile; if the
same one did, nothing is saved, and whoever edits is shown what stands there now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from press.content.characters import clean
from press.content.raw import Mapping as RawMapping
from press.content.raw import Scalar, Sequence, Value
from press.content.read_bytes import read_once
from press.content.shipped import SHELF
from press.content.yaml.editor import NewValue, set_values
from press.content.yaml.editor import Path as Keys
from press.content.yaml.reader import MOST_BYTES, read
from press.delivery.atomic import deliver, refuse_link
from press.delivery.files import FILES, SHARED_FILE, Files
from press.delivery.lock import exclusive
from press.errors import Place, Problem, Problems, refuse
from press.records import dataclass
from press.runs.handout import Site

CHANGED = "changed-meanwhile"  # the code of the problem of a value that somebody else changed
_AGAIN = "your words are still here: press Save again"
Check = Callable[[Site], None]  # of a site that has the new file; raises HandoutError for what must not be saved


@dataclass(frozen=True)
class FileEdit:
    """New values of one file of the clinic, by their keys, and what each of them was when it was shown."""

    file: str
    values: Mapping[Keys, NewValue]
    shown: Mapping[Keys, NewValue]


def read_values(data: bytes, file: str, keys: Iterable[Keys]) -> dict[Keys, NewValue]:
    """Read texts and lists of texts of a file; what is not there is left out. Raises HandoutError for no YAML."""
    root = read(data, file)
    found = ((path, _value(root, path)) for path in keys)
    return {path: value for path, value in found if value is not None}


def find_value(root: Value, path: Keys) -> Value | None:
    """Find the value to which these keys lead."""
    node: Value | None = root
    for name in path:
        node = node.get(name) if isinstance(node, RawMapping) else None
    return node


def _value(root: Value, path: Keys) -> NewValue | None:
    found = find_value(root, path)
    if isinstance(found, Sequence):
        return tuple(item.text for item in found.items if isinstance(item, Scalar))
    return found.text if isinstance(found, Scalar) else None


def read_bytes(root: Path, file: str) -> bytes:
    """Read a file of the clinic. Raises HandoutError."""
    return read_once(root / file, file, MOST_BYTES)


def save_edit(site: Site, edit: FileEdit, check: Check, *, files: Files = FILES) -> bool:
    """Save an edit, unless it changes nothing; tells whether it did.

    The new file is checked whole before it is written. Raises HandoutError for what `check` refuses, for a file that
    may not be written or was saved by somebody else during the check, and with the code `CHANGED` for each value that
    is not what was shown any more.
    """
    _refuse_characters(edit)
    root = site.root
    path = root / edit.file
    before = read_bytes(root, edit.file)
    current = read_values(before, edit.file, {**edit.shown, **edit.values})
    _refuse_lost(edit, current)
    changed = {keys: value for keys, value in edit.values.items() if not _same(current.get(keys, ""), value)}
    if not changed:
        return False
    _refuse_protected(path, edit.file)
    after = set_values(before, edit.file, changed)
    check(Site(root, {edit.file: after}))
    with exclusive(root, SHELF, files=files):
        if read_bytes(root, edit.file) != before:
            raise refuse(Place(edit.file), "somebody else saved this file while yours was being checked", _AGAIN)
        deliver(after, path.parent, path.name, mode=SHARED_FILE, files=files)
    return True


def changed_meanwhile(file: str, name: str) -> Problem:
    """Tell that somebody else changed a value since it was shown."""
    message = f"`{name}`: somebody else changed this since you opened the page"
    return Problem(Place(file), message, "read what it says now; then save yours again, or keep theirs", code=CHANGED)


def _refuse_lost(edit: FileEdit, current: Mapping[Keys, NewValue]) -> None:
    """Refuse an edit that would overwrite what its author has not seen. Raises HandoutError."""
    problems = Problems()
    for keys, shown in edit.shown.items():
        if not _same(current.get(keys, ""), shown):
            problems.extend([changed_meanwhile(edit.file, keys[-1])])
    problems.raise_if_errors()


def _same(one: NewValue, other: NewValue) -> bool:
    """Whether two values say the same; a list without items is written as nothing, too."""
    return one == other or not (one or other)


def _refuse_characters(edit: FileEdit) -> None:
    """Refuse what no file may hold, before it becomes a file. Raises HandoutError."""
    problems = Problems()
    for keys, value in edit.values.items():
        for text in (value,) if isinstance(value, str) else value:
            for fault in clean(text)[1][:1]:
                hint = "take it out, and type the words instead of pasting them"
                problems.add(Place(edit.file), f"`{keys[-1]}`: {fault} is not allowed", hint)
    problems.raise_if_errors()


def _refuse_protected(path: Path, file: str) -> None:
    """Refuse to replace what somebody protected: a rename would not ask."""
    refuse_link(path)
    if not path.stat().st_mode & 0o222:
        hint = "whoever looks after this computer can say why, and take the protection off"
        raise refuse(Place(file), "this file is protected: it may only be read", hint)


def errors_of(site: Site, check: Callable[[Site], Iterable[Problem]]) -> tuple[Problem, ...]:
    """List what is wrong with a site, whether a check gives it or raises it; warnings come too."""
    problems = Problems()
    with problems.gathering():
        problems.extend(check(site))
    return tuple(problems)
