"""The codes of letters in the strings of a content stream."""

from __future__ import annotations

import pikepdf

from press.runs.handout import forme_of
from press.writers.pdf.fonts.subset import Subset
from tests.support import made, press


def test_every_code_comes_back_from_its_string() -> None:
    """Brackets, the reverse solidus and the carriage return mean something in a string, the % to what draws it."""
    face = forme_of(press(), made()).faces.of(False)
    glyphs = {chr(character): glyph for character, glyph in face.sfnt.characters.items() if chr(character) != "\xa0"}
    escaped = [glyph for glyph in glyphs.values() if set(glyph.to_bytes(2, "big")) & set(b"()\\\r%")]
    shown = Subset(face, "F1").spell("".join(glyphs))

    assert len(escaped) > 5 and "%" not in shown
    assert bytes(pikepdf.Object.parse(shown.encode("latin-1"))) == b"".join(
        g.to_bytes(2, "big") for g in glyphs.values()
    )
