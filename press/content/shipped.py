"""The words that came with the program, and the record of those that a clinic's own came from.

The record is `handouts/shipped.json`: for each file what the program shipped, unit by unit, when the clinic
last took it over or decided to keep its own. So a later release can be told from the clinic's own edits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import field
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from press import __version__
from press.content.read_bytes import read_once
from press.content.units import Plain, UnitFile, read_units
from press.delivery import installed
from press.delivery.atomic import deliver
from press.delivery.files import FILES, SHARED_FILE, Files
from press.errors import Place, refuse
from press.records import dataclass

RECORD = "shipped.json"
SHELF = "handouts"
REVIEW = "review.yaml"  # what people answered about a page: theirs, never a release's
_MOST_BYTES = 4_000_000
_SCHEMA_LINE = b"# yaml-language-server:"  # names a file that stands beside a clone alone


@dataclass(frozen=True)
class FileRecord:
    """What the program shipped of one file.

    `digest` is the SHA-256 of the shipped file when nothing of it waits for a decision, and empty while something does.
    """

    digest: str = ""
    units: Mapping[str, Plain] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """The record of a clinic's handouts: the release of the program that wrote it, and the files of that."""

    program: str = ""
    files: Mapping[str, FileRecord] = field(default_factory=dict)


def is_managed(root: Path) -> bool:
    """Whether `update` brings releases to the words of this folder; a clone's own words come with the clone."""
    if (root / SHELF / RECORD).exists():
        return True
    return root.resolve() != installed.SHIPPED and (installed.IS_WHEEL or not (root / "templates").is_dir())


def read_record(root: Path) -> Record:
    """Read the record of a clinic's folder; an absent one knows of nothing.

    Raises HandoutError if it is damaged, and if a newer program wrote it: the words of this one would be older.
    """
    path, shown = root / SHELF / RECORD, f"{SHELF}/{RECORD}"
    if not path.exists():
        return Record()
    try:
        found = json.loads(read_once(path, shown, _MOST_BYTES))
        files = {name: FileRecord(str(one["digest"]), dict(one["units"])) for name, one in found["files"].items()}
        record = Record(str(found["program"]), MappingProxyType(files))
        is_newer = _numbers(record.program) > _numbers(__version__)
    except (ValueError, KeyError, TypeError, AttributeError):
        hint = "take this file away, and run `update`: it then asks about each text that is not the shipped one"
        raise refuse(Place(shown), "the record of the words that came with the program is damaged", hint) from None
    if is_newer:
        message = f"these words came with release {record.program}, and this program is {__version__}"
        raise refuse(Place(shown), message, f"install release {record.program} on this computer")
    return record


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")] if version else []


def write_record(root: Path, record: Record, *, files: Files = FILES) -> None:
    """Write the record of a clinic's folder. Raises HandoutError."""
    shelf = {name: {"digest": one.digest, "units": dict(one.units)} for name, one in sorted(record.files.items())}
    note = "Written by `init` and `update`, which compare your words with it. Do not edit."
    text = json.dumps({"note": note, "program": record.program, "files": shelf}, ensure_ascii=False, indent=1)
    deliver(text.encode("utf-8") + b"\n", root / SHELF, RECORD, mode=SHARED_FILE, files=files)


def shipped_names() -> Iterator[str]:
    """List the shipped files of words and structure below `handouts/`, such as benefits/en.yaml."""
    shelf = installed.SHIPPED / SHELF
    for path in sorted([*shelf.glob("*.yaml"), *shelf.glob("*/*.yaml")]):
        if path.name != REVIEW:
            yield path.relative_to(shelf).as_posix()


def shipped_bytes(name: str) -> bytes:
    """Read a shipped file as a clinic's folder gets it: without the line that names an editor's schema."""
    data = (installed.SHIPPED / name).read_bytes()
    first, _, rest = data.partition(b"\n")
    return rest if first.startswith(_SCHEMA_LINE) else data


def read_shipped(name: str) -> UnitFile:
    """Read a shipped file of `handouts/` in units."""
    return read_units(shipped_bytes(f"{SHELF}/{name}"), f"{SHELF}/{name}")


def digest_of(name: str) -> str:
    """Hash a shipped file of `handouts/` with SHA-256, as 64 hexadecimal digits."""
    return sha256(shipped_bytes(f"{SHELF}/{name}")).hexdigest()


def record_all() -> Record:
    """Make the record of a folder that has every shipped word as it is."""
    files = {name: FileRecord(digest_of(name), read_shipped(name).values()) for name in shipped_names()}
    return Record(__version__, files)
