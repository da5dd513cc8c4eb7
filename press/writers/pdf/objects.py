"""Serialize PDF objects into templates whose object numbers are filled in later, and pack streams.

A file, or a person's part of a job, always has the same objects; only the numbers in their
references differ (ISO 32000-1, 7.3.10). So a template is one byte string with gaps for numbers.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate, chain, pairwise, repeat
from operator import itemgetter
from typing import Any

from reportlab.pdfbase.pdfdoc import NoEncryption, PDFString
from reportlab.pdfbase.pdfdoc import format as as_pdf

from press.lru import LRU

_END = "\x03"  # between two objects; no object holds such a byte
_MOST = 256  # packed streams that are kept: different pages have many of the same
_packed: LRU[bytes] = LRU(_MOST)


class Ref:
    """A reference to the object whose number is filled in: the one at index `place` of those given."""

    __slots__ = ("place",)

    def __init__(self, place: int) -> None:
        self.place = place


# A dictionary, an array, a string, a number, a reference; or what is written as it is, such as a name.
AnyObject = dict[str, Any] | list[Any] | PDFString | float | Ref | str
Gapped = tuple[str, Sequence[int]]  # the text of an object with gaps (%d) for object numbers, and their places


class _Plainly:
    """The part of a document that ReportLab's objects ask for when they are serialized."""

    encrypt = NoEncryption()


def with_gaps(value: AnyObject) -> Gapped:
    """Serialize an object with gaps for its numbers."""
    places: list[int] = []
    return _write(value, places), places


def _write(value: AnyObject, places: list[int]) -> str:
    if isinstance(value, str):
        return value.replace("%", "%%")
    if isinstance(value, Ref):
        places.append(value.place)
        return "%d 0 R"
    if isinstance(value, list):
        return f"[{_join_tightly([_write(each, places) for each in value])}]"
    if isinstance(value, dict):
        parts = [part for key in sorted(value) for part in (f"/{key}", _write(value[key], places))]
        return f"<<{_join_tightly(parts)}>>"
    if isinstance(value, PDFString):
        return write_string(value.s).replace("%", "%%")
    return str(value) if isinstance(value, int) else as_pdf(value, _Plainly()).decode("latin-1")


@lru_cache(maxsize=256)
def write_string(text: str) -> str:
    """Serialize a text string (7.9.2.2)."""
    written: bytes = as_pdf(PDFString(text), _Plainly())
    return written.decode("latin-1")


def _join_tightly(parts: Iterable[str]) -> str:
    """Join objects with no white space that the syntax does not need: a job has a hundred thousand of them."""
    joined = ""
    for part in parts:
        joined += part if part[0] in "/[<" or joined[-1:] in ("", "]", ">") else " " + part
    return joined


def serialize(value: AnyObject) -> bytes:
    """Serialize an object that refers to others by their final numbers."""
    text, numbers = with_gaps(value)
    return (text % tuple(numbers)).encode("latin-1")


class ObjectTemplate:
    """Serialized objects with gaps for their object numbers.

    Raises RuntimeError if one of them holds the byte that stands between two.
    """

    def __init__(self, objects: Sequence[Gapped]) -> None:
        self.count = len(objects)
        self._text = _END.join([text for text, _ in objects]).encode("latin-1")
        if self._text.count(_END.encode()) >= max(self.count, 1):
            raise RuntimeError("the text of an object holds a byte that stands between objects")
        places = list(chain.from_iterable([places for _, places in objects]))
        self._places = itemgetter(*places, *places[:1]) if places else None  # at least two: a tuple

    def fill(self, numbers: Sequence[int]) -> list[bytes]:
        """Fill in the object numbers."""
        found: tuple[int, ...] = self._places(numbers)[:-1] if self._places else ()
        return (self._text % found).split(_END.encode())


def pack_objects(numbers: Sequence[int], objects: Sequence[bytes], *, quickly: bool = False) -> bytes:
    """Write an object stream of these objects with their numbers (ISO 32000-1, 7.5.7).

    `quickly` compresses with a window of 8 kB: allocating memory for a larger one takes longer than
    the compression.
    """
    starts = accumulate(map(len, objects), initial=0)
    head = b"%d %d " * len(objects) % tuple(chain.from_iterable(zip(numbers, starts, strict=False)))
    body = _deflate(b"".join((head, *objects)), quickly=quickly)
    entries = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>" % (len(objects), len(head), len(body))
    return entries + b"\nstream\n" + body + b"\nendstream"


def write_stream(content: bytes, entries: bytes = b"", *, is_packed: bool = True, quickly: bool = False) -> bytes:
    """Write a stream with an end of line before `endstream`, as PDF/A requires (6.1.7.1)."""
    if is_packed:
        content, entries = _deflate(content, quickly=quickly), entries + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def _deflate(content: bytes, *, quickly: bool) -> bytes:
    # A level of 6 takes a quarter longer for half a percent less; one of 9 with a window of 32 kB (here 8) three times
    # as long for one percent. What is packed quickly is one person's, which never comes again: a level of 4 takes a
    # third longer for a tenth less.
    if quickly:
        return _compress(content, 1, 7)
    return _packed.get(sha256(content).digest(), lambda: _compress(content, 5, 8))


def _compress(content: bytes, level: int, memory: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, 13, memory)
    return packer.compress(content) + packer.flush()


def write_indirect(number: int, body: bytes) -> bytes:
    """Write an indirect object that is in no object stream."""
    return b"%d 0 obj\n%s\nendobj\n" % (number, body)


class CrossReferenceTable:
    """The byte offset of each object of a file, as the rows of a cross-reference stream (ISO 32000-1, 7.5.8).

    It may be a part of one, from the object `first` on.
    """

    _ROW = struct.Struct(">BIH")

    def __init__(self, first: int = 0) -> None:
        self.first = first
        self._rows = bytearray() if first else bytearray(self._ROW.pack(0, 0, 0xFFFF))
        self._starts: list[tuple[int, int]] = []  # of a part: objects with their offsets

    def copy(self) -> CrossReferenceTable:
        """Copy the rows."""
        found = CrossReferenceTable()
        found._rows = self._rows[:]
        return found

    @property
    def size(self) -> int:
        """The number of rows, which is the number of the next object."""
        return self.first + len(self._rows) // self._ROW.size

    def reserve(self, count: int = 1) -> int:
        """Reserve object numbers, whose offsets are set later; give the first."""
        first = self.size
        self._rows += bytes(self._ROW.size * count)
        return first

    def put(self, number: int, start: int) -> None:
        """Set the byte offset of an object that is in no object stream."""
        self._ROW.pack_into(self._rows, (number - self.first) * self._ROW.size, 1, start, 0)
        if self.first:
            self._starts.append((number, start))

    def put_packed(self, numbers: Sequence[int], holder: int) -> None:
        """Set the object stream `holder` of objects, in this order."""
        rows, size = b"".join(map(self._ROW.pack, repeat(2), repeat(holder), range(len(numbers)))), self._ROW.size
        breaks = [place for place, (one, other) in enumerate(pairwise(numbers), 1) if other != one + 1]
        for begin, end in pairwise((0, *breaks, len(numbers))):
            place = (numbers[begin] - self.first) * size
            self._rows[place : place + (end - begin) * size] = rows[begin * size : end * size]

    def extend(self, part: CrossReferenceTable, start: int) -> None:
        """Add the next part of the table, whose offsets are counted from `start`.

        Raises RuntimeError if it is not the next one.
        """
        if part.first != self.size:
            raise RuntimeError("a part of a file begins with another number than that of its next object")
        self._rows += part._rows
        for number, place in part._starts:
            self.put(number, start + place)

    def written(self, number: int, start: int, entries: bytes, *, is_packed: bool) -> bytes:
        """Write the table as the last object of a file, with the file's trailer."""
        self.put(number, start)
        head = b"/Type/XRef/Size %d/W[1 4 2]%s" % (self.size, entries)
        body = write_indirect(number, write_stream(bytes(self._rows), head, is_packed=is_packed, quickly=True))
        return body + b"startxref\n%d\n%%%%EOF\n" % start
