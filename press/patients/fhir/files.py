"""The files of an export, each read once: one file, a folder, or a zip of a bulk export."""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from press.errors import HandoutError, Place, Sentence, refuse
from press.patients.fhir import messages as faults
from press.patients.fhir.json_stream import Readable

ENDINGS = (".json", ".ndjson")
MOST_BYTES = 2_000_000_000  # of all files together, unpacked
_TOP = 512  # bytes that tell what a file is
_PIECE = 1 << 20
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError)
_KNOWN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class ExportFiles:
    """The files of one export: iterated once, each as a stream; `sha256` afterwards is that of all that was read."""

    def __init__(self, source: Path | BinaryIO, shown: str) -> None:
        self._source, self._shown = source, shown
        self._digest = hashlib.sha256()
        self._rest = MOST_BYTES

    @property
    def sha256(self) -> str:
        """The digest of all that was read, as SHA-256; of a file that is not packed, the digest of the file."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[Readable]:
        try:
            if isinstance(self._source, Path) and self._source.is_dir():
                yield from self._of_folder(self._source)
            elif isinstance(self._source, Path):
                with self._source.open("rb") as stream:
                    yield from self._of_file(stream)
            else:
                yield from self._of_file(self._source)
        except _DAMAGED:
            raise self._refusal(faults.BROKEN) from None
        except OSError:
            raise self._refusal(faults.UNREADABLE) from None

    def _refusal(self, sentence: Sentence) -> HandoutError:
        return refuse(Place(self._shown), *sentence, private=True)

    def _of_folder(self, folder: Path) -> Iterator[Readable]:
        for path in files_in(folder):
            self._digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            with path.open("rb") as stream:
                yield self._read_through(stream)

    def _of_file(self, stream: BinaryIO) -> Iterator[Readable]:
        if not _is_zip(stream):
            yield self._read_through(stream)
            return
        self._digest_whole(stream)
        with zipfile.ZipFile(stream) as packed:
            for entry in _records_in(packed):
                if entry.flag_bits & 1 or entry.compress_type not in _KNOWN:  # encrypted, or packed in another way
                    raise self._refusal(faults.BROKEN)
                with packed.open(entry) as inner:
                    yield _Counted(inner, self._shown, self._count)
        before = self.sha256
        self._digest = hashlib.sha256()
        self._digest_whole(stream)
        if self.sha256 != before:
            raise self._refusal(faults.CHANGED)

    def _digest_whole(self, stream: BinaryIO) -> None:
        stream.seek(0)
        while data := stream.read(_PIECE):
            self._digest.update(data)
        stream.seek(0)

    def _count(self, data: bytes) -> None:
        self._rest -= len(data)
        if self._rest < 0:
            raise self._refusal(faults.TOO_LARGE)

    def _read_through(self, stream: BinaryIO) -> Readable:
        def seen(data: bytes) -> None:
            self._count(data)
            self._digest.update(data)

        return _Counted(stream, self._shown, seen)


class _Counted:
    """A stream of which every piece is shown to somebody else as well; what it cannot give is refused."""

    def __init__(self, stream: Readable, file: str, see: Callable[[bytes], None]) -> None:
        self._stream, self._file, self._see = stream, file, see

    def read(self, size: int, /) -> bytes:
        """Read a piece. Raises HandoutError."""
        try:
            data = self._stream.read(size)
        except _DAMAGED:
            raise refuse(Place(self._file), *faults.BROKEN, private=True) from None
        except OSError:
            raise refuse(Place(self._file), *faults.UNREADABLE, private=True) from None
        self._see(data)
        return data


def is_export(path: Path) -> bool:
    """Whether there is an export of records: by what a file holds, or a folder with files of records."""
    if path.is_dir():
        return next(files_in(path), None) is not None
    try:
        with path.open("rb") as stream:
            return holds_export(stream)
    except (OSError, ValueError):  # told by whoever reads it as a list
        return False


def holds_export(stream: BinaryIO) -> bool:
    """Whether a file is JSON, or a zip with files of records and no workbook."""
    if not _is_zip(stream):
        return stream.read(_TOP).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")
    try:
        with zipfile.ZipFile(stream) as packed:
            is_workbook = "[Content_Types].xml" in packed.namelist()
            return not is_workbook and next(_records_in(packed), None) is not None
    except (*_DAMAGED, OSError):
        return False
    finally:
        stream.seek(0)


def files_in(folder: Path) -> Iterator[Path]:
    """The files of records in a folder and below it, by name; a link is not followed."""
    for path in sorted(folder.rglob("*")):
        if (
            path.suffix.lower() in ENDINGS
            and not path.name.startswith(".")
            and path.is_file()
            and not path.is_symlink()
        ):
            yield path


def _is_zip(stream: BinaryIO) -> bool:
    top = stream.read(4)
    stream.seek(0)
    return top == b"PK\x03\x04"


def _records_in(packed: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """The files of records in a zip, by name; what other programs add for themselves is left out."""
    for entry in sorted(packed.infolist(), key=lambda one: one.filename):
        name = entry.filename.rpartition("/")[2]
        if name.lower().endswith(ENDINGS) and not name.startswith(".") and "__MACOSX/" not in entry.filename:
            yield entry
