"""Subset a face as a composite font of PDF (ISO 32000-1, 9.7).

The code of a glyph is its number, so it depends on the face alone. What needs more than one glyph
(a letter with a diacritic, a syllable) becomes a composite glyph with the next free number: so it
has one code, one width and one text, and every viewer finds, copies and reads it right. ActualText
(14.9.4) would serve only some of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice
from unicodedata import bidirectional

from press.lru import LRU
from press.records import dataclass
from press.writers.pdf.fonts.faces import Face
from press.writers.pdf.fonts.families import JOINERS
from press.writers.pdf.fonts.truetype import Built
from press.writers.pdf.model import Sign
from press.writers.pdf.objects import write_stream


class Unknown(LookupError):
    """A sign that a closed subset does not have."""


_ESCAPES = {ord(sign): rf"\{ord(sign):03o}" for sign in "()\\\r%"}


@dataclass(frozen=True, slots=True)
class Written:
    """A subset as it is written.

    `label` is its tag, six capital letters (ISO 32000-1, 9.6.4). `widths` are advances in thousandths: a code, and
    those from it on. Streams are `program`, a TrueType file with only its glyphs, and `to_unicode`, its CMap (9.10.3).
    """

    label: str
    widths: tuple[tuple[int, tuple[int, ...]], ...]
    program: bytes
    to_unicode: bytes


class Subset:
    """The signs of one face that a file uses, each with its code; it grows with the pages that are drawn."""

    def __init__(self, face: Face, name: str) -> None:
        self.face = face
        self.name = name
        self.is_closed = self.keeps_to_letters = False
        self._codes: dict[Sign, str] = {}
        self._letters: dict[str, str] = {}
        self._texts: dict[int, str] = {}
        self._widths: dict[int, float] = {0: face.sfnt.advance(0)}
        self._built: list[tuple[tuple[tuple[int, int, int], ...], int]] = []
        self._written: LRU[Written] = LRU(1)

    def copy(self) -> Subset:
        """Copy the signs with their codes, to grow alone."""
        found = Subset(self.face, self.name)
        found._codes, found._letters, found._texts = dict(self._codes), dict(self._letters), dict(self._texts)
        found._widths, found._built = dict(self._widths), list(self._built)
        return found

    @property
    def key(self) -> tuple[object, ...]:
        """A key: equal keys give the same font."""
        return self.face, self.name, tuple(self._texts.items()), tuple(self._built)

    def add(self, signs: Iterable[Sign]) -> None:
        """Add signs; each gets a code that it keeps. Raises Unknown if the subset is closed."""
        for sign in signs:
            if sign not in self._codes:
                if self.is_closed:
                    raise Unknown
                self._add(sign)

    def take_in(self, other: Subset) -> bool:
        """Add the signs of another subset of the same face; tell whether each has the code that it has there."""
        self.add(other._codes)
        return all(self._codes[sign] == code for sign, code in other._codes.items())

    @property
    def count(self) -> int:
        """How many signs there are."""
        return len(self._codes)

    def after(self, count: int) -> tuple[tuple[Sign, str], ...]:
        """The signs after the first `count`, with their codes."""
        return tuple(islice(self._codes.items(), count, None)) if count < self.count else ()

    def take(self, signs: Sequence[tuple[Sign, str]]) -> bool:
        """Add signs that have these codes elsewhere; tell whether each has the same here."""
        self.add(sign for sign, _ in signs)
        return all(self._codes[sign] == code for sign, code in signs)

    def add_letters(self, text: Iterable[str]) -> None:
        """Add characters that are each drawn by their own glyph."""
        self.add(self.face.sign(letter) for letter in text if letter not in self._letters)

    def _add(self, sign: Sign) -> None:
        text = sign.text.replace("\N{NO-BREAK SPACE}", " ")  # one glyph draws both spaces
        glyph = sign.parts[0][0] if sign.parts else 0
        is_single = sign.parts == ((glyph, 0, 0),) and sign.advance == self.face.sfnt.advance(glyph)
        if is_single and self._texts.get(glyph, text) == text:
            code = glyph
        elif self.keeps_to_letters:
            raise Unknown
        else:
            code = self.face.sfnt.count + len(self._built)
            self._built.append((sign.parts, round(sign.advance)))
        self._codes[sign] = code.to_bytes(2, "big").decode("latin-1").translate(_ESCAPES)
        if is_single and glyph == self.face.sfnt.characters.get(ord(sign.text[0])):
            self._letters[sign.text] = self._codes[sign]
        self._texts[code] = text
        self._widths[code] = sign.advance

    def encode(self, signs: Sequence[Sign]) -> str:
        """Encode signs as a literal string of PDF (ISO 32000-1, 7.3.4.2), two bytes for each, without a %."""
        self.add(signs)
        return "(" + "".join(map(self._codes.__getitem__, signs)) + ")"

    def spell(self, text: str) -> str:
        """Encode characters that are each drawn by their own glyph."""
        try:
            return "(" + "".join(map(self._letters.__getitem__, text)) + ")"
        except KeyError:
            self.add_letters(text)
            return self.spell(text)

    def written(self) -> Written:
        """Write the subset, once for as many signs as there are: none ever leaves or changes."""
        return self._written.get(len(self._texts), self._write)

    def _write(self) -> Written:
        own = tuple(sorted(code for code in self._texts if code < self.face.sfnt.count))
        program = _program(self.face, own, tuple(self._built))
        return Written(
            self._make_label(), self._make_widths(), program, _to_unicode(tuple(sorted(self._texts.items())))
        )

    def _make_label(self) -> str:
        number = zlib.crc32(repr((self.face.name, sorted(self._texts.items()), self._built)).encode())
        return "".join(chr(65 + (number >> (4 * place)) % 16) for place in range(6))

    def _make_widths(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        found: list[tuple[int, list[int]]] = []
        for code, width in sorted(self._widths.items()):
            if found and found[-1][0] + len(found[-1][1]) == code:
                found[-1][1].append(round(width))
            else:
                found.append((code, [round(width)]))
        return tuple((code, tuple(widths)) for code, widths in found)


@lru_cache(maxsize=32)
def _program(face: Face, glyphs: tuple[int, ...], built: tuple[Built, ...]) -> bytes:
    outlines = face.sfnt.subset(glyphs, built)
    return write_stream(outlines, b"/Length1 %d" % len(outlines))


@lru_cache(maxsize=32)
def _to_unicode(texts: tuple[tuple[int, str], ...]) -> bytes:
    lines = [f"<{code:04X}> <{_drawn_order(text).encode('utf-16-be').hex().upper()}>" for code, text in texts]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
    return write_stream(_CMAP.format(body=body).encode("ascii"))


def _drawn_order(text: str) -> str:
    """Order the letters of one sign as viewers expect them.

    Right-to-left words are in the file in visual order, from left to right. Viewers reverse them
    letter by letter, also within a sign, and take a joiner for the end of a word (tried with pdfium
    and poppler).
    """
    if bidirectional(text[0]) not in ("R", "AL"):
        return text
    return "".join(letter for letter in reversed(text) if letter not in JOINERS)


_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{body}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""
