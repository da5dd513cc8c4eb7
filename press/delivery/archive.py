"""An archive that proves itself: a ZIP with a table of the digests of its files, read as if a stranger had made it.

Nothing is unpacked by the library: each file is read under its own name, within limits, and compared with its digest.
"""

from __future__ import annotations

import json
import stat
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from press.delivery.filenames import check_file_name
from press.delivery.files import PRIVATE_FILE
from press.errors import Place, Sentence, refuse
from press.records import dataclass

TABLE = "backup.json"  # the first file: what this is, and the digest of each other file
FORMAT = 1
MOST_BYTES = 1_000_000_000  # of all files together, unpacked
MOST_FILES = 5_000
_MOST_LEVELS = 8  # of folders
_MOST_TABLE = 2_000_000  # bytes
_BROKEN = (BadZipFile, zlib.error, struct.error, EOFError, LookupError, OSError, RuntimeError, ValueError)

_HINT = "take another backup; nothing here was changed"
_NO_ARCHIVE = Sentence("this is no backup that the press made, or it is cut off", _HINT)
_NEWER = Sentence("this backup was made by a newer version of the press", "restore it with that version")
_TOO_LARGE = Sentence("this backup holds more than any clinic's folder", _HINT)
_STRANGE = Sentence("this backup holds a file that the press never puts into one", _HINT)
_CHANGED = Sentence("a file in this backup is not the one that was put into it", _HINT)


def is_safe_name(name: str) -> bool:
    """Whether a name leads to a file below the folder, on every system: no drive, no way up, no device."""
    parts = name.split("/")
    return len(parts) <= _MOST_LEVELS and all(check_file_name(part) is None for part in parts)


def pack(files: Mapping[str, bytes], about: Mapping[str, str]) -> bytes:
    """Pack files, by their names with slashes, and what is to be known `about` them."""
    digests = {name: sha256(data).hexdigest() for name, data in files.items()}
    table = json.dumps({"format": FORMAT, "about": dict(about), "files": digests}, indent=1, sort_keys=True)
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, data in ((TABLE, table.encode("utf-8")), *files.items()):
            entry = ZipInfo(name)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, (stat.S_IFREG | PRIVATE_FILE) << 16
            archive.writestr(entry, data)
    return packed.getvalue()


@dataclass(frozen=True)
class Archive:
    """An open archive, its names proved. Made by `open_archive` only."""

    about: Mapping[str, str]
    digests: Mapping[str, str]
    _zip: ZipFile
    _place: Place

    def read(self, name: str) -> bytes:
        """Read one file. Raises HandoutError if it is not the one that was packed."""
        entry = self._zip.getinfo(name)
        data = _bytes_of(self._zip, entry, entry.file_size, self._place)
        if sha256(data).hexdigest() != self.digests[name]:
            raise refuse(self._place, *_CHANGED)
        return data


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an archive. Raises HandoutError for whatever `pack` did not make."""
    place = Place(path.name)
    try:
        archive = ZipFile(path)
    except FileNotFoundError:
        raise refuse(place, "there is no such file") from None
    except _BROKEN:
        raise refuse(place, *_NO_ARCHIVE) from None
    with archive:
        table = _table(archive, place)
        yield Archive(MappingProxyType(table["about"]), MappingProxyType(table["files"]), archive, place)


def _table(archive: ZipFile, place: Place) -> dict[str, dict[str, str]]:
    """Read the table, and compare it with what the archive says of itself. Raises HandoutError."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise refuse(place, *_TOO_LARGE)
    if names[:1] != [TABLE]:
        raise refuse(place, *_NO_ARCHIVE)
    if len({name.casefold() for name in names}) < len(names) or not all(map(_is_plain, entries)):
        raise refuse(place, *_STRANGE)
    try:
        table = json.loads(_bytes_of(archive, entries[0], _MOST_TABLE, place))
        version, files = table["format"], table["files"]
        texts = [*table["about"].values(), *files.values()]
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise refuse(place, *_NO_ARCHIVE) from None
    if version != FORMAT:
        raise refuse(place, *(_NEWER if isinstance(version, int) and version > FORMAT else _NO_ARCHIVE))
    if set(files) != set(names[1:]) or not all(isinstance(text, str) for text in texts):
        raise refuse(place, *_NO_ARCHIVE)
    return {"about": table["about"], "files": files}


def _is_plain(entry: ZipInfo) -> bool:
    """Whether an entry is a file as `pack` writes one: no link, no folder, not encrypted, in no other packing."""
    kind = stat.S_IFMT(entry.external_attr >> 16)
    is_file = kind in (0, stat.S_IFREG) and not entry.flag_bits & 1 and entry.orig_filename == entry.filename
    return is_file and entry.compress_type in (ZIP_STORED, ZIP_DEFLATED) and is_safe_name(entry.filename)


def _bytes_of(archive: ZipFile, entry: ZipInfo, most: int, place: Place) -> bytes:
    """Unpack one file up to its size: the size that an archive names may be a lie."""
    try:
        with archive.open(entry) as packed:
            data = packed.read(most + 1)
    except (*_BROKEN, NotImplementedError):
        raise refuse(place, *_CHANGED) from None
    if len(data) > most:
        raise refuse(place, *_TOO_LARGE)
    return data
