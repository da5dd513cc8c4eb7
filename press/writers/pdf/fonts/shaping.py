"""Shape text with HarfBuzz: joined letters, attached diacritics, reordered letters.

It is imported only when a text needs it. What a face cannot draw right gives nothing at all: the
empty box (glyph 0), a dotted circle in place of a letter, a diacritic without an anchor.
"""

# ruff: noqa: ANN401 - HarfBuzz has no types
from __future__ import annotations

from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any
from unicodedata import category, combining

from press.records import replace
from press.writers.pdf.fonts.families import JOINERS, first_word
from press.writers.pdf.fonts.truetype import Sfnt
from press.writers.pdf.model import Sign

# Letters of these scripts stand alone; with no ligatures and no kerning a word with a mark looks
# like its neighbors, which are set without HarfBuzz.
_ALONE = frozenset({"Latn", "Cyrl", "Grek"})
_DOTTED_CIRCLE = 0x25CC
# No mark at all, and the two classes of Indic scripts: their marks change letters rather than hang
# on them, and where one hangs on nothing HarfBuzz draws a dotted circle.
_INDIC = frozenset({0, 7, 9})


@lru_cache(maxsize=4096)
def shape(sfnt: Sfnt, text: str, *, backwards: bool) -> tuple[Sign, ...]:
    """Shape a text into signs from left to right; nothing if the face cannot draw it right.

    `backwards`: its letters are read from right to left.
    """
    found: list[Sign] = []
    for part in _by_script(text):
        signs = _shape(sfnt, part, backwards=backwards)
        if not signs:
            return ()
        found = [*signs, *found] if backwards else [*found, *signs]
    return tuple(found)


def _by_script(text: str) -> list[str]:
    """Cut a text into runs of one script: the rules of a face are rules for one script."""
    found, script = [""], ""
    for character in text:
        word = first_word(character) if category(character)[0] == "L" else ""
        if word and script and word != script:
            found.append("")
        script = word or script
        found[-1] += character
    return found


def _shape(sfnt: Sfnt, text: str, *, backwards: bool) -> list[Sign]:
    import uharfbuzz

    buffer = _buffer(text, backwards=backwards)
    features = {"kern": False, "liga": False} if buffer.script in _ALONE else {}
    uharfbuzz.shape(_font(sfnt), buffer, features)
    glyphs = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    starts = [*sorted({info.cluster for info, _ in glyphs}), len(text)]
    ends = dict(pairwise(starts))
    signs = []
    for start, group in groupby(glyphs, key=lambda glyph: glyph[0].cluster):
        sign = _sign(sfnt, text[start : ends[start]], list(group))
        if sign is None:
            return []
        signs.append(sign)
    return _without_joiners(signs, backwards=backwards)


def _without_joiners(signs: list[Sign], *, backwards: bool) -> list[Sign]:
    """Merge each joiner with the letter before it: it draws nothing, and shaping is done."""
    found: list[Sign] = []
    for sign in reversed(signs) if backwards else signs:
        if found and sign.text in JOINERS:
            found[-1] = replace(found[-1], text=found[-1].text + sign.text)
        else:
            found.append(sign)
    return found[::-1] if backwards else found


def _sign(sfnt: Sfnt, text: str, glyphs: list[tuple[Any, Any]]) -> Sign | None:
    """Make one sign of the glyphs of some letters, or nothing if one of them is wrong."""
    parts, pen = [], 0
    circle = sfnt.characters.get(_DOTTED_CIRCLE)
    marked = any(combining(character) not in _INDIC for character in text)
    for info, place in glyphs:
        glyph = info.codepoint
        if not glyph or (glyph == circle and chr(_DOTTED_CIRCLE) not in text):
            return None
        if marked and _is_loose(sfnt, glyph, place, alone=len(glyphs) == 1):
            return None
        if sfnt.outline(glyph) or len(glyphs) == 1:
            parts.append((glyph, pen + place.x_offset, place.y_offset))
        pen += place.x_advance
    return Sign(text, tuple(parts), pen)


def _is_loose(sfnt: Sfnt, glyph: int, place: Any, *, alone: bool) -> bool:
    """Tell whether a glyph is an unattached diacritic: HarfBuzz moves each one that it attaches."""
    import uharfbuzz

    if _font(sfnt).face.get_layout_glyph_class(glyph) != uharfbuzz.OTLayoutGlyphClass.MARK:
        return False
    return alone or not (place.x_offset or place.y_offset)


def _buffer(text: str, *, backwards: bool) -> Any:
    """Make a buffer for HarfBuzz, independent of the locale (its default is the user's language)."""
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.direction = "rtl" if backwards else "ltr"
    buffer.language = "und"
    buffer.guess_segment_properties()
    return buffer


@lru_cache(maxsize=16)
def _font(sfnt: Sfnt) -> Any:
    import uharfbuzz

    return uharfbuzz.Font(uharfbuzz.Face(sfnt.data))
