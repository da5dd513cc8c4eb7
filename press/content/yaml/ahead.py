"""Trees of the release's own files, read ahead: with the YAML library they took a tenth of a first page's time.

Plain data (JSON), in files of the program named by the digest of the bytes that were read: an edited file finds none,
and is read. `pytest --update-goldens tests/content/test_yaml_ahead.py` writes them.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from press.content.raw import Mapping, Scalar, Sequence, Value
from press.errors import Place

FOLDER = Path(__file__).parent / "data"


def tree_file(data: bytes) -> Path:
    """Name the file with the tree of these bytes."""
    return FOLDER / f"{sha256(data).hexdigest()[:32]}.json"


def known_tree(data: bytes, file: str) -> Mapping | None:
    """Take the tree of these bytes if they are the release's own; `file` is the name that its places show."""
    path = tree_file(data)
    if not path.is_file():
        return None
    tree = _from_data(json.loads(path.read_bytes()), file)
    return tree if isinstance(tree, Mapping) else None


def as_data(value: Value) -> list[Any]:
    """Turn a tree into lists: kind, line, column, and a text or the parts; keys and values of a mapping alternate."""
    place = value.place.line, value.place.column
    match value:
        case Scalar():
            return ["text", *place, value.text]
        case Sequence():
            return ["list", *place, *map(as_data, value.items)]
        case Mapping():
            return ["map", *place, *(as_data(part) for pair in value.entries for part in pair)]


def _from_data(written: list[Any], file: str) -> Value:
    place = Place(file, written[1], written[2])
    if written[0] == "text":
        return Scalar(written[3], place)
    found = [_from_data(part, file) for part in written[3:]]
    if written[0] == "list":
        return Sequence(tuple(found), place)
    pairs = zip(found[::2], found[1::2], strict=True)
    return Mapping(tuple([(key, value) for key, value in pairs if isinstance(key, Scalar)]), place)
