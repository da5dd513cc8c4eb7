"""Read a finished PDF back with pikepdf: its tags, its marks, its glyphs.

Nothing here knows how the press writes; it knows ISO 32000-1: 9.10.3 (ToUnicode), 14.6
(marked content), 14.7 (structure tree).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO

import pikepdf

DRAWING = frozenset("Tj TJ ' \" S s f F f* B B* b b* sh Do BI INLINE IMAGE".split())
_LINES = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")


@dataclass
class Shown:
    """One drawing operator: the marks that it stands in, outermost first, and its words."""

    operator: str
    marks: tuple[str, ...]
    mcid: int | None
    text: str = ""
    font: str = ""
    codes: tuple[int, ...] = ()


@dataclass
class Marked:
    """Page number `page`: everything that it draws, and the text of each of its marks.

    `replaced` are the marks that have an ActualText, which is read in place of what they draw.
    """

    page: int
    shown: list[Shown] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)
    replaced: set[int] = field(default_factory=set)


class Reading:
    """One file, opened."""

    def __init__(self, data: bytes) -> None:
        self.pdf = pikepdf.open(BytesIO(data))

    @cached_property
    def fonts(self) -> dict[str, pikepdf.Dictionary]:
        """The fonts of all pages by their resource name."""
        return {name: font for page in self.pdf.pages for name, font in page.Resources.Font.items()}

    @cached_property
    def unicode(self) -> dict[str, dict[int, str]]:
        """For each font, the text of each code."""
        return {name: to_unicode(font.ToUnicode.read_bytes()) for name, font in self.fonts.items()}

    @cached_property
    def pages(self) -> list[Marked]:
        """What each page draws."""
        return [self._page(number, page) for number, page in enumerate(self.pdf.pages, 1)]

    def _page(self, number: int, page: pikepdf.Page) -> Marked:
        found, marks, font = Marked(number), [], ""
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "BMC":
                    marks.append((str(operands[0]), None))
                case "BDC":
                    marks.append((str(operands[0]), operands[1].get("/MCID")))
                    spoken = operands[1].get("/ActualText")
                    if spoken is not None:
                        found.words[int(marks[-1][1])] = str(spoken)
                        found.replaced.add(int(marks[-1][1]))
                case "EMC":
                    marks.pop()
                case "Tf":
                    font = str(operands[0])
                case name if name in DRAWING:
                    self._draw(found, name, operands, marks, font)
        if marks:
            raise AssertionError("a mark is left open")
        return found

    def _draw(self, found: Marked, operator: str, operands: list, marks: list, font: str) -> None:
        mcid = next((int(number) for _, number in reversed(marks) if number is not None), None)
        shown = Shown(operator, tuple(name for name, _ in marks), mcid)
        if operator in ("Tj", "TJ"):
            strings = (
                operands if operator == "Tj" else [part for part in operands[0] if isinstance(part, pikepdf.String)]
            )
            raw = b"".join(map(bytes, strings))
            shown.font, shown.codes = font, struct.unpack(f">{len(raw) // 2}H", raw)
            shown.text = "".join(self.unicode[font][code] for code in shown.codes)
            if mcid is not None and mcid not in found.replaced:
                found.words[mcid] = found.words.get(mcid, "") + shown.text
        found.shown.append(shown)

    @property
    def root(self) -> pikepdf.Dictionary:
        """The element at the top of the structure tree."""
        return self.pdf.Root.StructTreeRoot.K[0]

    def elements(self, top: pikepdf.Dictionary | None = None) -> Iterator[pikepdf.Dictionary]:
        """Every structure element in reading order."""
        element = self.root if top is None else top
        yield element
        for child in element.K:
            if is_element(child):
                yield from self.elements(child)

    def number(self, page: pikepdf.Object) -> int:
        """The number of a page."""
        return next(n for n, one in enumerate(self.pdf.pages, 1) if one.objgen == page.objgen)

    def marks(self, element: pikepdf.Dictionary) -> list[tuple[int, int]]:
        """The marks that stand directly in an element: page and MCID."""
        return [self.mark(element, kid) for kid in element.K if not is_element(kid) and not is_object(kid)]

    def mark(self, element: pikepdf.Dictionary, kid: pikepdf.Object) -> tuple[int, int]:
        """The page and the MCID of a mark in an element."""
        return (self.number(element.Pg), int(kid)) if isinstance(kid, int) else (self.number(kid.Pg), int(kid.MCID))

    def spoken(self, element: pikepdf.Dictionary) -> str:
        """The words of an element itself, with what is inline in it."""
        return "".join(words for _, words in self.parts(element))

    def parts(self, element: pikepdf.Dictionary) -> Iterator[tuple[int, str]]:
        """The words of an element itself in the order of reading, each part with its page."""
        if "/ActualText" in element:
            yield self.number(element.Pg), str(element.ActualText)
            return
        for kid in element.K:
            if is_inline(kid):
                yield from self.parts(kid)
            elif not is_element(kid) and not is_object(kid):
                page, mcid = self.mark(element, kid)
                yield page, self.pages[page - 1].words[mcid]

    def tags(self, top: pikepdf.Dictionary | None = None, depth: int = 0) -> Iterator[tuple[int, str]]:
        """The tree as depth and role, with its attributes, then depth and the words of each page."""
        element = self.root if top is None else top
        yield depth, str(element.S)[1:] + _attributes(element)
        words: dict[int, str] = {}
        for page, part in self.parts(element):
            words[page] = words.get(page, "") + part
        yield from ((depth + 1, f"p{page}: {text}") for page, text in words.items())
        for child in element.K:
            if is_element(child) and not is_inline(child):
                yield from self.tags(child, depth + 1)


def is_inline(kid: object) -> bool:
    """Whether a child of an element is a part of its line: a link, or with a text of its own (ISO 32000-1, 14.9.4)."""
    return is_element(kid) and ("/ActualText" in kid or str(kid.S) == "/Link")


def is_object(kid: object) -> bool:
    """Whether a child of an element is an annotation (ISO 32000-1, 14.7.4.3)."""
    return isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"


def is_element(kid: object) -> bool:
    """Whether a child of an element is an element too, and not a mark (ISO 32000-1, 14.7.2, table 323)."""
    return isinstance(kid, pikepdf.Dictionary) and "/S" in kid


def _attributes(element: pikepdf.Dictionary) -> str:
    found = element.get("/A", {})
    scope, numbering = found.get("/Scope"), found.get("/ListNumbering")
    return (f" scope={str(scope)[1:]}" if scope else "") + (f" numbering={str(numbering)[1:]}" if numbering else "")


def to_unicode(cmap: bytes) -> dict[int, str]:
    """The text of each code."""
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in _LINES.findall(cmap)}


def widths(font: pikepdf.Dictionary) -> dict[int, int]:
    """The width of each code of a composite font (ISO 32000-1, 9.7.4.3)."""
    parts = list(font.W)
    return {
        int(code) + n: int(wide)
        for code, row in zip(parts[::2], parts[1::2], strict=True)
        for n, wide in enumerate(row)
    }


class Outlines:
    """The glyphs of a TrueType file (OpenType, tables head, loca and glyf)."""

    def __init__(self, program: bytes) -> None:
        self._tables = {
            tag: program[start : start + length]
            for tag, _, start, length in struct.iter_unpack(">4sIII", program[12 : 12 + 16 * program[5]])
        }
        long = self._tables[b"head"][51]
        size = ">I" if long else ">H"
        self._starts = [start * (1 if long else 2) for (start,) in struct.iter_unpack(size, self._tables[b"loca"])]

    def data(self, glyph: int) -> bytes:
        """What the table glyf has for a glyph."""
        return self._tables[b"glyf"][self._starts[glyph] : self._starts[glyph + 1]]

    def __getitem__(self, glyph: int) -> tuple:
        """What makes a glyph look as it does: its box and, if it has no parts, its outline."""
        data = self.data(glyph)
        if not data:
            return ()
        simple = struct.unpack(">h", data[:2])[0] >= 0
        return struct.unpack(">5h", data[:10]), data.rstrip(b"\0") if simple else b""
