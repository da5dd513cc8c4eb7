"""The manifest of a finished run: what it was and which files it left, sealed by a digest of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

from press.delivery.atomic import deliver
from press.delivery.files import FILES, Files
from press.errors import Place, refuse
from press.records import dataclass

INNER = ".press"
MANIFEST = "manifest.json"
_PLAIN = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True)
class Run:
    """One run: its short code, the digest of all that it depends on, and when it began.

    Two runs of the same plan make the same bytes, so the second one finishes the first. `list` is the digest of the
    list, and `rows` are those that were meant, such as `2-49,51`: by them the same list finds its run again.
    """

    code: str
    plan: str
    started: str
    list: str = ""
    rows: str = ""


class PersonEntry(TypedDict):
    """One person's sheets in a print job."""

    code: str
    first: int
    last: int


class Manifest(TypedDict, total=False):
    """What a run was and left; a print job has the digest of its `list`, `rows`, `day`, and `people` with sheets."""

    run: str
    plan: str
    started: str
    list: str
    rows: str
    day: str
    people: list[PersonEntry]
    files: list[Mapping[str, str]]


def write_manifest(
    folder: Path,
    name: str,
    run: Run,
    more: Mapping[str, object],
    sheets: Iterable[Mapping[str, str]],
    *,
    files: Files = FILES,
) -> None:
    """Write what a run was and left, one line for each of its files; a digest of its own shows any change of it."""
    body = canonical({"run": run.code, "plan": run.plan, "started": run.started, **more, "files": []})
    before, here, after = body.partition(b'"files":[]')
    assert here, "the place of the files is there"
    seal, text = sha256(before + here[:-1]), bytearray(before + here[:-1])
    for number, sheet in enumerate(sheets):  # one by one, as a list of all would be the largest thing in memory
        line = b"," * bool(number) + canonical(sheet)
        seal.update(line)
        text += b"\n" * bool(number) + line
    seal.update(b"]" + after)
    text += b"]" + after[:-1] + b',"seal":"' + seal.hexdigest().encode("ascii") + b'"}\n'
    deliver(text, folder / INNER, name, files=files)


def canonical(body: Mapping[str, object]) -> bytes:
    """Write a record as JSON that is always the same bytes, in ASCII and on one line, to be hashed."""
    return _PLAIN.encode(body).encode("ascii")


def read_manifest(folder: Path, name: str) -> Manifest:
    """The manifest of a finished run. Raises HandoutError if there is none or it was changed."""
    place = Place(str(folder if name == MANIFEST else folder / name.removesuffix(".json")))
    try:
        body = json.loads((folder / INNER / name).read_bytes())
        seal = body.pop("seal")
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        raise refuse(
            place, "there is no record of a finished run here", "is the name right? a run that was stopped has none"
        ) from None
    if sha256(canonical(body)).hexdigest() != seal:
        raise refuse(place, "the record of this run was changed since it was written", "print the list again")
    manifest: Manifest = body  # as it was written, for its digest is right
    return manifest
