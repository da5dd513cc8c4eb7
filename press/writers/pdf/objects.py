"""Objects of a PDF file as ready bytes: ReportLab writes each once, and only their numbers are filled in.

A file, or a person's part of a job, always has the same objects; what differs are the numbers by
which they name each other (ISO 32000-1, 7.3.10). So they are kept as one text with places for numbers.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Sequence
from itertools import accumulate, chain
from operator import itemgetter

from reportlab.pdfbase.pdfdoc import NoEncryption, PDFObject
from reportlab.pdfbase.pdfdoc import format as as_pdf

_STRING = re.compile(rb"(\((?:[^\\()]|\\.)*\))", re.DOTALL)  # ReportLab escapes every bracket in a string
_SPACE = re.compile(rb"\s*(<<|>>|[\[\]/])\s*")
_NUMBER = re.compile(rb"\x01(\d+)\x02")
_END = b"\x03"  # between two objects; no object holds such a byte


class Number(PDFObject):
    """A number that is known only when a file is put together: the one at `place` of those given."""

    def __init__(self, place: int) -> None:
        self.place = place

    def format(self, document: object) -> bytes:
        """A mark for it, as ReportLab asks."""
        return b"\x01%d\x02" % self.place


class Ref(Number):
    """A reference to the object with that number."""

    def format(self, document: object) -> bytes:
        """The reference, as ReportLab asks."""
        return super().format(document) + b" 0 R"


class Serialized(PDFObject):
    """Something that was written before, and is the same in many files."""

    def __init__(self, value: PDFObject) -> None:
        self._written: bytes = as_pdf(value, _Plainly())

    def format(self, document: object) -> bytes:
        """What was written."""
        return self._written


def _tight(written: bytes) -> bytes:
    """Objects without the white space that nothing needs: a job has a hundred thousand of them."""
    parts = _STRING.split(written)
    return b"".join(part if number % 2 else _SPACE.sub(rb"\1", part) for number, part in enumerate(parts))


def written(objects: Sequence[PDFObject], size: int) -> list[bytes]:
    """Objects that name others by the numbers that they will have, all below `size`."""
    return ObjectTemplate(objects).filled(range(size))


class _Plainly:
    """What ReportLab's objects ask of the document that they are written for."""

    encrypt = NoEncryption()


class ObjectTemplate:
    """Some objects with places for numbers, ready to be filled in."""

    def __init__(self, objects: Sequence[PDFObject]) -> None:
        written = _tight(_END.join(as_pdf(each, _Plainly(), toplevel=1) for each in objects))
        places = [int(place) for place in _NUMBER.findall(written)]
        if written.count(b"\x01") != len(places) or written.count(_END) != max(0, len(objects) - 1):
            raise RuntimeError("the text of an object holds a byte that stands between objects")
        self.count = len(objects)
        self._text = _NUMBER.sub(b"%d", written.replace(b"%", b"%%"))
        self._places = itemgetter(*places, *places[:1]) if places else None  # at least two: a tuple

    def filled(self, numbers: Sequence[int]) -> list[bytes]:
        """The objects with their numbers."""
        if self._places is None:
            return (self._text % ()).split(_END)
        found: tuple[int, ...] = self._places(numbers)
        return (self._text % found[:-1]).split(_END)


def packed(numbers: Sequence[int], objects: Sequence[bytes], *, quickly: bool = False) -> bytes:
    """Objects with their numbers as the content and the entries of an object stream (ISO 32000-1, 7.5.7).

    `quickly` packs with a window of 8 kB: for the larger one the system would be asked for fresh
    memory each time, which takes longer than the packing.
    """
    starts = accumulate(map(len, objects), initial=0)
    head = b"%d %d " * len(objects) % tuple(chain.from_iterable(zip(numbers, starts, strict=False)))
    body = _packed(b"".join((head, *objects)), quickly=quickly)
    entries = b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>" % (len(objects), len(head), len(body))
    return entries + b"\nstream\n" + body + b"\nendstream"


def stream(content: bytes, entries: bytes = b"", *, is_packed: bool = True, quickly: bool = False) -> bytes:
    """A stream with an end of line before `endstream`, as PDF/A asks (6.1.7.1)."""
    if is_packed:
        content, entries = _packed(content, quickly=quickly), entries + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def _packed(content: bytes, *, quickly: bool) -> bytes:
    # Level, method, bits of the window, memory (see `zlib.compressobj`).
    packer = zlib.compressobj(4, zlib.DEFLATED, 13, 6) if quickly else zlib.compressobj(9)
    return packer.compress(content) + packer.flush()


def indirect(number: int, body: bytes) -> bytes:
    """An object that stands in the file by itself."""
    return b"%d 0 obj\n%s\nendobj\n" % (number, body)


class CrossReferenceTable:
    """Where each object of a file stands, as the rows of a cross-reference stream (ISO 32000-1, 7.5.8)."""

    _ROW = struct.Struct(">BIH")

    def __init__(self) -> None:
        self._rows = bytearray(self._ROW.pack(0, 0, 0xFFFF))

    def copy(self) -> CrossReferenceTable:
        """The same rows, to grow by themselves."""
        found = CrossReferenceTable()
        found._rows = self._rows[:]
        return found

    @property
    def size(self) -> int:
        """How many rows there are: the number of the next object."""
        return len(self._rows) // self._ROW.size

    def reserve(self, count: int = 1) -> int:
        """The first of so many new numbers, whose places are told later."""
        first = self.size
        self._rows += bytes(self._ROW.size * count)
        return first

    def put(self, number: int, start: int) -> None:
        """An object stands by itself, from byte `start` of the file on."""
        self._ROW.pack_into(self._rows, number * self._ROW.size, 1, start, 0)

    def put_packed(self, numbers: Sequence[int], holder: int) -> None:
        """Objects stand in the object stream with number `holder`, in this order."""
        for place, number in enumerate(numbers):
            self._ROW.pack_into(self._rows, number * self._ROW.size, 2, holder, place)

    def written(self, number: int, start: int, entries: bytes, *, is_packed: bool) -> bytes:
        """The table as the last object of a file, with the file's end."""
        self.put(number, start)
        head = b"/Type/XRef/Size %d/W[1 4 2]%s" % (self.size, entries)
        body = indirect(number, stream(bytes(self._rows), head, is_packed=is_packed, quickly=True))
        return body + b"startxref\n%d\n%%%%EOF\n" % start
