"""Read the tables of a TrueType face, and write a face that holds only some of its glyphs.

The tables are those of the OpenType specification: cmap, glyf, head, hhea, hmtx, loca, maxp and
OS/2. Glyphs keep their numbers, so a number means the same glyph in every document.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import field
from functools import cached_property
from itertools import accumulate

from press.records import dataclass

_KEPT = ("cvt ", "fpgm", "prep")  # programs that sharpen letters on a screen; glyphs call them
_PART = 0x0020  # flags of a part of a composite glyph: another follows,
_WORDS, _SCALE, _TWO_SCALES, _MATRIX = 0x0001, 0x0008, 0x0040, 0x0080  # how long this one is,
_PLACED = 0x0002  # and it has a place
_LAST_POINT = 0x10FFFF  # of Unicode

Built = tuple[tuple[tuple[int, int, int], ...], int]


@dataclass(frozen=True, eq=False)
class Sfnt:
    """One TrueType file with outlines of its own kind (glyf); lengths are in units of its em."""

    data: bytes = field(repr=False)

    @cached_property
    def tables(self) -> dict[str, bytes]:
        """The tables by their names."""
        count = struct.unpack_from(">H", self.data, 4)[0]
        found = struct.iter_unpack(">4sIII", self.data[12 : 12 + 16 * count])
        return {tag.decode("latin-1"): self.data[start : start + size] for tag, _, start, size in found}

    @cached_property
    def em(self) -> int:
        """The units per em."""
        return self._number("head", 18, ">H")

    @cached_property
    def count(self) -> int:
        """The number of glyphs."""
        return self._number("maxp", 4, ">H")

    @cached_property
    def box(self) -> tuple[int, int, int, int]:
        """The bounding box of all glyphs: left, bottom, right, top."""
        return struct.unpack_from(">4h", self.tables["head"], 36)

    @cached_property
    def ascent(self) -> int:
        """The ascent: how far letters rise above the base line."""
        return self._number("hhea", 4, ">h")

    @cached_property
    def descent(self) -> int:
        """The descent: how far letters fall below the base line; negative."""
        return self._number("hhea", 6, ">h")

    @cached_property
    def cap_height(self) -> int:
        """The height of capital letters, by OS/2."""
        return self._number("OS/2", 88, ">h")

    @cached_property
    def weight(self) -> int:
        """The weight: 400 is regular, 700 bold, by OS/2."""
        return self._number("OS/2", 4, ">H")

    @cached_property
    def characters(self) -> dict[int, int]:
        """The glyph of each code point; those without one (glyph 0 is the empty box) are left out."""
        table = self.tables["cmap"]
        formats = {}
        for platform, encoding, start in struct.iter_unpack(
            ">HHI", table[4 : 4 + 8 * struct.unpack_from(">H", table, 2)[0]]
        ):
            if (platform, encoding) in ((0, 3), (0, 4), (3, 1), (3, 10)):
                formats[struct.unpack_from(">H", table, start)[0]] = table[start:]
        found = _all_planes(formats[12]) if 12 in formats else _first_plane(formats[4])
        return {point: glyph for point, glyph in found if glyph}

    def advance(self, glyph: int) -> int:
        """Give the advance width of a glyph."""
        found: int = struct.unpack_from(">H", self.tables["hmtx"], 4 * min(glyph, self._metrics - 1))[0]
        return found

    def outline(self, glyph: int) -> bytes:
        """Give the outline of a glyph; nothing for a space."""
        return self.tables["glyf"][self._starts[glyph] : self._starts[glyph + 1]]

    def extent(self, glyph: int) -> tuple[int, int]:
        """Give the lowest and the highest y of a glyph; (0, 0) for a space."""
        data = self.outline(glyph)
        return (struct.unpack_from(">h", data, 4)[0], struct.unpack_from(">h", data, 8)[0]) if data else (0, 0)

    def check(self) -> None:
        """Read all that a page could need, so that none fails on it later.

        Raises struct.error, LookupError or ValueError if the tables do not agree with each other.
        """
        struct.unpack_from(">4H", self.tables["maxp"], 24)
        _ = self.box, self.ascent, self.descent, self.cap_height, self.weight
        if not 0 < self._metrics <= self.count or max(self.characters.values(), default=0) >= self.count:
            raise ValueError("a glyph is beyond the last one")
        if sorted(self._starts) != list(self._starts) or self._starts[-1] > len(self.tables["glyf"]):
            raise ValueError("an outline is not in its table")
        if len(self.tables["hmtx"]) < 2 * (self.count + self._metrics):
            raise ValueError("a glyph has no width")
        for glyph in range(self.count):
            self.extent(glyph)
            if any(part >= self.count for part in _parts(self.outline(glyph))):
                raise ValueError("a component is beyond the last glyph")

    def subset(self, glyphs: Iterable[int], built: Sequence[Built] = ()) -> bytes:
        """Write a file with these glyphs and their components, under their own numbers.

        All other numbers draw nothing; the empty box is always there. `built` are new composite
        glyphs, numbered from `count` on: components with their offsets, and the advance width.
        """
        parts = {glyph for made, _ in built for glyph, _, _ in made}
        held = {glyph: (self.outline(glyph), self._metric(glyph)) for glyph in self._close({0, *glyphs, *parts})}
        held |= {self.count + number: self._build(*made) for number, made in enumerate(built)}
        count = max(held) + 1
        starts, metrics, outlines = [0] * (count + 1), bytearray(4 * count), []
        for glyph, (data, metric) in sorted(held.items()):
            outlines.append(data + b"\0" * (-len(data) % 4))
            starts[glyph + 1] = len(outlines[-1])
            metrics[4 * glyph : 4 * glyph + 4] = metric
        tables = {
            "glyf": b"".join(outlines),
            "head": self._change("head", (8, ">I", 0), (50, ">h", 1)),
            "hhea": self._change("hhea", (34, ">H", count)),
            "hmtx": bytes(metrics),
            "loca": struct.pack(f">{count + 1}I", *accumulate(starts)),
            "maxp": self._limits(count, max((len(made) for made, _ in built), default=0)),
        }
        tables |= {name: self.tables[name] for name in _KEPT if name in self.tables}
        return _file(tables)

    def _build(self, parts: tuple[tuple[int, int, int], ...], advance: int) -> tuple[bytes, bytes]:
        """Build a composite glyph (OpenType, glyf), and its advance width and left side bearing."""
        body, boxes = b"", []
        for number, (glyph, right, up) in enumerate(parts, 1):
            flags = _WORDS | _PLACED | (_PART if number < len(parts) else 0)
            body += struct.pack(">HHhh", flags, glyph, right, up)
            if outline := self.outline(glyph):
                left, bottom, far, top = struct.unpack_from(">4h", outline, 2)
                boxes.append((left + right, bottom + up, far + right, top + up))
        if not boxes:
            return b"", struct.pack(">Hh", advance, 0)
        lefts, bottoms, fars, tops = zip(*boxes, strict=True)
        box = (min(lefts), min(bottoms), max(fars), max(tops))
        return struct.pack(">5h", -1, *box) + body, struct.pack(">Hh", advance, box[0])

    def _limits(self, count: int, most: int) -> bytes:
        """Write the table maxp: the number of glyphs, and the limits of a composite of `most` components."""
        points, contours, all_points, all_contours = struct.unpack_from(">4H", self.tables["maxp"], 6)
        parts, depth = struct.unpack_from(">2H", self.tables["maxp"], 28)
        times = max(most, 1)
        return self._change(
            "maxp", (4, ">H", count),
            (10, ">H", min(0xFFFF, max(points * bool(most), all_points) * times)),
            (12, ">H", min(0xFFFF, max(contours * bool(most), all_contours) * times)),
            (28, ">H", max(most, parts)), (30, ">H", depth + bool(most)),
        )  # fmt: skip

    def _number(self, table: str, start: int, fmt: str) -> int:
        found: int = struct.unpack_from(fmt, self.tables[table], start)[0]
        return found

    @cached_property
    def _metrics(self) -> int:
        """The number of glyphs with an advance width of their own; the others have that of the last of them."""
        return self._number("hhea", 34, ">H")

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        """The offset of each outline, and the end of the last one."""
        if self._number("head", 50, ">h"):
            return struct.unpack_from(f">{self.count + 1}I", self.tables["loca"])
        return tuple(2 * start for start in struct.unpack_from(f">{self.count + 1}H", self.tables["loca"]))

    def _metric(self, glyph: int) -> bytes:
        """Give the advance width and left side bearing of a glyph."""
        table = self.tables["hmtx"]
        if glyph < self._metrics:
            return table[4 * glyph : 4 * glyph + 4]
        side = 4 * self._metrics + 2 * (glyph - self._metrics)
        return struct.pack(">H", self.advance(glyph)) + table[side : side + 2]

    def _close(self, glyphs: set[int]) -> set[int]:
        """Close a set of glyphs under components."""
        found, open_ = set(glyphs), list(glyphs)
        while open_:
            for part in _parts(self.outline(open_.pop())):
                if part not in found:
                    found.add(part)
                    open_.append(part)
        return found

    def _change(self, table: str, *changes: tuple[int, str, int]) -> bytes:
        data = bytearray(self.tables[table])
        for start, fmt, number in changes:
            struct.pack_into(fmt, data, start, number)
        return bytes(data)


def _first_plane(table: bytes) -> Iterable[tuple[int, int]]:
    """Read code points and glyphs of a cmap of format 4."""
    count = struct.unpack_from(">H", table, 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts = struct.unpack_from(f">{count}H", table, 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", table, 16 + 4 * count)
    ranges = 16 + 6 * count
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        offset = struct.unpack_from(">H", table, ranges + 2 * index)[0]
        for point in range(start, min(end, 0xFFFE) + 1):
            glyph = point
            if offset:
                glyph = struct.unpack_from(">H", table, ranges + 2 * index + offset + 2 * (point - start))[0]
            if glyph or not offset:
                yield point, (glyph + deltas[index]) & 0xFFFF


def _all_planes(table: bytes) -> Iterable[tuple[int, int]]:
    """Read code points and glyphs of a cmap of format 12."""
    count, last = struct.unpack_from(">I", table, 12)[0], -1
    for start, end, glyph in struct.iter_unpack(">III", table[16 : 16 + 12 * count]):
        if not last < start <= end <= _LAST_POINT:
            raise ValueError("groups of characters overlap")
        last = end
        yield from ((point, glyph + point - start) for point in range(start, end + 1))


def _parts(outline: bytes) -> Iterable[int]:
    """List the components of a composite glyph."""
    if not outline or struct.unpack_from(">h", outline)[0] >= 0:
        return
    at, flags = 10, _PART
    while flags & _PART:
        flags, part = struct.unpack_from(">HH", outline, at)
        yield part
        at += 4 + (4 if flags & _WORDS else 2)
        at += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0


def _file(tables: dict[str, bytes]) -> bytes:
    """Write a TrueType file of these tables, with their checksums (OpenType, font file)."""
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power))
    listed, body, start = b"", b"", 12 + 16 * count
    for name in sorted(tables):
        data = tables[name] + b"\0" * (-len(tables[name]) % 4)
        listed += struct.pack(">4sIII", name.encode("latin-1"), sum_words(data), start + len(body), len(tables[name]))
        body += data
    whole = bytearray(head + listed + body)
    place = next(at for tag, _, at, _ in struct.iter_unpack(">4sIII", listed) if tag == b"head")
    struct.pack_into(">I", whole, place + 8, (0xB1B0AFBA - sum_words(bytes(whole))) & 0xFFFFFFFF)
    return bytes(whole)


def sum_words(data: bytes) -> int:
    """Compute a checksum of OpenType: the sum of big-endian words of 32 bits, padded with zeros."""
    words = array("I", data + bytes(-len(data) % 4))
    if sys.byteorder == "little":
        words.byteswap()
    return sum(words) & 0xFFFFFFFF
