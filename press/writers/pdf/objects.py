"""Serialize PDF objects once, with ReportLab, into templates whose object numbers are filled in later.

A file, or a person's part of a job, always has the same objects; only the numbers in their
references differ (ISO 32000-1, 7.3.10). So a template is one byte string with gaps for numbers.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Sequence
from itertools import accumulate, chain, pairwise, repeat
from operator import itemgetter
from typing import Any

from reportlab.pdfbase.pdfdoc import NoEncryption, PDFArray, PDFDictionary, PDFObject, PDFString
from reportlab.pdfbase.pdfdoc import format as as_pdf

from press.lru import LRU, ById

_STRING = re.compile(rb"(\((?:[^\\()]|\\.)*\))", re.DOTALL)  # ReportLab escapes every bracket in a string
_SPACE = re.compile(rb"\s*(<<|>>|[\[\]/])\s*")
_NUMBER = re.compile(rb"\x01(\d+)\x02")
_END = b"\x03"  # between two objects; no object holds such a byte
_MOST = 2048  # serialized objects that are kept
_texts: LRU[bytes] = LRU(_MOST)
AnyObject = PDFObject | dict[str, Any] | list[Any]  # of a file: a dictionary, an array, or what ReportLab writes


class Number(PDFObject):
    """A number that is known only when a file is assembled: the one at index `place` of those given."""

    def __init__(self, place: int) -> None:
        self.place = place

    def format(self, document: object) -> bytes:
        """Write a placeholder for it, as ReportLab asks."""
        return b"\x01%d\x02" % self.place


class Ref(Number):
    """An indirect reference to the object with that number."""

    def format(self, document: object) -> bytes:
        """Write a placeholder for the reference, as ReportLab asks."""
        return super().format(document) + b" 0 R"


class Serialized(PDFObject):
    """An object that was serialized before, and is the same in many files."""

    def __init__(self, value: AnyObject) -> None:
        self._written: bytes = as_pdf(_as_object(value), _Plainly())

    def format(self, document: object) -> bytes:
        """Give the serialized object."""
        return self._written


def _tighten(written: bytes) -> bytes:
    """Drop white space that the syntax does not need: a job has a hundred thousand objects."""
    parts = _STRING.split(written)
    return b"".join(part if number % 2 else _SPACE.sub(rb"\1", part) for number, part in enumerate(parts))


def serialize(objects: Sequence[AnyObject], size: int) -> list[bytes]:
    """Serialize objects that refer to others by their final numbers, all below `size`."""
    return ObjectTemplate(objects).fill(range(size))


class _Plainly:
    """The part of a document that ReportLab's objects ask for when they are serialized."""

    encrypt = NoEncryption()


class ObjectTemplate:
    """Serialized objects with gaps for their object numbers."""

    def __init__(self, objects: Sequence[AnyObject]) -> None:
        places: list[int] = []
        self.count = len(objects)
        self._text = _END.join([_with_gaps(each, places) for each in objects])
        self._places = itemgetter(*places, *places[:1]) if places else None  # at least two: a tuple

    def fill(self, numbers: Sequence[int]) -> list[bytes]:
        """Fill in the object numbers."""
        if self._places is None:
            return (self._text % ()).split(_END)
        found: tuple[int, ...] = self._places(numbers)
        return (self._text % found[:-1]).split(_END)


def _with_gaps(value: AnyObject, places: list[int]) -> bytes:
    """Serialize an object with gaps for its numbers, whose places are added: most objects differ in these alone."""
    shape: list[object] = []
    _take_apart(value, shape, places)
    return _texts.get(tuple(shape), lambda: _serialize(value))


def _take_apart(value: object, shape: list[object], places: list[int]) -> None:
    """Add the places of an object's numbers to `places`, in the order of its text, and all else of it to `shape`."""
    kind = type(value)  # 1 is 1.0, and is written in another way
    if isinstance(value, str | int):
        shape += kind, value
    elif isinstance(value, Number):
        places.append(value.place)
        shape.append(kind)
    elif isinstance(value, list):
        shape.append(kind)
        for each in value:
            _take_apart(each, shape, places)
        shape.append(None)
    elif isinstance(value, dict):
        shape.append(kind)
        for key in sorted(value):
            shape.append(key)
            _take_apart(value[key], shape, places)
        shape.append(None)
    elif isinstance(value, float):
        shape += kind, repr(value)
    elif isinstance(value, PDFString):
        shape += kind, value.s
    else:
        shape.append(ById(value))


def _as_object(value: object) -> object:
    """Make ReportLab's objects of lists and dictionaries: for the first of a shape alone, since that takes time."""
    if isinstance(value, dict):
        return PDFDictionary({key: _as_object(each) for key, each in value.items()})
    return PDFArray(list(map(_as_object, value))) if isinstance(value, list) else value


def _serialize(value: AnyObject) -> bytes:
    """Serialize an object with a gap for each number that is filled in later."""
    written = _tighten(as_pdf(_as_object(value), _Plainly(), toplevel=1))
    if written.count(b"\x01") != len(_NUMBER.findall(written)) or _END in written:
        raise RuntimeError("the text of an object holds a byte that stands between objects")
    return _NUMBER.sub(b"%d", written.replace(b"%", b"%%"))


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
    # Level, method, bits of the window, memory (see `zlib.compressobj`): level 9 and a window of 32 kB take two to
    # three times as long for half a percent less.
    packer = zlib.compressobj(*((4, zlib.DEFLATED, 13, 6) if quickly else (6, zlib.DEFLATED, 13, 8)))
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
