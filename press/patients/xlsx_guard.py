"""What the reader of workbooks does not tell (ECMA-376 part 1, 18.3): sizes, errors, hidden rows.

It gives an empty text for `#N/A` and for a formula that was never computed, and takes memory for
every cell between the first and the last: one stray cell in the last corner ends the process.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field
from io import BytesIO
from posixpath import join, normpath
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from press.errors import Place, refuse
from press.patients import messages as faults
from press.records import dataclass

MOST_UNPACKED = 200_000_000  # bytes
MOST_CELLS = 4_000_000  # from the first to the last; the reader takes 24 to 32 bytes for each
MOST_COLUMNS = 1_000
MOST_ROWS = 1_048_576  # of a sheet in any spreadsheet program; the reader takes more

_BROKEN = (
    BadZipFile,
    zlib.error,
    struct.error,
    expat.ExpatError,
    EOFError,
    LookupError,
    OSError,
    StopIteration,
    RuntimeError,
    ValueError,
)
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
_PIECE = 1 << 16


@dataclass
class Findings:
    """What one sheet holds; rows and columns count from 0. `errors` are columns by row."""

    last_row: int = -1
    last_column: int = -1
    hidden_rows: int = 0
    errors: dict[int, list[int]] = field(default_factory=dict)


def is_workbook(data: bytes) -> bool:
    """Whether a packed file is an XLSX workbook, and not a text document or an ODS."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except _BROKEN:
        return True  # a damaged one, and told so when it is read


def check_size(data: bytes, file: str) -> None:
    """Unpack every part once, and refuse what would fill the memory. Raises HandoutError.

    The sizes that a packed file states may lie, so the bytes are counted as they come.
    """
    total = 0
    with _opened(data, file) as archive:
        for part in archive.infolist():
            part.file_size = 2 * MOST_UNPACKED  # or reading would stop at the stated size
            with archive.open(name=part, mode="r") as stream:
                for piece in _pieces(stream):
                    total += len(piece)
                    if total > MOST_UNPACKED:
                        raise refuse(Place(file), *faults.LARGE_WORKBOOK, private=True)


def inspect(data: bytes, file: str, sheet: int) -> Findings:
    """Look at the sheet with this index before its cells are read. Raises HandoutError."""
    reader = _Sheet()
    with _opened(data, file) as archive:
        _parse(archive, _part_of(archive, sheet), reader)
    found = reader.found
    is_beyond = found.last_row >= MOST_ROWS or found.last_column >= MOST_COLUMNS
    if is_beyond or (found.last_row + 1) * (found.last_column + 1) > MOST_CELLS:
        raise refuse(Place(file), *faults.LARGE_WORKBOOK, private=True)
    return found


@contextmanager
def _opened(data: bytes, file: str) -> Iterator[ZipFile]:
    """The parts of a workbook; what is damaged is told in our own words."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            yield archive
    except _BROKEN:
        raise refuse(Place(file), *faults.BROKEN_WORKBOOK, private=True) from None


def _part_of(archive: ZipFile, sheet: int) -> str:
    """The name of a sheet's part, by its relation to the workbook."""
    names, targets = _Elements("sheet"), _Elements("Relationship")
    _parse(archive, "xl/workbook.xml", names)
    _parse(archive, "xl/_rels/workbook.xml.rels", targets)
    wanted = next(value for name, value in names.found[sheet].items() if name.endswith(":id"))
    target = next(each["Target"] for each in targets.found if each.get("Id") == wanted)
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _parse(archive: ZipFile, name: str, handler: _Elements | _Sheet) -> None:
    """Feed one part to a handler, piece by piece; entities are refused, for they can grow."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(name=name, mode="r") as stream:
        for piece in _pieces(stream):
            parser.Parse(piece, False)
        parser.Parse(b"", True)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a workbook has no document type")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Elements:
    """Gathers the attributes of every element of one name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.found: list[dict[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if _local(name) == self._name:
            self.found.append(attributes)

    def text(self, data: str) -> None:
        """Nothing to do."""

    def end(self, name: str) -> None:
        """Nothing to do."""


class _Sheet:
    """Follows rows and cells; one without a number stands after the one before."""

    def __init__(self) -> None:
        self.found = Findings()
        self._row = self._column = -1
        self._is_error = self._is_text = self._has_formula = self._has_value = self._in_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
            self.found.hidden_rows += attributes.get("hidden") in ("1", "true")
        elif local == "c":
            self._start_cell(attributes)
        elif local == "f":
            self._has_formula = True
        elif local == "is" or (local == "v" and self._is_text):
            self._has_value = True  # also an empty one
        self._in_value = local == "v"

    def _start_cell(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            match = _CELL.match(attributes["r"])
            if match is None:
                raise ValueError("no such cell")
            self._row, self._column = int(match[2]) - 1, _index(match[1])
        else:
            self._column += 1
        self._is_error = attributes.get("t") == "e"
        # A formula may have an empty text as its result; with any other type an empty `v` means "not computed".
        self._is_text = attributes.get("t") == "str"
        self._has_formula = self._has_value = False

    def text(self, data: str) -> None:
        if self._in_value and data.strip():
            self._has_value = True

    def end(self, name: str) -> None:
        self._in_value = False
        if _local(name) != "c":
            return
        if self._is_error or (self._has_formula and not self._has_value):
            self.found.errors.setdefault(self._row, []).append(self._column)
        elif not self._has_value:
            return  # only its looks
        self.found.last_row = max(self.found.last_row, self._row)
        self.found.last_column = max(self.found.last_column, self._column)


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
