"""The fonts of a file: what they have in common with those of others."""

from __future__ import annotations

from press.writers.pdf.fonts.font_set import Fonts
from press.writers.pdf.model import Sign
from tests.writers.test_lines import FACES


def test_fonts_are_joined_only_where_each_letter_keeps_its_code() -> None:
    o_with_dots, e_with_dots = (
        Sign(text, ((glyph, 0, 0), (glyph, 100, 0)), 600.0) for text, glyph in (("ọ́", 40), ("ẹ́", 50))
    )

    def fonts(*signs: Sign) -> Fonts:
        found = Fonts()
        found.add(FACES)
        for sign in signs:
            found.of(FACES, ("", False)).encode([sign])
        found.close()
        return found

    usual, one, other, both = fonts(), fonts(o_with_dots), fonts(e_with_dots), fonts(o_with_dots, e_with_dots)
    assert Fonts.join([one, other]) is None and Fonts.join([both, other]) is None
    for parts in ([usual, one], [one, usual, one], [one, both]):
        joined = Fonts.join(parts)
        assert joined is not None
        codes = [each.of(FACES, ("", False)).encode([o_with_dots]) for each in (joined, *parts) if each is not usual]
        assert len(set(codes)) == 1 and joined.of(FACES, ("", True)).spell("Ana") == usual.of(FACES, ("", True)).spell(
            "Ana"
        )
