"""Type faces: widths, missing glyphs, and the embedded subset that a document needs.

A face is embedded as a composite font (ISO 32000-1, 9.7) with two-byte glyph codes, so a
document may use any number of characters and each code maps to its own Unicode text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import combining

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFontFace


@dataclass(frozen=True)
class Face:
    """One TrueType file: its metrics in thousandths of the size, its characters."""

    name: str
    source: TTFontFace

    def width(self, text: str, size: float) -> float:
        """The width of `text` in points."""
        widths, missing = self.source.charWidths, self.source.defaultWidth
        return sum(widths.get(ord(c), missing) for c in text) * size / 1000

    def lacks(self, character: str) -> bool:
        """Whether a character cannot be drawn as it is meant; it must then never be drawn.

        Glyph 0 is the empty box. A combining mark that NFC left over has a glyph, but without the
        face's anchors (OpenType GPOS) it would stand beside its letter.
        """
        return not self.source.charToGlyph.get(ord(character)) or bool(combining(character))

    @property
    def ascent(self) -> float:
        """How far the tallest letters rise above the base line, in thousandths."""
        return self.source.ascent

    @property
    def descent(self) -> float:
        """How far the lowest letters fall below the base line, in thousandths; negative."""
        return self.source.descent


@lru_cache(maxsize=16)
def load_face(path: Path) -> Face:
    """Read a face from the project's own folder of faces."""
    from io import BytesIO

    from reportlab.pdfbase.ttfonts import TTFontFace

    return Face(path.stem, TTFontFace(BytesIO(path.read_bytes())))


@dataclass(frozen=True)
class Faces:
    """The two faces of a stylesheet."""

    regular: Face
    bold: Face

    def of(self, bold: bool) -> Face:
        """The face for strong or for ordinary words."""
        return self.bold if bold else self.regular


class Subset:
    """The characters of one face that one document uses, each with its glyph code.

    Codes are given in the order of the characters, so equal words make equal files.
    """

    def __init__(self, face: Face, characters: frozenset[str]) -> None:
        self.face = face
        self.name = f"F{'B' if 'Bold' in face.name else 'R'}"
        glyphs = face.source.charToGlyph
        self._codes: dict[str, int] = {}
        self._points: list[int] = []
        seen: dict[int, int] = {}
        for character in sorted(characters):
            glyph = glyphs[ord(character)]
            if glyph not in seen:
                seen[glyph] = len(seen) + 1
                self._points.append(ord(character))
            self._codes[character] = seen[glyph]

    def encode(self, text: str) -> str:
        """The glyph codes of `text` as a hexadecimal PDF string."""
        codes = self._codes
        return "<" + "".join(f"{codes[character]:04X}" for character in text) + ">"

    @property
    def points(self) -> list[int]:
        """The Unicode code points in the order of their glyph codes, which start at 1."""
        return self._points

    def program(self) -> bytes:
        """The TrueType file that holds only these glyphs."""
        return self.face.source.makeSubset(self._points)

    def widths(self) -> list[int]:
        """The advance widths of glyph codes 0, 1, 2 … in thousandths."""
        source = self.face.source
        return [round(source.defaultWidth)] + [round(source.charWidths[p]) for p in self._points]

    def to_unicode(self) -> bytes:
        """The CMap from glyph codes to UTF-16BE text (ISO 32000-1, 9.10.3)."""
        lines = [
            f"<{code:04X}> <{chr(point).encode('utf-16-be').hex().upper()}>"
            for code, point in enumerate(self._points, 1)
        ]
        blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
        body = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
        return _CMAP.format(body=body).encode("ascii")


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
